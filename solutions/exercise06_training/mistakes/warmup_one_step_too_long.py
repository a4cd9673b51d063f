"""step < warmup_steps is the question. What does your warm-up do at step warmup_steps?

Loses: warmup_cosine
"""


def warmup_cosine(lr_max, step, warmup_steps, total_steps, lr_min=0.0):
    if 0 < warmup_steps and step <= warmup_steps:
        return lr_max * (step + 1) / warmup_steps
    return cosine_annealing(lr_max, step - warmup_steps, total_steps - warmup_steps, lr_min)
