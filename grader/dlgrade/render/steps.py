"""What to do next after a report, in commands and options that exist where it is read."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from dlgrade.report import Report

Door = Literal["shell", "watch", "notebook", "feedback"]
"""Where a report is read: beside a shell, beside one where something else says what is next, in a notebook's
cell, or where nothing can be run."""


@dataclass(frozen=True)
class Step:
    """A command, empty where there is none, and what it does."""

    command: str
    does: str


def steps(report: Report, withheld: Collection[str], door: Door) -> tuple[Step, ...]:
    """Return what to try now.

    Parameters
    ----------
    withheld
        Commands that would refuse: "hint", "solution".
    door
        Where the report is read; while watching and in feedback nothing is named.
    """
    failed = {test.criterion for test in report.tests if test.status == "failed" and not test.todo}
    if door in ("watch", "feedback"):
        return ()
    if report.ours:
        found = "with what --format json says" if door == "shell" else "with this report"
        return (Step("", f"Please report this fault of dlgrade's, {found}"),)
    if report.passed:
        return _after_passing(report, withheld, door)
    if not failed:
        return (Step(f"dlgrade show {report.exercise}", _said("says what to write", door)),)
    return _after_failing(report, failed, withheld, door)


def _after_passing(report: Report, withheld: Collection[str], door: Door) -> tuple[Step, ...]:
    if report.scope in ("criterion", "debug"):
        return (Step(_check(report, door), "grades all of it"),)
    others = Step("dlgrade next", _said("says what comes next", door))
    if report.scope != "suite" or "solution" in withheld:
        return (others,)
    return (Step(f"dlgrade solution {report.exercise}", "shows the reference beside your code"), others)


def _after_failing(
    report: Report, failed: set[str], withheld: Collection[str], door: Door
) -> tuple[Step, ...]:
    graded = [each.id for each in report.criteria if each.id in failed and each.max_points]
    options = []
    # Of a file that cannot be run, or that uses what is ruled out, the report has said all there is. And what
    # --debug finds is not recorded, so a hint would know nothing of it.
    hinted = graded or report.scope == "examples"
    if hinted and report.scope != "debug" and "hint" not in withheld:
        hint = "%hint" if door == "notebook" else f"dlgrade hint {report.exercise}"
        options.append(Step(hint, "gives a hint"))
    if graded and report.scope == "suite":
        only = f"--only {graded[0]}"
        options.append(Step(f"%check {only}" if door == "notebook" else only, "checks that alone"))
    if graded and report.scope != "debug" and door == "shell":
        options.append(Step("--debug", "stops at breakpoint()"))
    return tuple(options)


def _check(report: Report, door: Door) -> str:
    return "%check" if door == "notebook" else f"dlgrade check {report.exercise}"


def _said(does: str, door: Door) -> str:
    """Say where a command is to be given that a notebook's cell does not know."""
    return f"{does}, in a terminal" if door == "notebook" else does
