"""Your neuron lets a little through when z is negative. Is that the activation that was asked for?

Loses: forward
"""


def forward(w, x, b, y_true):
    z = w * x + b
    a = z if z > 0 else 0.01 * z
    return z, a, (a - y_true) ** 2
