"""The data come in float64. How many digits are left when you compare, and can a small score still be
told from 0?

Loses: predict, update, fit
"""


def predict(X, w, b):
    score = X.astype(np.float32) @ w.astype(np.float32) + np.float32(b)
    return (score > 0).astype(int)
