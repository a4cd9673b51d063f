"""Half a step is no step. Which way do you round?

Loses: conv_output_size
"""


def conv_output_size(size, kernel, stride=1, padding=0):
    return round((size + 2 * padding - kernel) / stride) + 1
