"""What nbgrader's own autograding will come to next, so that it is graded while nbgrader converts.

nbgrader goes through a class one by one. Which notebooks are next is known, and what will be graded of them
is their learners' code, which nbgrader's steps before the grading leave alone as a rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from dlgrade.classroom.marking import Notebook
from dlgrade.errors import SubmissionError
from dlgrade.submission import files


def upcoming(converter: Any, student: str, exercises: Mapping[str, Sequence[str]]) -> Iterator[Notebook]:
    """Yield the notebooks of the students after one, as they were handed in.

    Parameters
    ----------
    converter
        nbgrader's, at work on `student`.
    exercises
        From a notebook's name to the exercises that it is graded for.
    """
    course = converter.coursedir
    assignment, submitted = course.assignment_id, course.submitted_directory
    folders = sorted(converter.assignments)
    here = course.format_path(submitted, student, assignment)
    whose = re.compile(course.format_path(submitted, "(?P<student>.*)", re.escape(assignment), escape=True))
    for folder in folders[folders.index(here) + 1 :] if here in folders else ():
        match = whose.fullmatch(folder)
        if match is None:
            continue
        there = course.format_path(course.autograded_directory, match["student"], assignment)
        if Path(there).exists() and not converter.force:
            continue  # nbgrader will leave it out, or it is a later one, which can wait
        for path in map(Path, sorted(converter.assignments[folder])):
            for exercise in exercises.get(path.stem, ()):
                try:
                    content = files.fetch(path)
                except SubmissionError:  # to be said when it is its turn
                    continue
                yield Notebook(exercise, path.name, content)
