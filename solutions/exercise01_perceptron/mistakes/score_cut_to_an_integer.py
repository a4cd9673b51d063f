"""What becomes of a score of 0.75 before you compare it? Decide first, and make whole numbers
afterwards.

Loses: predict, update, fit
"""


def predict(X, w, b):
    return ((X @ w + b).astype(int) > 0).astype(int)
