"""Zeros are put before the first pixel and behind the last. How much longer does the side get?

Loses: conv_output_size
"""


def conv_output_size(size, kernel, stride=1, padding=0):
    return (size + padding - kernel) // stride + 1
