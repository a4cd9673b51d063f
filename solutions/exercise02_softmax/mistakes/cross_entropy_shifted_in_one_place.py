"""You took the largest logit off inside the logarithm. Where else does that logit's row appear?

Loses: cross_entropy
"""

import numpy as np


def cross_entropy(logits, targets):
    z = logits - logits.max(axis=1, keepdims=True)
    return (np.log(np.exp(z).sum(axis=1)) - logits[np.arange(len(targets)), targets]).mean()
