"""So many epochs were asked for, so many losses are expected, also where there is nothing left to learn.

Loses: fit
"""


def fit(celsius, fahrenheit, lr, epochs):
    w, b, losses = 0.0, 0.0, []
    for _ in range(epochs):
        losses.append(mse(predict(celsius, w, b), fahrenheit))
        dL_dw, dL_db = gradients(celsius, fahrenheit, w, b)
        w, b = w - lr * dL_dw, b - lr * dL_db
        if abs(dL_dw) < 1e-8 and abs(dL_db) < 1e-8:
            break
    return w, b, losses
