"""The cosine begins after the warm-up, not underneath it. Look at the rate of the last warm-up step.

Loses: warmup_cosine
"""


def warmup_cosine(lr_max, step, warmup_steps, total_steps, lr_min=0.0):
    climb = min(1.0, (step + 1) / warmup_steps) if warmup_steps else 1.0
    return climb * cosine_annealing(lr_max, step, total_steps, lr_min)
