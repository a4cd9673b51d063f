"""What is remembered of an exercise, and what of a report is worth remembering."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

import msgspec

from dlgrade.report import Report, Status, TestResult

LONGEST = 2000
"""Characters of a sentence that are kept."""


class Finding(msgspec.Struct, frozen=True):
    """What the last check of a criterion found.

    Attributes
    ----------
    digest
        SHA-256 of the file that was checked, in hexadecimal.
    why
        The diagnosis, or for the criteria that every exercise has, what was said.
    """

    status: Status
    digest: str
    at: datetime
    why: str | None = None


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """The last check of a whole exercise.

    Attributes
    ----------
    examples
        How each visible example ended, where only these could be run.
    """

    at: datetime
    digest: str
    scope: Literal["suite", "examples"]
    points: float
    max_points: float
    passed: bool
    examples: dict[str, Status] = {}


class Answer(msgspec.Struct, frozen=True):
    """The last answer to a question of a quiz."""

    given: str
    right: bool
    at: datetime


class Recap(msgspec.Struct, frozen=True, kw_only=True):
    """One function that was asked for again.

    Attributes
    ----------
    number
        Tells it from all others.
    file
        Where it is to be written.
    salt
        What the numbers of its checks are drawn from.
    tries
        How many checks it did not pass.
    outcome
        None as long as it is open.
    """

    number: int
    exercise: str
    function: str
    file: str
    salt: str
    at: datetime
    tries: int = 0
    outcome: Literal["passed", "given up"] | None = None
    ended: datetime | None = None


class Record(msgspec.Struct, frozen=True):
    """What is remembered of one exercise.

    Attributes
    ----------
    file
        The learner's file that was checked last.
    findings
        By criterion; ``--only`` renews one of them alone.
    hints
        How many were shown, by criterion.
    first_passed
        When everything was passed for the first time.
    spoilt
        When the solution was asked for with ``--spoil`` before that.
    checks
        How many there were, of whatever kind.
    best
        The most points that a check of everything gave; None where there was none.
    touched
        When it was checked last, in whatever way.
    passed_file, passed_digest
        The file that passed everything last, and the SHA-256 of its bytes then.
    answers
        By question of the quiz.
    recaps
        Those that came to an end, in their order.
    """

    file: str | None = None
    last: Checked | None = None
    findings: dict[str, Finding] = {}
    hints: dict[str, int] = {}
    first_passed: datetime | None = None
    spoilt: datetime | None = None
    checks: int = 0
    best: float | None = None
    touched: datetime | None = None
    passed_file: str | None = None
    passed_digest: str | None = None
    answers: dict[str, Answer] = {}
    recaps: tuple[Recap, ...] = ()


def passes(record: Record, criterion: str) -> bool:
    """Whether a criterion was passed when it was last checked."""
    finding = record.findings.get(criterion)
    return finding is not None and finding.status == "passed"


def examples(report: Report) -> Mapping[str, Status]:
    """Return how each visible example of a report ended."""
    known = {each.id for each in report.criteria}
    return {encodable(each.id): each.status for each in report.tests if each.criterion not in known}


def why(criterion_id: str, tests: tuple[TestResult, ...]) -> str | None:
    """Return what a report says of a criterion that failed, as far as a hint may repeat it."""
    failed = [test for test in tests if test.criterion == criterion_id and test.status == "failed"]
    # A test of no function is one that every exercise has; its message is all there is to say.
    said = [test.diagnosis or (test.message if test.function is None else None) for test in failed]
    first = next((each for each in said if each), None)
    return None if first is None else encodable(first[:LONGEST])


def encodable(text: str) -> str:
    """Return a text that UTF-8 can hold: half a surrogate pair is written out."""
    return text.encode("utf-8", "backslashreplace").decode()
