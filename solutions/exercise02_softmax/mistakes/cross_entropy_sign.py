"""Your loss is negative and falls when the answer gets worse. The logarithm of a probability has which sign?

Loses: cross_entropy
"""

import numpy as np


def cross_entropy(logits, targets):
    z = logits - logits.max(axis=1, keepdims=True)
    return (z[np.arange(len(targets)), targets] - np.log(np.exp(z).sum(axis=1))).mean()
