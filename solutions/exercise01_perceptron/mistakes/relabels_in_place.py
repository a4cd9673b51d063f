"""y[y == 0] = -1 changes the caller's labels. What will the next function that gets them think?

Loses: fit
"""


def fit(X, y, lr=1.0, max_epochs=100):
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    y[y == 0] = -1
    for _ in range(max_epochs):
        wrong = 0
        for sample, label in zip(X, y):
            missed = (sample @ w + b > 0) != (label == 1)
            wrong += int(missed)
            w, b = w + lr * missed * label * sample, b + lr * missed * label
        mistakes.append(wrong)
        if wrong == 0:
            break
    return w, b, mistakes
