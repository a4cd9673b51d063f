"""float32 holds seven digits, the data have sixteen. In which dtype do your weights add up?

Loses: fit
"""


def fit(X, y, lr=1.0, max_epochs=100):
    w, b, mistakes = np.zeros(X.shape[1], dtype=np.float32), 0.0, []
    for _ in range(max_epochs):
        wrong = 0
        for sample, label in zip(X, y):
            error = int(label) - int(predict(sample, w, b))
            w += (lr * error * sample).astype(np.float32)
            b += lr * error
            wrong += abs(error)
        mistakes.append(wrong)
        if wrong == 0:
            break
    return w, b, mistakes
