"""A point exactly on the line has the score 0. Which class does the task give it, and which does your
comparison?

Loses: predict, update, fit
"""


def predict(X, w, b):
    return (X @ w + b >= 0).astype(int)
