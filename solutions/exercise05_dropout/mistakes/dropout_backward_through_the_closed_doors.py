"""Your gradient goes where nothing went forwards. Look at your mask again.

Loses: dropout_backward
"""


def dropout_backward(dout, mask):
    return dout * (mask.max() - mask)
