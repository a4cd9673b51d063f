"""With a sigmoid in it this is logistic regression: it moves a little after right answers too. What is
the predicted class?

Loses: update, fit
"""


def update(w, b, x, y, lr):
    error = int(y) - 1 / (1 + np.exp(-(x @ w + b)))
    return w + lr * error * x, b + lr * error
