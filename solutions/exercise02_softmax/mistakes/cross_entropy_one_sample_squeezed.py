"""A batch of one is still a batch. What does squeeze make of a (1, c) array?

Loses: cross_entropy
"""

import numpy as np


def cross_entropy(logits, targets):
    logits = logits.squeeze()
    z = logits - logits.max(axis=1, keepdims=True)
    return (np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(targets)), targets]).mean()
