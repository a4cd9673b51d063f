"""One step for an epoch was asked for, from all samples together. How many do you take?

Loses: fit
"""


def fit(celsius, fahrenheit, lr, epochs):
    w, b, losses = 0.0, 0.0, []
    for _ in range(epochs):
        losses.append(mse(predict(celsius, w, b), fahrenheit))
        for c, t in zip(celsius, fahrenheit, strict=True):
            error = w * c + b - t
            w, b = w - lr * 2.0 * error * c, b - lr * 2.0 * error
    return w, b, losses
