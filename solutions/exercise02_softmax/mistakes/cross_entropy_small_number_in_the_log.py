"""With that small number added, no sample can cost more than 28. You hid the underflow; the loss is still
wrong there.

Loses: cross_entropy
"""

import numpy as np


def cross_entropy(logits, targets):
    return -np.log(softmax(logits)[np.arange(len(targets)), targets] + 1e-12).mean()
