"""The probabilities are right. Is what you return as hidden what the second layer has seen?

Loses: mlp_forward
"""


def mlp_forward(x, W1, b1, W2, b2):
    hidden = x @ W1 + b1
    return hidden, softmax(relu(hidden) @ W2 + b2)
