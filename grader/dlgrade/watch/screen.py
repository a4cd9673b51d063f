"""The terminal while something is watched: keys without Enter, a page at a time, and as it was in the end.

However the process ends, short of being killed outright, the terminal is put back: by Ctrl-C, by a signal, by
an error of ours. Stopped with Ctrl-Z it is put back too, and taken again when the process goes on.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import sys
import termios
import tty
from collections.abc import Iterable, Iterator
from types import FrameType
from typing import Any

_ENDING = (signal.SIGTERM, signal.SIGHUP)
_CLEAR = "\x1b[H\x1b[2J\x1b[3J"
_LONGEST_KEY = 64


class Screen:
    """A terminal that keys are read from and pages are written to; use it as a context.

    Attributes
    ----------
    ended
        Whether a signal asked the process to end.
    """

    def __init__(self) -> None:
        self._input = sys.stdin.fileno()
        self._output = sys.stdout
        self._before: list[Any] | None = None
        self._handlers: dict[int, Any] = {}
        self.ended = False

    def __enter__(self) -> Screen:
        self._woken, self._wake = os.pipe()
        for end in (self._woken, self._wake):
            os.set_blocking(end, False)
        self._before = termios.tcgetattr(self._input)
        self._take()
        for number in (*_ENDING, signal.SIGWINCH, signal.SIGTSTP, signal.SIGCONT):
            self._handlers[number] = signal.signal(number, self._on_signal)
        return self

    def __exit__(self, *exception: object) -> None:
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        self._give_back()
        for end in (self._woken, self._wake):
            os.close(end)

    def wake(self) -> None:
        """End a wait from another thread, or from a signal's handler."""
        with contextlib.suppress(OSError):  # a full pipe wakes as well
            os.write(self._wake, b".")

    def wait(self, others: Iterable[Any], timeout_s: float) -> Iterator[Any]:
        """Wait for a key, for `wake` and for others to be readable; yield keys as text, and those others.

        An empty text is the end of the input.
        """
        ready, _, _ = select.select([self._input, self._woken, *others], [], [], timeout_s)
        for each in ready:
            if each == self._woken:
                with contextlib.suppress(BlockingIOError):
                    os.read(self._woken, 4096)
            elif each == self._input:
                yield self._key()
            else:
                yield each

    def show(self, page: str) -> None:
        """Show a page in the place of everything else."""
        with contextlib.suppress(OSError):  # a terminal that has gone will be noticed by its input
            # A terminal in cbreak mode still turns a newline into both movements.
            self._output.write(_CLEAR + page)
            self._output.flush()

    def _key(self) -> str:
        """Read a key; what an arrow or a function key sends is one, and none of ours."""
        try:
            data = os.read(self._input, _LONGEST_KEY)
        except OSError:
            return ""
        return data.decode("utf-8", "replace") if len(data) == 1 or not data.startswith(b"\x1b") else "\x1b"

    def _take(self) -> None:
        with contextlib.suppress(termios.error):
            tty.setcbreak(self._input, termios.TCSANOW)

    def _give_back(self) -> None:
        if self._before is not None:
            with contextlib.suppress(termios.error):
                termios.tcsetattr(self._input, termios.TCSANOW, self._before)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        del frame
        if number in _ENDING:
            self.ended = True
        elif number == signal.SIGTSTP:
            self._give_back()
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)
        elif number == signal.SIGCONT:
            signal.signal(signal.SIGTSTP, self._on_signal)
            self._take()
        self.resized = True
        self.wake()

    resized = False
    """Whether what is shown may not be what is seen: the terminal was resized, or is ours again."""
