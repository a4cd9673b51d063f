"""The first class is 0. Which column do you pick for it?

Loses: cross_entropy
"""

import numpy as np


def cross_entropy(logits, targets):
    z = logits - logits.max(axis=1, keepdims=True)
    return (np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(targets)), targets.astype(int) - 1]).mean()
