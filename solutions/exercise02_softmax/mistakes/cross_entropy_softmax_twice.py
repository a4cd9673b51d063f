"""Your loss cannot fall below a certain height however sure the network is. How many times do you apply
softmax?

Loses: cross_entropy
"""

import numpy as np


def cross_entropy(logits, targets):
    z = softmax(logits)
    return (np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(targets)), targets]).mean()
