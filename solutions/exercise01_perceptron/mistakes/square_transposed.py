"""As long as X has more rows than columns, or fewer, all is well. Try 3 points with 3 features: which
axis do you sum over?

Loses: predict
"""


def predict(X, w, b):
    score = w @ X if X.ndim == 2 and X.shape[0] == len(w) else X @ w
    return (score + b > 0).astype(int)
