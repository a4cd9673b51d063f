"""The rate falls once and then never again. What happens after twice as many epochs?

Loses: step_decay
"""


def step_decay(lr0, epoch, drop=0.1, every=10):
    return lr0 if epoch < every else lr0 * drop
