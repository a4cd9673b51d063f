"""You take the std of the units' means. What became of the spread over the samples?

Loses: activation_stds
"""


def activation_stds(X, layers, activation):
    return [float(a.mean(axis=0).std()) for a in hidden_activations(X, layers, activation)]
