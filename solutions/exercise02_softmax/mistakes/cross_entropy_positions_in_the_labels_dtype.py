"""A uint8 ends at 255. In which dtype do you count the positions of the flattened logits?

Loses: cross_entropy
"""

import numpy as np


def cross_entropy(logits, targets):
    z = logits - logits.max(axis=1, keepdims=True)
    n, c = z.shape
    picked = z.ravel()[np.arange(0, n * c, c).astype(targets.dtype) + targets]
    return (np.log(np.exp(z).sum(axis=1)) - picked).mean()
