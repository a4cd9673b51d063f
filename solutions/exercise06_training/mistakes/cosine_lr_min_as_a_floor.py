"""Cutting the wave off at lr_min is not the same as stretching it between the two bounds. What is the rate halfway?

Loses: cosine_annealing, warmup_cosine
"""

import math


def cosine_annealing(lr_max, epoch, T_max, lr_min=0.0):
    return max(lr_min, 0.5 * lr_max * (1.0 + math.cos(math.pi * epoch / T_max)))
