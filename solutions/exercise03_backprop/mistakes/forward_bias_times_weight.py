"""Does the weight act on the bias too? Put brackets around what your line really computes.

Loses: forward
"""


def forward(w, x, b, y_true):
    z = w * (x + b)
    a = max(z, 0.0)
    return z, a, (a - y_true) ** 2
