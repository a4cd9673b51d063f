"""The mean of all weights on the way is the averaged perceptron, another algorithm. Which weights does
the training end with?

Loses: fit
"""


def fit(X, y, lr=1.0, max_epochs=100):
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    w_sum, b_sum, steps = np.zeros(X.shape[1]), 0.0, 0
    for _ in range(max_epochs):
        wrong = 0
        for sample, label in zip(X, y):
            wrong += int(predict(sample, w, b) != label)
            w, b = update(w, b, sample, label, lr)
            w_sum, b_sum, steps = w_sum + w, b_sum + b, steps + 1
        mistakes.append(wrong)
        if wrong == 0:
            break
    return w_sum / steps, b_sum / steps, mistakes
