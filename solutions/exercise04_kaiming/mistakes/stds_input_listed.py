"""Your list begins with the input. Is that a hidden layer?

Loses: activation_stds
"""


def activation_stds(X, layers, activation):
    return [float(a.std()) for a in [X, *hidden_activations(X, layers, activation)]]
