"""A batch gives probabilities. Does a single sample?

Loses: mlp_forward
"""


def mlp_forward(x, W1, b1, W2, b2):
    hidden = relu(x @ W1 + b1)
    logits = hidden @ W2 + b2
    return hidden, logits if x.ndim == 1 else softmax(logits)
