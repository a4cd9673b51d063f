"""Feed your neuron something large: why does it stop growing?

Loses: forward
"""


def forward(w, x, b, y_true):
    z = w * x + b
    a = min(max(z, 0.0), 6.0)
    return z, a, (a - y_true) ** 2
