"""From a path to bytes: only ordinary files, and no more of them than the limit."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from dlgrade.errors import SubmissionError
from dlgrade.submission.model import printable

MIB = 1 << 20
CODE_LIMIT = MIB
"""Bytes of Python that a submission may have."""

# The pictures in a notebook's output count for its size, its code does not grow by them.
LIMITS = {".py": CODE_LIMIT, ".ipynb": 8 * MIB}


def fetch(path: Path) -> bytes:
    """Read a file, without ever waiting for one that never ends.

    Raises
    ------
    SubmissionError
        If it is no ordinary file that can be read, has another suffix, or is too large.
    """
    shown = shown_path(path)
    try:
        _must_be_ordinary(path.stat(), shown)
        limit = _limit(path)
        # A FIFO that takes the file's place after the look at it must not make this wait.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(descriptor, "rb") as file:
            status = os.fstat(descriptor)
            _must_be_ordinary(status, shown)
            if status.st_size > limit:
                raise too_large(path, status.st_size)
            data = file.read(limit + 1)
    except FileNotFoundError:
        raise SubmissionError(f"There is no file {shown!r}.") from None
    except PermissionError:
        raise SubmissionError(f"{shown!r} cannot be read: you have no permission to.") from None
    except (OSError, ValueError) as error:
        if isinstance(error, SubmissionError):
            raise
        reason = getattr(error, "strerror", None) or str(error)
        raise SubmissionError(f"{shown!r} cannot be read: {printable(reason)}.") from None
    if len(data) > limit:
        raise too_large(path, len(data))
    return data


def too_large(path: Path, size: int) -> SubmissionError:
    """Make the error for a file, or the code in it, of too many bytes."""
    name, limit = shown_name(path), _limit(path)
    if size <= limit:
        return SubmissionError(f"{name} has {_mb(size)} of code, the limit is {CODE_LIMIT // MIB} MiB.")
    advice = "clear its outputs" if path.suffix.lower() == ".ipynb" else "keep data out of it"
    return SubmissionError(f"{name} is {_mb(size)}, the limit is {limit // MIB} MiB: {advice}.")


def shown_name(path: Path) -> str:
    """Return the file's name as it can be printed and encoded."""
    return printable(path.name)


def shown_path(path: Path) -> str:
    """Return the path as it can be printed and encoded."""
    return printable(str(path), most=1000)


def _must_be_ordinary(status: os.stat_result, shown: str) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise SubmissionError(f"{shown!r} is a folder: name the file in it.")
    if not stat.S_ISREG(status.st_mode):
        raise SubmissionError(f"{shown!r} is no ordinary file but a pipe, a socket or a device.")


def _limit(path: Path) -> int:
    suffix = path.suffix.lower()
    if suffix not in LIMITS:
        raise SubmissionError(f"{shown_name(path)} is neither a Python file (.py) nor a notebook (.ipynb).")
    return LIMITS[suffix]


def _mb(size: int) -> str:
    return f"{size / 1e6:.1f} MB"
