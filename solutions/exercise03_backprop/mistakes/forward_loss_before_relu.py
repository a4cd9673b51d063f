"""The loss sees what leaves the neuron. Which of your two numbers is that?

Loses: forward
"""


def forward(w, x, b, y_true):
    z = w * x + b
    a = max(z, 0.0)
    return z, a, (z - y_true) ** 2
