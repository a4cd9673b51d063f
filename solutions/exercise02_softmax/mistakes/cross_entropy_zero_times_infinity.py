"""In your sum the wrong classes are multiplied by 0. What is 0 times the logarithm of 0?

Loses: cross_entropy
"""

import numpy as np


def cross_entropy(logits, targets):
    one_hot = np.arange(logits.shape[1]) == targets[:, None]
    return -(one_hot * np.log(softmax(logits))).sum() / len(targets)
