"""Asking known code what the learner's was asked, in a worker of its own.

The worker holds the reference and mistakes, and nothing of the learner's: it is a process because a mistake
may be one that never ends.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

from dlgrade.sandbox.session import Handle, Session, WorkerLostError
from dlgrade.transcript import Begun, Call, Event, Outcome

__all__ = ["Replay", "Unrepeatable"]


class Unrepeatable(Exception):  # noqa: N818 - an answer, not an error
    """A transcript holds something that cannot be asked again."""


class Replay:
    """Known code, ready to be asked.

    Parameters
    ----------
    session
        A worker that has run the reference.
    source
        The code.
    """

    def __init__(self, session: Session, source: str) -> None:
        self._session = session
        self._source = source
        self._module: Handle | None = None
        self._known: dict[Handle, Handle] = {}

    def answers(self, transcript: Sequence[Event]) -> Iterator[tuple[Call, Outcome | None]]:
        """Ask in order; yield each call of the learner's with how it ends here, None where it never does.

        Raises
        ------
        Unrepeatable
            If a call needs an object that does not exist here.
        """
        self._known.clear()
        for event in transcript:
            if isinstance(event, Call):
                yield event, self._ask(event)
            elif isinstance(event, Begun):
                self._session.begin_test()
            else:
                self._known[event.handle] = self._provide(event.name, event.source)

    def _ask(self, call: Call) -> Outcome | None:
        args = [self._here(arg) for arg in call.args]
        kwargs = {name: self._here(arg) for name, arg in call.kwargs.items()}
        handle = self._code() if call.handle is None else self._here(call.handle)
        try:
            outcome = self._session.call(
                call.target, args, kwargs, handle=handle, keep=call.keep, quiet=call.quiet
            )
        except WorkerLostError:
            self._module = None
            return None
        if call.outcome is not None:
            self._meet(call.outcome.value, outcome.value)
        return outcome

    def _meet(self, theirs: Any, ours: Any) -> None:
        """Note which object here stands for one of theirs."""
        if isinstance(theirs, Handle) and isinstance(ours, Handle):
            self._known[theirs] = ours
        elif isinstance(theirs, tuple) and isinstance(ours, tuple):
            for one, other in zip(theirs, ours, strict=False):
                self._meet(one, other)

    def _here(self, value: Any) -> Any:
        if isinstance(value, Handle):
            if value not in self._known:
                raise Unrepeatable
            return self._known[value]
        if isinstance(value, list):
            return [self._here(item) for item in value]
        if isinstance(value, tuple):
            return tuple(self._here(item) for item in value)
        if isinstance(value, dict):
            return {key: self._here(item) for key, item in value.items()}
        return value

    def _code(self) -> Handle:
        if self._module is None:
            self._module = self._provide("known", self._source)
        return self._module

    def _provide(self, name: str, source: str) -> Handle:
        with contextlib.suppress(WorkerLostError):
            return self._session.provide(name, source)
        raise Unrepeatable
