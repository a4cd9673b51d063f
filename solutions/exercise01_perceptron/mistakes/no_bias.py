"""Every line you can draw like this goes through the origin. Which of the arguments have you not used?

Loses: predict, update, fit
"""


def predict(X, w, b):
    return (X @ w > 0).astype(int)
