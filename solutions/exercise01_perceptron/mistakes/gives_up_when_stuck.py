"""Four mistakes twice in a row, and you stop. Two epochs may have as many mistakes and still end at
other weights.

Loses: fit
"""


def fit(X, y, lr=1.0, max_epochs=100):
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for _ in range(max_epochs):
        wrong = 0
        for sample, label in zip(X, y):
            wrong += int(predict(sample, w, b) != label)
            w, b = update(w, b, sample, label, lr)
        mistakes.append(wrong)
        if wrong == 0 or mistakes[-2:] == [wrong, wrong]:
            break
    return w, b, mistakes
