"""Prints without end while it is imported.

Touches: everything
Says: printed more than 8 MiB
"""

while True:
    print("x" * 100_000)
