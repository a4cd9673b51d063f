"""Do the numbers you return sum to 1? One step is missing.

Loses: mlp_forward
"""


def mlp_forward(x, W1, b1, W2, b2):
    hidden = relu(x @ W1 + b1)
    return hidden, hidden @ W2 + b2
