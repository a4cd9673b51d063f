"""The zeros that ReLU makes are activations like all others. Why leave them out?

Loses: activation_stds
"""


def activation_stds(X, layers, activation):
    stds = []
    for a in hidden_activations(X, layers, activation):
        alive = a[a != 0.0]
        stds.append(float(alive.std()) if alive.size else 0.0)
    return stds
