"""Comparisons that a suite makes: each failure is a sentence about the learner's answer.

Order of the questions: is it a number or an array at all, of which shape, of which kind of
dtype, is it finite, and only then its values. Nothing is broadcast, NaN passes nothing, and
an object's own comparison is never asked.
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dlgrade import showing
from dlgrade.errors import OracleError
from dlgrade.student import Failure, Held
from dlgrade.wire.messages import Foreign
from dlgrade.wire.values import OBJECTS, Iterated

FLOOR = 1e-3
_SINGLE = (np.dtype(np.float16), np.dtype(np.float32))
_EXPONENT = 0.575
_KEYS_SHOWN = 12


@functools.cache
def relative_tolerance(dtype: Any = np.float64, terms: int = 1) -> float:
    """Take the relative tolerance for numbers of a dtype: 1e-9 for float64, 1e-4 for float32.

    The exponent 0.575 of the dtype's epsilon leaves about half of its digits to the learner's
    order of operations. The rounding of a sum of `terms` terms grows like their root (Higham,
    Accuracy and Stability of Numerical Algorithms, 2nd ed., section 2.8), so this does.
    """
    return math.pow(np.finfo(dtype).eps, _EXPONENT) * math.sqrt(max(1, terms))


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
    scale = float(np.abs(right).max(initial=0.0))  # no number, or infinite, if one of its entries is
    finite = None if math.isfinite(scale) else np.isfinite(right)
    if finite is not None:
        if np.isnan(right).any():
            raise OracleError(f"the right value of {name} is NaN: there is nothing to compare with")
        scale = float(np.abs(right[finite]).max(initial=0.0))
    array = np.asarray(_number(got, name)) if right.shape == () else _float_array(got, right.shape, name)
    dtype = right.dtype if right.dtype in _SINGLE else np.float64
    rtol = relative_tolerance(dtype, terms) if rtol is None else rtol
    near = _near(array, right, finite, max(rtol * scale, rtol * FLOOR if atol is None else atol))
    if not near.all():
        _finite(array, right, name)
        _differ(array, right, ~near, name)


def _near(
    array: NDArray[Any], right: NDArray[Any], finite: NDArray[np.bool_] | None, limit: float
) -> NDArray[np.bool_]:
    """Compare entry by entry: an infinity is near to itself alone, and NaN to nothing.

    `finite` says which entries of `right` are, or is None where all are.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        near = np.asarray(np.abs(array - right) <= limit)
    return near if finite is None else np.where(finite, near, array == right)


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
    plain = _from_tensor(got)
    value = plain.item() if isinstance(plain, np.ndarray | np.generic) and plain.shape == () else plain
    if type(value) is not int:
        _fail(f"{name} is {_what(got)}, an integer is asked for", got, want)
    if value != want:
        _fail(f"{name} is {value}, it should be {want}", got, want)


def number(got: Any, *, name: str) -> float:
    """Check that something is a single number, whichever and finite or not, and return it."""
    return _number(got, name)


def numbers(got: Any, shape: tuple[int, ...], *, name: str) -> NDArray[np.float64]:
    """Check that something is an array of numbers of a shape, whichever and finite or not, and return it."""
    array = _array(got, name)
    _shape(array, shape, name)
    if array.dtype.kind not in "biuf":
        _fail(f"{name} has dtype {array.dtype}, numbers are asked for")
    return array.astype(np.float64)


def listing(got: Any, *, name: str) -> list[Any]:
    """Check that something is a list, a tuple or a one-dimensional array; return it as a list."""
    plain = got.items if isinstance(got, Iterated) and got.type_name == OBJECTS else _from_tensor(got)
    if not isinstance(plain, list | tuple) and not (isinstance(plain, np.ndarray) and plain.ndim == 1):
        remedy = ": wrap it in list(...)" if isinstance(got, Iterated) else ""
        _fail(f"{name} is {_what(got)}, a list is asked for{remedy}")
    return list(plain)


def unpack(got: Any, count: int, *, name: str) -> tuple[Any, ...]:
    """Check that something unpacks into `count` items, and unpack it."""
    asked = f"{count} values are asked for: {name}"
    if isinstance(got, Iterated):
        items = got.items
    elif isinstance(got, list | tuple) or ((isinstance(got, np.ndarray) or _is_tensor(got)) and got.ndim > 0):
        items = list(got)
    else:
        _fail(f"{_what(got)} came back, {asked}")
    if len(items) != count and not isinstance(got, Iterated | list | tuple):
        _fail(f"{_what(got)} came back, {asked}")
    if len(items) != count:
        _fail(f"{len(items)} {'value' if len(items) == 1 else 'values'} came back, {asked}")
    return tuple(items)


def keys(got: Any, *names: str) -> dict[str, Any]:
    """Check that something is a dict that has these keys, among others perhaps."""
    if not isinstance(got, dict):
        _fail(f"{_what(got)} came back, a dict with the keys {_quoted(names)} is asked for")
    for name in names:
        if name not in got:
            _fail(f'the key "{name}" is missing; the keys are {_quoted(list(got)) or "none"}')
    return got


def _quoted(keys: Sequence[Any]) -> str:
    shown = [f'"{key}"' if isinstance(key, str) else repr(key) for key in keys[:_KEYS_SHOWN]]
    return ", ".join([*shown, "..."] if len(keys) > _KEYS_SHOWN else shown)


def that(condition: bool, sentence: str, *, steady: bool = True) -> None:
    """Check a condition; the sentence says what is wrong where it does not hold.

    With ``steady=False`` the report leaves out what came back: it would be another in every run.
    """
    if not condition:
        raise Failure(sentence, kind="check" if steady else "unsteady")


def raises(
    error: type[Exception], function: Callable[..., Any], *args: Any, mentions: str, **kwargs: Any
) -> None:
    """Check that a call raises an error whose message names the argument at fault."""
    asked = f"{_a(error.__name__)} that names `{mentions}` is asked for"
    try:
        function(*args, **kwargs)
    except Failure as failure:
        trouble = failure.trouble
        if trouble is None or failure.kind == "todo" or trouble.type_name == "RuledOutError":
            raise
        if error.__name__ not in trouble.bases:
            raise Failure(f"{failure.message}; {asked}", traceback=failure.traceback) from None
        if not _mentions(trouble.text, mentions):
            said = f"says {trouble.text!r}" if trouble.text else "says nothing"
            raise Failure(f"the {trouble.type_name} {said}; it should name `{mentions}`") from None
    else:
        raise Failure(f"nothing was raised; {asked}")


def _mentions(text: str, name: str) -> bool:
    """Whether a message names an argument; a name so short that other words hold it stands alone."""
    return re.search(rf"\b{re.escape(name)}\b" if len(name) <= 2 else re.escape(name), text) is not None


def _fail(sentence: str, got: Any = None, want: Any = None) -> NoReturn:
    returned = None if got is None else showing.text(got)
    raise Failure(sentence, returned=returned, expected=None if want is None else showing.text(want))


def _what(value: Any) -> str:
    """Name a value in a few words."""
    match value:
        case None:
            return "None (is a return missing?)"
        case Foreign("ndarray", reason):
            return reason
        case Foreign(type_name, reason):
            return _a(type_name) + (f" ({reason})" if reason else "")
        case Iterated():
            return _a(value.type_name)
        case np.ndarray():
            return f"an array of shape {value.shape} and dtype {value.dtype}"
        case Held():
            return "an object"
        case np.generic() | bool() | int() | float() | str():
            plain = repr(value.item() if isinstance(value, np.generic) else value)
            return f"{plain} ({type(value).__name__})" if len(plain) < 40 else _a(type(value).__name__)
    shape = tuple(getattr(value, "shape", ()))
    return _a(type(value).__name__) + (f" of shape {shape}" if shape else "")


def _a(noun: str) -> str:
    return f"an {noun}" if noun[:1] in set("aeioAEIO") else f"a {noun}"


def _as_numpy(want: ArrayLike) -> NDArray[Any]:
    return np.asarray(_from_tensor(want))


def _is_tensor(value: Any) -> bool:
    return type(value).__module__.partition(".")[0] == "torch"


def _from_tensor(value: Any) -> Any:
    """Turn a tensor into an array, and leave alone what is none; NumPy has no bfloat16."""
    if not _is_tensor(value):
        return value
    return (value.float() if str(value.dtype) == "torch.bfloat16" else value).detach().cpu().numpy()


def _number(got: Any, name: str) -> float:
    """Take whatever `float` takes and has no shape, but not a tensor that still requires grad."""
    if isinstance(got, Foreign) and got.number is not None:
        return got.number
    if _is_tensor(got) and got.shape == () and got.requires_grad:
        _fail(f"{name} is a tensor that still requires grad: use .item() or .detach()")
    plain = _from_tensor(got)
    if isinstance(plain, np.ndarray | np.generic) and plain.shape == () and plain.dtype.kind in "biuf":
        return float(plain)
    if isinstance(plain, bool | int | float):
        return float(plain)
    _fail(f"{name} is {_what(got)}, a single number is asked for")


def _array(got: Any, name: str) -> NDArray[Any]:
    plain = _from_tensor(got)
    if isinstance(plain, np.ndarray | np.generic):
        return np.asarray(plain)
    what = _what(got)
    numbers = " of numbers" if what.startswith("an array") else ""
    _fail(f"{name} is {what}, an array{numbers} is asked for")


def _float_array(got: Any, shape: tuple[int, ...], name: str) -> NDArray[Any]:
    array = _array(got, name)
    _shape(array, shape, name)
    if array.dtype.kind != "f":
        _fail(f"{name} has dtype {array.dtype}, floats are asked for")
    return array


def _shape(array: NDArray[Any], shape: tuple[int, ...], name: str) -> None:
    if array.shape != shape:
        _fail(f"{name} has shape {array.shape}, it should be {shape}")


def _finite(array: NDArray[Any], right: NDArray[Any], name: str) -> None:
    bad = np.isfinite(right) & ~np.isfinite(array)
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
