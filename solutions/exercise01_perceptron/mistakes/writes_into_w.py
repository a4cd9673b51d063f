"""w += … writes into the array of whoever called you. Look at the old weights after the call: are they
still the old ones?

Loses: update
"""


def update(w, b, x, y, lr):
    error = int(y) - int(predict(x, w, b))
    w += lr * error * x
    return w, b + lr * error
