"""Epochs are counted from 0, so how many are over when epoch 9 begins?

Loses: step_decay
"""


def step_decay(lr0, epoch, drop=0.1, every=10):
    return lr0 * drop ** ((epoch + 1) // every)
