"""You tell a sample from a batch by its length. What if a batch has as many rows as there are features?

Loses: mlp_forward
"""


def mlp_forward(x, W1, b1, W2, b2):
    if len(x) == len(W1):
        hidden = relu(W1.T @ x + b1)
        return hidden, softmax(W2.T @ hidden + b2)
    hidden = relu(x @ W1 + b1)
    return hidden, softmax(hidden @ W2 + b2)
