"""The frozen result of one check, and its JSON form.

A report is the same whichever door it came through, so nothing in here knows about
terminals, files or processes. The JSON keys are an interface: `SCHEMA` changes when they do.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

SCHEMA = 1

Status = Literal["passed", "failed", "error", "skipped"]


class Counterexample(msgspec.Struct, frozen=True):
    """One call that shows the failure.

    Attributes
    ----------
    code
        Python that a learner can run in the folder of their file.
    returned
        What the call gave, or None where it gave nothing.
    expected
        What should hold, or None where the message says it all.
    """

    code: str
    returned: str | None = None
    expected: str | None = None


class TestResult(msgspec.Struct, frozen=True):
    """The verdict of one test of a suite.

    Attributes
    ----------
    todo
        Whether it failed because the function is still the starter's TODO.
    """

    __test__ = False

    id: str
    criterion: str
    function: str | None
    title: str
    status: Status
    message: str | None = None
    diagnosis: str | None = None
    counterexample: Counterexample | None = None
    traceback: str | None = None
    output: str = ""
    seconds: float = 0.0
    todo: bool = False


class CriterionResult(msgspec.Struct, frozen=True):
    """Points of one criterion of the manifest, or of one of the two that every exercise has."""

    id: str
    title: str
    points: float
    max_points: float
    status: Status


class Isolation(msgspec.Struct, frozen=True):
    """How far the learner's code was kept from the grade.

    Attributes
    ----------
    level
        3 namespaced, 2 kernel-restricted, 1 process and limits, 0 nothing (``--debug``).
    layers
        From each layer's name to ``"on"`` or the reason why it is not.
    """

    level: int
    layers: dict[str, str]


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What a check found.

    Attributes
    ----------
    scope
        ``"suite"``, ``"examples"`` where the hidden suite is not on this machine,
        ``"criterion"`` where only one was asked for, ``"function"`` where one function of the exercise was,
        ``"debug"`` where nothing was kept apart.
    seeds
        From a test's id to the seed of its random inputs.
    notes
        Sentences about the run as a whole, such as cells that were left out.
    """

    schema: int = SCHEMA
    dlgrade: str
    exercise: str
    name: str
    title: str
    file: str
    scope: Literal["suite", "examples", "criterion", "function", "debug"]
    points: float
    max_points: float
    passed: bool
    criteria: tuple[CriterionResult, ...]
    tests: tuple[TestResult, ...]
    isolation: Isolation
    seeds: dict[str, int]
    notes: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def ours(self) -> bool:
        """Whether something of dlgrade's own went wrong, which is never charged to the learner."""
        return any(test.status == "error" for test in self.tests)

    def exit_code(self) -> int:
        """0 all passed, 1 something to fix, 3 our own error."""
        return 3 if self.ours else 0 if self.passed else 1


def encode(report: Report) -> bytes:
    r"""Return a report as JSON in UTF-8, keys in the order of the schema.

    Half a surrogate pair (a file name, or what a learner's code printed, may hold one) has no place in UTF-8
    and is written out as ``\udc80``.
    """
    try:
        data = msgspec.json.encode(report)
    except UnicodeEncodeError:
        data = msgspec.json.encode(_mended(msgspec.to_builtins(report)))
    return msgspec.json.format(data, indent=2)


def decode(data: bytes) -> Report:
    """Read a report back; raises ``msgspec.ValidationError`` where it is not one."""
    return msgspec.json.decode(data, type=Report)


def _mended(value: Any) -> Any:
    """Write out lone surrogates, wherever in the report they are."""
    match value:
        case str():
            return value.encode("utf-8", "backslashreplace").decode()
        case dict():
            return {_mended(key): _mended(each) for key, each in value.items()}
        case list() | tuple():
            return [_mended(each) for each in value]
        case _:
            return value
