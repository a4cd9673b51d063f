"""What is the cosine of the very first epoch? Yours has already moved.

Loses: cosine_annealing, warmup_cosine, train_annealing, train_whole
"""

import math


def cosine_annealing(lr_max, epoch, T_max, lr_min=0.0):
    return lr_min + 0.5 * (lr_max - lr_min) * (1.0 + math.cos(math.pi * (epoch + 1) / T_max))
