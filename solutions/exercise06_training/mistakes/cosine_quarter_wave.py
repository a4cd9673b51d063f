"""Follow your rate to the end: it arrives with a kink. Which half of the cosine is flat at both ends?

Loses: cosine_annealing, warmup_cosine, train_annealing, train_whole
"""

import math


def cosine_annealing(lr_max, epoch, T_max, lr_min=0.0):
    return lr_min + (lr_max - lr_min) * math.cos(math.pi * epoch / T_max / 2.0)
