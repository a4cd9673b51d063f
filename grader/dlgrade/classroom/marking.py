"""Verdicts on notebooks, by warm graders that stay from one submission to the next."""

from __future__ import annotations

import atexit
import hashlib
import tempfile
from pathlib import Path
from typing import NamedTuple

from dlgrade.warm import Lane, Verdict


class Question(NamedTuple):
    """What a verdict depends on: the exercise, and the notebook's bytes by their SHA-256."""

    exercise: str
    digest: str


class Marker:
    """Grades notebooks, each as often as it changes.

    Parameters
    ----------
    level
        The isolation that is required, as for `dlgrade.grading.check`.
    """

    def __init__(self, level: int) -> None:
        self._level = level
        self._known: dict[Question, Verdict] = {}
        self._lanes: dict[str, Lane] = {}

    def know(self, question: Question, verdict: Verdict) -> None:
        """Take over a verdict that came from somewhere else."""
        self._known[question] = verdict

    def verdict(self, exercise: str, notebook: bytes, name: str) -> Verdict:
        """Return the verdict on a notebook.

        Parameters
        ----------
        notebook
            The file's bytes.
        name
            What the report calls it.

        Raises
        ------
        LaneError
            If it could not be graded at all.
        """
        question = ask(exercise, notebook)
        if question not in self._known:
            if exercise not in self._lanes:
                self._lanes[exercise] = Lane(exercise, level=self._level)
            with tempfile.TemporaryDirectory(prefix="dlgrade-") as folder:
                file = Path(folder, "submission.ipynb")
                file.write_bytes(notebook)
                self._known[question] = self._lanes[exercise].check(file, name=name)
        # Another submission of the same bytes has the same verdict, and each is asked for once.
        return self._known.pop(question)

    def close(self) -> None:
        """End the warm graders."""
        while self._lanes:
            self._lanes.popitem()[1].close()


def ask(exercise: str, notebook: bytes) -> Question:
    """Return what the verdict on a notebook is known by."""
    return Question(exercise, hashlib.sha256(notebook).hexdigest())


_markers: dict[int, Marker] = {}


def marker(level: int) -> Marker:
    """Return this process's marker for a level of isolation; it ends with the process."""
    if level not in _markers:
        _markers[level] = Marker(level)
    return _markers[level]


@atexit.register
def close() -> None:
    """End all warm graders of this process."""
    while _markers:
        _markers.popitem()[1].close()


