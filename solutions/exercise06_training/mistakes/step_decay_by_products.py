"""After two steps down the rate should have been multiplied twice. Is that the same as multiplying by 2·drop?

Loses: step_decay
"""


def step_decay(lr0, epoch, drop=0.1, every=10):
    return lr0 * drop * (epoch // every) if epoch >= every else lr0
