"""Two learning rates, one result. Who reads `lr`?

Loses: fit
"""


def fit(celsius, fahrenheit, lr, epochs):
    w, b, losses = 0.0, 0.0, []
    for _ in range(epochs):
        losses.append(mse(predict(celsius, w, b), fahrenheit))
        dL_dw, dL_db = gradients(celsius, fahrenheit, w, b)
        w, b = w - 0.1 * dL_dw, b - 0.1 * dL_db
    return w, b, losses
