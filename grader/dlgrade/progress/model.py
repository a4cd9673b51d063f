"""What is remembered of an exercise, and how a check changes it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
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
    """

    file: str | None = None
    last: Checked | None = None
    findings: dict[str, Finding] = {}
    hints: dict[str, int] = {}
    first_passed: datetime | None = None
    spoilt: datetime | None = None


def checked(record: Record, report: Report, file: Path, digest: str, now: datetime) -> Record:
    """Return the record after one more check.

    Parameters
    ----------
    record
        What was remembered before.
    report
        What the check found; not one of ``--debug``.
    file, digest
        The learner's file, and the SHA-256 of its bytes in hexadecimal.
    """
    findings = {
        each.id: Finding(each.status, digest, now, _why(each.id, report.tests)) for each in report.criteria
    }
    if report.scope != "suite":
        findings = record.findings | findings
    record = msgspec.structs.replace(record, file=_encodable(str(file.absolute())), findings=findings)
    if report.scope == "criterion":
        return record
    whole = report.scope == "suite"
    passed = now if report.passed and whole else None
    return msgspec.structs.replace(
        record,
        last=Checked(
            at=now,
            digest=digest,
            scope="suite" if whole else "examples",
            points=report.points,
            max_points=report.max_points,
            passed=report.passed,
            examples={} if whole else _examples(report),
        ),
        first_passed=record.first_passed or passed,
    )


def _examples(report: Report) -> dict[str, Status]:
    known = {each.id for each in report.criteria}
    return {_encodable(each.id): each.status for each in report.tests if each.criterion not in known}


def _why(criterion_id: str, tests: tuple[TestResult, ...]) -> str | None:
    failed = [test for test in tests if test.criterion == criterion_id and test.status == "failed"]
    # A test of no function is one that every exercise has; its message is all there is to say.
    said = [test.diagnosis or (test.message if test.function is None else None) for test in failed]
    first = next((each for each in said if each), None)
    return None if first is None else _encodable(first[:LONGEST])


def _encodable(text: str) -> str:
    """Return a text that JSON can hold: half a surrogate pair is written out."""
    return text.encode("utf-8", "backslashreplace").decode()
