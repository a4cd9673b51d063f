"""Every line of yours goes through the origin. Does water freeze at 0 °F?

Loses: fit
"""


def fit(celsius, fahrenheit, lr, epochs):
    w, b, losses = 0.0, 0.0, []
    for _ in range(epochs):
        losses.append(mse(predict(celsius, w, b), fahrenheit))
        dL_dw, dL_db = gradients(celsius, fahrenheit, w, b)
        w = w - lr * dL_dw
    return w, b, losses
