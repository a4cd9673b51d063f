"""At epoch 0 your rate is above lr_max. What is the distance between the two bounds?

Loses: cosine_annealing, warmup_cosine
"""

import math


def cosine_annealing(lr_max, epoch, T_max, lr_min=0.0):
    return lr_min + 0.5 * lr_max * (1.0 + math.cos(math.pi * epoch / T_max))
