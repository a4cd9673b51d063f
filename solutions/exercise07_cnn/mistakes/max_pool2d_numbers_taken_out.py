"""The numbers are right, but no gradient comes back. Which call has cut it off?

Loses: max_pool2d
"""

def max_pool2d(x, kernel, stride=None):
    return windows(x.detach(), kernel, stride or kernel).amax(dim=(-2, -1))
