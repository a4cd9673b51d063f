"""Calls the suite's callback ten million times.

Touches: total
Says: did not finish in 1 s
"""


def total(f, n):
    for _ in range(10_000_000):
        f(0)
    return 14.0
