"""A unit that is asleep: does its bias learn?

Loses: mlp_gradients
"""

import numpy as np


def mlp_loss_and_grads(X, y, W1, b1, W2, b2):
    n = len(X)
    each = np.arange(n)
    z1 = X @ W1 + b1
    hidden = np.maximum(z1, 0.0)
    logits = hidden @ W2 + b2
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    loss = -log_probs[each, y].mean()
    dlogits = np.exp(log_probs)
    dlogits[each, y] -= 1.0
    dlogits /= n
    dz1 = (dlogits @ W2.T) * (z1 > 0.0)
    return loss, {
        "W1": X.T @ dz1,
        "b1": (dlogits @ W2.T).sum(axis=0),
        "W2": hidden.T @ dlogits,
        "b2": dlogits.sum(axis=0),
    }
