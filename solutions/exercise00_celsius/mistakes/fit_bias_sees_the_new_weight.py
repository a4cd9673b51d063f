"""All gradients come from the same snapshot. Which w did the one of b belong to?

Loses: fit
"""


def fit(celsius, fahrenheit, lr, epochs):
    w, b, losses = 0.0, 0.0, []
    for _ in range(epochs):
        losses.append(mse(predict(celsius, w, b), fahrenheit))
        w = w - lr * gradients(celsius, fahrenheit, w, b)[0]
        b = b - lr * gradients(celsius, fahrenheit, w, b)[1]
    return w, b, losses
