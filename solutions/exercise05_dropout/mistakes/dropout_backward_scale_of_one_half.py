"""Your scale is right for p = 0.5 alone. Where does the mask say what it is?

Loses: dropout_backward
"""


def dropout_backward(dout, mask):
    return 2.0 * dout * (mask > 0)
