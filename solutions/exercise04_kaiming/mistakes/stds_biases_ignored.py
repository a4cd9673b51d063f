"""Here the biases are not zero. Where do they enter?

Loses: activation_stds
"""


def activation_stds(X, layers, activation):
    f, _ = ACTIVATIONS[activation]
    stds = []
    for W, _ in layers[:-1]:
        X = f(X @ W)
        stds.append(float(X.std()))
    return stds
