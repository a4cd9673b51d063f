"""A score that is higher by 1 should be e times as probable, wherever it starts. Which step comes before the
sum?

Loses: softmax, cross_entropy_grad, mlp_forward
"""


def softmax(z, axis=-1):
    shifted = z - z.min(axis=axis, keepdims=True)
    return shifted / shifted.sum(axis=axis, keepdims=True)
