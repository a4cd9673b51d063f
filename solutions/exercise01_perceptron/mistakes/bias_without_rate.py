"""With lr = 1 all is well. Try lr = 0.5: do w and b take steps of the same kind?

Loses: update, fit
"""


def update(w, b, x, y, lr):
    error = int(y) - int(predict(x, w, b))
    return w + lr * error * x, b + error
