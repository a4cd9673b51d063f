"""Train with lr = 0.25 and with lr = 8 and compare the weights. Does your lr ever reach the update?

Loses: fit
"""


def fit(X, y, lr=1.0, max_epochs=100):
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for _ in range(max_epochs):
        wrong = 0
        for sample, label in zip(X, y):
            wrong += int(predict(sample, w, b) != label)
            w, b = update(w, b, sample, label, 1.0)
        mistakes.append(wrong)
        if wrong == 0:
            break
    return w, b, mistakes
