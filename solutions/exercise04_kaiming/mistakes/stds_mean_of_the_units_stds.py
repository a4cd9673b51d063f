"""The mean of the units' stds is not the std over all entries: units differ in their means, too.

Loses: activation_stds
"""


def activation_stds(X, layers, activation):
    return [float(a.std(axis=0).mean()) for a in hidden_activations(X, layers, activation)]
