"""What is remembered of a learner between two commands: one small file of the user's.

Of each exercise: what its last check found, which hints were shown, and when everything was passed.
"""

from dlgrade.progress.book import STATE_VARIABLE, Book
from dlgrade.progress.model import Checked, Finding, Record

__all__ = ["STATE_VARIABLE", "Book", "Checked", "Finding", "Record"]
