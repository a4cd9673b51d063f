"""The tables of the file that remembers, one step after the other, and what came before it.

A version of dlgrade knows the steps up to its own; an older file is brought up to date by those that it
lacks. A step that was published is never changed: the next change of a table is the next step.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import groupby
from pathlib import Path

import msgspec

from dlgrade.progress.model import Finding, Record

APPLICATION = 0x646C6772
"""SQLite's mark of whose file it is: ``dlgr``."""

OLD_NAME = "progress.json"
"""What was written before there were tables; it is read once, and left where it is."""

_FIRST = """
CREATE TABLE checks (
    id INTEGER PRIMARY KEY,
    exercise TEXT NOT NULL,
    at TEXT NOT NULL,
    scope TEXT NOT NULL,
    points REAL NOT NULL,
    max_points REAL NOT NULL,
    passed INTEGER NOT NULL,
    file TEXT,
    digest TEXT NOT NULL,
    seconds REAL NOT NULL,
    dlgrade TEXT NOT NULL
);
CREATE INDEX checks_of_an_exercise ON checks (exercise, id);
CREATE TABLE findings (
    check_id INTEGER NOT NULL REFERENCES checks (id),
    criterion TEXT NOT NULL,
    status TEXT NOT NULL,
    points REAL NOT NULL,
    max_points REAL NOT NULL,
    why TEXT,
    PRIMARY KEY (check_id, criterion)
) WITHOUT ROWID;
CREATE TABLE examples (
    check_id INTEGER NOT NULL REFERENCES checks (id),
    test TEXT NOT NULL,
    status TEXT NOT NULL,
    PRIMARY KEY (check_id, test)
) WITHOUT ROWID;
CREATE TABLE hints (
    exercise TEXT NOT NULL,
    criterion TEXT NOT NULL,
    number INTEGER NOT NULL,
    at TEXT,
    PRIMARY KEY (exercise, criterion, number)
) WITHOUT ROWID;
CREATE TABLE spoilt (exercise TEXT PRIMARY KEY, at TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE answers (
    id INTEGER PRIMARY KEY,
    exercise TEXT NOT NULL,
    question TEXT NOT NULL,
    given TEXT NOT NULL,
    right INTEGER NOT NULL,
    at TEXT NOT NULL
);
CREATE INDEX answers_of_an_exercise ON answers (exercise, question, id);
CREATE TABLE recaps (
    id INTEGER PRIMARY KEY,
    exercise TEXT NOT NULL,
    function TEXT NOT NULL,
    file TEXT NOT NULL,
    salt TEXT NOT NULL,
    at TEXT NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    outcome TEXT,
    ended TEXT
);
"""

STEPS: list[str] = [_FIRST]
"""What brings a file from the version of its index to the next."""


class OldFileError(Exception):
    """What was written before there were tables is torn, or is of no version that ever was."""


class _OldFile(msgspec.Struct, frozen=True):
    version: int
    exercises: dict[str, Record] = {}


def version(connection: sqlite3.Connection) -> int | None:
    """Return the version of a file: 0 for one that holds nothing yet, None for one that is not dlgrade's."""
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    if application == APPLICATION:
        return connection.execute("PRAGMA user_version").fetchone()[0] or None
    nothing = connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()[0] == 0
    return 0 if nothing and application == 0 else None


def bring_up_to_date(connection: sqlite3.Connection, before: Callable[[], Mapping[str, Record]]) -> None:
    """Take the steps that a file lacks, within the transaction that has begun.

    Parameters
    ----------
    before
        Gives what there was before the first step.
    """
    reached = version(connection)
    assert reached is not None
    for number, step in enumerate(STEPS[reached:], start=reached + 1):
        # executescript() would end the transaction.
        for statement in filter(str.strip, step.split(";\n")):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {number}")
    if reached == 0:
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        for exercise, record in before().items():
            take_over(connection, exercise, record)


def before_tables(folder: Path) -> Mapping[str, Record]:
    """Read what an earlier dlgrade remembered in a folder, if anything.

    Raises
    ------
    OldFileError
        If that is no use.
    """
    try:
        data = (folder / OLD_NAME).read_bytes()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise OldFileError(f"cannot be read ({error.strerror})") from None
    try:
        file = msgspec.json.decode(data, type=_OldFile)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise OldFileError("is torn or not one of dlgrade's") from None
    if file.version != 1:
        raise OldFileError(f"was written by another version of dlgrade (format {file.version})")
    return file.exercises


def take_over(connection: sqlite3.Connection, exercise: str, record: Record) -> None:
    """Write a record that was made otherwise, as the checks that must have made it."""
    last, first = record.last, record.first_passed
    if first is not None and (last is None or not (last.passed and last.at == first)):
        points = 0.0 if last is None else last.max_points
        _insert(connection, exercise, record, first, "suite", "", points, points, passed=True)
    whole = None if last is None else (last.digest, last.at)
    groups = {whole: list[tuple[str, Finding]]()} if whole else {}
    for key, found in groupby(record.findings.items(), lambda item: (item[1].digest, item[1].at)):
        groups.setdefault(key, []).extend(found)
    for each, findings in groups.items():
        assert each is not None
        digest, at = each
        if last is not None and each == whole:
            scores = last.scope, digest, last.points, last.max_points
            number = _insert(connection, exercise, record, at, *scores, passed=last.passed)
            rows = [(number, name, status) for name, status in last.examples.items()]
            connection.executemany("INSERT INTO examples VALUES (?, ?, ?)", rows)
        else:
            number = _insert(connection, exercise, record, at, "criterion", digest, 0.0, 0.0, passed=False)
        connection.executemany(
            "INSERT INTO findings VALUES (?, ?, ?, 0, 0, ?)",
            [(number, criterion, found.status, found.why) for criterion, found in findings],
        )
    for criterion, count in record.hints.items():
        rows_of_hints = [(exercise, criterion, number) for number in range(1, count + 1)]
        connection.executemany("INSERT INTO hints VALUES (?, ?, ?, NULL)", rows_of_hints)
    if record.spoilt is not None:
        connection.execute("INSERT INTO spoilt VALUES (?, ?)", (exercise, record.spoilt.isoformat()))


def _insert(
    connection: sqlite3.Connection,
    exercise: str,
    record: Record,
    at: datetime,
    scope: str,
    digest: str,
    points: float,
    max_points: float,
    *,
    passed: bool,
) -> int:
    row = (exercise, at.isoformat(), scope, points, max_points, passed, record.file, digest)
    done = connection.execute(
        "INSERT INTO checks (exercise, at, scope, points, max_points, passed, file, digest, seconds, dlgrade)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, '')",
        row,
    )
    assert done.lastrowid is not None
    return done.lastrowid
