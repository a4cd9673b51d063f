"""For 2 your answer is right. What is it for 3?

Loses: double, twice
"""


def double(x):
    return x**2
