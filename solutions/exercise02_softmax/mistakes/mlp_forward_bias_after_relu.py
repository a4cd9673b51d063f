"""The bias shifts the place of the bend. Yours shifts what comes out of it.

Loses: mlp_forward
"""


def mlp_forward(x, W1, b1, W2, b2):
    hidden = relu(x @ W1) + b1
    return hidden, softmax(hidden @ W2 + b2)
