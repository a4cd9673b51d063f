"""Values as data: what a learner's function may take and give, encoded and decoded.

Both sides encode and decode with this module; they differ in what a reference means there
(a handle is an object in the worker, a callback a function in the grader). Nothing is
pickled. Decoding looks only at types that `messages` has validated, and an array is made of
plain numeric bytes whose length was compared with its shape first.
"""

from __future__ import annotations

import itertools
import json
import math
import sys
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from dlgrade.errors import WireError
from dlgrade.wire import messages as m

ITEMS_OF_ITERATOR_MAX = 64
_SIDES_MAX = 2**31
_NUMBERS = ("b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "f16", "c8", "c16")
DTYPES = {name: np.dtype(name) for name in _NUMBERS}
_NAMES = {dtype: name for name, dtype in DTYPES.items()}
_INLINE = frozenset(
    _NAMES[np.dtype(t)] for t in ("?", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8")
)
_TENSOR_VIEWS = {"bfloat16": "int16"}

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
        self.buffers: list[bytes] = []

    def encode(self, value: Any, depth: int = 0) -> m.Value:
        """Encode one value; what cannot cross becomes a `messages.Foreign`."""
        kind = type(value)
        if value is None or kind is bool or kind is float:
            return value  # type: ignore[no-any-return]
        if kind is int:
            return value if -(2**63) <= value < 2**64 else _foreign(value, "an integer of more than 64 bits")
        if kind is str:
            return (
                value if len(value) <= 65536 else _foreign(value, "a string of more than 65,536 characters")
            )
        if depth >= m.DEPTH_MAX:
            return _foreign(value, f"nested more than {m.DEPTH_MAX} deep")
        if (reference := self._refer(value)) is not None:
            return reference
        if isinstance(value, np.generic | np.ndarray):
            return self._numpy(value)
        if isinstance(value, complex):
            return self._numpy(np.complex128(value))
        if (tensor := _tensor_type()) is not None and isinstance(value, tensor):
            return self._tensor(value)
        if isinstance(value, list | tuple):
            return m.Sequence("list" if isinstance(value, list) else "tuple", self._items(value, depth))
        if isinstance(value, dict):
            return self._mapping(value, depth)
        return self._other(value, depth)

    def _items(self, values: Iterable[Any], depth: int) -> list[m.Value]:
        return [self.encode(item, depth + 1) for item in values]

    def _numpy(self, value: Any) -> m.Value:
        kind = "scalar" if isinstance(value, np.generic) else "ndarray"
        if kind == "ndarray" and type(value) is not np.ndarray:
            return _foreign(value, "a subclass of NumPy's array", number=False)
        dtype = value.dtype.newbyteorder("=")
        name = _NAMES.get(dtype)
        if name is None:
            return _foreign(value, f"an array of dtype {value.dtype}", number=False)
        if kind == "scalar" and name in _INLINE:
            return m.Scalar(name, value.item())
        self._buffer(np.asarray(value, dtype=dtype).tobytes())
        return m.Array(kind, name, list(value.shape))

    def _tensor(self, value: Any) -> m.Value:
        torch = sys.modules["torch"]
        if type(value) not in (torch.Tensor, torch.nn.Parameter):
            return _foreign(value, "a subclass of torch's Tensor", number=False)
        if value.layout is not torch.strided or value.device.type == "meta":
            return _foreign(value, f"a {value.layout} tensor on {value.device}", number=False)
        name = str(value.dtype).removeprefix("torch.")
        plain = value.detach().cpu().resolve_conj().resolve_neg().contiguous()
        if name in _TENSOR_VIEWS:
            plain = plain.view(getattr(torch, _TENSOR_VIEWS[name]))
        self._buffer(plain.numpy().tobytes())
        return m.Array("tensor", name, list(value.shape), bool(value.requires_grad))

    def _buffer(self, data: bytes) -> None:
        if len(self.buffers) >= m.ARRAYS_MAX:
            raise WireError(f"more than {m.ARRAYS_MAX} arrays in one message")
        self.buffers.append(data)

    def _mapping(self, value: dict[Any, Any], depth: int) -> m.Value:
        pairs = []
        for key, item in dict.items(value):
            if isinstance(key, np.generic):
                key = key.item()
            if not (key is None or type(key) in (bool, int, float, str)):
                return _foreign(value, f"a dict with a key of type {type(key).__name__}")
            pairs.append((key, self.encode(item, depth + 1)))
        return m.Mapping(pairs)

    def _other(self, value: Any, depth: int) -> m.Value:
        if hasattr(type(value), "__float__") or not hasattr(type(value), "__iter__"):
            return _foreign(value, "")
        if isinstance(value, bytes | bytearray | memoryview | str):
            return _foreign(value, "")
        items = list(itertools.islice(iter(value), ITEMS_OF_ITERATOR_MAX + 1))
        if len(items) > ITEMS_OF_ITERATOR_MAX:
            return _foreign(value, f"an iterator with more than {ITEMS_OF_ITERATOR_MAX} items")
        return m.Sequence("iterator", self._items(items, depth), type(value).__name__[:200])


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
            case m.Array():
                return self._array(value)
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
        if math.prod(side for side in array.shape if side) > _SIDES_MAX:
            raise WireError(f"an array of shape {tuple(array.shape)} is out of bounds")
        if array.kind == "tensor":
            return self._tensor(array)
        dtype = DTYPES.get(array.dtype)
        if dtype is None:
            raise WireError(f"an array of dtype {array.dtype!r}")
        data = self._take(dtype.itemsize * math.prod(array.shape))
        made = np.frombuffer(data, dtype).reshape(array.shape).copy()
        return made[()] if array.kind == "scalar" else made

    def _take(self, size: int) -> memoryview:
        data = memoryview(self._payload)[self.offset : self.offset + size]
        if len(data) != size:
            raise WireError("an array is longer than the bytes that came")
        self.offset += size
        return data

    def _tensor(self, array: m.Array) -> Any:
        plain = _TENSOR_VIEWS.get(array.dtype, array.dtype)
        name = {"bool": "b1", "complex64": "c8", "complex128": "c16"}.get(plain)
        if name is None:
            name = (
                plain[:1] + str(int(plain.lstrip("uintfloa")) // 8)
                if plain.lstrip("uintfloa").isdigit()
                else ""
            )
        dtype = DTYPES.get(name)
        if dtype is None:
            raise WireError(f"a tensor of dtype {array.dtype!r}")
        data = self._take(dtype.itemsize * math.prod(array.shape))
        if not self._tensors:
            return m.Foreign("Tensor", "a torch tensor where a NumPy array is asked for")
        import torch

        made = torch.from_numpy(np.frombuffer(data, dtype).reshape(array.shape).copy())
        if plain != array.dtype:
            made = made.view(getattr(torch, array.dtype))
        return made.requires_grad_() if array.requires_grad and made.is_floating_point() else made


def no_reference(value: Any) -> None:  # noqa: ARG001 - where nothing stays behind
    """Refer to nothing: for values that cross as they are."""


def random_state(value: Any) -> m.RandomState | None:
    """The state of a generator over PCG64, which crosses as a copy."""
    if type(value) is not np.random.Generator or type(value.bit_generator) is not np.random.PCG64:
        return None
    return m.RandomState(json.dumps(value.bit_generator.state))


def _scalar(dtype: str, number: bool | int | float) -> Any:
    if dtype not in _INLINE:
        raise WireError(f"a scalar of dtype {dtype!r}")
    try:
        return DTYPES[dtype].type(number)
    except (OverflowError, ValueError, TypeError) as error:
        raise WireError(f"a scalar that does not fit {dtype}") from error


def _tensor_type() -> Any:
    """torch's Tensor where torch is loaded; a stand-in for a ruled-out torch has none."""
    tensor = getattr(sys.modules.get("torch"), "Tensor", None)
    return tensor if isinstance(tensor, type) else None


def _foreign(value: Any, reason: str, *, number: bool = True) -> m.Foreign:
    """Describe an object that stays where it is; runs its own code, so only in the worker."""
    amount = None
    if number and hasattr(type(value), "__float__") and getattr(value, "shape", ()) == ():
        try:
            amount = float(value)
        except Exception:  # whatever a learner's __float__ raises, it is no number then
            amount = None
    return m.Foreign(type(value).__name__[:200], reason[:2000], amount)
