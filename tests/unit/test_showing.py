"""Showing values: as Python that makes them again, and as text that fits into a line or two."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlgrade import showing
from dlgrade.wire.messages import Foreign
from dlgrade.wire.values import Iterated

DTYPES = ["float64", "float32", "float16", "int64", "int8", "uint8", "bool", "complex128"]


def made(code: str, **names: Any) -> Any:
    return eval(code, {"np": np, **names})


def alike(one: Any, other: Any) -> bool:
    """Whether two values are the same type, shape, dtype and bits; any NaN is a NaN."""
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray | np.generic):
        same = (one.dtype, one.shape) == (other.dtype, other.shape)
        return same and np.array_equal(one, other, equal_nan=one.dtype.kind in "fc")
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(alike, one, other))
    if isinstance(one, dict):
        return alike(list(one.items()), list(other.items()))
    return one == other or (one != one and other != other)


@st.composite
def arrays(draw: st.DrawFn) -> np.ndarray:
    dtype = draw(st.sampled_from(DTYPES))
    shape = tuple(draw(st.lists(st.integers(0, 3), max_size=3)))
    numbers = st.floats(width=16) if dtype.startswith(("float", "complex")) else st.integers(0, 1)
    count = math.prod(shape)
    entries = draw(st.lists(numbers, min_size=count, max_size=count))
    return np.array(entries, dtype=dtype).reshape(shape)


leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | arrays()
scalars = arrays().filter(lambda array: array.size and array.dtype.kind != "c").map(lambda a: a.flat[0])
keys = st.text() | st.integers()
nested = st.recursive(
    leaves,
    lambda inner: st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(keys, inner),
    max_leaves=8,
)


@given(nested)
def test_code_makes_the_value_again(value):
    """Numbers, strings, arrays of any dtype and what holds them come back from their code, to the bit."""
    assert alike(made(showing.code(value)), value)


@given(scalars)
def test_code_of_a_scalar_keeps_the_dtype_that_matters(value):
    """A NumPy scalar is its number; where arithmetic with it differs from Python's, with its dtype."""
    found = made(showing.code(value))
    plain = value.dtype in (np.float64, np.int64, np.bool_)
    assert alike(found, value.item() if plain else value)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (np.array([[1.0, 2.5]]), "np.array([[1.0, 2.5]])"),
        (np.array(3.0), "np.array(3.0)"),
        (np.array([1, 2], np.uint8), "np.array([1, 2], dtype=np.uint8)"),
        (np.array([True]), "np.array([True])"),
        (np.array([np.nan, np.inf, -np.inf]), "np.array([np.nan, np.inf, -np.inf])"),
        (np.empty((0, 3)), "np.empty((0, 3))"),
        (np.empty((0, 3), np.int64), "np.empty((0, 3), dtype=np.int64)"),
        (np.float64(0.5), "0.5"),
        (np.uint8(3), "np.uint8(3)"),
        (np.float32("nan"), 'np.float32("nan")'),
        (float("-inf"), 'float("-inf")'),
        (float("nan"), 'float("nan")'),
        ((1,), "(1,)"),
        ((), "()"),
        ({"a": [1.5, None]}, "{'a': [1.5, None]}"),
        (np.random.default_rng(7), "np.random.default_rng(0)"),
        (np.longdouble(0.5), "np.longdouble('0.5')"),
        ({1}, "<set>"),
        (object(), "<object>"),
        (Foreign("Cache", ""), "<Cache>"),
        (math.tanh, "tanh"),
    ],
)
def test_code_reads_as_one_would_write_it(value, code):
    """Nothing stands in it that is not needed, and what cannot be written is named in angle brackets."""
    assert showing.code(value) == code


def test_code_of_a_large_array_is_its_shape():
    """Nobody reads more than sixty numbers."""
    assert showing.code(np.zeros((6, 10))).startswith("np.array(")
    assert showing.code(np.zeros((6, 11))) == "<array of shape (6, 11)>"


def test_code_of_a_function_is_what_the_suite_says_or_its_name():
    """A suite gives its callbacks a `code`; what merely has an attribute of that name is none."""

    def f(t):
        return t

    assert showing.code(f) == "f"
    f.code = "lambda t: t"
    assert showing.code(f) == "lambda t: t"

    class Anything:
        def __getattr__(self, name: str) -> Any:
            return self

        def __call__(self) -> None: ...

    assert showing.code(Anything()) == "<Anything>"


def test_code_of_tensors_makes_them_again():
    """A tensor is written with its dtype where that is not the usual one, and with its grad."""
    import torch

    for tensor, code in [
        (torch.tensor([1.0, float("nan")]), "torch.tensor([1.0, torch.nan])"),
        (torch.tensor([-math.inf]), "torch.tensor([-torch.inf])"),
        (torch.tensor(2), "torch.tensor(2)"),
        (torch.tensor([1.5], dtype=torch.float64), "torch.tensor([1.5], dtype=torch.float64)"),
        (torch.tensor([1.5], requires_grad=True), "torch.tensor([1.5], requires_grad=True)"),
        (torch.tensor([1.5], dtype=torch.bfloat16), "torch.tensor([1.5], dtype=torch.bfloat16)"),
        (torch.empty((0, 2), dtype=torch.int64), "torch.empty((0, 2), dtype=torch.int64)"),
    ]:
        assert showing.code(tensor) == code
        found = made(code, torch=torch)
        assert (found.dtype, found.shape) == (tensor.dtype, tensor.shape)
        assert found.requires_grad == tensor.requires_grad
        assert torch.equal(found.nan_to_num(7), tensor.nan_to_num(7))
    assert showing.code(torch.zeros(61)) == "<tensor of shape (61,)>"


def test_a_snippet_runs_in_the_learners_folder():
    """What a call needs is imported, the call is made and its answer printed."""
    args = (np.array([1.0]), np.random.default_rng(1))
    assert showing.snippet("kaiming", "wrong", args, {"rng": np.random.default_rng(2), "scheme": "rng"}) == (
        "import numpy as np\n"
        "from kaiming import wrong\n"
        "print(wrong(np.array([1.0]), np.random.default_rng(0), rng=np.random.default_rng(0), scheme='rng'))"
    )


def test_a_snippet_imports_nothing_that_it_does_not_need():
    """A call with plain numbers needs neither NumPy nor torch; one with a tensor needs torch."""
    import torch

    assert showing.snippet("backprop", "forward", (0.5, 2), {}) == (
        "from backprop import forward\nprint(forward(0.5, 2))"
    )
    assert showing.snippet("cnn", "conv", (torch.ones(1),), {}).splitlines()[0] == "import torch"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "None"),
        (0.1, "0.1"),
        (np.float64(0.1), "0.1"),
        (np.bool_(True), "True"),
        ("a\nb", "'a\\nb'"),
        (np.array([1.0, 1 / 3]), "[1.      , 0.333333]"),
        (np.array([[1, 2], [3, 4]]), "[[1, 2],\n [3, 4]]"),
        ([1, (2, {"a": np.array([0.5])})], "[1, (2, {'a': [0.5]})]"),
        (list(range(20)), "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, ...]"),
        (Foreign("Fraction", "", 0.5), "<Fraction>"),
        (Iterated("generator", [1]), "<generator>"),
        (object(), "<object>"),
    ],
)
def test_text_is_short_and_plain(value, text):
    """What came back is shown as Python shows it, arrays with six digits, the rest by its type."""
    assert showing.text(value) == text


@pytest.mark.parametrize(
    "value",
    [
        "x" * 65_536,
        np.arange(10_000.0).reshape(100, 100),
        [np.zeros((30, 30))] * 50,
        {str(i): np.ones(9) for i in range(1000)},
        [[[["x" * 100] * 50] * 50] * 2] * 2,
    ],
    ids=["string", "array", "arrays", "dict", "nested"],
)
def test_text_has_an_end(value):
    """However large a value is, its text is not."""
    assert len(showing.text(value)) <= 404


def test_text_of_tensors_is_that_of_their_numbers():
    """A tensor that still requires grad, and one that NumPy has no dtype for, are shown like arrays."""
    import torch

    assert showing.text(torch.tensor([0.5, 1.5], requires_grad=True)) == "[0.5, 1.5]"
    assert showing.text([torch.tensor([0.5], dtype=torch.bfloat16)]) == "[[0.5]]"
