"""A good idea for many a training, but here the order is given. Do the first epoch of AND by hand and
compare.

Loses: fit
"""


def fit(X, y, lr=1.0, max_epochs=100):
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    rng = np.random.default_rng(0)
    for _ in range(max_epochs):
        wrong = 0
        for i in rng.permutation(len(X)):
            wrong += int(predict(X[i], w, b) != y[i])
            w, b = update(w, b, X[i], y[i], lr)
        mistakes.append(wrong)
        if wrong == 0:
            break
    return w, b, mistakes
