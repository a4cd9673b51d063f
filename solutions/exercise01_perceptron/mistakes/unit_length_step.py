"""Your step has the same length for every sample. Where in the rule is x divided by its length?

Loses: update, fit
"""


def update(w, b, x, y, lr):
    error = int(y) - int(predict(x, w, b))
    return w + lr * error * x / max(np.linalg.norm(x), 1e-12), b + lr * error
