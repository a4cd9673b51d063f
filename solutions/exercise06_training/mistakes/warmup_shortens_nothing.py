"""How many steps are left for the cosine once the warm-up has had its share? Yours does not arrive.

Loses: warmup_cosine
"""


def warmup_cosine(lr_max, step, warmup_steps, total_steps, lr_min=0.0):
    if step < warmup_steps:
        return lr_max * (step + 1) / warmup_steps
    return cosine_annealing(lr_max, step - warmup_steps, total_steps, lr_min)
