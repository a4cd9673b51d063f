"""Where the last step does not fit, is there still a place for the whole window?

Loses: conv_output_size
"""


def conv_output_size(size, kernel, stride=1, padding=0):
    return -(-(size + 2 * padding - kernel) // stride) + 1
