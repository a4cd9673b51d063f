"""Which side of the line a point lies on is in the sign of its score. Where has the sign gone?

Loses: predict, update, fit
"""


def predict(X, w, b):
    return (np.abs(X @ w + b) > 0).astype(int)
