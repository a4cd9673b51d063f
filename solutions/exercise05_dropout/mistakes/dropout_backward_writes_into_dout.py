"""You were lent dout. Look at the caller's array afterwards.

Loses: dropout_backward
"""


def dropout_backward(dout, mask):
    dout *= mask
    return dout
