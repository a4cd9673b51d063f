"""Is −9 larger than 4? By its size it is; who asked for that?

Loses: max_pool2d
"""


def max_pool2d(x, kernel, stride=None):
    seen = windows(x, kernel, stride or kernel).flatten(-2)
    return seen.gather(-1, seen.abs().argmax(dim=-1, keepdim=True)).squeeze(-1)
