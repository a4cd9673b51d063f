"""Right for one sample. How much probability does each row of a batch get?

Loses: mlp_forward
"""


def mlp_forward(x, W1, b1, W2, b2):
    hidden = relu(x @ W1 + b1)
    logits = hidden @ W2 + b2
    return hidden, softmax(logits.ravel()).reshape(logits.shape)
