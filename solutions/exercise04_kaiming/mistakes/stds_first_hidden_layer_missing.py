"""With two layers your list is empty. Is the first layer not a hidden one?

Loses: activation_stds
"""

def activation_stds(X, layers, activation):
    return [float(a.std()) for a in hidden_activations(X, layers, activation)][1:]
