"""A file that is saved again and again: noticed by what it holds, however an editor writes it.

Some editors write into the file, some put a new one in its place, some do it in two steps. All of that wakes
whoever waits; whether there is something to grade is decided by the bytes that are there then.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable
from pathlib import Path

STEP_MS = 10
"""How long nothing more may happen before a save counts as one."""

GONE_S = 0.5
"""How long a file may be missing, in the middle of a save, before it is said to be."""

_POLL_S = 1.0


class Saves:
    """Watches one file until it is closed.

    Parameters
    ----------
    file
        Its folder has to exist, the file itself need not.
    wake
        Is called, in another thread, when something happened in the folder.
    """

    def __init__(self, file: Path, wake: Callable[[], None]) -> None:
        self.file = file
        self._wake = wake
        self._lacking_since: float | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def digest(self) -> str | None:
        """Return a digest of what the file holds; None where it cannot be read, or just for now.

        An editor may have taken it away, or emptied it, to write it anew; only after a while does that count.
        """
        try:
            # What has become a pipe would be waited for without end.
            data = self.file.read_bytes() if self.file.is_file() else None
        except OSError:
            data = None
        if data:
            self._lacking_since = None
            return hashlib.sha256(data).hexdigest()
        self._lacking_since = self._lacking_since or time.monotonic()
        return hashlib.sha256(data).hexdigest() if data is not None and self.lacking else None

    @property
    def lacking(self) -> bool:
        """Whether there has been nothing in the file, or no file, for longer than saving it takes."""
        return self._lacking_since is not None and time.monotonic() - self._lacking_since > GONE_S

    def close(self) -> None:
        """Stop watching."""
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        import watchfiles

        try:
            for _ in watchfiles.watch(
                self.file.parent,
                watch_filter=lambda _, path: Path(path).name == self.file.name,
                debounce=200,
                step=STEP_MS,
                rust_timeout=200,
                yield_on_timeout=False,
                stop_event=self._stop,
                recursive=False,
                raise_interrupt=False,
            ):
                self._wake()
        except Exception:  # no inotify left, a folder that has gone, a file system without events
            while not self._stop.wait(_POLL_S):
                self._wake()
