"""Who asked for a mean? Each element gets its own gradient.

Loses: dropout_backward
"""


def dropout_backward(dout, mask):
    return dout * mask / dout.size
