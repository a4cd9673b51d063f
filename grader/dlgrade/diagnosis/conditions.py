"""Where an answer is wrong: for which arguments, or at which entries of one.

A condition is told only if the recorded calls (or entries) for which it holds are exactly the wrong ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from typing import Any

import numpy as np

from dlgrade.diagnosis import alike
from dlgrade.diagnosis.relations import Pair

Arguments = Mapping[str, Any]
Condition = Callable[[Arguments], bool]

_LEFT_OUT = object()

_WRONG_MIN, _RIGHT_MIN = 2, 3
_RIGHT_MANY = 10  # beside a single wrong call, of which only shapes are told: too much is true of one alone
_WRONG_MANY, _CALLS_MANY = 3, 12  # before numbers are looked at, of which more can be said by chance


def of_calls(
    calls: Sequence[tuple[Arguments, bool]],
    named: Mapping[str, Callable[..., bool]],
    *,
    contents: bool = True,
) -> str | None:
    """Find the condition on the arguments under which calls go wrong.

    Parameters
    ----------
    calls
        The arguments of each call, by name, and whether its answer was right.
    named
        Conditions that the exercise's author has put into words, taking the arguments in order.
    contents
        Whether the numbers and words that are given are looked at too, or only what is given and its shape.

    Returns
    -------
    str or None
        Words that follow "right except where".
    """
    wrong = sum(not right for _, right in calls)
    if wrong < 1 or len(calls) - wrong < (_RIGHT_MIN if wrong > 1 else _RIGHT_MANY):
        return None
    for words, author in named.items():
        if all(_holds(author, arguments) != right for arguments, right in calls):
            return words
    arguments = [each for each, _ in calls]
    many = (
        contents and wrong >= _WRONG_MANY and len(calls) - wrong >= _RIGHT_MIN and len(calls) >= _CALLS_MANY
    )
    for words, condition in chain(_shapes(arguments), _contents(arguments) if many else ()):
        if all(condition(each) != right for each, right in calls):
            return words
    return _of_size(calls) if many else None


def _of_size(calls: Sequence[tuple[Arguments, bool]]) -> str | None:
    """Find a number, or a number of entries, beyond which all calls go wrong."""
    for name in dict.fromkeys(name for arguments, _ in calls for name in arguments):
        values = [alike.plain(arguments.get(name, np.nan)) for arguments, _ in calls]
        if not all(isinstance(value, np.ndarray) and value.dtype.kind in "fiu" for value in values):
            continue
        for words, (least, measure) in _MEASURES.items():
            sizes = [measure(value) for value in values]
            low = np.nanmax(
                [-np.inf, *(size for size, (_, right) in zip(sizes, calls, strict=True) if right)]
            )
            high = min(size for size, (_, right) in zip(sizes, calls, strict=True) if not right)
            if low < high and high >= least:  # NaN, where it is left out, is below nothing and above nothing
                return words.format(name=name, size=f"{high:.3g}")
    return None


def _number(x: Any) -> float:
    return float(np.abs(x)) if x.shape == () and x.dtype.kind == "f" else -np.inf


def _rows(x: Any) -> float:
    return float(x.shape[0]) if x.ndim > 1 else -np.inf


def _largest(x: Any) -> float:
    return float(np.abs(x).max(initial=0.0)) if x.ndim and x.dtype.kind == "f" else -np.inf


_MEASURES: Mapping[str, tuple[float, Callable[[Any], float]]] = {
    "`{name}` is large (here from {size} on)": (0.0, _number),
    "`{name}` has many rows (here from {size} on)": (8.0, _rows),
    "`{name}` has many entries (here from {size} on)": (8.0, lambda x: float(x.size) if x.ndim else -np.inf),
    "`{name}` holds large numbers (here from {size} on)": (0.0, _largest),
}


def of_entries(pairs: Sequence[Pair]) -> str | None:
    """Find the condition on the entries of an argument under which the entries of the answer are wrong.

    Returns
    -------
    str or None
        Words that follow "right except where".
    """
    first = pairs[0]
    for name, value in first.arguments.items():
        array = alike.plain(value)
        if (
            not isinstance(array, np.ndarray)
            or array.shape != first.want.shape
            or array.dtype.kind not in "fiu"
        ):
            continue
        entries = [_entries(pair, name) for pair in pairs]
        if any(each is None for each in entries):
            continue
        values = np.concatenate([each[0] for each in entries if each is not None])
        wrong = np.concatenate([each[1] for each in entries if each is not None])
        if (words := _of_numbers(values, wrong, name)) is not None:
            return words
    return None


def _entries(pair: Pair, name: str) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]] | None:
    array = alike.plain(pair.arguments.get(name))
    if (
        not isinstance(array, np.ndarray)
        or array.shape != pair.want.shape
        or pair.got.shape != pair.want.shape
    ):
        return None
    got, want = pair.got.astype(np.float64), pair.want.astype(np.float64)
    with np.errstate(all="ignore"):
        scale = np.maximum(np.abs(want), 1e-3)
        wrong = ~(
            (got == want) | (np.abs(got - want) <= alike.CLOSE * scale) | (np.isnan(got) & np.isnan(want))
        )
        telling = wrong | (np.abs(want) > alike.CLOSE)  # a right 0 may be right by chance
    return array.astype(np.float64)[telling], wrong[telling]


def _of_numbers(values: np.ndarray[Any, Any], wrong: np.ndarray[Any, Any], name: str) -> str | None:
    """Find the sign or the size of a number that tells the wrong from the right."""
    if wrong.sum() < _WRONG_MIN or (~wrong).sum() < _RIGHT_MIN:
        return None
    for words, holds in _SIGNS.items():
        if bool((holds(values) == wrong).all()):
            return f"`{name}` {words}"
    for side, sign in (("is large", 1.0), ("is far below 0", -1.0)):
        signed = sign * values
        low, high = signed[~wrong].max(), signed[wrong].min()
        if low < high and high > 1.0:
            return f"`{name}` {side} (here from {sign * high:.3g} on)"
    size = np.abs(values)
    if size[~wrong].max() < size[wrong].min() and size[wrong].min() > 1.0:
        return f"`{name}` is large in size (here from {size[wrong].min():.3g} on)"
    return None


_SIGNS: Mapping[str, Callable[[Any], Any]] = {
    "is exactly 0": lambda x: x == 0,
    "is negative": lambda x: x < 0,
    "is positive": lambda x: x > 0,
    "is 0 or negative": lambda x: x <= 0,
    "is 0 or positive": lambda x: x >= 0,
}


def _shapes(calls: Sequence[Arguments]) -> Iterator[tuple[str, Condition]]:
    """Yield conditions on what is given at all, and on its shape and dtype."""
    names = list(dict.fromkeys(name for arguments in calls for name in arguments))
    for name in names:
        if not all(name in arguments for arguments in calls):
            yield f"`{name}` is left out", _where(name, lambda value: value is _LEFT_OUT)
            yield f"`{name}` is given", _where(name, lambda value: value is not _LEFT_OUT)
        yield f"`{name}` is None", _where(name, lambda value: value is None)
    for name in names:
        arrays = [alike.plain(arguments.get(name)) for arguments in calls]
        arrays = [value for value in arrays if isinstance(value, np.ndarray)]
        if any(value.ndim for value in arrays):
            yield from _shapes_of(name, arrays)


def _shapes_of(name: str, arrays: Sequence[Any]) -> Iterator[tuple[str, Condition]]:
    for ndim in sorted({value.ndim for value in arrays}):
        words = {0: "a single number", 1: "one-dimensional"}.get(ndim, f"{ndim}-dimensional")
        yield f"`{name}` is {words}", _of_array(name, partial(_has_ndim, ndim))
    yield f"`{name}` is an array", _of_array(name, lambda x: x.ndim > 0)
    yield f"`{name}` has one row", _of_array(name, lambda x: x.ndim > 1 and x.shape[0] == 1)
    yield f"`{name}` has one entry", _of_array(name, lambda x: x.ndim == 1 and x.size == 1)
    yield f"`{name}` has one column", _of_array(name, lambda x: x.ndim > 1 and x.shape[-1] == 1)
    for dtype in sorted({value.dtype.name for value in arrays}):
        yield f"`{name}` has dtype {dtype}", _of_array(name, partial(_has_dtype, dtype))


def _has_ndim(ndim: int, array: Any) -> bool:
    return bool(array.ndim == ndim)


def _has_dtype(dtype: str, array: Any) -> bool:
    return bool(array.dtype.name == dtype)


def _contents(calls: Sequence[Arguments]) -> Iterator[tuple[str, Condition]]:
    """Yield conditions on the numbers and words that are given."""
    for name in dict.fromkeys(name for arguments in calls for name in arguments):
        values = [alike.plain(arguments[name]) for arguments in calls if name in arguments]
        words = {value for value in values if isinstance(value, str)}
        yield from ((f"`{name}` is {word!r}", _equals(name, word)) for word in sorted(words))
        numbers = [value for value in values if isinstance(value, np.ndarray) and value.dtype.kind in "biuf"]
        if any(value.ndim for value in numbers):
            yield from _of_arrays(name)
        elif numbers:
            yield from ((f"`{name}` {sign}", _of_scalar(name, holds)) for sign, holds in _SIGNS.items())
            whole = {int(value) for value in numbers if value.dtype.kind in "biu"}
            yield from ((f"`{name}` is {number}", _equals(name, number)) for number in sorted(whole)[:12])


def _of_arrays(name: str) -> Iterator[tuple[str, Condition]]:
    yield f"`{name}` is square", _of_array(name, lambda x: x.ndim == 2 and x.shape[0] == x.shape[1] > 1)
    yield f"`{name}` is not square", _of_array(name, lambda x: x.ndim == 2 and x.shape[0] != x.shape[1])
    yield f"`{name}` holds negative numbers", _of_array(name, lambda x: bool((x < 0).any()))
    yield f"`{name}` holds an exact 0", _of_array(name, lambda x: bool((x == 0).any()))
    yield f"`{name}` holds numbers beyond ±30", _of_array(name, lambda x: bool((np.abs(x) > 30).any()))
    yield f"`{name}` holds numbers beyond ±700", _of_array(name, lambda x: bool((np.abs(x) > 700).any()))


def _where(name: str, holds: Callable[[Any], bool]) -> Condition:
    return lambda arguments: holds(arguments.get(name, _LEFT_OUT))


def _of_scalar(name: str, holds: Callable[[Any], Any]) -> Condition:
    def condition(arguments: Arguments) -> bool:
        value = alike.plain(arguments.get(name))
        return isinstance(value, np.ndarray) and value.shape == () and bool(holds(float(value)))

    return condition


def _of_array(name: str, holds: Callable[[Any], bool]) -> Condition:
    def condition(arguments: Arguments) -> bool:
        value = alike.plain(arguments.get(name))
        return isinstance(value, np.ndarray) and bool(holds(value))

    return condition


def _equals(name: str, wanted: str | int) -> Condition:
    def condition(arguments: Arguments) -> bool:
        value = alike.plain(arguments.get(name))
        return (
            bool(value.shape == () and value == wanted) if isinstance(value, np.ndarray) else value == wanted
        )

    return condition


def _holds(author: Callable[..., bool], arguments: Arguments) -> bool:
    return bool(author(**{name: alike.plain(value) for name, value in arguments.items()}))
