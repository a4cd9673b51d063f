"""What is said of a report, and in which order, before it is decided how that looks.

A terminal, a notebook's cell and a feedback page lay out the same `Outline`; nothing of what it holds has
been escaped yet.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import msgspec

from dlgrade.errors import CatalogError
from dlgrade.render.faults import Fault, discreet, faults
from dlgrade.render.steps import Door, Step, steps
from dlgrade.report import CriterionResult, Report, Status, TestResult

Show = Literal["full", "hints", "points"]
"""How much is told: all; why it went wrong and the hints, but neither values nor calls; points alone."""

Hints = Mapping[str, Sequence[str]]
"""From the id of a criterion to its hints."""

_LEVELS = {
    3: "level 3 of 3, namespaced",
    2: "level 2 of 3, kernel-restricted",
    1: "level 1 of 3, a process of its own and limits",
    0: "level 0 of 3, nothing was kept apart",
}
_SCOPES = {
    "suite": "",
    "examples": "Only the visible examples were run: the hidden suite is not on this machine. This is all "
    "that could be done here, and a file that passes them may still be wrong.",
    "criterion": "Only one criterion was asked for; the others were not checked.",
    "function": "Only one function was asked for; the others were not checked.",
    "debug": "A --debug run: your code ran inside dlgrade, nothing was kept apart, and nothing is recorded.",
}


@dataclass(frozen=True)
class Row:
    """A criterion, or a visible example, and what it earned."""

    status: Status
    title: str
    earned: str = ""


@dataclass(frozen=True)
class Outline:
    """What is said of a report, from top to bottom.

    Attributes
    ----------
    verdict
        How certain a success the total is.
    notice
        What stands before all else where less than the whole suite was run.
    unchecked
        Titles of criteria, each with the reason why they were not checked.
    hints
        Titles of criteria, each with its hints.
    """

    exercise: str
    name: str
    about: str
    total: str
    verdict: Literal["right", "partly", "wrong"]
    notice: str = ""
    rows: tuple[Row, ...] = ()
    todo: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    unchecked: tuple[tuple[str, str], ...] = ()
    hints: tuple[tuple[str, tuple[str, ...]], ...] = ()
    isolation: str = ""
    notes: tuple[str, ...] = ()
    next: tuple[Step, ...] = ()


def outline(
    report: Report,
    *,
    show: Show = "full",
    hints: Hints | None = None,
    withheld: Collection[str] = (),
    door: Door = "shell",
) -> Outline:
    """Decide what is said of a whole report.

    Parameters
    ----------
    show
        How much is told.
    hints
        Those of each criterion; of what is not passed they are told, unless points alone are.
    withheld
        Commands that are not to be named as the next step, because they would refuse: "hint", "solution".
    door
        Where it is read, which decides what the next steps are called.
    """
    certain = report.passed and report.scope == "suite"
    told = discreet(report) if show == "hints" else report
    brief = Outline(
        report.exercise,
        report.name,
        f"{report.title} · {report.file}",
        _total(report),
        "right" if certain else "partly" if report.points else "wrong",
        _SCOPES[report.scope],
        tuple(_rows(report)),
    )
    if show == "points":
        return brief
    return replace(
        brief,
        todo=tuple(dict.fromkeys(test.function or test.title for test in report.tests if test.todo)),
        faults=faults(told, door),
        unchecked=tuple(_unchecked(report)),
        hints=tuple(_hints(report, hints or {})),
        isolation=_isolation(report),
        notes=report.notes,
        next=steps(report, withheld, door),
    )


def of_criterion(
    report: Report, criterion_id: str, *, show: Show = "full", hints: Hints | None = None
) -> Outline:
    """Decide what is said of one criterion, where it stands alone.

    That the file cannot be run, or uses what is ruled out, is told of each criterion that is not passed.

    Parameters
    ----------
    show, hints
        As for `outline`.

    Raises
    ------
    CatalogError
        If the report knows no such criterion.
    """
    mine = next((each for each in report.criteria if each.id == criterion_id), None)
    if mine is None:
        known = ", ".join(each.id for each in report.criteria if each.max_points) or "none"
        raise CatalogError(f"The report has no criterion {criterion_id!r}; it has {known}.")
    frame = [each for each in report.criteria if not each.max_points and mine.status != "passed"]
    kept = {criterion_id, *(each.id for each in frame)}
    alone = msgspec.structs.replace(
        report,
        scope="suite" if report.scope == "criterion" else report.scope,
        points=mine.points,
        max_points=mine.max_points,
        passed=mine.status == "passed",
        criteria=tuple(each for each in report.criteria if each.id in kept),
        tests=tuple(test for test in report.tests if test.criterion in kept),
        notes=(),
    )
    whole = outline(alone, show=show, hints=hints, door="feedback")
    return replace(
        whole,
        about=mine.title,
        rows=tuple(_rows(msgspec.structs.replace(alone, criteria=(mine,), tests=()))),
        # Its title stands above already.
        faults=tuple(
            replace(each, heading="", function="") if each.ids == (criterion_id,) else each
            for each in whole.faults
        ),
        unchecked=tuple(("", reason) for _, reason in whole.unchecked if reason),
        hints=tuple(("", each) for _, each in whole.hints),
        isolation="",
    )


def _total(report: Report) -> str:
    if not report.max_points:
        examples = _examples(report)
        passed = sum(test.status == "passed" for test in examples)
        return f"{passed} of {len(examples)} examples passed" if examples else "nothing was run"
    unjudged = sum(each.max_points - each.points for each in report.criteria if each.status == "error")
    rest = f", {_number(unjudged)} not judged" if unjudged else ""
    how = ", by the examples" if report.scope == "examples" else ""
    return f"{_number(report.points)} of {_number(report.max_points)} points{rest}{how}"


def _examples(report: Report) -> list[TestResult]:
    """Return the tests of no criterion, such as the visible examples."""
    known = {each.id for each in report.criteria}
    return [test for test in report.tests if test.criterion not in known]


def _number(points: float) -> str:
    return f"{points:.2f}".rstrip("0").rstrip(".")


def _rows(report: Report) -> Iterator[Row]:
    for each in report.criteria:
        if each.max_points:
            earned = f"{_number(each.points)} / {_number(each.max_points)}"
            yield Row(each.status, each.title, earned)
        # What must hold and earns nothing is spoken of only where it does not.
        elif each.status != "passed":
            yield Row(each.status, each.title, "must hold")
    for test in _examples(report):
        yield Row(test.status, test.title)


def _unchecked(report: Report) -> Iterator[tuple[str, str]]:
    """Yield what was not checked, once for each reason."""
    said = {test.criterion: test.message for test in reversed(report.tests) if test.status == "skipped"}
    reasons: dict[str, list[CriterionResult]] = {}
    for criterion in report.criteria:
        if criterion.status == "skipped":
            reasons.setdefault(said.get(criterion.id) or "", []).append(criterion)
    with_points = sum(1 for each in report.criteria if each.max_points)
    for reason, criteria in reasons.items():
        everything = len(criteria) == with_points
        yield "everything else" if everything else ", ".join(each.title for each in criteria), reason


def _hints(report: Report, hints: Hints) -> Iterator[tuple[str, tuple[str, ...]]]:
    for each in report.criteria:
        # Neither what is ours nor what could not be run yet is mended by a hint.
        if each.status == "failed" and hints.get(each.id):
            yield each.title, tuple(hints[each.id])


def _isolation(report: Report) -> str:
    layers = report.isolation.layers
    missing: dict[str, list[str]] = {}
    for name, state in layers.items():
        if state != "on":
            missing.setdefault(state, []).append(name)
    if layers and "on" not in layers.values():
        return f"none: {'; '.join(missing)}"
    level = _LEVELS.get(report.isolation.level, f"level {report.isolation.level}")
    off = "; ".join(f"{', '.join(names)} ({reason})" for reason, names in missing.items())
    return f"{level}; off: {off}" if off else level
