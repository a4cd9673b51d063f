"""One writer at a time: a file that is locked while it is there."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from dlgrade import locks
from dlgrade.errors import GradebookError


class Lock:
    """Holds a lock until it is released, or until the process ends, in whatever way.

    SQLite's own file cannot be locked for it: closing any descriptor of that file would drop SQLite's locks.

    Raises
    ------
    GradebookError
        If another process holds it, or the folder cannot be written to.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        while True:
            try:
                self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            except OSError as error:
                raise GradebookError(
                    f"The folder {str(path.parent)!r} cannot be written to ({error.strerror}): name another "
                    "place with --gradebook."
                ) from None
            try:
                locks.acquire(self._descriptor)
            except OSError:
                os.close(self._descriptor)
                raise GradebookError(
                    f"Another process is writing the gradebook beside {str(path)!r}: wait until it has ended."
                ) from None
            if self._is_still_there():
                return
            os.close(self._descriptor)  # who held it before has just removed it

    def release(self) -> None:
        """Let others write."""
        with contextlib.suppress(OSError):
            self._path.unlink()
        with contextlib.suppress(OSError):
            os.close(self._descriptor)

    def _is_still_there(self) -> bool:
        try:
            return os.path.samestat(os.fstat(self._descriptor), self._path.stat())
        except FileNotFoundError:
            return False
