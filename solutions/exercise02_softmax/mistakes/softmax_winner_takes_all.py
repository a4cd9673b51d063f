"""You gave everything to the largest score. What is soft about softmax?

Loses: softmax, cross_entropy_grad, mlp_forward
"""


def softmax(z, axis=-1):
    largest = (z == z.max(axis=axis, keepdims=True)).astype(float)
    return largest / largest.sum(axis=axis, keepdims=True)
