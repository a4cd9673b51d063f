"""np.sign knows three answers, a perceptron two. What comes out of yours below the line, and on it?

Loses: predict, update, fit
"""


def predict(X, w, b):
    return np.sign(X @ w + b).astype(int)
