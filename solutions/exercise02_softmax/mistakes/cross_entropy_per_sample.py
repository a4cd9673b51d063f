"""One loss for each sample is a good start. The whole batch should get one number.

Loses: cross_entropy
"""

import numpy as np


def cross_entropy(logits, targets):
    z = logits - logits.max(axis=1, keepdims=True)
    return np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(targets)), targets]
