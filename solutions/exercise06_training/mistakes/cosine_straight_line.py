"""Both ends are right, and halfway too. What about a quarter of the way?

Loses: cosine_annealing, warmup_cosine, train_loop, train_clipping, train_annealing, train_whole
"""


def cosine_annealing(lr_max, epoch, T_max, lr_min=0.0):
    return lr_min + (lr_max - lr_min) * (1.0 - epoch / T_max)
