"""When two answers are the same answer: within rounding, whatever they are wrapped in.

Both are plain data that has crossed the socket; nothing of the learner's is asked to compare itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlgrade.sandbox.session import Handle, Outcome
from dlgrade.wire.messages import Foreign, Trouble
from dlgrade.wire.values import OBJECTS, Iterated

CLOSE = 3e-9
"""Relative to the largest entry: three times what the suites allow, for both answers may be off."""

CLOSE_SINGLE = 1e-5
"""The same for numbers that were computed in float32."""

FLOOR = 1e-3
"""What counts as the largest entry where all are smaller: rounding leaves 1e-17 where 0 is right."""

Path = tuple[int | str, ...]
_WORD = re.compile(r"\w+")


def outcomes(
    one: Outcome | None,
    other: Outcome | None,
    rtol: float = CLOSE,
    names: frozenset[str] = frozenset(),
) -> bool:
    """Whether two calls ended alike: in the same exception, the same changes, or the same value.

    Parameters
    ----------
    one, other
        How they ended; None for a call that never did.
    rtol
        Relative to the largest entry of each array.
    names
        Words that the text of a ValueError may be asked to hold: parameters' names.
    """
    if one is None or other is None:
        return False
    if one.trouble is not None or other.trouble is not None:
        return (
            one.trouble is not None
            and other.trouble is not None
            and one.trouble.type_name == other.trouble.type_name
            and _named(one.trouble, names) == _named(other.trouble, names)
        )
    return (
        set(one.changed) == set(other.changed)
        and _alarming(one) == _alarming(other)
        and answers(one.value, other.value, rtol)
    )


def pruned(outcome: Outcome | None, like: Outcome | None) -> Outcome | None:
    """Leave out of an answer the keys that the right one does not have: they are allowed."""
    if outcome is None or like is None or outcome.trouble is not None or like.trouble is not None:
        return outcome
    return replace(outcome, value=_pruned(outcome.value, like.value))


def _pruned(value: Any, like: Any) -> Any:
    if isinstance(value, dict) and isinstance(like, dict):
        return {key: _pruned(value[key], like[key]) for key in like if key in value}
    if isinstance(value, tuple) and isinstance(like, tuple):
        return tuple(map(_pruned, value, like)) if len(value) == len(like) else value
    return value


def answers(one: Any, other: Any, rtol: float = CLOSE) -> bool:
    """Whether two values are the same; lists, tuples and vectors are alike."""
    one, other = plain(one), plain(other)
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return numbers(one, other, rtol)
    if isinstance(other, dict):
        return (
            isinstance(one, dict)
            and one.keys() == other.keys()
            and all(answers(one[key], each, rtol) for key, each in other.items())
        )
    if isinstance(one, Iterated) and isinstance(other, Iterated):
        one, other = one.items, other.items
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(lambda a, b: answers(a, b, rtol), one, other))
    if isinstance(one, Foreign) or isinstance(other, Foreign):
        return type(one) is type(other) and one.type_name == other.type_name
    if isinstance(one, Handle) or isinstance(other, Handle):
        return isinstance(one, Handle) and isinstance(other, Handle)
    return type(one) is type(other) and bool(one == other)


def numbers(one: NDArray[Any], other: NDArray[Any], rtol: float = CLOSE) -> bool:
    """Whether two arrays have one shape, one kind of dtype, and the same entries within rounding."""
    if one.shape != other.shape or (one.shape and _kind(one) != _kind(other)):
        return False
    one, other = one.astype(_wide(one)), other.astype(_wide(other))
    finite = np.isfinite(one) & np.isfinite(other)
    with np.errstate(all="ignore"):
        same = (one == other) | (np.isnan(one) & np.isnan(other))
        scale = float(np.abs(other[finite]).max(initial=0.0))
        near = finite & (np.abs(one - other) <= rtol * max(scale, FLOOR))
    return bool((same | near).all())


def plain(value: Any) -> Any:
    """Unwrap a value: numbers and vectors of numbers become arrays, sequences become lists."""
    if isinstance(value, Iterated):
        if value.type_name != OBJECTS:
            return Iterated(value.type_name, [plain(item) for item in value.items])
        value = value.items
    if type(value).__module__.partition(".")[0] == "torch":
        wide = value.detach().float() if str(value.dtype) == "torch.bfloat16" else value.detach()
        value = wide.cpu().numpy()
    if isinstance(value, Foreign) and value.number is not None:
        return np.asarray(value.number)
    if isinstance(value, bool | int | float | np.generic):
        return np.asarray(value)
    if isinstance(value, list | tuple):
        parts = [plain(item) for item in value]
        if parts and all(isinstance(part, np.ndarray) and part.shape == () for part in parts):
            return np.asarray([part[()] for part in parts])
        return parts
    if isinstance(value, np.ndarray) and value.ndim == 0:
        return value.copy()
    return value


def leaves(value: Any, parts: int = 0, path: Path = ()) -> Iterator[tuple[Path, NDArray[Any]]]:
    """Yield the arrays of numbers in a value, each with its place in it.

    Parameters
    ----------
    value
        An answer.
    parts
        How many values it is that came together, or 0 where it is one.
    """
    value = plain(value)
    if parts and not path and isinstance(value, np.ndarray) and value.shape[:1] == (parts,):
        value = list(map(np.asarray, value))
    if isinstance(value, np.ndarray):
        yield path, value
    elif isinstance(value, dict):
        for key, item in value.items():
            if isinstance(key, str | int):
                yield from leaves(item, parts, (*path, key))
    elif isinstance(value, list | Iterated):
        for index, item in enumerate(value if isinstance(value, list) else value.items):
            yield from leaves(item, parts, (*path, index))


def _named(trouble: Trouble, names: frozenset[str]) -> frozenset[str]:
    return (
        names.intersection(_WORD.findall(trouble.text)) if trouble.type_name == "ValueError" else frozenset()
    )


def _kind(array: NDArray[Any]) -> str:
    """Name the kind of a dtype, by which float32 is another than float64, and any integer is an integer."""
    return {"i": "integer", "u": "integer"}.get(array.dtype.kind, array.dtype.name)


def _wide(array: NDArray[Any]) -> Any:
    return np.complex128 if array.dtype.kind == "c" else np.float64


def _alarming(outcome: Outcome) -> bool:
    return any("overflow" in words or "invalid value" in words for words in outcome.warned)
