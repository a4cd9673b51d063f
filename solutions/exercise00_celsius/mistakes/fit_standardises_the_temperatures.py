"""Your w and b belong to scaled temperatures. Are they what turns degrees Celsius into Fahrenheit?

Loses: fit
"""


def fit(celsius, fahrenheit, lr, epochs):
    celsius = (celsius - celsius.mean()) / (celsius.std() + 1e-8)
    w, b, losses = 0.0, 0.0, []
    for _ in range(epochs):
        losses.append(mse(predict(celsius, w, b), fahrenheit))
        dL_dw, dL_db = gradients(celsius, fahrenheit, w, b)
        w, b = w - lr * dL_dw, b - lr * dL_db
    return w, b, losses
