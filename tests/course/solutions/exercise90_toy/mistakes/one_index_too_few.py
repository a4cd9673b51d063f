"""How many times is f called for n = 1?

Loses: total
"""


def total(f, n):
    return sum((f(i) for i in range(1, n)), 0.0) + 0.0
