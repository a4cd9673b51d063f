"""Never finishes being imported.

Touches: everything
Says: did not finish in 2 s
"""

while True:
    pass
