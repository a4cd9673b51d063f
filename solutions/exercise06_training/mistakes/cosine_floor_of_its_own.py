"""Nobody asked for a lowest rate, yet yours does not reach 0. What is lr_min when it is left out?

Loses: cosine_annealing, train_annealing, train_whole
"""

import math


def cosine_annealing(lr_max, epoch, T_max, lr_min=1e-6):
    return lr_min + 0.5 * (lr_max - lr_min) * (1.0 + math.cos(math.pi * epoch / T_max))
