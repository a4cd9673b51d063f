"""Rounding is for printing. The rate itself keeps all its digits.

Loses: cosine_annealing, warmup_cosine, train_annealing, train_whole
"""

import math


def cosine_annealing(lr_max, epoch, T_max, lr_min=0.0):
    return round(lr_min + 0.5 * (lr_max - lr_min) * (1.0 + math.cos(math.pi * epoch / T_max)), 4)
