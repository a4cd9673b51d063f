"""Some books call the classes −1 and 1. What are they called here, and what does that do to label
minus prediction?

Loses: predict, update, fit
"""


def predict(X, w, b):
    return np.where(X @ w + b > 0, 1, -1)
