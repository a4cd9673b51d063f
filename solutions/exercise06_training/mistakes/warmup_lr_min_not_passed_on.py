"""The annealed part goes down to 0, whatever lr_min was asked for.

Loses: warmup_cosine
"""


def warmup_cosine(lr_max, step, warmup_steps, total_steps, lr_min=0.0):
    if step < warmup_steps:
        return lr_max * (step + 1) / warmup_steps
    return cosine_annealing(lr_max, step - warmup_steps, total_steps - warmup_steps)
