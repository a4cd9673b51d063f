"""Epochs are counted from 0. Which is the first epoch after ten of them?

Loses: step_decay
"""


def step_decay(lr0, epoch, drop=0.1, every=10):
    return lr0 * drop ** ((epoch - 1) // every)
