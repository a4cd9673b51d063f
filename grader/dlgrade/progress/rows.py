"""From the rows of the tables to what is remembered of an exercise."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from dlgrade.progress.model import Answer, Checked, Finding, Recap, Record

_CHECKS = """
SELECT exercise, COUNT(*),
       MAX(CASE WHEN scope = 'suite' THEN points END),
       MIN(CASE WHEN scope = 'suite' AND passed THEN at END),
       MAX(id),
       MAX(CASE WHEN scope = 'suite' THEN id END),
       MAX(CASE WHEN scope IN ('suite', 'examples') THEN id END),
       MAX(CASE WHEN scope = 'suite' AND passed AND digest != '' THEN id END)
FROM checks WHERE exercise = :exercise OR :exercise IS NULL GROUP BY exercise
"""
_FINDINGS = """
SELECT criterion, status, digest, at, why FROM findings JOIN checks ON checks.id = check_id
WHERE exercise = ? AND checks.id >= ? ORDER BY checks.id
"""
_RECAP = "SELECT id, exercise, function, file, salt, at, tries, outcome, ended FROM recaps"


def records(connection: sqlite3.Connection, exercise: str | None = None) -> dict[str, Record]:
    """Return what is remembered of an exercise, or of each of which anything is."""
    found = {row[0]: _checks(connection, row) for row in connection.execute(_CHECKS, {"exercise": exercise})}
    parts: dict[str, dict[str, Any]] = {}

    def part(name: str, key: str) -> dict[str, Any]:
        """Return one of the maps of an exercise's record, to be filled."""
        return parts.setdefault(name, {}).setdefault(key, {})  # type: ignore[no-any-return]

    hints = "SELECT exercise, criterion, MAX(number) FROM hints{} GROUP BY exercise, criterion"
    for name, criterion, number in _of(connection, hints, exercise):
        part(name, "hints")[criterion] = number
    answers = "SELECT exercise, question, given, right, at FROM answers{} ORDER BY id"
    for name, question, given, right, at in _of(connection, answers, exercise):
        part(name, "answers")[question] = Answer(given, bool(right), _time(at))
    for name, at in _of(connection, "SELECT exercise, at FROM spoilt{}", exercise):
        parts.setdefault(name, {})["spoilt"] = _time(at)
    for row in _of(connection, f"{_RECAP}{{}} ORDER BY id", exercise):
        if row[-1] is not None:
            parts.setdefault(row[1], {}).setdefault("recaps", []).append(_recap(row))
    for name, values in parts.items():
        values["recaps"] = tuple(values.get("recaps", ()))
        found[name] = msgspec.structs.replace(found.get(name, Record()), **values)
    return found


def open_recap(connection: sqlite3.Connection) -> Recap | None:
    """Return the recap that was begun last, if it has not come to an end."""
    row = connection.execute(f"{_RECAP} ORDER BY id DESC LIMIT 1").fetchone()
    return None if row is None or row[-1] is not None else _recap(row)


def _of(connection: sqlite3.Connection, query: str, exercise: str | None) -> Iterable[Any]:
    where = " WHERE exercise = :exercise OR :exercise IS NULL"
    return connection.execute(query.format(where), {"exercise": exercise})


def _checks(connection: sqlite3.Connection, row: tuple[Any, ...]) -> Record:
    exercise, count, best, first_passed, latest, suite, whole, passed = row
    file, touched = connection.execute("SELECT file, at FROM checks WHERE id = ?", (latest,)).fetchone()
    findings = {
        criterion: Finding(status, digest, _time(at), why)
        for criterion, status, digest, at, why in connection.execute(_FINDINGS, (exercise, suite or 0))
    }
    passed_file, passed_digest = None, None
    if passed is not None:
        which = connection.execute("SELECT file, digest FROM checks WHERE id = ?", (passed,))
        passed_file, passed_digest = which.fetchone()
    return Record(
        file=file,
        last=None if whole is None else _whole(connection, whole),
        findings=findings,
        first_passed=None if first_passed is None else _time(first_passed),
        checks=count,
        best=best,
        touched=_time(touched),
        passed_file=passed_file,
        passed_digest=passed_digest,
    )


def _whole(connection: sqlite3.Connection, number: int) -> Checked:
    at, digest, scope, points, max_points, passed = connection.execute(
        "SELECT at, digest, scope, points, max_points, passed FROM checks WHERE id = ?", (number,)
    ).fetchone()
    rows = connection.execute("SELECT test, status FROM examples WHERE check_id = ?", (number,))
    return Checked(
        at=_time(at),
        digest=digest,
        scope=scope,
        points=points,
        max_points=max_points,
        passed=bool(passed),
        examples=dict(rows.fetchall()),
    )


def _recap(row: tuple[Any, ...]) -> Recap:
    number, exercise, function, file, salt, at, tries, outcome, ended = row
    return Recap(
        number=number,
        exercise=exercise,
        function=function,
        file=file,
        salt=salt,
        at=_time(at),
        tries=tries,
        outcome=outcome,
        ended=None if ended is None else _time(ended),
    )


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)
