"""What about the other tensors of the list?

Loses: clip_grad_value
"""


def clip_grad_value(grads, limit):
    return [grads[0].clamp(-limit, limit), *grads[1:]]
