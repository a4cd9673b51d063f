"""Replaces the clock, so that no time ever passes, and never comes back.

Touches: add
Says: did not finish in 1 s
"""

import time

time.time = time.monotonic = time.perf_counter = lambda: 0.0


def add(a, b):
    while True:
        time.monotonic()
