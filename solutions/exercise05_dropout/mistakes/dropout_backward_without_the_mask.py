"""A unit that was dropped had no say in the loss. Why does yours get a gradient?

Loses: dropout_backward
"""


def dropout_backward(dout, mask):
    return dout.copy()
