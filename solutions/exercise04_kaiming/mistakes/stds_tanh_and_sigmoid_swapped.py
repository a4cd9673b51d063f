"""Ask your function for "sigmoid" and look at the sign of what comes. Which of the two can be negative?

Loses: activation_stds
"""

def activation_stds(X, layers, activation):
    activation = {"tanh": "sigmoid", "sigmoid": "tanh"}.get(activation, activation)
    return [float(a.std()) for a in hidden_activations(X, layers, activation)]
