"""All three numbers are there. In which order were they asked for?

Loses: forward
"""


def forward(w, x, b, y_true):
    z = w * x + b
    a = max(z, 0.0)
    return (a - y_true) ** 2, a, z
