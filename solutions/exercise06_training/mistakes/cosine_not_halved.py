"""1 + cos runs from 2 to 0. Your first rate is twice what it should be.

Loses: cosine_annealing, warmup_cosine, train_loop, train_clipping, train_annealing, train_stopping, train_whole
"""

import math


def cosine_annealing(lr_max, epoch, T_max, lr_min=0.0):
    return lr_min + 1.0 * (lr_max - lr_min) * (1.0 + math.cos(math.pi * epoch / T_max))
