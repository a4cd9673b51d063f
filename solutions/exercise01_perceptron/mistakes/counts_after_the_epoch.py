"""You count with the weights that the epoch ended with. What did the neuron say when each sample came
by?

Loses: fit
"""


def fit(X, y, lr=1.0, max_epochs=100):
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for _ in range(max_epochs):
        for sample, label in zip(X, y):
            w, b = update(w, b, sample, label, lr)
        mistakes.append(int(np.sum(predict(X, w, b) != y)))
        if mistakes[-1] == 0:
            break
    return w, b, mistakes
