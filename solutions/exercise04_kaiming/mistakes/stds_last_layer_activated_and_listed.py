"""How many hidden layers are there among k layers? Your list has one too many.

Loses: activation_stds
"""


def activation_stds(X, layers, activation):
    return [float(a.std()) for a in hidden_activations(X, [*layers, None], activation)]
