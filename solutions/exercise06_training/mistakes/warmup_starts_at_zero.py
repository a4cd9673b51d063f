"""The first step went nowhere: its rate is 0. Which rung of the ladder does step 0 stand on?

Loses: warmup_cosine
"""


def warmup_cosine(lr_max, step, warmup_steps, total_steps, lr_min=0.0):
    if step < warmup_steps:
        return lr_max * step / warmup_steps
    return cosine_annealing(lr_max, step - warmup_steps, total_steps - warmup_steps, lr_min)
