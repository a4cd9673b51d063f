"""lr_min is where it ends. Where does it begin?

Loses: warmup_cosine
"""


def warmup_cosine(lr_max, step, warmup_steps, total_steps, lr_min=0.0):
    if step < warmup_steps:
        return lr_min + (lr_max - lr_min) * (step + 1) / warmup_steps
    return cosine_annealing(lr_max, step - warmup_steps, total_steps - warmup_steps, lr_min)
