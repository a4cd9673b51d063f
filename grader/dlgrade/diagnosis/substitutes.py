"""Which argument an answer ignores: with a fixed value for it the reference gives the learner's answers."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from dlgrade.diagnosis import alike
from dlgrade.transcript import Call

Answers = Callable[[Sequence[Call]], Iterator[tuple[Call, Any]]]

_CALLS_MAX = 400


def ignored(
    calls: Sequence[Call], parameters: Sequence[str], defaults: Mapping[str, Any], answers: Answers
) -> str | None:
    """Find the argument that seems to be put to a fixed value, whatever it is called with.

    Parameters
    ----------
    calls
        Of one function, those that went wrong first.
    parameters
        Its parameters' names, in order.
    defaults
        The values of those that may be left out.
    answers
        Asks the reference.

    Returns
    -------
    str or None
        A sentence.
    """
    if not calls or len(calls) > _CALLS_MAX:
        return None
    for index, name in enumerate(parameters):
        for words, value in _values(name, defaults, calls, index):
            instead = [_with(call, index, name, value) for call in calls]
            if all(
                alike.outcomes(call.outcome, outcome) for call, outcome in _pairs(calls, instead, answers)
            ):
                return f"The answers are those for {words}"
    return None


def _pairs(calls: Sequence[Call], instead: Sequence[Call], answers: Answers) -> Iterator[tuple[Call, Any]]:
    for call, (_, outcome) in zip(calls, answers(instead), strict=False):
        yield call, outcome


def _values(
    name: str, defaults: Mapping[str, Any], calls: Sequence[Call], index: int
) -> Iterator[tuple[str, Callable[[Any], Any]]]:
    """Yield the fixed values that are tried for a parameter, with their words."""
    given = [call.args[index] if index < len(call.args) else call.kwargs.get(name) for call in calls]
    given = [alike.plain(value) for value in given if value is not None]
    if name in defaults:
        default = defaults[name]
        yield f"{name} = {default!r}, whatever it is: where is it used?", lambda _: default
    numeric = [value for value in given if isinstance(value, np.ndarray) and value.dtype.kind in "fiu"]
    if not numeric or len(numeric) < len(given):
        return
    if all(value.dtype.kind == "f" for value in numeric):
        every = "" if all(value.shape == () for value in numeric) else " everywhere"
        yield f"{name} = 0{every}, whatever it is: where is it used?", lambda value: _filled(value, 0.0)
        yield f"{name} = 1{every}, whatever it is: where is it used?", lambda value: _filled(value, 1.0)
        yield f"the size of {name}: where does its sign get lost?", abs
    elif all(value.shape == () for value in numeric):
        yield f"{name} = 0, whatever it is: where is it used?", lambda _: 0
        yield f"{name} = 1, whatever it is: where is it used?", lambda _: 1


def _filled(value: Any, number: float) -> Any:
    return np.full_like(value, number) if isinstance(value, np.ndarray) else number


def _with(call: Call, index: int, name: str, value: Callable[[Any], Any]) -> Call:
    if index < len(call.args):
        args = [*call.args]
        args[index] = value(args[index])
        return dataclasses.replace(call, args=tuple(args))
    if name in call.kwargs:
        return dataclasses.replace(call, kwargs={**call.kwargs, name: value(call.kwargs[name])})
    return call
