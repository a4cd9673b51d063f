"""Your hidden numbers never pass 1. Which activation was asked for?

Loses: mlp_forward
"""


def mlp_forward(x, W1, b1, W2, b2):
    hidden = sigmoid(x @ W1 + b1)
    return hidden, softmax(hidden @ W2 + b2)
