"""You measure what enters the activation. What leaves it?

Loses: activation_stds
"""


def activation_stds(X, layers, activation):
    inputs = [X, *hidden_activations(X, layers, activation)]
    return [float((a @ W + b).std()) for a, (W, b) in zip(inputs, layers[:-1], strict=False)]
