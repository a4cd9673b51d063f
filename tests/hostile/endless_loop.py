"""Never comes back.

Touches: add
Says: did not finish in 1 s
"""


def add(a, b):
    while True:
        pass
