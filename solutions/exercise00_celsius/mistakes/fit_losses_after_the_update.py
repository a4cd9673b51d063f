"""Your first loss is not the one of the zeros. Look first, then step.

Loses: fit
"""


def fit(celsius, fahrenheit, lr, epochs):
    w, b, losses = 0.0, 0.0, []
    for _ in range(epochs):
        dL_dw, dL_db = gradients(celsius, fahrenheit, w, b)
        w, b = w - lr * dL_dw, b - lr * dL_db
        losses.append(mse(predict(celsius, w, b), fahrenheit))
    return w, b, losses
