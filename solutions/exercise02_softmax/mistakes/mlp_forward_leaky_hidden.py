"""A hundredth of the negative numbers gets through your hidden layer. Which ReLU was asked for?

Loses: mlp_forward
"""


def mlp_forward(x, W1, b1, W2, b2):
    hidden = leaky_relu(x @ W1 + b1)
    return hidden, softmax(hidden @ W2 + b2)
