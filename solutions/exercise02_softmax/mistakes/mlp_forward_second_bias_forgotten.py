"""If no hidden unit fires, do your probabilities still depend on b2?

Loses: mlp_forward
"""


def mlp_forward(x, W1, b1, W2, b2):
    hidden = relu(x @ W1 + b1)
    return hidden, softmax(hidden @ W2)
