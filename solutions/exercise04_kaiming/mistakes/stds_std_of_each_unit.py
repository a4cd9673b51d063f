"""You get a number for each unit. One for the whole layer was asked for.

Loses: activation_stds
"""


def activation_stds(X, layers, activation):
    return [a.std(axis=0) for a in hidden_activations(X, layers, activation)]
