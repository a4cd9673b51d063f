"""Forwards you multiplied. What is the derivative of x · m with respect to x?

Loses: dropout_backward
"""


def dropout_backward(dout, mask):
    return np.where(mask > 0, dout / np.where(mask > 0, mask, 1.0), 0.0)
