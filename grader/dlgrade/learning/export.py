"""All that is remembered of a learner, as a file of theirs."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import msgspec

from dlgrade.errors import LearningError
from dlgrade.progress import Book, history

STDOUT = "-"


def exported(book: Book, file: str) -> bytes:
    """Return what is remembered, in the form that a file's suffix names.

    Parameters
    ----------
    file
        One that ends in .json or .csv, or ``-`` for JSON.

    Raises
    ------
    LearningError
        If it ends otherwise.
    """
    suffix = Path(file).suffix.casefold()
    if suffix == ".csv":
        return book.ask(history.as_csv) or (",".join(history.COLUMNS) + "\r\n").encode()
    if suffix != ".json" and file != STDOUT:
        raise LearningError(f"{file!r} ends neither in .json nor in .csv; name one that does.")
    document = {
        "schema": history.SCHEMA,
        "dlgrade": version("dlgrade"),
        "at": datetime.now(UTC).replace(microsecond=0).isoformat(),
        "exercises": book.ask(history.exercises) or {},
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


def write(data: bytes, file: Path) -> None:
    """Write a file, whole or not at all.

    Raises
    ------
    LearningError
        If it cannot be written.
    """
    fresh = file.with_name(f".{file.name}.tmp")
    try:
        fresh.write_bytes(data)
        fresh.replace(file)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise LearningError(f"{str(file)!r} cannot be written: {error.strerror or error}.") from error
