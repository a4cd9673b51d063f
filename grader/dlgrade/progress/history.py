"""Everything that is remembered, in its order: for an export."""

from __future__ import annotations

import csv
import io
import sqlite3
from collections.abc import Iterator
from typing import Any

SCHEMA = 1

COLUMNS = ("at", "exercise", "event", "what", "outcome", "points", "max_points")
"""Of the CSV: one line for each thing that happened."""

_EVENTS = """
SELECT at, exercise, 'check' AS event, scope AS what,
       CASE WHEN passed THEN 'passed' ELSE 'failed' END AS outcome, points, max_points, id FROM checks
UNION ALL SELECT at, exercise, 'hint', criterion, CAST(number AS TEXT), NULL, NULL, number FROM hints
UNION ALL SELECT at, exercise, 'solution', '', 'shown', NULL, NULL, 0 FROM spoilt
UNION ALL SELECT at, exercise, 'answer', question,
       CASE WHEN right THEN 'right' ELSE 'wrong' END, NULL, NULL, id FROM answers
UNION ALL SELECT COALESCE(ended, at), exercise, 'recap', function,
       COALESCE(outcome, 'open'), NULL, NULL, id FROM recaps
ORDER BY at, event, id
"""
_PARTS = {
    "checks": "SELECT * FROM checks ORDER BY id",
    "hints": "SELECT * FROM hints ORDER BY at, criterion, number",
    "solution": "SELECT * FROM spoilt",
    "answers": "SELECT * FROM answers ORDER BY id",
    "recaps": "SELECT * FROM recaps ORDER BY id",
}
_BOOLEAN = ("passed", "right")


def as_csv(connection: sqlite3.Connection) -> bytes:
    """Return one line for each thing that happened, the oldest first."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(COLUMNS)
    table.writerows(row[: len(COLUMNS)] for row in connection.execute(_EVENTS))
    return text.getvalue().encode()


def exercises(connection: sqlite3.Connection) -> dict[str, dict[str, Any]]:
    """Return all rows, by exercise and kind."""
    found: dict[str, dict[str, Any]] = {}
    for part, query in _PARTS.items():
        for row in _rows(connection, query):
            number = row.pop("id", None)
            if part == "checks":
                row.update(_of_a_check(connection, number))
            found.setdefault(row.pop("exercise"), {}).setdefault(part, []).append(row)
    return dict(sorted(found.items()))


def _of_a_check(connection: sqlite3.Connection, number: int) -> dict[str, Any]:
    findings = "SELECT * FROM findings WHERE check_id = ?"
    examples = "SELECT test, status FROM examples WHERE check_id = ?"
    criteria = [row for row in _rows(connection, findings, number) if row.pop("check_id")]
    return {"criteria": criteria, "examples": dict(connection.execute(examples, (number,)).fetchall())}


def _rows(connection: sqlite3.Connection, query: str, *values: Any) -> Iterator[dict[str, Any]]:
    found = connection.execute(query, values)
    names = [column[0] for column in found.description]
    for row in found:
        pairs = dict(zip(names, row, strict=True))
        yield {key: bool(value) if key in _BOOLEAN else value for key, value in pairs.items()}
