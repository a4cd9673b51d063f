"""What does your warm-up divide by when there is none?

Loses: warmup_cosine
"""


def warmup_cosine(lr_max, step, warmup_steps, total_steps, lr_min=0.0):
    warm = lr_max * (step + 1) / warmup_steps
    if step < warmup_steps:
        return warm
    return cosine_annealing(lr_max, step - warmup_steps, total_steps - warmup_steps, lr_min)
