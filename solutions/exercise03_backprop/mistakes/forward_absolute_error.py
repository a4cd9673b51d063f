"""How does your loss grow when the error doubles? It is to grow fourfold.

Loses: forward
"""


def forward(w, x, b, y_true):
    z = w * x + b
    a = max(z, 0.0)
    return z, a, abs(a - y_true)
