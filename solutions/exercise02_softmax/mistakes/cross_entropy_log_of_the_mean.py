"""The mean of logarithms is not the logarithm of the mean. Which of the two is the loss?

Loses: cross_entropy
"""

import numpy as np


def cross_entropy(logits, targets):
    z = logits - logits.max(axis=1, keepdims=True)
    losses = np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(targets)), targets]
    return losses.min() - np.log(np.exp(losses.min() - losses).mean())
