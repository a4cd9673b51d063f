"""The gradient must go back through the same doors, and it is scaled on its way as x was.

Loses: dropout_backward
"""


def dropout_backward(dout, mask):
    return dout * (mask > 0)
