"""The learner's functions as a suite sees them: called as if they were local.

A call that went wrong raises `Failure` with a sentence that names what happened in the
learner's words: missing, still to be written, raised, did not finish, changed an argument.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from dlgrade import showing
from dlgrade.sandbox.session import Handle, Outcome, StudentCode, WorkerLostError
from dlgrade.wire import messages as m

__all__ = ["CallRecord", "Failure", "Function", "Held", "Source", "Student"]


class Failure(Exception):  # noqa: N818 - a verdict about the learner's code, not an error of ours
    """A check that did not hold: the learner's, and told to the learner.

    Parameters
    ----------
    message
        One sentence: what, where, what came, what should be.
    returned, expected
        The two values as text, where there are two.
    kind
        ``"check"`` a value is wrong, ``"unsteady"`` it differs from run to run, ``"raised"``,
        ``"changed"`` an argument, ``"missing"`` the function, ``"todo"`` it is the starter's,
        ``"lost"`` the process, ``"late"``, ``"barred"``.
    """

    def __init__(
        self,
        message: str,
        *,
        returned: str | None = None,
        expected: str | None = None,
        kind: str = "check",
        trouble: m.Trouble | None = None,
        traceback: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.returned = returned
        self.expected = expected
        self.kind = kind
        self.trouble = trouble
        self.traceback = traceback


@dataclass(slots=True)
class CallRecord:
    """One call, as it was made and, once it has, as it ended; `on` is the type whose method it was."""

    function: str
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]
    outcome: Outcome | None
    on: str | None = None


@dataclass(frozen=True)
class Source:
    """What is known of the file before anything is called.

    Attributes
    ----------
    entry
        The file's name, such as ``backprop.py``.
    names
        Kind of every name that the file defines.
    parameters
        From a function of the contract to its parameters' names.
    troubles
        The top-level statements that raised.
    where, line_text
        Where the learner sees a line of the source, and its text.
    """

    entry: str
    names: Mapping[str, str]
    parameters: Mapping[str, Sequence[str]]
    troubles: Sequence[m.Trouble] = ()
    where: Callable[[int], str] = field(default=lambda line: f"line {line}")
    line_text: Callable[[int], str] = field(default=lambda _: "")

    def traceback(self, trouble: m.Trouble) -> str | None:
        """Write the frames of the learner's file with their source lines, and the exception."""
        if not trouble.frames:
            return None
        lines = []
        for frame in trouble.frames:
            scope = "" if frame.function == "<module>" else f", in {frame.function}"
            lines.append(f"{self.entry}, {self.where(frame.line)}{scope}")
            if text := self.line_text(frame.line).strip():
                lines.append(f"    {text}")
        words = f": {trouble.text}" if trouble.text else ""
        return "\n".join([*lines, f"{trouble.type_name}{words}"])


class Student:
    """Gives the learner's functions as attributes."""

    def __init__(self, code: StudentCode, source: Source) -> None:
        self._code = code
        self._source = source
        self._last: CallRecord | None = None
        self._shrink = True

    def __getattr__(self, name: str) -> Function:
        if name.startswith("_"):
            raise AttributeError(name)
        return Function(self, name)


def provide(student: Student, name: str, source: str) -> Held:
    """Run a source of the suite's own beside the learner's file; its functions are the methods."""
    try:
        return Held(student, student._code.provide(name, source))
    except WorkerLostError as lost:
        raise Failure(f"the file {lost}", kind="late" if lost.late else "lost") from None


def last_call(student: Student) -> CallRecord | None:
    """Look up the call that the test made last."""
    return student._last


def put_back(student: Student, record: CallRecord | None) -> None:
    """Make a call the last one again: the search for a smaller case was in vain."""
    student._last = record


def begin_test(student: Student, *, shrink: bool) -> None:
    """Forget earlier calls; say whether a failing case is worth making smaller."""
    student._last = None
    student._shrink = shrink


def shrinking_allowed(student: Student) -> bool:
    """Whether this test's counterexample will be shown, so that a small one is wanted."""
    return student._shrink


class Function:
    """One of the learner's functions, or a method of a `Held` object."""

    def __init__(self, student: Student, name: str, handle: Handle | None = None) -> None:
        self._student = student
        self._name = name
        self._handle = handle
        self._on = None if handle is None else handle.type_name
        self._shown = f"`{name or self._on}`"

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call it and return what came back, as plain data."""
        return self._call(args, kwargs)

    def quietly(self, *args: Any, **kwargs: Any) -> Any:
        """Call it; a NumPy overflow or invalid-value warning is a failure."""
        return self._call(args, kwargs, quiet=True)

    def keep(self, *items: int) -> Callable[..., Any]:
        """Make calls whose answer, or the named items of it, stay in the worker as handles."""
        return lambda *args, **kwargs: self._call(args, kwargs, keep=items or (-1,))

    def _call(
        self, args: tuple[Any, ...], kwargs: dict[str, Any], *, keep: Sequence[int] = (), quiet: bool = False
    ) -> Any:
        student = self._student
        student._last = record = CallRecord(self._name, args, kwargs, None, self._on)
        if self._handle is None:
            self._must_exist()
        plain = [_unheld(arg) for arg in args]
        named = {name: _unheld(arg) for name, arg in kwargs.items()}
        try:
            outcome = student._code.call(
                self._name, plain, named, handle=self._handle, keep=keep, quiet=quiet
            )
        except WorkerLostError as lost:
            kind = "late" if lost.late else "lost"
            raise Failure(f"{self._shown} {lost}", kind=kind) from None
        record.outcome = outcome
        self._judge(outcome)
        return self._held(outcome.value)

    def _must_exist(self) -> None:
        source = self._student._source
        kind = source.names.get(self._name)
        if kind is None:
            raise Failure(self._missing(), kind="missing")
        if kind == "other":
            raise Failure(f"{self._shown} is not a function: it cannot be called", kind="missing")

    def _missing(self) -> str:
        source = self._student._source
        missing = f"{self._shown} is missing: {source.entry} does not define it"
        for trouble in source.troubles:
            if trouble.frames:
                return f"{missing}; it raised {trouble.type_name} at {source.where(trouble.frames[0].line)}"
        others = {
            name.replace("_", "").lower(): name
            for name, kind in source.names.items()
            if kind != "other" and name not in source.parameters
        }
        near = difflib.get_close_matches(self._name.replace("_", "").lower(), others, n=1, cutoff=0.8)
        return f"{missing} (there is a `{others[near[0]]}`)" if near else missing

    def _judge(self, outcome: Outcome) -> None:
        if outcome.trouble is not None:
            self._raise(outcome.trouble)
        if outcome.changed:
            *names, last = (self._parameter(key) for key in outcome.changed)
            words = f"arguments {', '.join(names)} and" if names else "argument"
            raise Failure(f"{self._shown} changed its {words} {last}", kind="changed")
        for warning in outcome.warned:
            if "overflow" in warning or "invalid value" in warning:
                raise Failure(f"{self._shown} made NumPy warn: {_one_line(warning)}")

    def _raise(self, trouble: m.Trouble) -> None:
        traceback = self._student._source.traceback(trouble)
        kind, text = "raised", _one_line(trouble.text)
        if trouble.type_name == "NotImplementedError":
            message, kind = f"{self._shown} is still to be written", "todo"
        elif trouble.type_name == "RuledOutError":
            message = f"{self._shown} could not go on: {text}"
        elif trouble.type_name == "UnsendableError":
            message = f"what {self._shown} returned cannot be sent because it is too large: {text}"
        elif trouble.type_name == "CallbackError":
            refusal = re.sub(r"\S*<locals>\.", "", text)  # a test's function goes by its own name
            message = f"{self._shown} called the function that it was given, and that refused: {refusal}"
        elif trouble.type_name == "TypeError" and not trouble.frames and "argument" in trouble.text:
            message = f"{self._shown} cannot be called as the exercise says: {text}"
        else:
            message = f"{self._shown} raised {trouble.type_name}" + (f": {text}" if text else "")
        raise Failure(message, kind=kind, trouble=trouble, traceback=traceback)

    def _parameter(self, key: str) -> str:
        """Name an argument as the exercise does; what a method's are called is the learner's to choose."""
        names = self._student._source.parameters.get(self._name, ()) if self._handle is None else ()
        if key.isdigit():
            return f"`{names[int(key)]}`" if int(key) < len(names) else f"number {int(key) + 1}"
        return f"`{key}`"

    def _held(self, value: Any) -> Any:
        if isinstance(value, Handle):
            return Held(self._student, value)
        if isinstance(value, tuple) and any(isinstance(item, Handle) for item in value):
            return tuple(self._held(item) for item in value)
        return value


class Held:
    """An object that stays in the worker: its methods are called there, it is passed back by number."""

    def __init__(self, student: Student, handle: Handle) -> None:
        self._student = student
        self._handle = handle

    def __getattr__(self, name: str) -> Function:
        if name.startswith("__"):
            raise AttributeError(name)
        return Function(self._student, name, self._handle)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the object itself."""
        return Function(self._student, "", self._handle)(*args, **kwargs)


def _unheld(value: Any) -> Any:
    if isinstance(value, (float, np.ndarray)):  # mostly
        return value
    if isinstance(value, Held):
        return value._handle
    if isinstance(value, list):
        return [_unheld(item) for item in value]
    if isinstance(value, tuple):
        return tuple(_unheld(item) for item in value)
    if isinstance(value, dict):
        return {key: _unheld(item) for key, item in value.items()}
    return value


def _one_line(text: str) -> str:
    return re.sub(r"\s*\n\s*", " / ", text.strip())


def snippet(record: CallRecord, entry: str) -> str:
    """Write lines of Python that repeat a call in the learner's folder; of a method, the call alone."""
    args, kwargs = _unheld(record.args), _unheld(dict(record.kwargs))
    if record.on is not None:
        return showing.call(f"<{record.on}>.{record.function}".removesuffix("."), args, kwargs)
    return showing.snippet(entry.removesuffix(".py"), record.function, args, kwargs)
