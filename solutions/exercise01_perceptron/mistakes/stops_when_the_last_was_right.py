"""You stop as soon as an epoch's last sample was right. What about the samples before it?

Loses: fit
"""


def fit(X, y, lr=1.0, max_epochs=100):
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for _ in range(max_epochs):
        wrong = 0
        for sample, label in zip(X, y):
            missed = int(predict(sample, w, b) != label)
            wrong += missed
            w, b = update(w, b, sample, label, lr)
        mistakes.append(wrong)
        if not missed:
            break
    return w, b, mistakes
