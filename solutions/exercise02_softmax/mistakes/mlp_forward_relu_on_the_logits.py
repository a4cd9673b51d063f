"""A negative score is information too. What does the second ReLU do to it?

Loses: mlp_forward
"""


def mlp_forward(x, W1, b1, W2, b2):
    hidden = relu(x @ W1 + b1)
    return hidden, softmax(relu(hidden @ W2 + b2))
