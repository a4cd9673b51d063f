"""X is the caller's. What does it hold after your call when a layer is as wide as it?

Loses: activation_stds
"""


def activation_stds(X, layers, activation):
    f, _ = ACTIVATIONS[activation]
    stds = []
    for W, b in layers[:-1]:
        z = X @ W + b
        if z.shape == X.shape:
            X[:] = f(z)
        else:
            X = f(z)
        stds.append(float(X.std()))
    return stds
