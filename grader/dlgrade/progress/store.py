"""The file that remembers: one of SQLite's, read and written a transaction at a time.

A process that is killed leaves the last whole transaction; two at once wait for each other. What cannot be
read or written becomes an `UnavailableError` with a sentence, and a file that is no use is set aside.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from dlgrade import locks
from dlgrade.progress import schema
from dlgrade.progress.model import Record

T = TypeVar("T")
Ask = Callable[[sqlite3.Connection], T]

NAME = "progress.sqlite"
LOCK = "progress.lock"

PATIENCE_S = 5.0
"""How long to wait for another process, which needs a few milliseconds."""

_REASONS = {
    sqlite3.SQLITE_BUSY: "another process has held {path} for {patience:g} s",
    sqlite3.SQLITE_FULL: "no space is left for {path}",
    sqlite3.SQLITE_READONLY: "{path} is not to be written to",
    sqlite3.SQLITE_PERM: "{path} is not to be written to",
    sqlite3.SQLITE_CANTOPEN: "{path} cannot be opened",
}


class UnavailableError(Exception):
    """The file can be neither read nor written now; the text is the reason, in half a sentence."""


class NewerError(Exception):
    """The file was written by a newer dlgrade; the text is its format."""


class _TornError(Exception):
    """The file is none that SQLite can read, or none of dlgrade's."""


class Store:
    """The file, in a folder.

    Parameters
    ----------
    folder
        Where it lies; made when something is written.
    before
        Where an earlier dlgrade kept its own.

    Attributes
    ----------
    notices
        A sentence for everything that was found to be wrong and could be got round.
    """

    def __init__(self, folder: Path, before: Path) -> None:
        self.folder = folder
        self.path = folder / NAME
        self.notices: list[str] = []
        self._before = before

    def read(self, ask: Ask[T]) -> T | None:
        """Ask the file something; None where there is none yet. Nothing is made or written.

        Raises
        ------
        UnavailableError
            If the file cannot be read.
        NewerError
            If it is a newer dlgrade's.
        """
        return self._attempt(lambda: self._read(ask))

    def write(self, change: Ask[T]) -> T:
        """Change the file in one transaction; made if there is none yet.

        Raises
        ------
        UnavailableError
            If it cannot be written.
        NewerError
            If it is a newer dlgrade's, which then stays as it is.
        """
        return self._attempt(lambda: self._write(change))

    def _attempt(self, act: Callable[[], T]) -> T:
        try:
            seen = self.path.stat() if self.path.exists() else None
            try:
                return act()
            except _TornError as error:
                self._set_aside(seen, str(error))
                return act()
        except _TornError as error:
            raise UnavailableError(str(error)) from None
        except OSError as error:
            raise UnavailableError(_reason(error)) from None

    def _read(self, ask: Ask[T]) -> T | None:
        if self.path.exists():
            with self._opened(self.path) as connection:
                reached = self._version(connection)
                if reached == len(schema.STEPS):
                    return ask(connection)
                if reached:
                    return self._read_older(connection, ask)
        # None yet, or none that got further than its first byte.
        return self._read_older(None, ask) if (self._before / schema.OLD_NAME).exists() else None

    def _read_older(self, connection: sqlite3.Connection | None, ask: Ask[T]) -> T:
        """Bring a copy in memory up to date: whoever only reads may not be allowed to write."""
        with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as copy:
            if connection is not None:
                connection.backup(copy)
            schema.bring_up_to_date(copy, self._before_tables)
            return ask(copy)

    def _write(self, change: Ask[T]) -> T:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self._opened(self.path) as connection:
            _begin(connection)
            if self._version(connection) < len(schema.STEPS):
                schema.bring_up_to_date(connection, self._before_tables)
            done = change(connection)
            connection.execute("COMMIT")
            return done

    @contextlib.contextmanager
    def _opened(self, path: Path) -> Iterator[sqlite3.Connection]:
        """Open the file, and say in our words what SQLite says in its own."""
        try:
            with contextlib.closing(
                sqlite3.connect(path, timeout=PATIENCE_S, isolation_level=None)
            ) as connection:
                yield connection
        except sqlite3.DatabaseError as error:
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
            if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
                raise _TornError("is torn or not one of dlgrade's") from None
            reason = _REASONS.get(code, f"{error} ({{path}})")
            raise UnavailableError(reason.format(path=path, patience=PATIENCE_S)) from None

    def _version(self, connection: sqlite3.Connection) -> int:
        reached = schema.version(connection)
        if reached is None:
            raise _TornError("is not one of dlgrade's")
        if reached > len(schema.STEPS):
            raise NewerError(str(reached))
        return reached

    def _before_tables(self) -> Mapping[str, Record]:
        try:
            return schema.before_tables(self._before)
        except schema.OldFileError as error:
            path = self._before / schema.OLD_NAME
            said = f"What an earlier dlgrade remembered of you {error}: {str(path)!r} was left out."
            self.notices.append(said)
            return {}

    def _set_aside(self, torn: os.stat_result | None, why: str) -> None:
        """Put a file that is no use out of the way, and keep it, unless another process has done so."""
        with _locked(self.folder):
            if torn is None or not self.path.exists() or not os.path.samestat(torn, self.path.stat()):
                return
            aside = _unused(self.folder / f"progress-set-aside-{datetime.now(UTC):%Y%m%d-%H%M%S}.sqlite")
            journal = self.path.with_name(f"{NAME}-journal")
            # First of the two: a journal without its file would be played back into the next one.
            with contextlib.suppress(FileNotFoundError):
                journal.rename(aside.with_name(f"{aside.name}-journal"))
            self.path.rename(aside)
        self.notices.append(
            f"What was remembered of you {why}: it was set aside as {str(aside)!r}, and a new file is begun."
        )


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Keep all other processes out, or raise `OSError`."""
    descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        locks.acquire(descriptor, PATIENCE_S)
        yield
    finally:
        os.close(descriptor)


def _begin(connection: sqlite3.Connection) -> None:
    """Begin to write, after whoever does so now.

    SQLite itself waits longer and longer between two attempts, so that of many processes one may never get
    its turn.
    """
    until = time.monotonic() + PATIENCE_S
    connection.execute("PRAGMA busy_timeout = 0")
    while True:
        try:
            connection.execute("BEGIN IMMEDIATE")
            break
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.001 + os.urandom(1)[0] / 36_000)  # up to 8 ms, not in step with the others
    connection.execute(f"PRAGMA busy_timeout = {PATIENCE_S * 1000:.0f}")


def _unused(path: Path) -> Path:
    tried = [path, *(path.with_stem(f"{path.stem}-{number}") for number in range(2, 1000))]
    return next(each for each in tried if not each.exists())


def _reason(error: OSError) -> str:
    if error.strerror is None:
        return str(error)
    return f"{error.strerror} ({error.filename})" if error.filename else error.strerror
