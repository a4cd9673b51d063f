"""Both parameters take a step of `lr` times their gradient. Does the bias?

Loses: fit
"""


def fit(celsius, fahrenheit, lr, epochs):
    w, b, losses = 0.0, 0.0, []
    for _ in range(epochs):
        losses.append(mse(predict(celsius, w, b), fahrenheit))
        dL_dw, dL_db = gradients(celsius, fahrenheit, w, b)
        w, b = w - lr * dL_dw, b - dL_db
    return w, b, losses
