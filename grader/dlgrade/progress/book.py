"""What dlgrade remembers of a learner, as the commands ask for it; none of them fails for it.

What cannot be read or written becomes a sentence, and what was asked for is answered all the same, this once.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, TypeVar

from dlgrade.progress import rows
from dlgrade.progress.model import Recap, Record, encodable, examples, why
from dlgrade.progress.store import NewerError, Store, UnavailableError
from dlgrade.report import Report

STATE_VARIABLE = "DLGRADE_STATE"
"""The environment variable that says in which folder the file lies."""

T = TypeVar("T")


class Book:
    """The file that remembers, and what there is to say about it.

    Parameters
    ----------
    folder
        Where it lies; by default where the environment's `DLGRADE_STATE` says, else where the system keeps
        the data of a user.

    Attributes
    ----------
    notices
        A sentence for everything that went wrong with the file.
    """

    def __init__(self, folder: Path | None = None) -> None:
        before = folder
        if folder is None:
            folder, before = _usual_folders()
        assert before is not None
        self.folder = folder
        self._store = Store(folder, before)
        self.notices = self._store.notices
        self._told = False

    def record(self, exercise: str) -> Record:
        """Return what is remembered of an exercise, which goes by the name of its folder."""
        found = self._read(lambda connection: rows.records(connection, exercise)) or {}
        return found.get(exercise, Record())

    def records(self) -> dict[str, Record]:
        """Return what is remembered, by exercise."""
        return self._read(rows.records) or {}

    def note_check(self, report: Report, file: Path, digest: str) -> None:
        """Remember what a check found, unless it was one with ``--debug``, which is no verdict.

        Parameters
        ----------
        file, digest
            The learner's file, and the SHA-256 of its bytes in hexadecimal.
        """
        if report.scope != "debug":
            self._write(lambda connection: _insert_check(connection, report, file, digest))

    def next_hint(self, exercise: str, criterion_id: str, total: int) -> int | None:
        """Return the number of the next hint, from 1, which counts as shown; None if all were."""

        def take(connection: sqlite3.Connection) -> int:
            query = "SELECT MAX(number) FROM hints WHERE exercise = ? AND criterion = ?"
            shown = connection.execute(query, (exercise, criterion_id)).fetchone()[0] or 0
            if shown < total:
                _insert_hints(connection, exercise, criterion_id, shown + 1)
            return int(shown) + 1

        taken = self._write(take)
        if taken is None:  # what cannot be written is still what was asked for
            taken = self.record(exercise).hints.get(criterion_id, 0) + 1
        return taken if taken <= total else None

    def note_hints(self, exercise: str, criterion_id: str, total: int) -> None:
        """Remember that all hints of a criterion were shown."""
        self._write(lambda connection: _insert_hints(connection, exercise, criterion_id, total))

    def note_spoilt(self, exercise: str) -> None:
        """Remember that the solution was asked for before everything was passed."""
        row = (exercise, _stamp())
        self._write(lambda connection: connection.execute("INSERT OR IGNORE INTO spoilt VALUES (?, ?)", row))

    def note_answer(self, exercise: str, question: str, given: str, *, right: bool) -> None:
        """Remember an answer to a question of a quiz."""
        row = (exercise, question, encodable(given), right, _stamp())
        insert = "INSERT INTO answers (exercise, question, given, right, at) VALUES (?, ?, ?, ?, ?)"
        self._write(lambda connection: connection.execute(insert, row))

    def open_recap(self) -> Recap | None:
        """Return the recap that was begun and has not come to an end."""
        return self._read(rows.open_recap)

    def begin_recap(self, exercise: str, function: str, file: Path, salt: str) -> None:
        """Remember what was asked for again, and in which file it is to be written."""
        row = (exercise, function, encodable(str(file.absolute())), salt, _stamp())
        insert = "INSERT INTO recaps (exercise, function, file, salt, at) VALUES (?, ?, ?, ?, ?)"
        self._write(lambda connection: connection.execute(insert, row))

    def note_try(self, recap: Recap) -> None:
        """Remember that a check of a recap did not pass."""
        change = "UPDATE recaps SET tries = tries + 1 WHERE id = ?"
        self._write(lambda connection: connection.execute(change, (recap.number,)))

    def end_recap(self, recap: Recap, outcome: Literal["passed", "given up"]) -> None:
        """Remember how a recap came to its end; the first end counts."""
        change = "UPDATE recaps SET outcome = ?, ended = ? WHERE id = ? AND ended IS NULL"
        self._write(lambda connection: connection.execute(change, (outcome, _stamp(), recap.number)))

    def ask(self, question: Callable[[sqlite3.Connection], T]) -> T | None:
        """Ask the file something else, such as all of its rows; None where there is none."""
        return self._read(question)

    def _read(self, ask: Callable[[sqlite3.Connection], T]) -> T | None:
        try:
            return self._store.read(ask)
        except UnavailableError as error:
            self._say_once(f"What is remembered of you cannot be read: {error}.")
        except NewerError as error:
            self._say_newer(error)
        return None

    def _write(self, change: Callable[[sqlite3.Connection], T]) -> T | None:
        try:
            return self._store.write(change)
        except UnavailableError as error:
            self._say_once(f"This could not be remembered: {error}.")
        except NewerError as error:
            self._say_newer(error)
        return None

    def _say_newer(self, error: NewerError) -> None:
        self._say_once(
            f"What is remembered of you was written by a newer dlgrade (format {error}): it is left as it "
            "is, and nothing is remembered until this one is updated."
        )

    def _say_once(self, sentence: str) -> None:
        """Say what is wrong with the file, the first time that it is."""
        if not self._told:
            self.notices.append(sentence)
        self._told = True


def _insert_check(connection: sqlite3.Connection, report: Report, file: Path, digest: str) -> None:
    whose = f"{report.exercise}_{report.name}"
    where = encodable(str(file.absolute()))
    points = (report.scope, report.points, report.max_points, report.passed)
    done = connection.execute(
        "INSERT INTO checks (exercise, at, scope, points, max_points, passed, file, digest, seconds, dlgrade)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (whose, _stamp(), *points, where, digest, report.seconds, report.dlgrade),
    )
    connection.executemany(
        "INSERT INTO findings VALUES (?, ?, ?, ?, ?, ?)",
        [
            (done.lastrowid, each.id, each.status, each.points, each.max_points, why(each.id, report.tests))
            for each in report.criteria
        ],
    )
    if report.scope == "examples":
        found = [(done.lastrowid, name, status) for name, status in examples(report).items()]
        connection.executemany("INSERT INTO examples VALUES (?, ?, ?)", found)


def _insert_hints(connection: sqlite3.Connection, exercise: str, criterion_id: str, up_to: int) -> None:
    shown = [(exercise, criterion_id, number, _stamp()) for number in range(1, up_to + 1)]
    connection.executemany("INSERT OR IGNORE INTO hints VALUES (?, ?, ?, ?)", shown)


def _usual_folders() -> tuple[Path, Path]:
    """Return where the file lies, and where earlier versions of dlgrade had theirs."""
    if variable := os.environ.get(STATE_VARIABLE):
        return Path(variable), Path(variable)
    import platformdirs

    return platformdirs.user_data_path("dlgrade"), platformdirs.user_state_path("dlgrade")


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def _stamp() -> str:
    return _now().isoformat()
