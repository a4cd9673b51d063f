"""Verdicts on notebooks, by warm graders that stay from one submission to the next."""

from __future__ import annotations

import atexit
import hashlib
import itertools
import json
import tempfile
from collections import deque
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from dlgrade.errors import LaneError, SubmissionError
from dlgrade.submission import notebook as reading
from dlgrade.warm import Job, Lanes, Verdict

LEVEL = 2
"""The isolation that is required where the course's configuration says nothing else."""

AHEAD_MAX = 8
"""Verdicts that wait for their notebooks to be asked for."""

_KEPT_MAX = 64


class Question(NamedTuple):
    """What a verdict depends on: the exercise, what the report calls the notebook, and the learner's code."""

    exercise: str
    name: str
    digest: str


class Notebook(NamedTuple):
    """A notebook that will have to be graded for an exercise, unless its code changes before."""

    exercise: str
    name: str
    content: bytes


class Marker:
    """Grades notebooks, and meanwhile the ones that will be asked for next.

    Parameters
    ----------
    level
        The isolation that is required, as for `dlgrade.grading.check`.
    """

    def __init__(self, level: int) -> None:
        self._lanes = Lanes(level=level)
        self._numbers = itertools.count()
        self._known: dict[Question, Verdict] = {}
        self._asked: dict[str, tuple[Question, Path]] = {}
        self._for: object = None
        self._expected: Iterator[Notebook] = iter(())
        self._ahead: deque[Question] = deque()  # of what is expected, in order, what was looked at

    @cached_property
    def _folder(self) -> tempfile.TemporaryDirectory[str]:
        """Where notebooks lie while they are graded; not made by whoever has all verdicts from elsewhere."""
        return tempfile.TemporaryDirectory(prefix="dlgrade-", ignore_cleanup_errors=True)

    def know(self, question: Question, verdict: Verdict) -> None:
        """Take over a verdict that came from somewhere else."""
        self._known.pop(question, None)
        self._known[question] = verdict
        for oldest in list(self._known)[:-_KEPT_MAX]:
            del self._known[oldest]

    def expect(self, run: object, notebooks: Iterable[Notebook]) -> None:
        """Say what comes next, to be graded while nobody asks.

        Parameters
        ----------
        run
            Whoever goes through them; what it is told again while that goes on is left alone.
        notebooks
            In the order in which they will be asked for. What they give is forgotten where their code is
            another by then.
        """
        if run is self._for:
            return
        self._for = run
        self._ahead.clear()
        notebooks = iter(notebooks)
        first = list(itertools.islice(notebooks, AHEAD_MAX))
        self._expected = itertools.chain(first, notebooks)
        for exercise in {each.exercise for each in first}:
            self._lanes.prepare(exercise, 1 + len(first))  # so that they rehearse side by side

    def verdict(self, exercise: str, content: bytes, name: str) -> Verdict:
        """Return the verdict on a notebook.

        Parameters
        ----------
        content
            The file's bytes.
        name
            What the report calls it.

        Raises
        ------
        LaneError
            If it could not be graded at all.
        """
        notebook = Notebook(exercise, name, content)
        question = ask(*notebook)
        while question not in self._known:
            if self._lanes.has_room and not self._is_asked(question):
                self._begin(question, notebook)
            else:
                self._learn()
        verdict = self._known[question]
        if verdict.fault is not None:
            del self._known[question]  # the next one may be luckier
        self._pass(question)
        self._look_ahead()
        return verdict

    def close(self) -> None:
        """End the warm graders."""
        self._lanes.close()
        if "_folder" in vars(self):
            self._folder.cleanup()

    def _pass(self, question: Question) -> None:
        """Leave behind what was expected up to this one; its code may be another than was expected."""
        if question in self._ahead:
            while self._ahead.popleft() != question:
                pass
        elif self._ahead:
            self._ahead.popleft()

    def _is_asked(self, question: Question) -> bool:
        return any(asked == question for asked, _ in self._asked.values())

    def _begin(self, question: Question, notebook: Notebook) -> None:
        key = str(next(self._numbers))
        file = Path(self._folder.name, f"{key}.ipynb")
        file.write_bytes(notebook.content)
        self._lanes.begin(notebook.exercise, Job(key, file, notebook.name))
        self._asked[key] = question, file

    def _learn(self) -> None:
        verdict = self._lanes.finish()
        question, file = self._asked.pop(verdict.key)
        file.unlink()
        self.know(question, verdict)

    def _look_ahead(self) -> None:
        while self._lanes.has_verdict:
            self._learn()
        while self._lanes.has_room and len(self._ahead) < AHEAD_MAX:
            notebook = next(self._expected, None)
            if notebook is None:
                return
            question = ask(*notebook)
            self._ahead.append(question)
            if question in self._known or self._is_asked(question):
                continue
            try:
                self._begin(question, notebook)
            except LaneError:  # will be said where it is asked for
                return


def ask(exercise: str, name: str, content: bytes) -> Question:
    """Return what the verdict on a notebook is known by."""
    try:
        graded = json.dumps(reading.code_cells(content, name)).encode()
    except SubmissionError:
        graded = content
    return Question(exercise, name, hashlib.sha256(graded).hexdigest())


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
