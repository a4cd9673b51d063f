"""math.cos does not think in degrees.

Loses: cosine_annealing, warmup_cosine, train_loop, train_clipping, train_annealing, train_stopping, train_whole
"""

import math


def cosine_annealing(lr_max, epoch, T_max, lr_min=0.0):
    return lr_min + 0.5 * (lr_max - lr_min) * (1.0 + math.cos(180 * epoch / T_max))
