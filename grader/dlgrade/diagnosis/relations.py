"""What an answer is to the right one, in numbers: its negative, twice it, transposed, shifted, rounded.

A relation is told only if it holds in every recorded call, so it is a fact about them. Each function takes
the pairs of one value of an answer (what came, what should have come, and the arguments), and of these the
wrong ones; it gives the end of a sentence that begins with the value's name, or None.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dlgrade.diagnosis import alike

Array = NDArray[Any]

FACTORS = {
    -1.0: "the right value with the opposite sign",
    2.0: "exactly 2 times the right value",
    0.5: "exactly half of the right value",
    -2.0: "exactly −2 times the right value",
    -0.5: "exactly −1/2 times the right value",
    4.0: "exactly 4 times the right value",
    0.25: "exactly a quarter of the right value",
    10.0: "exactly 10 times the right value",
    0.1: "exactly a tenth of the right value",
    100.0: "exactly 100 times the right value, as a percentage would be",
    math.sqrt(2.0): "√2 times the right value",
    math.sqrt(0.5): "the right value divided by √2",
    1.0 / math.log(2.0): "the right value divided by log 2, as a logarithm of base 2 makes it",
}

MAPS: Mapping[str, Callable[[Array], Array]] = {
    "the right value without its sign": np.abs,
    "the square of the right value": np.square,
    "the square root of the right value": lambda want: np.sqrt(np.where(want < 0, np.nan, want)),
    "the right value with everything below 0 cut off": lambda want: np.maximum(want, 0.0),
    "1 minus the right value": lambda want: 1.0 - want,
    "the logarithm of the right value": lambda want: np.log(np.where(want <= 0, np.nan, want)),
    "the exponential of the right value": lambda want: np.exp(np.minimum(want, 700.0)),
    "the right value cut to a whole number": np.trunc,
    "the right value rounded to a whole number": np.round,
}

_ENTRIES_MIN = 3
_SINGLE = 3e-6


class Pair(NamedTuple):
    """One value of one answer."""

    got: Array
    want: Array
    arguments: Mapping[str, Any]


def describe(pairs: Sequence[Pair], shown: Pair) -> str | None:
    """Say what the values are to the right ones, if one relation holds for all of them.

    Parameters
    ----------
    pairs
        Of one value, over all recorded calls; at least one of them differs.
    shown
        The pair of the call that the report shows, for relations that name a number.
    """
    wrong = [pair for pair in pairs if not alike.numbers(pair.got, pair.want)]
    if any(pair.got.dtype.kind == "c" or pair.want.dtype.kind == "c" for pair in wrong):
        return None
    if _all_transposed(wrong):
        turned = all(_near(pair.got, pair.want.T) for pair in pairs if pair.want.ndim == 2)
        return "the right one transposed" + ("" if turned else " wherever it is square")
    if all(pair.got.shape != pair.want.shape for pair in wrong):
        return _reshaped(wrong)
    if any(pair.got.shape != pair.want.shape for pair in wrong):
        return None
    for relation in (_kind, _factor, _offset, _mapped, _single, _shifted, _constant, _clipped):
        if (found := relation(pairs, wrong)) is not None:
            return found
    return _sized(pairs, shown)


def _all_transposed(wrong: Sequence[Pair]) -> bool:
    return all(pair.want.ndim == 2 and _near(pair.got, pair.want.T) for pair in wrong)


def _reshaped(wrong: Sequence[Pair]) -> str | None:
    """See the right values in the wrong shape."""
    if not all(
        pair.got.size == pair.want.size and _near(pair.got.ravel(), pair.want.ravel()) for pair in wrong
    ):
        return None
    pair = wrong[0]
    return f"right in its values, but of shape {pair.got.shape} where {pair.want.shape} is asked for"


def _kind(_pairs: Sequence[Pair], wrong: Sequence[Pair]) -> str | None:
    """See the right values in another kind of dtype."""
    if all(_near(pair.got, pair.want) for pair in wrong) and any(
        pair.got.dtype.kind != pair.want.dtype.kind for pair in wrong
    ):
        return f"right in its values, but of dtype {wrong[0].got.dtype}"
    return None


def _factor(pairs: Sequence[Pair], _wrong: Sequence[Pair]) -> str | None:
    """See the right value times one number."""
    telling = [pair for pair in pairs if _telling(pair.want)]
    if not _enough(telling):
        return None
    for factor, words in FACTORS.items():
        if all(_near(pair.got, factor * pair.want) for pair in pairs):
            return words
    return None


def _sized(pairs: Sequence[Pair], shown: Pair) -> str | None:
    """See the right value times, or divided by, a size of an argument."""
    telling = [pair for pair in pairs if _telling(pair.want)]
    if not telling:
        return None
    for name, size in _sizes(telling[0].arguments):
        numbers = [size(pair.arguments) for pair in pairs]
        if any(not number for number in numbers) or max(filter(None, numbers)) < 2:
            continue
        for power in (1, -1):
            if all(
                _near(pair.got, pair.want * float(number or 1) ** power)
                for pair, number in zip(pairs, numbers, strict=True)
            ):
                n = size(shown.arguments)
                if power == 1:
                    return (
                        f"{n} times the right value, and {n} is {name}, as of a sum where a mean is asked for"
                    )
                return f"1/{n} of the right value, and {n} is {name}"
    return None


def _sizes(arguments: Mapping[str, Any]) -> Iterator[tuple[str, Callable[[Mapping[str, Any]], int | None]]]:
    """Yield the sizes that the arguments of a call have, each with its name."""
    for key, value in arguments.items():
        array = alike.plain(value)
        if not isinstance(array, np.ndarray) or not array.ndim:
            continue
        words = {0: "the number of rows of", 1: "the number of columns of"}
        for axis in range(min(array.ndim, 4)):
            what = words.get(axis, f"the size along axis {axis} of") if array.ndim > 1 else "the length of"
            yield f"{what} `{key}`", _size_of(key, axis)
        if array.ndim > 1:
            yield f"the number of entries of `{key}`", _size_of(key, None)


def _size_of(key: str, axis: int | None) -> Callable[[Mapping[str, Any]], int | None]:
    def size(arguments: Mapping[str, Any]) -> int | None:
        array = alike.plain(arguments.get(key))
        if not isinstance(array, np.ndarray):
            return None
        if axis is None:
            return array.size
        return array.shape[axis] if axis < array.ndim else None

    return size


def _offset(pairs: Sequence[Pair], _wrong: Sequence[Pair]) -> str | None:
    """See the same number more, or less, everywhere."""
    differences = np.concatenate([(_float(pair.got) - _float(pair.want)).ravel() for pair in pairs])
    if len(differences) < _ENTRIES_MIN or not np.isfinite(differences).all():
        return None
    offset = float(np.median(differences))
    if offset == 0.0 or not np.allclose(differences, offset, rtol=1e-7, atol=0.0):
        return None
    if all(pair.want.dtype.kind in "iu" for pair in pairs):
        return f"{_count(abs(round(offset)))} too {'large' if offset > 0 else 'small'}, every time"
    return f"always {abs(offset):.6g} {'more' if offset > 0 else 'less'} than the right value"


def _mapped(pairs: Sequence[Pair], _wrong: Sequence[Pair]) -> str | None:
    """See a function of the right value."""
    if not _enough([pair for pair in pairs if _telling(pair.want)]):
        return None
    for words, function in MAPS.items():
        with np.errstate(all="ignore"):
            if all(_near(pair.got, function(_float(pair.want))) for pair in pairs):
                return words
    return None


def _single(pairs: Sequence[Pair], wrong: Sequence[Pair]) -> str | None:
    """See the right value with a float32's digits."""
    if any(pair.want.dtype != np.float64 for pair in wrong):
        return None
    if not all(alike.numbers(_float(pair.got), pair.want, _SINGLE) for pair in pairs):
        return None
    rounded = all(np.array_equal(_float(pair.got), _float(pair.got.astype(np.float32))) for pair in wrong)
    why = ": float32 has come in somewhere" if rounded else ""
    return f"right to six or seven digits and no further{why}"


def _shifted(_pairs: Sequence[Pair], wrong: Sequence[Pair]) -> str | None:
    """See the right entries, one place on."""
    if not all(pair.want.ndim == 1 and len(pair.want) >= _ENTRIES_MIN for pair in wrong):
        return None
    if any(len(set(pair.want.tolist())) < _ENTRIES_MIN for pair in wrong):
        return None
    if all(_near(pair.got[1:], pair.want[:-1]) for pair in wrong):
        return "shifted by one: each entry is the right one of the place before"
    if all(_near(pair.got[:-1], pair.want[1:]) for pair in wrong):
        return "shifted by one: each entry is the right one of the next place"
    if all(_near(pair.got, pair.want[::-1]) for pair in wrong):
        return "in the opposite order"
    return None


def _constant(pairs: Sequence[Pair], _wrong: Sequence[Pair]) -> str | None:
    """See the same number in every call, whatever was asked."""
    values = {float(value) for pair in pairs for value in _float(pair.got).ravel()[:1000]}
    if len(values) == 1 and len(pairs) >= _ENTRIES_MIN:
        return f"always {values.pop():.6g}, whatever the arguments are"
    return None


def _clipped(pairs: Sequence[Pair], wrong: Sequence[Pair]) -> str | None:
    """See the right value, cut off at a bound."""
    top = max(float(np.abs(_float(pair.got)).max(initial=0.0)) for pair in pairs)
    below = {float(value) for pair in pairs for value in np.abs(_float(pair.want)).ravel()[:1000]}
    if not 0.0 < top < math.inf or len(wrong) < 2 or sum(0.0 < value < top for value in below) < _ENTRIES_MIN:
        return None  # what is 0 or beyond the bound, and nothing between, says nothing of a bound
    if all(_near(pair.got, np.clip(_float(pair.want), -top, top)) for pair in pairs):
        return f"the right value, but cut off at ±{top:.4g}"
    return None


def _near(got: Array, want: Array) -> bool:
    return alike.numbers(_float(got), _float(want))


def _float(array: Array) -> Array:
    return array.astype(np.float64)


def _telling(want: Array) -> bool:
    """Whether a right value can tell a factor: it is not 0 everywhere."""
    return bool(np.any(_float(want) != 0.0))


def _enough(pairs: Sequence[Pair]) -> bool:
    """Whether there are several different numbers: one alone is twice another by chance."""
    values = {float(value) for pair in pairs for value in np.abs(_float(pair.want)).ravel()[:100] if value}
    return len(values) >= _ENTRIES_MIN


def _count(number: int) -> str:
    return {1: "one"}.get(number, str(number))
