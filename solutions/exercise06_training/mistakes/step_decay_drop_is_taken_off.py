"""Dropping by a third and dropping to a third are two things. Which one does the task say?

Loses: step_decay
"""


def step_decay(lr0, epoch, drop=0.1, every=10):
    return lr0 * (1 - drop) ** (epoch // every)
