"""`dlgrade watch`: a terminal that grades a file whenever it is saved.

`screen` is the terminal, `saves` the file, `current` the exercise with its grader, `views` what is shown, and
`session` what happens between them.
"""

from dlgrade.watch.session import Session

__all__ = ["Session"]
