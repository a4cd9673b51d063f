"""A small score is still a score. Who asked for a tolerance, and which class do the points within it
get?

Loses: predict, update, fit
"""


def predict(X, w, b):
    score = X @ w + b
    return ((score > 0) & ~np.isclose(score, 0)).astype(int)
