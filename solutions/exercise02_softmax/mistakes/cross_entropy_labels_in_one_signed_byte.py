"""You store the labels in eight bits with a sign. What becomes of class 130?

Loses: cross_entropy
"""

import numpy as np


def cross_entropy(logits, targets):
    z = logits - logits.max(axis=1, keepdims=True)
    return (np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(targets)), targets.astype(np.int8)]).mean()
