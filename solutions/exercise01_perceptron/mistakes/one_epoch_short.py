"""Call it with max_epochs=1. How often do your samples come by? range leaves its end out by itself.

Loses: fit
"""


def fit(X, y, lr=1.0, max_epochs=100):
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for _ in range(1, max_epochs):
        wrong = 0
        for sample, label in zip(X, y):
            wrong += int(predict(sample, w, b) != label)
            w, b = update(w, b, sample, label, lr)
        mistakes.append(wrong)
        if wrong == 0:
            break
    return w, b, mistakes
