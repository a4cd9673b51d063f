"""The scale comes once on the way there and once on the way back. Where does your second one come from?

Loses: dropout_backward
"""


def dropout_backward(dout, mask):
    return dout * mask * mask
