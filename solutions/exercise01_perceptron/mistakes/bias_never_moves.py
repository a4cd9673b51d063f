"""Only w has moved. Can a line find its place if it may turn but not shift?

Loses: update, fit
"""


def update(w, b, x, y, lr):
    return w + lr * (int(y) - int(predict(x, w, b))) * x, b
