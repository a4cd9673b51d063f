"""Your classes are right, but print their dtype: these are floats, and a class is a whole number.

Loses: predict
"""


def predict(X, w, b):
    return np.where(X @ w + b > 0, 1.0, 0.0)
