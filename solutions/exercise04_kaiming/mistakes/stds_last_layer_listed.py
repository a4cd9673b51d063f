"""The last layer is linear and gives logits. Does it belong in the list?

Loses: activation_stds
"""


def activation_stds(X, layers, activation):
    hidden = hidden_activations(X, layers, activation)
    W, b = layers[-1]
    return [float(a.std()) for a in [*hidden, (hidden[-1] if hidden else X) @ W + b]]
