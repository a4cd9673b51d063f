"""dx has the shape of x. What did you sum over?

Loses: dropout_backward
"""


def dropout_backward(dout, mask):
    return (dout * mask).sum(axis=0) if dout.ndim else dout * mask
