"""Call it with max_epochs=3 on XOR and look at the length of your list. Where does the number in your
loop come from?

Loses: fit
"""


def fit(X, y, lr=1.0, max_epochs=100):
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for _ in range(100):
        wrong = 0
        for sample, label in zip(X, y):
            wrong += int(predict(sample, w, b) != label)
            w, b = update(w, b, sample, label, lr)
        mistakes.append(wrong)
        if wrong == 0:
            break
    return w, b, mistakes
