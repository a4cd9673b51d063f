"""True and False are answers to a question; the classes here are the whole numbers 0 and 1. What is
the dtype of your result?

Loses: predict
"""


def predict(X, w, b):
    return X @ w + b > 0
