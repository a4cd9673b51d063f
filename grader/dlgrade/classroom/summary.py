"""What became of a class that was autograded: counted while it goes on, told at the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from dlgrade.render.page import Page


@dataclass(frozen=True)
class Outcome:
    """What became of one student's submission.

    Attributes
    ----------
    state
        ``"graded"``, ``"skipped"`` where nothing has changed since it was, ``"failed"`` where there is no
        grade, ``"withheld"`` where the new grade is not written, or not yet.
    before, now, worth
        Points of dlgrade's cells in the gradebook, now, and at most; None where there are none.
    why
        What is to be said of it.
    """

    student: str
    state: Literal["graded", "skipped", "failed", "withheld"]
    before: float | None = None
    now: float | None = None
    worth: float | None = None
    why: str = ""

    @property
    def changes(self) -> bool:
        """Whether the points are others than before."""
        return self.now is not None and self.before != self.now


@dataclass
class Tally:
    """How far a run has come.

    Attributes
    ----------
    total, done
        Submissions, and those of which it is known what becomes of them.
    unchanged
        Of these, the ones that were graded before.
    passed, failed, error
        With all points, with fewer, and without a grade.
    told
        Outcomes that there is something to say of.
    """

    total: int
    done: int = 0
    unchanged: int = 0
    passed: int = 0
    failed: int = 0
    error: int = 0
    withheld: int = 0
    told: list[Outcome] = field(default_factory=list)

    def count(self, outcome: Outcome) -> None:
        """Count one more."""
        self.done += 1
        if outcome.state == "skipped":
            self.unchanged += 1
            return
        self.withheld += outcome.state == "withheld"
        self.error += outcome.state == "failed"
        if outcome.state == "graded":
            self.passed += outcome.now == outcome.worth
            self.failed += outcome.now != outcome.worth
        if outcome.why:
            self.told.append(outcome)


def as_summary(tally: Tally, log: Path, *, width: int = 80, color: bool = False) -> str:
    """Return the end of a run as text; what is wrong stands before the counts.

    Parameters
    ----------
    log
        Where nbgrader's own words are.
    """
    page = Page(width, color, "utf-8")
    if tally.told:
        page.rows([(page.text(each.student, "bold"), page.text(each.why)) for each in tally.told])
        page.blank()
    graded = tally.passed + tally.failed
    counts = [f"{graded} graded", f"{tally.passed} of them with all points"]
    counts += [f"{tally.unchanged} graded before"] if tally.unchanged else []
    counts += [f"{tally.withheld} left as they were"] if tally.withheld else []
    counts += [f"{tally.error} without a grade"] if tally.error else []
    page.put(page.text(f"{', '.join(counts)}."))
    if tally.error:
        page.put(page.text(f"What nbgrader says of each step is in {log}."))
    return str(page)


def as_changes(outcomes: Sequence[Outcome], *, width: int = 80, color: bool = False) -> str:
    """Return whose points would change, as text."""
    page = Page(width, color, "utf-8")
    changed = [each for each in outcomes if each.changes]
    if not changed:
        page.put(page.text(f"The points of all {len(outcomes)} stay as they are."))
        return str(page)
    rows = []
    for each in changed:
        before, now, worth = (_points(number) for number in (each.before, each.now, each.worth))
        rows.append((page.text(each.student, "bold"), page.text(f"{before} → {now} of {worth}")))
    page.rows(rows)
    page.blank()
    rest = len(outcomes) - len(changed)
    page.put(page.text(f"The points of {len(changed)} change, those of {rest} do not."))
    return str(page)


def _points(number: float | None) -> str:
    return "–" if number is None else f"{number:.2f}".rstrip("0").rstrip(".")
