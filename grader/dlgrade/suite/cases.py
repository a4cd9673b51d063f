"""A test as a property of many cases, and the smallest case that breaks it."""

from __future__ import annotations

import contextlib
import functools
import inspect
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from itertools import islice
from typing import Any
from zlib import crc32

import numpy as np

from dlgrade import transcript
from dlgrade.student import Failure, Student, last_call, put_back, shrinking_allowed
from dlgrade.suite import oracle
from dlgrade.suite.draw import Draw, HypothesisDraw, RandomDraw

TRIES_MAX = 400
SEARCH_S = 10.0  # where every call or every drawing takes long, the first small case must do
DRAWINGS_MAX = 1000  # most drawings are of cases met before, which Hypothesis does not try again
EVIDENCE_MAX, EVIDENCE_HIDDEN_MAX = 60, 24  # further cases of a test that fails: one that is shown, or not
EVIDENCE_S = 20.0  # a bound for what is very slow; a count does not depend on the machine
_SHRINKABLE = ("check", "raised", "changed")

Generator = Callable[[Draw], Any]
Body = Callable[[Any], None]


class _Enough(BaseException):
    """Ends the search for a smaller case; not an Exception, so Hypothesis lets it through."""


_salt: ContextVar[str] = ContextVar("salt", default="")
_keeping: ContextVar[bool] = ContextVar("keeping", default=False)


def seed_of(name: str) -> int:
    """Make the seed of a test's random inputs: a function of its name, so the same in every run."""
    salt = _salt.get()
    return crc32(f"{salt}/{name}".encode() if salt else name.encode())


@contextlib.contextmanager
def salted(salt: str) -> Iterator[None]:
    """Draw other random inputs meanwhile, the same ones for the same salt; an empty one changes nothing."""
    token = _salt.set(salt)
    try:
        yield
    finally:
        _salt.reset(token)


@contextlib.contextmanager
def keeping() -> Iterator[None]:
    """Keep what is drawn meanwhile: a suite that is run on many files draws the same for each."""
    token = _keeping.set(True)
    try:
        yield
    finally:
        _keeping.reset(token)


def cases(generator: Generator, count: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Run a test on many drawn cases; its last parameter is the case.

    Parameters
    ----------
    generator
        Draws one case; a pure function of the `Draw` that it is given.
    count
        How many cases are drawn.
    """

    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        *fixtures, last = inspect.signature(test).parameters.values()
        kept: dict[int, list[Any]] = {}

        @functools.wraps(test)
        def run(**given: Any) -> None:
            drawn = _drawn(generator, count, seed_of(test.__name__), kept)
            for case in drawn:
                try:
                    test(**given, **{last.name: case})
                except Failure as failure:
                    if _ask_on(failure, drawn, given, test, last.name):
                        _raise_smallest(failure, case, generator, given, test, last.name)
                    raise

        run.__signature__ = inspect.Signature(fixtures)  # type: ignore[attr-defined]
        return run

    return decorate


def _drawn(generator: Generator, count: int, seed: int, kept: dict[int, list[Any]]) -> Iterator[Any]:
    """Draw cases, or give copies of those that were drawn before."""
    if seed in kept:
        yield from map(_copy, kept[seed])
        return
    draw = RandomDraw(np.random.default_rng(seed))
    keep, drawn = _keeping.get(), []
    for _ in range(count):
        case = generator(draw)
        if keep:
            try:
                drawn.append(_copy(case))
            except _NotPlainError:
                keep = False
        yield case
    if keep:
        kept[seed] = drawn


class _NotPlainError(Exception):
    """A case holds more than numbers, such as a generator: whoever uses it changes it."""


def _copy(case: Any) -> Any:
    """Copy plain data."""
    kind = type(case)
    if kind is np.ndarray and case.dtype.kind in "biufc":
        return case.copy(order="K")
    if kind is tuple or kind is list:
        return kind(map(_copy, case))
    if kind is dict:
        return {key: _copy(value) for key, value in case.items()}
    if case is None or kind in (bool, int, float, complex, str) or isinstance(case, np.number | np.bool_):
        return case
    raise _NotPlainError


def _ask_on(
    failure: Failure, others: Iterable[Any], given: dict[str, Any], test: Callable[..., None], last: str
) -> bool:
    """Put the other cases too: where else it goes wrong, and where it does not, is what explains it.

    Returns
    -------
    bool
        Whether a smaller case is to be looked for: it will be shown, and nothing ended the worker.
    """
    student: Student = given["student"]
    if failure.kind not in _SHRINKABLE:
        return False
    alive, shown = True, shrinking_allowed(student)
    record, end = last_call(student), time.monotonic() + EVIDENCE_S
    with oracle.stand_in():
        for case in islice(others, EVIDENCE_MAX if shown else EVIDENCE_HIDDEN_MAX):
            try:
                test(**given, **{last: case})
            except Failure as other:
                if not (alive := other.kind in _SHRINKABLE):
                    break
            except Exception:  # the suite's own, with a stand-in: not this failure
                break
            if time.monotonic() > end:
                break
    put_back(student, record)
    return alive and shown


def _raise_smallest(
    failure: Failure,
    case: Any,
    generator: Generator,
    given: dict[str, Any],
    test: Callable[..., None],
    last: str,
) -> None:
    """Raise the failure of a smaller case of the same kind, or the one there was."""
    student: Student = given["student"]

    def body(case: Any) -> None:
        test(**given, **{last: case})

    record = last_call(student)
    with oracle.stand_in():
        with transcript.silent():
            smallest = shrink(body, generator, failure.kind)
        if smallest is not None and _cost(smallest[0]) <= _cost(case):
            try:
                body(smallest[0])  # once more, so that its call is the last one
            except Failure as smaller:
                if smaller.kind == failure.kind:
                    raise smaller from None
    put_back(student, record)
    raise failure


def shrink(body: Body, generator: Generator, kind: str) -> tuple[Any] | None:
    """Let Hypothesis look for a small case on which the body fails in the same way.

    Returns
    -------
    tuple of the case, or None
        None where it met no failing case in its tries.
    """
    hypothesis = _hypothesis()
    from hypothesis import strategies

    best: list[tuple[Any]] = []
    tries = drawings = 0
    end = time.monotonic() + SEARCH_S

    @strategies.composite
    def drawn(draw: Any) -> Any:
        nonlocal drawings
        drawings += 1
        if drawings > DRAWINGS_MAX or time.monotonic() > end:
            raise _Enough
        return generator(HypothesisDraw(draw))

    def fails(case: Any) -> bool:
        nonlocal tries
        tries += 1
        if tries > TRIES_MAX:
            raise _Enough
        try:
            body(case)
        except Failure as failure:
            if failure.kind not in _SHRINKABLE:
                raise _Enough from None
            if failure.kind == kind:
                if not best or _cost(case) <= _cost(best[0][0]):
                    best[:] = [(case,)]
                return True
        except Exception:  # the suite's own, on a case that no run has drawn: not this failure
            return False
        return False

    settings = hypothesis.settings(
        max_examples=100,
        derandomize=True,
        database=None,
        deadline=None,
        phases=(hypothesis.Phase.generate, hypothesis.Phase.shrink),
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    with contextlib.suppress(Exception, _Enough):  # the smallest one met so far is good enough
        hypothesis.find(drawn(), fails, settings=settings)
    return best[0] if best else None


def rehearse_search() -> None:
    """Make a small case smaller, so that a fork finds Hypothesis imported when it looks for one."""

    def body(_: Any) -> None:
        raise Failure("it is no case of anybody's")

    shrink(body, lambda draw: (draw.real(-1, 1), draw.array(2), draw.choice([1, 2])), "check")


def _hypothesis() -> Any:
    """Import Hypothesis; where nobody else uses it here, what it writes stays out of the learner's folder."""
    ours = "hypothesis" not in sys.modules
    import hypothesis

    if ours:
        import platformdirs
        from hypothesis.configuration import set_hypothesis_home_dir

        set_hypothesis_home_dir(platformdirs.user_cache_path("dlgrade") / "hypothesis")
    return hypothesis


def _cost(value: Any) -> tuple[int, int]:
    """Order cases by their number of entries, then by the digits that it takes to write them."""
    if isinstance(value, np.ndarray):
        return value.size, len(repr(value.tolist()))
    if isinstance(value, list | tuple):
        parts = [_cost(item) for item in value]
        return sum(part[0] for part in parts), sum(part[1] for part in parts)
    if isinstance(value, dict):
        return _cost(list(value.values()))
    return 1, len(repr(value))
