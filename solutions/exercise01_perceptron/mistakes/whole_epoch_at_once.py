"""That finds a line as well, but the task says to update after each sample. Which weights does the
second sample meet?

Loses: fit
"""


def fit(X, y, lr=1.0, max_epochs=100):
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for _ in range(max_epochs):
        errors = y.astype(int) - predict(X, w, b)
        mistakes.append(int(np.abs(errors).sum()))
        w, b = w + lr * errors @ X, b + lr * errors.sum()
        if mistakes[-1] == 0:
            break
    return w, b, mistakes
