"""With a stride of 2 the window stands in half as many places. Where is the stride in your formula?

Loses: conv_output_size
"""


def conv_output_size(size, kernel, stride=1, padding=0):
    return size + 2 * padding - kernel + 1
