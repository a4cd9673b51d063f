"""Values as Python that can be run, and as text that can be read."""

from __future__ import annotations

import cmath
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

ENTRIES_MAX = 60
_TEXT_MAX = 400


def code(value: Any) -> str:
    """Write Python that makes a value again; arrays as ``np.array(...)``."""
    if isinstance(value, np.ndarray):
        return _array(value)
    if isinstance(value, np.generic):
        return _scalar(value)
    if isinstance(value, np.random.Generator):
        return "np.random.default_rng(0)"
    if _is_tensor(value):
        return _tensor(value)
    if isinstance(value, list | tuple):
        inside = ", ".join(code(item) for item in value)
        if isinstance(value, list):
            return f"[{inside}]"
        return f"({inside},)" if len(value) == 1 else f"({inside})"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{code(key)}: {code(item)}" for key, item in value.items()) + "}"
    if isinstance(value, float) and not math.isfinite(value):
        return f'float("{value}")'
    if isinstance(value, int | float | str | bool | None):
        return repr(value)
    for name in (getattr(value, "code", None), getattr(value, "__name__", None)):
        if callable(value) and isinstance(name, str):
            return name
    return _placeholder(value)


def _scalar(value: np.generic[Any]) -> str:
    """Write a NumPy scalar, with its dtype where arithmetic with it differs from Python's."""
    if isinstance(value, np.float64 | np.int64 | np.bool_):
        return code(value.item())
    return repr(value) if np.isfinite(value) else f'np.{value.dtype.name}("{value}")'


def _array(value: np.ndarray[Any, Any]) -> str:
    dtype = f", dtype=np.{value.dtype.name}"
    if value.size == 0:
        return f"np.empty({value.shape}{'' if value.dtype == np.float64 else dtype})"
    if value.size > ENTRIES_MAX:
        return f"<array of shape {value.shape}>"
    plain = value.dtype in (np.float64, np.int64, np.bool_)
    return f"np.array({_nested(value.tolist(), 'np')}{'' if plain else dtype})"


def _tensor(value: Any) -> str:
    if value.numel() > ENTRIES_MAX:
        return f"<tensor of shape {tuple(value.shape)}>"
    dtype = str(value.dtype)
    more = "" if dtype in ("torch.float32", "torch.int64", "torch.bool") else f", dtype={dtype}"
    if value.numel() == 0:
        return f"torch.empty({tuple(value.shape)}{more or f', dtype={dtype}'})"
    more += ", requires_grad=True" if value.requires_grad else ""
    return f"torch.tensor({_nested(value.tolist(), 'torch')}{more})"


def _nested(value: Any, module: str) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_nested(item, module) for item in value) + "]"
    if isinstance(value, float) and not math.isfinite(value):
        return f"-{module}.inf" if value < 0 else f"{module}.{value}"
    if isinstance(value, complex) and not cmath.isfinite(value):
        return f"complex({_nested(value.real, module)}, {_nested(value.imag, module)})"
    return repr(value)


def _is_tensor(value: Any) -> bool:
    """Whether a value is a tensor, without importing torch for it."""
    return type(value).__module__.partition(".")[0] == "torch" and hasattr(value, "requires_grad")


def _placeholder(value: Any) -> str:
    """Name the type of what cannot be written; what stayed in the worker tells the name of its own."""
    name = getattr(value, "type_name", None)
    return f"<{name if isinstance(name, str) and name else type(value).__name__}>"


def call(function: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> str:
    """Write a call as one line of Python."""
    parts = [code(arg) for arg in args] + [f"{name}={code(arg)}" for name, arg in kwargs.items()]
    return f"{function}({', '.join(parts)})"


def snippet(module: str, function: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> str:
    """Write the imports that a call needs, and the call, printed."""
    line = call(function, args, kwargs)
    needed = {"np.": "import numpy as np", "torch.": "import torch"}
    imports = [statement for name, statement in needed.items() if name in line]
    return "\n".join([*imports, f"from {module} import {function}", f"print({line})"])


def text(value: Any) -> str:
    """Write a value for reading: short, arrays rounded to what still tells them apart."""
    if _is_tensor(value):
        value = (value if str(value.dtype) != "torch.bfloat16" else value.float()).detach().numpy()
    if isinstance(value, np.ndarray):
        shown = np.array2string(value, precision=6, threshold=30, edgeitems=3, separator=", ")
    elif isinstance(value, np.generic):
        shown = repr(value.item())
    elif isinstance(value, float | int | str | bool | None):
        shown = repr(value)
    elif isinstance(value, dict):
        shown = "{" + ", ".join(f"{key!r}: {text(item)}" for key, item in value.items()) + "}"
    elif isinstance(value, list | tuple):
        inside = ", ".join(text(item) for item in value[:12]) + (", ..." if len(value) > 12 else "")
        shown = f"[{inside}]" if isinstance(value, list) else f"({inside})"
    else:
        shown = _placeholder(value)
    return shown if len(shown) <= _TEXT_MAX else shown[:_TEXT_MAX] + " ..."
