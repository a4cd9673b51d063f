"""The first layer is right, the second is not: what do you pass on, a or z?

Loses: activation_stds
"""


def activation_stds(X, layers, activation):
    f, _ = ACTIVATIONS[activation]
    stds = []
    for W, b in layers[:-1]:
        X = X @ W + b
        stds.append(float(f(X).std()))
    return stds
