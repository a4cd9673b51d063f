"""You counted the steps. Where did the window stand before the first one?

Loses: conv_output_size
"""


def conv_output_size(size, kernel, stride=1, padding=0):
    return (size + 2 * padding - kernel) // stride
