"""You average n * c numbers, of which only n are not 0. How many samples are there?

Loses: cross_entropy
"""

import numpy as np


def cross_entropy(logits, targets):
    z = logits - logits.max(axis=1, keepdims=True)
    log_probs = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    return -(np.eye(logits.shape[1])[targets] * log_probs).mean()
