"""ln 2 is 0.693, and for two equal logits you say 1. To which base is the logarithm?

Loses: cross_entropy
"""

import numpy as np


def cross_entropy(logits, targets):
    z = logits - logits.max(axis=1, keepdims=True)
    return (np.log2(np.exp(z).sum(axis=1)) - z[np.arange(len(targets)), targets] * np.log2(np.e)).mean()
