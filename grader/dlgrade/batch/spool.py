"""A private folder for what is unpacked or handed to a grader, under names of our own."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from pathlib import Path

from dlgrade.errors import IntakeError

PREFIX = "dlgrade-spool-"


class Spool:
    """A temporary folder whose files are numbered; all of it goes when it is closed.

    It is locked while it is in use, so that the next one finds those that a killed process could not remove.
    """

    def __init__(self) -> None:
        _remove_abandoned(Path(tempfile.gettempdir()))
        self._count = 0
        while True:
            self._folder = tempfile.TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True)
            self._lock = os.open(self._folder.name, os.O_RDONLY | os.O_CLOEXEC)
            fcntl.flock(self._lock, fcntl.LOCK_SH)
            if Path(self._folder.name).is_dir():
                return
            os.close(self._lock)  # another that starts took it for abandoned before it was locked

    def add(self, data: bytes, name: str) -> Path:
        """Write a new file that only we can read, alone in a folder of its own.

        Parameters
        ----------
        name
            What it is called there: one part, that we vouch for.

        Raises
        ------
        IntakeError
            If the disk is full.
        """
        self._count += 1
        folder = Path(self._folder.name, f"{self._count:06d}")
        try:
            folder.mkdir(mode=0o700)
            descriptor = os.open(
                folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600
            )
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
        except OSError as error:
            raise IntakeError(
                f"The temporary folder {str(folder.parent)!r} cannot be written to ({error.strerror}): "
                "make room, or name another in TMPDIR, and run the command again."
            ) from None
        return folder / name

    def drop(self, path: Path) -> None:
        """Remove a file that is not needed any more."""
        path.unlink(missing_ok=True)
        path.parent.rmdir()

    def close(self) -> None:
        """Remove everything."""
        os.close(self._lock)
        self._folder.cleanup()

    def __enter__(self) -> Spool:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


def _remove_abandoned(parent: Path) -> None:
    """Remove the folders of ours that nobody holds any more."""
    for folder in parent.glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_DIRECTORY)
            try:
                if os.fstat(descriptor).st_uid == os.geteuid():
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(descriptor)
