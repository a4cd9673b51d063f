"""You toss new coins on the way back. The doors that were open then are the ones that count.

Loses: dropout_backward
"""


def dropout_backward(dout, mask):
    return dout * (np.random.default_rng().random(dout.shape) < 0.5) * mask.max()
