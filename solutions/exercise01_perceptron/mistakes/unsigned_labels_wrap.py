"""Train with y.astype(np.uint8) and print what your update adds. What is 0 − 1, or 2·0 − 1, where there
are no negative numbers?

Loses: fit
"""


def update(w, b, x, y, lr):
    error = y - int(predict(x, w, b))
    return w + lr * error * x, b + lr * error
