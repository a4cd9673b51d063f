"""Your list only ever grows. With which number should each epoch begin to count?

Loses: fit
"""


def fit(X, y, lr=1.0, max_epochs=100):
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    wrong = 0
    for _ in range(max_epochs):
        before = wrong
        for sample, label in zip(X, y):
            wrong += int(predict(sample, w, b) != label)
            w, b = update(w, b, sample, label, lr)
        mistakes.append(wrong)
        if wrong == before:
            break
    return w, b, mistakes
