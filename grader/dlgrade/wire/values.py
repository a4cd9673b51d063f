"""Values as data: what a learner's function may take and give, encoded and decoded.

Both sides encode and decode with this module; they differ in what a reference means there
(a handle is an object in the worker, a callback a function in the grader). Nothing is
pickled. Decoding looks only at types that `messages` has validated, and an array is made of
plain numeric bytes whose length was compared with its shape first.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import math
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlgrade.errors import WireError
from dlgrade.wire import messages as m

ITEMS_OF_ITERATOR_MAX = 64
OBJECTS = "array of dtype object"
_INLINE = ("b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8")
_LONG = np.dtype(np.longdouble)  # 16 bytes, but on some machines it is float64 again
DTYPES = {name: np.dtype(name) for name in (*_INLINE, "c8", "c16")}
if _LONG.itemsize == 16:
    DTYPES["f16"] = _LONG
_OF_NUMPY = (np.ndarray, np.generic)
_NAMES = {dtype: name for name, dtype in DTYPES.items()}
_PYTHON = {"b": bool, "i": int, "u": int, "f": float}
_TENSORS = {
    "bool": "b1",
    **{f"{sign}int{8 * size}": f"{sign or 'i'}{size}" for sign in ("", "u") for size in (1, 2, 4, 8)},
    **{f"float{8 * size}": f"f{size}" for size in (2, 4, 8)},
    "complex64": "c8",
    "complex128": "c16",
    "bfloat16": "i2",  # NumPy has none: its bits travel
}

Reference = m.HandleRef | m.CallbackRef | m.RandomState
Refer = Callable[[Any], Reference | None]
Resolve = Callable[[Reference], Any]


class Iterated:
    """What running through an iterator, a set or another iterable gave."""

    def __init__(self, type_name: str, items: list[Any]) -> None:
        self.type_name = type_name
        self.items = items


class Encoder:
    """Turns values into header trees and a list of buffers.

    Parameters
    ----------
    refer
        Gives the reference that stands for an object which does not cross, or None.
    """

    def __init__(self, refer: Refer) -> None:
        self._refer = refer
        self._items_left = m.ITEMS_MAX
        self._bytes_left = m.PAYLOAD_MAX
        self.buffers: list[bytes] = []

    def encode(self, value: Any, depth: int = 0) -> m.Value:
        """Encode one value; what cannot cross becomes a `messages.Foreign`.

        Raises
        ------
        WireError
            Where there is more than one message can hold.
        """
        self._items_left -= 1
        if self._items_left < 0:
            raise WireError(f"more than {m.ITEMS_MAX:,} values in one message")
        kind = type(value)
        if value is None or kind is bool or kind is float:
            return value  # type: ignore[no-any-return]
        if kind is int:
            return value if _fits(value) else _foreign(value, "an integer of more than 64 bits")
        if kind is str:
            if len(value) > m.STRING_MAX:
                return _foreign(value, f"a string of more than {m.STRING_MAX:,} characters")
            return value if _is_text(value) else _foreign(value, "a string that holds lone surrogates")
        if depth >= m.DEPTH_MAX:
            return _foreign(value, f"nested more than {m.DEPTH_MAX} deep")
        if (reference := self._refer(value)) is not None:
            return reference
        if isinstance(value, _OF_NUMPY):
            return self._numpy(value, depth)
        if isinstance(value, complex):
            return self._numpy(np.complex128(value), depth)
        if (tensor := _tensor_type()) is not None and isinstance(value, tensor):
            return self._tensor(value)
        if isinstance(value, list | tuple):
            return m.Sequence("list" if isinstance(value, list) else "tuple", self._items(value, depth))
        if isinstance(value, dict):
            return self._mapping(value, depth)
        return self._other(value, depth)

    def _items(self, values: Iterable[Any], depth: int) -> list[m.Value]:
        return [self.encode(item, depth + 1) for item in values]

    def _numpy(self, value: Any, depth: int) -> m.Value:
        scalar = isinstance(value, np.generic)
        if not scalar and type(value) is not np.ndarray:
            return _foreign(value, "a subclass of NumPy's array", number=False)
        dtype = value.dtype
        if dtype.kind == "O" and value.ndim == 1 and len(value) <= ITEMS_OF_ITERATOR_MAX:
            # No array of numbers, but something that unpacks, as `np.array([w, b], dtype=object)` does.
            return m.Sequence("iterator", self._items(value, depth), OBJECTS)
        if not dtype.isnative:
            dtype = dtype.newbyteorder("=")
        name = _NAMES.get(dtype)
        if name is None:
            what = "of dtype" if scalar else "an array of dtype"
            return _foreign(value, f"{what} {value.dtype}", number=value.dtype.kind == "O")
        if scalar and name in _INLINE:
            return m.Scalar(name, value.item())
        if (reason := _unshippable(value.shape)) is not None:
            return _foreign(value, reason, number=False)
        self._reserve(value.nbytes)
        self.buffers.append(np.asarray(value, dtype=dtype).tobytes())
        return m.Array("scalar" if scalar else "ndarray", name, list(value.shape))

    def _tensor(self, value: Any) -> m.Value:
        torch = sys.modules["torch"]
        if type(value) not in (torch.Tensor, torch.nn.Parameter):
            return _foreign(value, "a subclass of torch's Tensor", number=False)
        if value.layout is not torch.strided or value.device.type == "meta":
            return _foreign(value, f"a {value.layout} tensor on {value.device}", number=False)
        name = str(value.dtype).removeprefix("torch.")
        if name not in _TENSORS:
            return _foreign(value, f"a tensor of dtype {name}", number=False)
        if (reason := _unshippable(value.shape)) is not None:
            return _foreign(value, reason, number=False)
        self._reserve(value.numel() * value.element_size())
        plain = value.detach().cpu().resolve_conj().resolve_neg().contiguous()
        if name == "bfloat16":
            plain = plain.view(torch.int16)
        self.buffers.append(plain.numpy().tobytes())
        return m.Array("tensor", name, list(value.shape), bool(value.requires_grad))

    def _reserve(self, size: int) -> None:
        """Count an array before its bytes are made: a broadcast view can be larger than the memory."""
        if len(self.buffers) >= m.ARRAYS_MAX:
            raise WireError(f"more than {m.ARRAYS_MAX:,} arrays in one message")
        self._bytes_left -= size
        if self._bytes_left < 0:
            raise WireError(f"arrays of more than {m.PAYLOAD_MAX:,} bytes in one message")

    def _mapping(self, value: dict[Any, Any], depth: int) -> m.Value:
        pairs = []
        for given, item in dict.items(value):
            key = given.item() if isinstance(given, np.generic) else given
            if (reason := _unfit_key(key)) is not None:
                return _foreign(value, reason)
            pairs.append((key, self.encode(item, depth + 1)))
        return m.Mapping(pairs)

    def _other(self, value: Any, depth: int) -> m.Value:
        if hasattr(type(value), "__float__") or not runs_through(value):
            return _foreign(value, "")
        if isinstance(value, bytes | bytearray | memoryview | str):
            return _foreign(value, "")
        items = list(itertools.islice(iter(value), ITEMS_OF_ITERATOR_MAX + 1))
        if len(items) > ITEMS_OF_ITERATOR_MAX:
            return _foreign(value, f"an iterator with more than {ITEMS_OF_ITERATOR_MAX} items")
        return m.Sequence("iterator", self._items(items, depth), type(value).__name__[:200])


def runs_through(value: Any) -> bool:
    """Whether something unpacks; an object with ``__getitem__`` alone does, too."""
    return hasattr(type(value), "__iter__") or hasattr(type(value), "__getitem__")


class Decoder:
    """Turns header trees and one payload back into values.

    Parameters
    ----------
    payload
        The raw bytes of all arrays, in the order in which they are met.
    resolve
        Gives the object that a reference stands for, or raises `WireError`.
    tensors
        Whether tensors are made; where not, one becomes a `messages.Foreign`.
    """

    def __init__(self, payload: bytes | bytearray, resolve: Resolve, *, tensors: bool) -> None:
        self.offset = 0
        self._payload = payload
        self._arrays = 0
        self._resolve = resolve
        self._tensors = tensors

    def decode(self, value: m.Value, depth: int = 0) -> Any:
        """Decode one value; raises `WireError` where it contradicts itself."""
        if depth > m.DEPTH_MAX:
            raise WireError(f"nested more than {m.DEPTH_MAX} deep")
        if type(value) is m.Array:
            return self._array(value)
        match value:
            case m.Sequence(kind, items, type_name):
                decoded = [self.decode(item, depth + 1) for item in items]
                if kind == "iterator":
                    return Iterated(type_name, decoded)
                return decoded if kind == "list" else tuple(decoded)
            case m.Mapping(pairs):
                return {key: self.decode(item, depth + 1) for key, item in pairs}
            case m.Scalar(dtype, number):
                return _scalar(dtype, number)
            case m.HandleRef() | m.CallbackRef() | m.RandomState():
                return self._resolve(value)
        return value

    def finish(self) -> None:
        """Raise unless all of the payload was used."""
        if self.offset != len(self._payload):
            raise WireError("bytes are left over behind the arrays")

    def _array(self, array: m.Array) -> Any:
        self._arrays += 1
        if self._arrays > m.ARRAYS_MAX:
            raise WireError(f"more than {m.ARRAYS_MAX} arrays in one message")
        if (reason := _unshippable(array.shape)) is not None:
            raise WireError(reason)
        if array.kind == "tensor":
            return self._tensor(array)
        dtype = DTYPES.get(array.dtype)
        if dtype is None:
            raise WireError(f"an array of dtype {array.dtype!r}")
        made = self._taken(array.shape, dtype)
        return made[()] if array.kind == "scalar" else made

    def _taken(self, shape: Sequence[int], dtype: np.dtype[Any]) -> NDArray[Any]:
        """Copy the next bytes into an array of this shape."""
        start, self.offset = self.offset, self.offset + dtype.itemsize * math.prod(shape)
        if self.offset > len(self._payload):
            raise WireError("an array is longer than the bytes that came")
        return np.ndarray(tuple(shape), dtype, self._payload, start).copy()

    def _tensor(self, array: m.Array) -> Any:
        name = _TENSORS.get(array.dtype)
        if name is None:
            raise WireError(f"a tensor of dtype {array.dtype!r}")
        made: Any = self._taken(array.shape, DTYPES[name])
        if not self._tensors:
            return m.Foreign("Tensor", "a torch tensor where a NumPy array is asked for")
        import torch

        made = torch.from_numpy(made)
        if array.dtype == "bfloat16":
            made = made.view(torch.bfloat16)
        differentiable = made.is_floating_point() or made.is_complex()
        return made.requires_grad_() if array.requires_grad and differentiable else made


def no_reference(value: Any) -> None:
    """Refer to nothing: for values that cross as they are."""


def random_state(value: Any) -> m.RandomState | None:
    """Take the state of a generator over PCG64, which crosses as a copy."""
    if type(value) is not np.random.Generator or type(value.bit_generator) is not np.random.PCG64:
        return None
    return m.RandomState(json.dumps(value.bit_generator.state))


def _scalar(dtype: str, number: bool | int | float) -> Any:
    if dtype not in _INLINE or type(number) is not _PYTHON[DTYPES[dtype].kind]:
        raise WireError(f"a scalar of dtype {dtype!r} that is a {type(number).__name__}")
    with contextlib.suppress(OverflowError), np.errstate(over="ignore"):
        made = DTYPES[dtype].type(number)
        if made.item() == number or number != number:  # NaN is what it is
            return made
    raise WireError(f"a scalar that does not fit {dtype}")


def _fits(value: int) -> bool:
    return -(2**63) <= value < 2**64


def _is_text(value: str) -> bool:
    """Whether a string can be written as UTF-8: a lone surrogate, of a file's name perhaps, cannot."""
    if value.isascii():
        return True
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _unfit_key(key: Any) -> str | None:
    """Say why a dict with this key does not cross."""
    if type(key) is str and len(key) <= m.KEY_MAX and key.isascii():  # mostly
        return None
    if not (key is None or type(key) in (bool, int, float, str)):
        return f"a dict with a key of type {type(key).__name__}"
    if isinstance(key, str) and len(key) > m.KEY_MAX:
        return f"a dict with a key of more than {m.KEY_MAX:,} characters"
    if isinstance(key, str) and not _is_text(key):
        return "a dict with a key that holds lone surrogates"
    if isinstance(key, int) and not _fits(key):
        return "a dict with a key of more than 64 bits"
    return None


def _unshippable(shape: Sequence[int]) -> str | None:
    """Say why an array of this shape does not cross, not even where a side of 0 makes it small."""
    if len(shape) > m.AXES_MAX:
        return f"an array of more than {m.AXES_MAX} axes"
    if math.prod(filter(None, shape)) > m.SIDES_MAX:
        return f"an array of shape {tuple(shape)}"
    return None


def _tensor_type() -> Any:
    """Find torch's Tensor where torch is loaded; a stand-in for a ruled-out torch has none."""
    tensor = getattr(sys.modules.get("torch"), "Tensor", None)
    return tensor if isinstance(tensor, type) else None


def _foreign(value: Any, reason: str, *, number: bool = True) -> m.Foreign:
    """Describe an object that stays where it is; runs its own code, so only in the worker."""
    amount = None
    if number and hasattr(type(value), "__float__"):
        try:
            amount = float(value) if getattr(value, "shape", ()) == () else None
        except Exception:  # whatever a learner's __float__ raises, it is no number then
            amount = None
    return m.Foreign(type(value).__name__[:200], reason[:2000], amount)
