"""A staircase is flat between its steps. How many whole steps lie behind epoch 5 if there is one every 10?

Loses: step_decay
"""


def step_decay(lr0, epoch, drop=0.1, every=10):
    return lr0 * drop ** (epoch / every)
