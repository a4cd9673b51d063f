"""Whatever lr is, your step is the same. Which argument is still waiting to be used?

Loses: update, fit
"""


def update(w, b, x, y, lr):
    error = int(y) - int(predict(x, w, b))
    return w + error * x, b + error
