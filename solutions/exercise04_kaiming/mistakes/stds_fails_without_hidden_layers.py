"""What does your function do with a network of one layer?

Loses: activation_stds
"""


def activation_stds(X, layers, activation):
    f, _ = ACTIVATIONS[activation]
    W, b = layers[0]
    a = f(X @ W + b)
    stds = [float(a.std())]
    for W, b in layers[1:-1]:
        a = f(a @ W + b)
        stds.append(float(a.std()))
    return stds
