"""Fine for one sample. What are the shapes when x is a batch (n, d)?

Loses: mlp_forward
"""


def mlp_forward(x, W1, b1, W2, b2):
    hidden = relu(W1.T @ x + b1)
    return hidden, softmax(W2.T @ hidden + b2)
