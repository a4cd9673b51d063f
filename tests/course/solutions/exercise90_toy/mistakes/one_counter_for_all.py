"""Make two counters. Whom do they belong to?

Loses: counter
"""


def make_counter(start):
    Counter.count = start
    return Counter


class Counter:
    @classmethod
    def increment(cls):
        cls.count += 1
        return cls.count
