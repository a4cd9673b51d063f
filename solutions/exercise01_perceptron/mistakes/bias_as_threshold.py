"""Is b what is added to the score, or what the score has to reach? Put in w = 0 and b = 1 and see on
which side everything lies.

Loses: predict, update, fit
"""


def predict(X, w, b):
    return (X @ w > b).astype(int)
