"""What is remembered of a learner between two commands: one small file of the user's.

Of each exercise: every check with its criteria, every hint that was shown, the answers to its quiz, what was
asked for again, and when everything was passed.
"""

from dlgrade.progress.book import STATE_VARIABLE, Book
from dlgrade.progress.model import Answer, Checked, Finding, Recap, Record, passes

__all__ = ["STATE_VARIABLE", "Answer", "Book", "Checked", "Finding", "Recap", "Record", "passes"]
