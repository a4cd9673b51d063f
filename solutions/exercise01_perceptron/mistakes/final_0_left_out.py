"""The epoch in which nothing goes wrong is an epoch like the others. Where is its 0?

Loses: fit
"""


def fit(X, y, lr=1.0, max_epochs=100):
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for _ in range(max_epochs):
        wrong = 0
        for sample, label in zip(X, y):
            wrong += int(predict(sample, w, b) != label)
            w, b = update(w, b, sample, label, lr)
        if wrong == 0:
            break
        mistakes.append(wrong)
    return w, b, mistakes
