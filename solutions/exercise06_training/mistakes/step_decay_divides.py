"""A drop of 0.5 made the rate larger. Multiplied by, or divided by?

Loses: step_decay
"""


def step_decay(lr0, epoch, drop=0.1, every=10):
    return lr0 / drop ** (epoch // every)
