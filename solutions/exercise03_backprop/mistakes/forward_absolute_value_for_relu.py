"""At z = -2 your neuron is as loud as at z = 2. What does ReLU do to the left of 0?

Loses: forward
"""


def forward(w, x, b, y_true):
    z = w * x + b
    a = abs(z)
    return z, a, (a - y_true) ** 2
