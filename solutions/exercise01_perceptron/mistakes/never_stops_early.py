"""After an epoch without a mistake nothing will ever change again. What is there left to do?

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
    return w, b, mistakes
