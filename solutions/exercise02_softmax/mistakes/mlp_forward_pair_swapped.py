"""Which of the two comes first? Look at the shapes you return.

Loses: mlp_forward
"""


def mlp_forward(x, W1, b1, W2, b2):
    hidden = relu(x @ W1 + b1)
    return softmax(hidden @ W2 + b2), hidden
