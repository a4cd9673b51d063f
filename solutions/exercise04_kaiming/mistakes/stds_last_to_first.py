"""The list begins with the last hidden layer. In which order was it asked for?

Loses: activation_stds
"""


def activation_stds(X, layers, activation):
    return [float(a.std()) for a in hidden_activations(X, layers, activation)][::-1]
