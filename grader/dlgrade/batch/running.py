"""Grading what a class handed in: each verdict is in the gradebook before the next is asked for."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dlgrade.batch.decider import Decider
from dlgrade.batch.gradebook import Gradebook
from dlgrade.batch.model import Handed
from dlgrade.batch.records import Known, Outcome, Standing
from dlgrade.batch.spool import Spool
from dlgrade.catalog import Exercise
from dlgrade.errors import LaneError, SubmissionError
from dlgrade.submission import files
from dlgrade.warm import Job, Verdict

ATTEMPTS_MAX = 3
"""How often a submission is tried that ended in a fault of ours, one attempt a run."""

_FAULTS_AT_FIRST = 8
"""Faults in a row, with no verdict before them, after which the fault is nobody's submission."""

Source = Callable[[Iterable[Job]], Generator[Verdict]]
"""What turns files into verdicts: lanes on this machine, or on others."""


@dataclass
class Tally:
    """How far a run has come.

    Attributes
    ----------
    total, done
        Students, and those who have a verdict.
    unchanged
        Of these, the ones that had it before.
    passed, failed, error
        Of `done`; what cannot be read, or is not there, has failed.
    changed
        Students whose points are others than before, with both.
    """

    total: int
    done: int = 0
    unchanged: int = 0
    passed: int = 0
    failed: int = 0
    error: int = 0
    changed: list[tuple[str, float | None, float | None]] = field(default_factory=list)

    def count(self, status: str) -> None:
        """Count one more student."""
        self.done += 1
        if status == "passed":
            self.passed += 1
        elif status == "error":
            self.error += 1
        else:
            self.failed += 1


@dataclass
class Run:
    """One run over a class.

    Attributes
    ----------
    regrade
        Whether to grade what has a verdict already.
    watch
        Called with the tally whenever it has changed.
    """

    book: Gradebook
    exercise: Exercise
    decider: Decider
    spool: Spool
    source: Source
    regrade: bool = False
    watch: Callable[[Tally], None] = lambda _: None
    _open: dict[str, tuple[Handed, str, int, Path]] = field(default_factory=dict)

    def over(self, handed: Sequence[Handed]) -> Tally:
        """Grade what has no verdict yet.

        Raises
        ------
        GradebookError
            If a verdict cannot be written.
        LaneError
            If nothing can be graded on this machine: the first verdicts were all faults of ours.
        """
        self.tally = Tally(len(handed))
        self.watch(self.tally)
        jobs = self._jobs(handed)
        # Both end here, whatever ends the run: lanes must not outlive it.
        with contextlib.closing(jobs), contextlib.closing(self.source(jobs)) as verdicts:
            for verdict in verdicts:
                self._take(verdict)
        return self.tally

    def _jobs(self, handed: Sequence[Handed]) -> Generator[Job]:
        """Yield what is to be graded, one by one, each as a copy that is its own."""
        for each in handed:
            try:
                data = self._data(each)
            except SubmissionError as error:
                status: Standing = "refused" if each.file else "missing"
                self._settle(each, Outcome(status, 0.0, self._most, str(error)))
                continue
            content = hashlib.sha256(data).hexdigest()
            known = self.book.find(each.student.key, self._name, content, self.decider)
            if known is not None and not self._is_due(known):
                self.book.keep(each, self._name, known)
                self._count(known.status, unchanged=True)
                continue
            file = self.spool.add(data, self._file_name(each))
            self._open[each.student.key] = (each, content, 0 if known is None else known.attempts, file)
            yield Job(each.student.key, file, each.file)

    def _data(self, each: Handed) -> bytes:
        if each.at is None or each.problem:
            raise SubmissionError(each.problem or "There is no file.")
        return files.fetch(each.at)

    def _is_due(self, known: Known) -> bool:
        return self.regrade or (known.status == "error" and known.attempts < ATTEMPTS_MAX)

    def _settle(self, each: Handed, outcome: Outcome) -> None:
        """Write down what needs no grading, unless it stands there."""
        key = each.student.key
        known = self.book.find(key, self._name, "", self.decider)
        if known is not None and (known.status, known.message) == (outcome.status, outcome.message):
            self.book.keep(each, self._name, known)
            self._count(known.status, unchanged=True)
            return
        self._note_change(key, outcome)
        self.book.record(each, self._name, "", self.decider, outcome)
        self._count(outcome.status)

    def _take(self, verdict: Verdict) -> None:
        """Write a verdict down."""
        each, content, attempts, file = self._open.pop(verdict.key)
        self.spool.drop(file)
        outcome = _outcome(verdict, self._most)
        self._note_change(verdict.key, outcome)
        self.book.record(each, self._name, content, self.decider, outcome, attempts + 1)
        self._count(outcome.status)
        graded = self.tally.done - self.tally.unchanged
        if verdict.fault is not None and graded == self.tally.error == _FAULTS_AT_FIRST:
            raise LaneError(
                f"the first {graded} submissions all ended in a fault, the last in this one: {verdict.fault}"
            )

    def _note_change(self, key: str, outcome: Outcome) -> None:
        before = self.book.current(key, self._name)
        if before is not None and before[1] != outcome.points:
            self.tally.changed.append((key, before[1], outcome.points))

    def _count(self, status: str, *, unchanged: bool = False) -> None:
        self.tally.unchanged += unchanged
        self.tally.count(status)
        self.watch(self.tally)

    @property
    def _name(self) -> str:
        return self.exercise.folder

    @property
    def _most(self) -> float:
        return self.exercise.points

    def _file_name(self, each: Handed) -> str:
        """Return what sentences about the file call it: its own name, where that is one to be trusted."""
        name = each.file.rpartition("/")[2]
        safe = name.isascii() and name.isprintable() and len(name) <= 100 and not name.startswith(("-", "."))
        suffix = ".ipynb" if name.lower().endswith(".ipynb") else ".py"
        return name if safe else Path(self.exercise.entry).with_suffix(suffix).name


def _outcome(verdict: Verdict, most: float) -> Outcome:
    seconds = round(verdict.seconds, 4)
    if verdict.refused is not None:
        return Outcome("refused", 0.0, most, verdict.refused, seconds=seconds)
    if verdict.report is None:
        return Outcome("error", None, most, verdict.fault or "there was no verdict", seconds=seconds)
    report = verdict.report
    if report.ours:
        wrong = next(test for test in report.tests if test.status == "error")
        message = f"a fault of dlgrade's own: {wrong.title} {wrong.message or ''}".strip()
        return Outcome("error", None, report.max_points, message, report, seconds)
    status: Standing = "passed" if report.passed else "failed"
    return Outcome(status, report.points, report.max_points, "", report, seconds)
