"""Call it with one row and print the shape. A table of one row has one class for each row, too.

Loses: predict
"""


def predict(X, w, b):
    return np.squeeze((X @ w + b > 0).astype(int))
