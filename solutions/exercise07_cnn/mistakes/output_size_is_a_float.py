"""The number looks right, but 3.5 places are none, and 3.0 cannot be used as a size either.

Loses: conv_output_size
"""


def conv_output_size(size, kernel, stride=1, padding=0):
    return (size + 2 * padding - kernel) / stride + 1
