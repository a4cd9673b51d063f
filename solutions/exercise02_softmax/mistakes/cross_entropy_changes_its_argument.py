"""The loss is right, and the caller's logits are shifted. Which of your lines writes into them?

Loses: cross_entropy
"""

import numpy as np


def cross_entropy(logits, targets):
    logits -= logits.max(axis=1, keepdims=True)
    return (np.log(np.exp(logits).sum(axis=1)) - logits[np.arange(len(targets)), targets]).mean()
