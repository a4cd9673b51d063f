"""Values as Python that can be run, and as text that can be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

ENTRIES_MAX = 60
_TEXT_MAX = 400


def code(value: Any) -> str:
    """Python that makes a value again; arrays as ``np.array(...)``."""
    if isinstance(value, np.ndarray):
        return _array(value)
    if isinstance(value, np.generic):
        return repr(value.item())
    if isinstance(value, np.random.Generator):
        return "rng"
    if isinstance(value, list | tuple):
        inside = ", ".join(code(item) for item in value)
        if isinstance(value, list):
            return f"[{inside}]"
        return f"({inside},)" if len(value) == 1 else f"({inside})"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{code(key)}: {code(item)}" for key, item in value.items()) + "}"
    if isinstance(value, float) and value in (float("inf"), float("-inf")):
        return f'float("{value}")'
    if callable(value):
        return getattr(value, "code", getattr(value, "__name__", "f"))  # type: ignore[no-any-return]
    return repr(value) if isinstance(value, int | float | str | bool | None) else f"<{type(value).__name__}>"


def _array(value: np.ndarray[Any, Any]) -> str:
    dtype = "" if value.dtype in (np.float64, np.int64, np.bool_) else f", dtype=np.{value.dtype.name}"
    if value.size == 0:
        return f"np.empty({value.shape}{dtype})"
    if value.size > ENTRIES_MAX:
        return f"<array of shape {value.shape}>"
    return f"np.array({_nested(value.tolist())}{dtype})"


def _nested(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_nested(item) for item in value) + "]"
    return repr(value)


def call(function: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> str:
    """A call as one line of Python."""
    parts = [code(arg) for arg in args] + [f"{name}={code(arg)}" for name, arg in kwargs.items()]
    return f"{function}({', '.join(parts)})"


def snippet(module: str, function: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> str:
    """The imports that a call needs, and the call, printed."""
    line = call(function, args, kwargs)
    imports = ["import numpy as np"] if "np." in line else []
    if "rng" in (code(arg) for arg in [*args, *kwargs.values()]):
        imports = ["import numpy as np"]
        line = line.replace("rng", "np.random.default_rng(0)", 1)
    return "\n".join([*imports, f"from {module} import {function}", f"print({line})"])


def text(value: Any) -> str:
    """A value for reading: short, arrays rounded to what still tells them apart."""
    if isinstance(value, np.ndarray) or type(value).__module__ == "torch":
        shown = np.array2string(np.asarray(value), precision=6, threshold=30, edgeitems=3, separator=", ")
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
        shown = f"<{type(value).__name__}>"
    return shown if len(shown) <= _TEXT_MAX else shown[:_TEXT_MAX] + " ..."
