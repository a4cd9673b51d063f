"""Four digits are nice to read. Who asked for them?

Loses: activation_stds
"""


def activation_stds(X, layers, activation):
    return [round(float(a.std()), 4) for a in hidden_activations(X, layers, activation)]
