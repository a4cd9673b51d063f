"""The wave comes back: at the end your rate is where it began. How far is half a cosine?

Loses: cosine_annealing, warmup_cosine, train_loop, train_clipping, train_annealing, train_whole
"""

import math


def cosine_annealing(lr_max, epoch, T_max, lr_min=0.0):
    return lr_min + 0.5 * (lr_max - lr_min) * (1.0 + math.cos(2.0 * math.pi * epoch / T_max))
