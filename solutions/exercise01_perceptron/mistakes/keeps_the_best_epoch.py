"""You hand back the weights of the epoch with the fewest mistakes. The task asks for those at the end
of the training.

Loses: fit
"""


def fit(X, y, lr=1.0, max_epochs=100):
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    best = (w, b, len(y) + 1)
    for _ in range(max_epochs):
        wrong = 0
        for sample, label in zip(X, y):
            wrong += int(predict(sample, w, b) != label)
            w, b = update(w, b, sample, label, lr)
        mistakes.append(wrong)
        if wrong < best[2]:
            best = (w, b, wrong)
        if wrong == 0:
            break
    return best[0], best[1], mistakes
