"""Waiting for a lock on an open file."""

from __future__ import annotations

import time

HANDOVER_S = 2.0
"""How long to wait where another process may not hold the lock for long.

A killed process frees its locks, but one that it was just starting holds them until that has begun its own
program.
"""

_LOOK_S = 0.005


def acquire(descriptor: int, patience_s: float = HANDOVER_S) -> None:
    """Lock a file for this process alone; it is free again once the descriptor is closed.

    Raises
    ------
    TimeoutError
        If another process has held it all the while.
    OSError
        If its file system has no locks.
    """
    import fcntl

    until = time.monotonic() + patience_s
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() > until:
                raise TimeoutError(f"another process has held the lock for {patience_s:g} s") from None
            time.sleep(_LOOK_S)
