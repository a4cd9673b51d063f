"""The second time you call it the answer is another one. What has happened to b1 in the meantime?

Loses: mlp_forward
"""


def mlp_forward(x, W1, b1, W2, b2):
    if x.ndim == 1:
        b1 += x @ W1
        hidden = relu(b1)
    else:
        hidden = relu(x @ W1 + b1)
    return hidden, softmax(hidden @ W2 + b2)
