"""You average the std of each sample. Over which entries was it to be taken?

Loses: activation_stds
"""


def activation_stds(X, layers, activation):
    return [float(a.std(axis=1).mean()) for a in hidden_activations(X, layers, activation)]
