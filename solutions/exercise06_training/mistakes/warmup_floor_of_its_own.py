"""Nobody asked for a lowest rate, yet the last step still has one. What is lr_min when it is left out?

Loses: warmup_cosine
"""

def warmup_cosine(lr_max, step, warmup_steps, total_steps, lr_min=1e-6):
    if step < warmup_steps:
        return lr_max * (step + 1) / warmup_steps
    return cosine_annealing(lr_max, step - warmup_steps, total_steps - warmup_steps, lr_min)
