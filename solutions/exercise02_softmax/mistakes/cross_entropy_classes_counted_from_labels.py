"""How many classes are there if none of the samples belongs to the last one? Ask the logits, not the labels.

Loses: cross_entropy
"""

import numpy as np


def cross_entropy(logits, targets):
    one_hot = np.eye(targets.max() + 1)[targets]
    z = logits - logits.max(axis=1, keepdims=True)
    log_probs = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    return -(one_hot * log_probs).sum() / len(targets)
