"""Where does the rate end if it is not to fall below 0.1?

Loses: cosine_annealing, warmup_cosine
"""

import math


def cosine_annealing(lr_max, epoch, T_max, lr_min=0.0):
    return 0.5 * lr_max * (1.0 + math.cos(math.pi * epoch / T_max))
