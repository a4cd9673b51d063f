"""√(6/5) instead of 1: what do you divide by, N or N − 1?

Loses: activation_stds
"""


def activation_stds(X, layers, activation):
    return [float(a.std(ddof=1)) for a in hidden_activations(X, layers, activation)]
