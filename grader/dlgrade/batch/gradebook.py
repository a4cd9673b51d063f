"""The gradebook: one SQLite file, one transaction a submission, and nothing that is written is lost.

It is in WAL mode with `synchronous = FULL`: once `record` returns, the verdict outlives a `kill -9` and a
power cut. One process writes at a time; others may read meanwhile.
"""

from __future__ import annotations

import contextlib
import sqlite3
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from dlgrade.batch import schema
from dlgrade.batch.decider import Decider
from dlgrade.batch.lock import Lock
from dlgrade.batch.model import Handed
from dlgrade.batch.records import COLUMNS, Known, Outcome, Row, row
from dlgrade.errors import GradebookError
from dlgrade.report import encode

NAME = "gradebook.sqlite"

_FIELDS = ("student", "exercise", "content", "suite", "dlgrade", "torch", "numpy")
_KEY = " AND ".join(f"{name} = ?" for name in _FIELDS)
_SAID = ("status", "points", "max_points", "message", "report", "attempts", "graded_at", "seconds")
_ALL = _FIELDS + _SAID
_WRITE = (
    f"INSERT INTO verdicts ({', '.join(_ALL)}) VALUES ({', '.join('?' * len(_ALL))}) "
    f"ON CONFLICT ({', '.join(_FIELDS)}) DO UPDATE SET "
    f"{', '.join(f'{name} = excluded.{name}' for name in _SAID)} RETURNING id"
)
_WHO = ("student", "exercise", "name", "account", "email", "file", "late", "verdict")
_POINT = f"INSERT OR REPLACE INTO submissions ({', '.join(_WHO)}) VALUES ({', '.join('?' * len(_WHO))})"


class Gradebook:
    """An open gradebook.

    Parameters
    ----------
    path
        The file.
    writing
        Whether it is to be written, and made if it is not there; only one process may at a time.

    Raises
    ------
    GradebookError
        If it is not there, is no gradebook, cannot be read or written, or another process writes it.
    """

    def __init__(self, path: Path, *, writing: bool = False) -> None:
        self.path = path
        # Beside the file itself: it may be known by a link, too.
        whole = path.resolve()
        self._lock = Lock(whole.with_name(f"{whole.name}-lock")) if writing else None
        try:
            if not writing and not path.is_file():
                raise GradebookError(f"There is no gradebook {str(path)!r}: `dlgrade grade` makes one.")
            with self._sentences():
                self._connection = self._open(writing)
        except BaseException:
            if self._lock is not None:
                self._lock.release()
            raise

    def find(self, student: str, exercise: str, content: str, decider: Decider) -> Known | None:
        """Return the verdict on exactly this content by exactly this suite, if there is one."""
        with self._sentences():
            found = self._connection.execute(
                f"SELECT id, status, points, attempts, message FROM verdicts WHERE {_KEY}",
                (student, exercise, content, *_values(decider)),
            ).fetchone()
        return None if found is None else Known(*found)

    def current(self, student: str, exercise: str) -> tuple[str, float | None] | None:
        """Return status and points of what stands for a student, if anything does."""
        with self._sentences():
            found = self._connection.execute(
                "SELECT status, points FROM submissions JOIN verdicts ON verdict = id "
                "WHERE submissions.student = ? AND submissions.exercise = ?",
                (student, exercise),
            ).fetchone()
        return None if found is None else (found[0], found[1])

    def record(
        self,
        handed: Handed,
        exercise: str,
        content: str,
        decider: Decider,
        outcome: Outcome,
        attempts: int = 1,
    ) -> None:
        """Write one verdict, and make it the one that counts, in one transaction.

        Raises
        ------
        GradebookError
            If it cannot be written; then nothing of it is.
        """
        key = (handed.student.key, exercise, content, *_values(decider))
        packed = None if outcome.report is None else zlib.compress(encode(outcome.report), 6)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        values = (outcome.status, outcome.points, outcome.max_points, outcome.message, packed)
        with self._sentences(), self._transaction():
            (number,) = self._connection.execute(
                _WRITE, (*key, *values, attempts, now, outcome.seconds)
            ).fetchone()
            self._point_to(handed, exercise, number)

    def keep(self, handed: Handed, exercise: str, known: Known) -> None:
        """Make a verdict that stands already the one that counts, under the name that the file has now."""
        student = handed.student
        line = (student.name, student.account, student.email, handed.file, int(handed.late), known.id)
        with self._sentences():
            found = self._connection.execute(
                "SELECT name, account, email, file, late, verdict FROM submissions "
                "WHERE student = ? AND exercise = ?",
                (student.key, exercise),
            ).fetchone()
            if found != line:
                with self._transaction():
                    self._point_to(handed, exercise, known.id)

    def rows(self, exercise: str | None = None) -> Iterator[Row]:
        """Yield what counts, by exercise and student; reports are unpacked when they are asked for."""
        only = "" if exercise is None else "WHERE submissions.exercise = ?"
        with self._sentences():
            found = self._connection.execute(
                f"SELECT {COLUMNS} FROM submissions JOIN verdicts ON verdict = id {only} "
                "ORDER BY submissions.exercise, submissions.student",
                () if exercise is None else (exercise,),
            )
            for each in found:
                yield row(each)

    def exercises(self) -> list[str]:
        """Return what there are rows for."""
        with self._sentences():
            found = self._connection.execute("SELECT DISTINCT exercise FROM submissions ORDER BY exercise")
            return [each[0] for each in found]

    def close(self) -> None:
        """Close it; what was written stays."""
        with contextlib.suppress(sqlite3.Error):
            self._connection.close()
        if self._lock is not None:
            self._lock.release()

    def __enter__(self) -> Gradebook:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def _open(self, writing: bool) -> sqlite3.Connection:
        if writing:
            settings = ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON")
            return self._connected("mode=rwc", *settings)
        try:
            # A reader that may not write would leave the files behind that it needs beside a WAL.
            return self._connected("mode=rw", "query_only = ON")
        except sqlite3.OperationalError:
            return self._connected("mode=ro&immutable=1")  # on a disk that nobody can write to

    def _connected(self, mode: str, *settings: str) -> sqlite3.Connection:
        uri = f"{self.path.absolute().as_uri()}?{mode}"
        connection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=30.0)
        try:
            for setting in settings:
                connection.execute(f"PRAGMA {setting}")
            schema.prepare(connection, writing=self._lock is not None)
        except BaseException:
            connection.close()
            raise
        return connection

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        """All or nothing, whatever comes between."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            with contextlib.suppress(sqlite3.Error):  # SQLite has done so by itself when the disk is full
                self._connection.execute("ROLLBACK")
            raise

    def _point_to(self, handed: Handed, exercise: str, verdict: int) -> None:
        student = handed.student
        line = (student.name, student.account, student.email, handed.file, int(handed.late), verdict)
        self._connection.execute(_POINT, (student.key, exercise, *line))

    @contextlib.contextmanager
    def _sentences(self) -> Iterator[None]:
        """Say in one sentence what the database says in its own words."""
        try:
            yield
        except schema.NotOursError as error:
            raise GradebookError(f"{str(self.path)!r} {error}.") from None
        except sqlite3.Error as error:
            raise GradebookError(_sentence(self.path, error)) from error


def _sentence(path: Path, error: sqlite3.Error) -> str:
    words = str(error)
    after = "Every verdict that was written before is kept; run the command again to go on."
    if "full" in words or "disk I/O" in words:
        return f"The gradebook {str(path)!r} cannot be written: the disk is full or broken ({words}). {after}"
    if "locked" in words:
        return f"The gradebook {str(path)!r} is being written by another program. {after}"
    if isinstance(error, sqlite3.DatabaseError) and ("not a database" in words or "malformed" in words):
        return f"{str(path)!r} is no gradebook, or is damaged ({words}): move it away, or name another."
    if "unable to open" in words or "readonly" in words:
        return f"{str(path)!r} cannot be written ({words}): name another place with --gradebook."
    return f"The gradebook {str(path)!r} cannot be used ({words}). {after}"


def _values(decider: Decider) -> tuple[str, str, str, str]:
    return decider.suite, decider.dlgrade, decider.torch, decider.numpy
