""" "sigmoid" gives tanh's numbers. What does your last branch do?

Loses: activation_stds
"""


def activation_stds(X, layers, activation):
    activation = "relu" if activation == "relu" else "tanh"
    return [float(a.std()) for a in hidden_activations(X, layers, activation)]
