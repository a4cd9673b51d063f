"""Your bias comes after the activation. What is it that should be activated?

Loses: activation_stds
"""


def activation_stds(X, layers, activation):
    f, _ = ACTIVATIONS[activation]
    stds = []
    for W, b in layers[:-1]:
        X = f(X @ W) + b
        stds.append(float(X.std()))
    return stds
