"""exp of a logit can overflow here too. What did you do against that in softmax?

Loses: cross_entropy
"""

import numpy as np


def cross_entropy(logits, targets):
    return (np.log(np.exp(logits).sum(axis=1)) - logits[np.arange(len(targets)), targets]).mean()
