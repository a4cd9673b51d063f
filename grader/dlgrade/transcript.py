"""What was asked of the learner's code and what it answered, test by test, so that it can be asked again.

A `Transcriber` stands between the suite's `student` and the session. It keeps references, not copies: what a
suite has handed over it does not change. A generator does change, with every draw, so it is copied.
"""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Iterator, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from dlgrade.sandbox.session import Handle, Outcome, Session

CALLS_MAX = 1000
"""Calls kept of one test."""


_silent: ContextVar[bool] = ContextVar("silent", default=False)


@contextlib.contextmanager
def silent() -> Iterator[None]:
    """Write nothing down: of hundreds of ever smaller cases that a search tries."""
    token = _silent.set(True)
    try:
        yield
    finally:
        _silent.reset(token)


@dataclass(slots=True)
class Call:
    """One call and how it ended; `outcome` is None where it ended the worker."""

    target: str
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]
    handle: Handle | None
    keep: tuple[int, ...]
    quiet: bool
    outcome: Outcome | None


@dataclass(frozen=True)
class Provided:
    """A source of the suite's own that was run beside the learner's file."""

    name: str
    source: str
    handle: Handle


@dataclass(frozen=True)
class Begun:
    """A test began."""


Event = Call | Provided | Begun


@dataclass
class Transcriber:
    """Passes everything on to a session, and writes it down.

    Attributes
    ----------
    transcripts
        From a test's id to what was asked in it, in order.
    """

    session: Session
    transcripts: dict[str, list[Event]] = field(default_factory=dict)
    _current: list[Event] = field(default_factory=list)

    def begin_test(self, test: str) -> None:
        """Start the transcript of a test."""
        self._current = self.transcripts[test] = [Begun()]
        self.session.begin_test()

    def take_output(self) -> str:
        """Take what the learner's code printed since this was last asked."""
        return self.session.take_output()

    def call(
        self,
        target: str,
        args: Sequence[Any],
        kwargs: dict[str, Any],
        *,
        handle: Handle | None = None,
        keep: Sequence[int] = (),
        quiet: bool = False,
    ) -> Outcome:
        """Call a function of the file, or a method of a handle."""
        asked = tuple(map(_frozen, args)), {name: _frozen(arg) for name, arg in kwargs.items()}
        outcome = None
        try:
            outcome = self.session.call(target, args, kwargs, handle=handle, keep=keep, quiet=quiet)
        finally:
            self._note(Call(target, *asked, handle, tuple(keep), quiet, outcome))
        return outcome

    def provide(self, name: str, source: str) -> Handle:
        """Run a source of the suite's own in the worker."""
        handle = self.session.provide(name, source)
        self._note(Provided(name, source, handle))
        return handle

    def _note(self, event: Event) -> None:
        if not _silent.get() and len(self._current) < CALLS_MAX:
            self._current.append(event)


def _frozen(arg: Any) -> Any:
    return copy.deepcopy(arg) if isinstance(arg, np.random.Generator) else arg


__all__ = ["Begun", "Call", "Event", "Outcome", "Provided", "Transcriber", "silent"]
