"""The file that remembers: read, changed by one process at a time, and never in the way.

What cannot be read or written becomes a sentence; no command fails for it.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from dlgrade.progress.model import Record, checked
from dlgrade.report import Report

STATE_VARIABLE = "DLGRADE_STATE"
"""The environment variable that says in which folder the file lies."""

VERSION = 1
NAME = "progress.json"
LOCK = "progress.lock"

PATIENCE_S = 5.0
"""How long to wait for another process, which needs a few milliseconds."""


class _File(msgspec.Struct, frozen=True):
    version: int = VERSION
    exercises: dict[str, Record] = {}


class _Version(msgspec.Struct, frozen=True):
    version: int


class _UnusableError(Exception):
    """The file is torn, or not one of this version."""


class Book:
    """The file, and what there is to say about it.

    Parameters
    ----------
    folder
        Where it lies; by default where the environment's `DLGRADE_STATE` says, else where the system keeps
        such things of a user.

    Attributes
    ----------
    notices
        A sentence for everything that went wrong with the file.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = _usual_folder() if folder is None else folder
        self.notices: list[str] = []
        self._told = False

    def record(self, exercise: str) -> Record:
        """Return what is remembered of an exercise, which goes by the name of its folder."""
        try:
            try:
                return self._load().exercises.get(exercise, Record())
            except _UnusableError:
                with _locked(self.folder):
                    return self._load_or_set_aside().exercises.get(exercise, Record())
        except OSError as error:
            self._say_once(f"What is remembered of you cannot be read: {_reason(error)}.")
            return Record()

    def change(self, exercise: str, change: Callable[[Record], Record]) -> Record:
        """Replace what is remembered of an exercise, while no other process does; return the new record.

        Parameters
        ----------
        exercise
            The name of its folder: two packs may have an ``exercise03``.
        change
            Makes the new record from the old one.
        """
        changed: Record | None = None
        try:
            with _locked(self.folder):
                file = self._load_or_set_aside()
                changed = change(file.exercises.get(exercise, Record()))
                self._save(_File(exercises=file.exercises | {exercise: changed}))
        except OSError as error:
            self._say_once(f"This could not be remembered: {_reason(error)}.")
        # What cannot be written is still what was asked for, this once.
        return change(self.record(exercise)) if changed is None else changed

    def note_check(self, report: Report, file: Path, digest: str) -> None:
        """Remember what a check found, unless it was one with ``--debug``, which is no verdict.

        Parameters
        ----------
        file, digest
            The learner's file, and the SHA-256 of its bytes in hexadecimal.
        """
        if report.scope != "debug":
            now = _now()
            key = f"{report.exercise}_{report.name}"
            self.change(key, lambda record: checked(record, report, file, digest, now))

    def next_hint(self, exercise: str, criterion_id: str, total: int) -> int | None:
        """Return the number of the next hint, from 1, which counts as shown; None if all were."""
        taken: int | None = None

        def change(record: Record) -> Record:
            nonlocal taken
            shown = record.hints.get(criterion_id, 0)
            taken = shown + 1 if shown < total else None
            return _shown(record, criterion_id, shown if taken is None else taken)

        self.change(exercise, change)
        return taken

    def note_hints(self, exercise: str, criterion_id: str, total: int) -> None:
        """Remember that all hints of a criterion were shown."""
        self.change(exercise, lambda record: _shown(record, criterion_id, total))

    def note_spoilt(self, exercise: str) -> None:
        """Remember that the solution was asked for before everything was passed."""
        now = _now()
        self.change(exercise, lambda record: msgspec.structs.replace(record, spoilt=record.spoilt or now))

    def _load(self) -> _File:
        try:
            data = (self.folder / NAME).read_bytes()
        except FileNotFoundError:
            return _File()
        try:
            version = msgspec.json.decode(data, type=_Version).version
            if version != VERSION:
                raise _UnusableError(f"was written by another version of dlgrade (format {version})")
            return msgspec.json.decode(data, type=_File)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise _UnusableError("is torn or not one of dlgrade's") from None

    def _load_or_set_aside(self) -> _File:
        """Read the file while it is locked; one that is no use goes out of the way, and is kept."""
        try:
            return self._load()
        except _UnusableError as error:
            aside = _unused(self.folder / f"progress-set-aside-{_now():%Y%m%d-%H%M%S}.json")
            (self.folder / NAME).rename(aside)
            self.notices.append(f"What was remembered of you {error}: it was set aside as {str(aside)!r}.")
            return _File()

    def _save(self, file: _File) -> None:
        # A whole new file in the old one's place: who reads meanwhile, or is killed, has one or the other.
        fresh = self.folder / f"progress-{os.getpid()}.tmp"
        try:
            fresh.write_bytes(msgspec.json.format(msgspec.json.encode(file), indent=1))
            fresh.replace(self.folder / NAME)
        finally:
            with contextlib.suppress(OSError):
                fresh.unlink(missing_ok=True)

    def _say_once(self, sentence: str) -> None:
        """Say what is wrong with the folder, the first time that it is."""
        if not self._told:
            self.notices.append(sentence)
        self._told = True


def _shown(record: Record, criterion_id: str, count: int) -> Record:
    return msgspec.structs.replace(record, hints=record.hints | {criterion_id: count})


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Keep all other processes out, or raise `OSError`."""
    import fcntl

    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        until = time.monotonic() + PATIENCE_S
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise TimeoutError(f"another process has held {LOCK} for {PATIENCE_S:g} s") from None
                time.sleep(0.005)
        yield
    finally:
        os.close(descriptor)


def _usual_folder() -> Path:
    if variable := os.environ.get(STATE_VARIABLE):
        return Path(variable)
    import platformdirs

    return platformdirs.user_state_path("dlgrade")


def _unused(path: Path) -> Path:
    tried = [path, *(path.with_stem(f"{path.stem}-{number}") for number in range(2, 1000))]
    return next(each for each in tried if not each.exists())


def _reason(error: OSError) -> str:
    if error.strerror is None:
        return str(error)
    return f"{error.strerror} ({error.filename})" if error.filename else error.strerror


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
