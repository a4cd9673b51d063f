"""Reading what a learner handed in: a Python file, percent cells or a notebook, into plain Python text.

Nothing of it is executed. What makes a file unreadable as a whole is a `SubmissionError`; what is wrong
inside of it is a `Problem`, a verdict with its line.
"""

from dlgrade.submission.model import Place, Problem, Submission
from dlgrade.submission.reading import digest, read

__all__ = ["Place", "Problem", "Submission", "digest", "read"]
