"""Comparisons that a suite makes: each failure is a sentence about the learner's answer.

Order of the questions: is it a number or an array at all, of which shape, of which kind of
dtype, is it finite, and only then its values. Nothing is broadcast, NaN passes nothing, and
an object's own comparison is never asked.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NoReturn

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dlgrade import showing
from dlgrade.student import Failure, Held
from dlgrade.wire.messages import Foreign
from dlgrade.wire.values import Iterated

FLOOR = 1e-3
_EXPONENT = 0.575


def relative_tolerance(dtype: Any = np.float64, terms: int = 1) -> float:
    """The relative tolerance for numbers of a dtype: 1e-9 for float64, 1e-4 for float32.

    The exponent 0.575 of the dtype's epsilon leaves about half of its digits to the learner's
    order of operations. The rounding of a sum of `terms` terms grows like their root (Higham,
    Accuracy and Stability of Numerical Algorithms, 2nd ed., section 2.8), so this does.
    """
    return float(np.finfo(dtype).eps) ** _EXPONENT * math.sqrt(max(1, terms))


def close(
    got: Any,
    want: ArrayLike,
    *,
    name: str,
    rtol: float | None = None,
    atol: float | None = None,
    terms: int = 1,
) -> None:
    """Check that a number or an array is the right one.

    Parameters
    ----------
    got
        What came back.
    want
        The right answer; its shape is asked for. Of shape (): whatever the contract calls a float.
    name
        What it is, in the words of the exercise.
    rtol
        Relative to the largest entry of `want`; by default from the dtype and `terms`.
    atol
        Absolute tolerance; by default `rtol` of `FLOOR`, for where the right answer is 0.
    terms
        How many terms the longest sum behind an entry has.
    """
    right = _as_numpy(want)
    array = _number(got, name) if right.shape == () else _float_array(got, right.shape, name)
    if right.shape == ():
        array = np.asarray(array)
    _finite(array, right, name)
    dtype = np.float32 if right.dtype == np.float32 else np.float64
    rtol = relative_tolerance(dtype, terms) if rtol is None else rtol
    scale = float(np.max(np.abs(right[np.isfinite(right)]), initial=0.0))
    limit = max(rtol * scale, rtol * FLOOR if atol is None else atol)
    off = ~(np.abs(array - np.where(np.isfinite(right), right, array)) <= limit)
    if off.any():
        _differ(array, right, off, name)


def integers(got: Any, want: ArrayLike, *, name: str) -> None:
    """Check an array of integers, exactly: any integer dtype, no bools, no floats."""
    right = np.asarray(want)
    array = _array(got, name)
    _shape(array, right.shape, name)
    if array.dtype.kind not in "iu":
        _fail(f"{name} has dtype {array.dtype}, integers are asked for", got, want)
    off = array != right
    if off.any():
        _differ(array, right, off, name)


def integer(got: Any, want: int, *, name: str) -> None:
    """Check one integer, exactly; a bool or a float is none."""
    value = got.item() if isinstance(got, np.ndarray | np.generic) and np.shape(got) == () else got
    if type(value) is not int:
        _fail(f"{name} is {_what(got)}, an integer is asked for", got, want)
    if value != want:
        _fail(f"{name} is {value}, it should be {want}", got, want)


def listing(got: Any, *, name: str) -> list[Any]:
    """Check that something is a list, a tuple or a one-dimensional array; return it as a list."""
    if isinstance(got, np.ndarray) and got.ndim == 1:
        return list(got)
    if isinstance(got, list | tuple):
        return list(got)
    if isinstance(got, Iterated):
        _fail(f"{name} is a {got.type_name}, a list is asked for: wrap it in list(...)")
    _fail(f"{name} is {_what(got)}, a list is asked for")


def unpack(got: Any, count: int, *, name: str) -> tuple[Any, ...]:
    """Check that something unpacks into `count` items, and unpack it."""
    if isinstance(got, Iterated):
        items = list(got.items)
    elif isinstance(got, list | tuple) or (isinstance(got, np.ndarray) and got.ndim > 0):
        items = list(got)
    else:
        _fail(f"{name} is {_what(got)}, {count} values are asked for: {name}")
    if len(items) != count:
        _fail(f"{len(items)} values came back, {count} are asked for: {name}")
    return tuple(items)


def keys(got: Any, *names: str) -> dict[str, Any]:
    """Check that something is a dict that has these keys, among others perhaps."""
    if not isinstance(got, dict):
        listed = ", ".join(f'"{name}"' for name in names)
        _fail(f"{_what(got)} came back, a dict with the keys {listed} is asked for")
    for name in names:
        if name not in got:
            have = ", ".join(repr(key) for key in got) or "none"
            _fail(f'the key "{name}" is missing; the keys are {have}')
    return got


def that(condition: bool, sentence: str) -> None:
    """Check a condition; the sentence says what is wrong where it does not hold."""
    if not condition:
        raise Failure(sentence)


def raises(
    error: type[Exception], function: Callable[..., Any], *args: Any, mentions: str, **kwargs: Any
) -> None:
    """Check that a call raises an error whose message names the argument at fault."""
    try:
        function(*args, **kwargs)
    except Failure as failure:
        if failure.trouble is None or failure.kind in ("missing", "todo"):
            raise
        _right_error(failure, error, mentions)
    else:
        raise Failure(f"no {error.__name__} was raised; it should name {mentions!r}")


def _right_error(failure: Failure, error: type[Exception], mentions: str) -> None:
    trouble = failure.trouble
    assert trouble is not None
    if error.__name__ not in trouble.bases:
        raise Failure(
            f"{trouble.type_name} was raised, a {error.__name__} is asked for", traceback=failure.traceback
        )
    if mentions not in trouble.text:
        raise Failure(f"the {error.__name__} says {trouble.text!r}; it should name {mentions!r}")


def _fail(sentence: str, got: Any = None, want: Any = None) -> NoReturn:
    returned = None if got is None else showing.text(got)
    raise Failure(sentence, returned=returned, expected=None if want is None else showing.text(want))


def _what(value: Any) -> str:
    """Name a value in a few words."""
    match value:
        case None:
            return "None (is a return missing?)"
        case Foreign(type_name, reason):
            return f"a {type_name}" + (f" ({reason})" if reason else "")
        case Iterated():
            return f"a {value.type_name}"
        case np.ndarray():
            return f"an array of shape {value.shape} and dtype {value.dtype}"
        case bool() | int() | float() | str():
            return (
                f"{value!r} ({type(value).__name__})"
                if len(repr(value)) < 40
                else f"a {type(value).__name__}"
            )
        case Held():
            return "an object"
    shape = getattr(value, "shape", None)
    return f"a {type(value).__name__}" + (f" of shape {tuple(shape)}" if shape else "")


def _as_numpy(want: Any) -> NDArray[Any]:
    if type(want).__module__ == "torch":
        want = want.detach().cpu().numpy()
    return np.asarray(want)


def _is_tensor(value: Any) -> bool:
    return type(value).__module__.partition(".")[0] == "torch"


def _number(got: Any, name: str) -> float:
    """Whatever `float` takes and has no shape, but not a tensor that still requires grad."""
    if isinstance(got, Foreign) and got.number is not None:
        return got.number
    if _is_tensor(got) and got.shape == ():
        if got.requires_grad:
            _fail(f"{name} is a tensor that still requires grad: use .item() or .detach()")
        got = got.item()
    if isinstance(got, np.ndarray | np.generic) and np.shape(got) == () and got.dtype.kind in "biuf":
        return float(got)
    if isinstance(got, bool | int | float):
        return float(got) if abs(got) < 1e308 or isinstance(got, float) else math.inf
    _fail(f"{name} is {_what(got)}, a single number is asked for")


def _array(got: Any, name: str) -> NDArray[Any]:
    if isinstance(got, np.ndarray | np.generic):
        return np.asarray(got)
    _fail(f"{name} is {_what(got)}, an array is asked for")


def _float_array(got: Any, shape: tuple[int, ...], name: str) -> NDArray[Any]:
    array = got.detach().cpu().numpy() if _is_tensor(got) else _array(got, name)
    _shape(array, shape, name)
    if array.dtype.kind != "f":
        _fail(f"{name} has dtype {array.dtype}, floats are asked for")
    return array


def _shape(array: NDArray[Any], shape: tuple[int, ...], name: str) -> None:
    if array.shape != shape:
        _fail(f"{name} has shape {array.shape}, it should be {shape}")


def _finite(array: NDArray[Any], right: NDArray[Any], name: str) -> None:
    bad = ~np.isfinite(array) & np.isfinite(right)
    if bad.any():
        where = np.unravel_index(int(np.argmax(bad)), array.shape)
        value = float(array[where])
        place = f"{name}{_index(where)}"
        _fail(f"{place} is {value}, it should be {_short(right[where])}", array[()], right[()])


def _differ(array: NDArray[Any], right: NDArray[Any], off: NDArray[np.bool_], name: str) -> NoReturn:
    where = np.unravel_index(int(np.argmax(off)), off.shape)
    many = f" ({int(off.sum())} of {off.size} entries differ)" if off.size > 1 else ""
    got, want = _apart(array[where], right[where])
    _fail(f"{name}{_index(where)} is {got}, it should be {want}{many}", array[()], right[()])


def _index(where: tuple[Any, ...]) -> str:
    return f"[{', '.join(str(int(i)) for i in where)}]" if where else ""


def _short(value: Any) -> str:
    number = value.item() if hasattr(value, "item") else value
    return f"{number:.6g}" if isinstance(number, float) else str(number)


def _apart(got: Any, want: Any) -> tuple[str, str]:
    """Two numbers with as many digits as it takes to see that they differ."""
    got, want = np.asarray(got).item(), np.asarray(want).item()
    if isinstance(got, int) and isinstance(want, int):
        return str(got), str(want)
    for digits in (6, 9, 12, 17):
        pair = f"{float(got):.{digits}g}", f"{float(want):.{digits}g}"
        if pair[0] != pair[1]:
            break
    return pair
