"""Do one update by hand and compute the score of that sample again. Has it moved towards its label?

Loses: update, fit
"""


def update(w, b, x, y, lr):
    error = int(predict(x, w, b)) - int(y)
    return w + lr * error * x, b + lr * error
