"""Somebody asked to halve the rate. Where does your function hear of it?

Loses: step_decay
"""


def step_decay(lr0, epoch, drop=0.1, every=10):
    return lr0 * 0.1 ** (epoch // every)
