"""A perceptron learns from its mistakes alone. Where do you look whether this was one?

Loses: update, fit
"""


def update(w, b, x, y, lr):
    direction = 2 * int(y) - 1
    return w + lr * direction * x, b + lr * direction
