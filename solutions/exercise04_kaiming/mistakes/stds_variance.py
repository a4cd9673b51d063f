"""That is the variance. Whose root was asked for?

Loses: activation_stds
"""


def activation_stds(X, layers, activation):
    return [float(a.var()) for a in hidden_activations(X, layers, activation)]
