"""The tables of a gradebook, and the steps from each of its versions to the next.

A gradebook is opened by whatever dlgrade comes after the one that made it, so a step that has been released
is never changed: a new one is appended.
"""

from __future__ import annotations

import sqlite3

APPLICATION = 0x646C6772  # "dlgr": what tells this file from other people's SQLite

STEPS = (
    """
    CREATE TABLE verdicts (
        id INTEGER PRIMARY KEY,
        student TEXT NOT NULL,
        exercise TEXT NOT NULL,
        content TEXT NOT NULL,    -- SHA-256 of the file's bytes; empty where there was none
        suite TEXT NOT NULL,      -- what decided, see decider.py
        dlgrade TEXT NOT NULL,
        torch TEXT NOT NULL,
        numpy TEXT NOT NULL,
        status TEXT NOT NULL CHECK (status IN ('passed', 'failed', 'refused', 'missing', 'error')),
        points REAL,              -- NULL where the fault was ours
        max_points REAL NOT NULL,
        message TEXT NOT NULL,    -- why there is no report; else empty
        report BLOB,              -- its JSON, packed by zlib
        attempts INTEGER NOT NULL,
        graded_at TEXT NOT NULL,  -- UTC
        seconds REAL NOT NULL,
        UNIQUE (student, exercise, content, suite, dlgrade, torch, numpy)
    ) STRICT;

    CREATE TABLE submissions (
        student TEXT NOT NULL,
        exercise TEXT NOT NULL,
        name TEXT NOT NULL,
        account TEXT NOT NULL,
        email TEXT NOT NULL,
        file TEXT NOT NULL,
        late INTEGER NOT NULL,
        verdict INTEGER NOT NULL REFERENCES verdicts (id),
        PRIMARY KEY (student, exercise)
    ) STRICT;
    """,
)


class NotOursError(Exception):
    """The file is another program's database, or a newer dlgrade's; the text says which."""


def prepare(connection: sqlite3.Connection, *, writing: bool) -> None:
    """Bring a database to the newest version, in one transaction; an empty one gets all tables.

    Raises
    ------
    NotOursError
        If it is not one of dlgrade's, or of a newer one, or is old and cannot be changed.
    """
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    application = int(connection.execute("PRAGMA application_id").fetchone()[0])
    tables = int(connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])
    if application not in (0, APPLICATION) or (application == 0 and tables):
        raise NotOursError("is a database of another program")
    if version > len(STEPS):
        raise NotOursError("was written by a newer dlgrade: update this one")
    if version == len(STEPS):
        return
    if not writing:
        raise NotOursError("is empty" if not tables else "is of an older dlgrade: `dlgrade grade` updates it")
    script = "\n".join(STEPS[version:])
    connection.executescript(
        f"BEGIN IMMEDIATE; {script}"
        f"PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {len(STEPS)}; COMMIT;"
    )
