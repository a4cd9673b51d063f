"""Ask for tanh: do you get other numbers than for ReLU?

Loses: activation_stds
"""


def activation_stds(X, layers, activation):
    return [float(a.std()) for a in hidden_activations(X, layers, "relu")]
