"""Try 8 pixels, a window of 3 and a stride of 2. What is divided by the stride: the steps, or the places?

Loses: conv_output_size
"""


def conv_output_size(size, kernel, stride=1, padding=0):
    return (size + 2 * padding - kernel + 1) // stride
