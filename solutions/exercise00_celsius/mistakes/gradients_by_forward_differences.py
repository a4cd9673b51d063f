"""Close, but only to a few digits. Differentiate with a pencil, not with a small step.

Loses: gradients, fit
"""


def gradients(celsius, fahrenheit, w, b):
    def loss(w, b):
        return np.mean((w * celsius + b - fahrenheit) ** 2)

    h = 1e-6
    return (loss(w + h, b) - loss(w, b)) / h, (loss(w, b + h) - loss(w, b)) / h
