"""z times its own sigmoid has another name. Which distribution does GELU take its probability from?

Loses: gelu
"""


def gelu(z):
    return z * sigmoid(z)
