"""The checks of a suite: what each accepts, what each refuses, and the sentence that a learner reads."""

import decimal
import fractions
import math
from typing import Any, NamedTuple

import numpy as np
import pytest

from dlgrade.errors import OracleError
from dlgrade.student import Failure
from dlgrade.suite import check
from dlgrade.wire import messages as m
from dlgrade.wire import values
from dlgrade.wire.values import Iterated


def crossed(value: Any) -> Any:
    """Return a value as it comes out of the worker."""
    encoder = values.Encoder(values.no_reference)
    tree = encoder.encode(value)
    return values.Decoder(b"".join(encoder.buffers), values.no_reference, tensors=True).decode(tree)


def complaint(function: Any, *args: Any, **kwargs: Any) -> str:
    """Return what a check says, which is one sentence in one line."""
    with pytest.raises(Failure) as caught:
        function(*args, **kwargs)
    assert "\n" not in caught.value.message
    assert caught.value.kind == "check"
    return caught.value.message


# One number.

REALS = [np.float16, np.float32, np.float64, np.longdouble, np.int8, np.int64, np.uint8, np.uint64, np.bool_]


@pytest.mark.parametrize(
    "got",
    [
        1.0,
        1,
        True,
        fractions.Fraction(1),
        decimal.Decimal("1.0"),
        np.array(1.0),
        np.array(1),
        np.array(fractions.Fraction(1), dtype=object),
        np.array(1.0).astype(">f8"),
        *(dtype(1) for dtype in REALS),
    ],
    ids=lambda got: f"{type(got).__name__} {getattr(got, 'dtype', '')}",
)
def test_a_float_is_whatever_float_takes_and_has_no_shape(got):
    """Python's numbers, NumPy's scalars and 0-d arrays, fractions and decimals are floats."""
    check.close(crossed(got), 1.0, name="loss")
    check.close(crossed(got), np.float64(1), name="loss")
    check.close(crossed(got), 1, name="loss")


@pytest.mark.parametrize(
    ("got", "sentence"),
    [
        (None, "loss is None (is a return missing?), a single number is asked for"),
        ("1.0", "loss is '1.0' (str), a single number is asked for"),
        (1 + 0j, "loss is (1+0j) (complex128), a single number is asked for"),
        ([1.0], "loss is a list, a single number is asked for"),
        ((1.0,), "loss is a tuple, a single number is asked for"),
        ({"loss": 1.0}, "loss is a dict, a single number is asked for"),
        (np.ones(1), "loss is an array of shape (1,) and dtype float64, a single number is asked for"),
        (np.ones((1, 1)), "loss is an array of shape (1, 1) and dtype float64, a single number is asked for"),
        (np.array(1j), "loss is an array of shape () and dtype complex128, a single number is asked for"),
        (np.str_("1"), "loss is a str_ (of dtype <U1), a single number is asked for"),
        (iter([1.0]), "loss is a list_iterator, a single number is asked for"),
        (object(), "loss is an object, a single number is asked for"),
        (10**400, "loss is an int (an integer of more than 64 bits), a single number is asked for"),
        ("x" * 99, "loss is a str, a single number is asked for"),
        (float("nan"), "loss is nan, it should be 1"),
        (float("inf"), "loss is inf, it should be 1"),
        (decimal.Decimal("NaN"), "loss is nan, it should be 1"),
        (np.float32("-inf"), "loss is -inf, it should be 1"),
        (1.5, "loss is 1.5, it should be 1"),
        (1 + 1e-8, "loss is 1.00000001, it should be 1"),
        (True + 1, "loss is 2, it should be 1"),
        (False, "loss is 0, it should be 1"),
        (-1.0, "loss is -1, it should be 1"),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) > 5 else type(value).__name__,
)
def test_what_is_no_float_or_not_the_right_one_is_refused(got, sentence):
    """The sentence says what came, of which type or shape, and what is asked for."""
    assert complaint(check.close, crossed(got), 1.0, name="loss") == sentence


def test_a_number_carries_both_values_for_the_report():
    """What came back and what should have come stand beside the sentence."""
    with pytest.raises(Failure) as caught:
        check.close(np.array([1.0, 2.5]), np.array([1.0, 2.0]), name="z")
    assert (caught.value.returned, caught.value.expected) == ("[1. , 2.5]", "[1., 2.]")


@pytest.mark.parametrize("want", [np.inf, -np.inf])
def test_where_infinity_is_right_nothing_else_is(want):
    """An infinity is met by the same infinity: not by a number, NaN or the other infinity."""
    check.close(want, want, name="z")
    check.close(np.array([1.0, want]), np.array([1.0, want]), name="z")
    for got in (0.0, 1e308, -want, np.nan):
        assert complaint(check.close, got, want, name="z") == f"z is {got:.6g}, it should be {want}"
        assert "z[1] is" in complaint(check.close, np.array([1.0, got]), np.array([1.0, want]), name="z")
    assert "z[0] is" in complaint(check.close, np.array([2.0, want]), np.array([1.0, want]), name="z")


def test_infinities_do_not_widen_the_tolerance():
    """The finite entries beside an infinity are held to their own size."""
    want = np.array([np.inf, 1.0])
    check.close(np.array([np.inf, 1.0 + 1e-12]), want, name="z")
    complaint(check.close, np.array([np.inf, 1.0 + 1e-6]), want, name="z")


def test_a_right_answer_of_nan_is_our_own_mistake():
    """No learner is charged for a suite that computed NaN."""
    for want in (np.nan, np.array([1.0, np.nan])):
        with pytest.raises(OracleError, match="the right value of z is NaN"):
            check.close(want, want, name="z")


# Tolerances.


@pytest.mark.parametrize(
    ("dtype", "size"), [(np.float64, 1e-9), (np.float32, 1e-4), (np.float16, 2e-2)], ids=["f8", "f4", "f2"]
)
def test_the_tolerance_follows_from_the_dtype(dtype, size):
    """About half of a dtype's digits are left to the order of operations."""
    assert size / 4 < check.relative_tolerance(dtype) < size * 4


def test_the_tolerance_grows_with_the_root_of_the_terms():
    """A sum of a hundred terms may be off ten times as far."""
    assert check.relative_tolerance(terms=100) == pytest.approx(10 * check.relative_tolerance())
    check.close(1 + 5e-9, 1.0, name="sum", terms=100)
    complaint(check.close, 1 + 5e-9, 1.0, name="sum")


def test_a_sum_in_any_order_is_right():
    """Sums of ten thousand terms from the left, from the right and in pairs are within the tolerance."""
    terms = np.random.default_rng(0).normal(size=10_000)
    want = math.fsum(terms)
    for got in (sum(terms.tolist()), sum(terms[::-1].tolist()), terms.sum(), math.fsum(terms)):
        check.close(got, want, name="sum", atol=1e-9)


def test_single_precision_is_not_enough_where_double_is_asked_for():
    """An answer that went through float32 on the way is told apart, whatever dtype it has now."""
    want = np.random.default_rng(0).normal(size=(3, 4))
    check.close(want, want, name="z")
    for got in (want.astype(np.float32), want.astype(np.float32).astype(np.float64)):
        assert "entries differ" in complaint(check.close, got, want, name="z")
    check.close(want.astype(np.longdouble), want, name="z")
    check.close(want.astype(np.float32).astype(np.float64), want.astype(np.float32), name="z")


def test_what_should_be_zero_has_an_absolute_tolerance():
    """Where the right answer is 0, rounding errors of numbers around 1e-3 are forgiven, and no more."""
    check.close(1e-13, 0.0, name="z")
    check.close(-0.0, 0.0, name="z")
    assert complaint(check.close, 1e-11, 0.0, name="z") == "z is 1e-11, it should be 0"
    check.close(1e-11, 0.0, name="z", atol=1e-10)


def test_tolerances_that_are_given_are_used():
    """`rtol` is relative to the largest entry, `atol` is as it stands."""
    want = np.array([1000.0, 1.0])
    check.close(np.array([1000.0, 1.9]), want, name="z", rtol=1e-3)
    complaint(check.close, np.array([1000.0, 2.1]), want, name="z", rtol=1e-3)
    check.close(np.array([1000.0, 1.4]), want, name="z", atol=0.5)
    complaint(check.close, np.array([1000.0, 1.6]), want, name="z", atol=0.5)


def test_differences_are_shown_with_the_digits_that_they_take():
    """Two numbers are written with as many digits as it takes to tell them apart."""
    assert complaint(check.close, 1.25, 1.5, name="z") == "z is 1.25, it should be 1.5"
    found = complaint(check.close, 1 / 3 + 1e-7, 1 / 3, name="z")
    assert found == "z is 0.333333433, it should be 0.333333333"
    found = complaint(check.close, 1 + 1e-15, 1.0, name="z", rtol=0.0)
    assert found == "z is 1.0000000000000011, it should be 1"


def test_huge_differences_overflow_in_silence(recwarn):
    """A difference beyond the largest float is a difference like any other."""
    assert "z is -1e+308" in complaint(check.close, -1e308, 1e308, name="z")
    assert not recwarn


# Arrays.

WANT = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])


@pytest.mark.parametrize(
    ("got", "sentence"),
    [
        (WANT.T, "z has shape (3, 2), it should be (2, 3)"),
        (WANT[0], "z has shape (3,), it should be (2, 3)"),
        (WANT[None], "z has shape (1, 2, 3), it should be (2, 3)"),
        (np.zeros((2, 0)), "z has shape (2, 0), it should be (2, 3)"),
        (np.float64(1), "z has shape (), it should be (2, 3)"),
        (WANT.astype(int), "z has dtype int64, floats are asked for"),
        (WANT > 2, "z has dtype bool, floats are asked for"),
        (WANT + 0j, "z has dtype complex128, floats are asked for"),
        (WANT.astype(object), "z is an array of dtype object, an array of numbers is asked for"),
        (np.ma.masked_array(WANT), "z is a MaskedArray (a subclass of NumPy's array), an array is asked for"),
        (WANT.tolist(), "z is a list, an array is asked for"),
        (1.0, "z is 1.0 (float), an array is asked for"),
        (None, "z is None (is a return missing?), an array is asked for"),
        (np.where(WANT == 5, np.nan, WANT), "z[1, 1] is nan, it should be 5"),
        (np.where(WANT > 4, np.inf, WANT), "z[1, 1] is inf, it should be 5"),
        (np.full((2, 3), np.nan), "z[0, 0] is nan, it should be 1"),
        (np.where(WANT == 5, 7.5, WANT), "z[1, 1] is 7.5, it should be 5 (1 of 6 entries differ)"),
        (WANT * 2, "z[0, 0] is 2, it should be 1 (6 of 6 entries differ)"),
        (WANT[:, ::-1], "z[0, 0] is 3, it should be 1 (4 of 6 entries differ)"),
    ],
    ids=lambda value: value if isinstance(value, str) else "got",
)
def test_an_array_that_is_not_the_right_one_is_refused(got, sentence):
    """Shape comes first, then the kind of dtype, then what is not finite, then the values, by place."""
    assert complaint(check.close, crossed(got), WANT, name="z") == sentence


@pytest.mark.parametrize("dtype", [np.float64, np.longdouble, np.float32, np.float16])
def test_an_array_of_any_float_dtype_with_the_right_values_is_right(dtype):
    """Numbers that a dtype holds exactly are right in it."""
    check.close(WANT.astype(dtype), WANT, name="z")
    check.close(np.asfortranarray(WANT.astype(dtype)), WANT, name="z")


def test_nothing_is_broadcast():
    """A row for a matrix, a scalar for a vector and a column for a row are the wrong shape."""
    for got, want in [((3,), (2, 3)), ((1,), (3,)), ((3, 1), (3,)), ((1, 3), (3,)), ((3,), (1, 3))]:
        sentence = f"z has shape {got}, it should be {want}"
        assert complaint(check.close, np.ones(got), np.ones(want), name="z") == sentence
    assert complaint(check.close, np.float64(1), np.ones(1), name="z") == "z has shape (), it should be (1,)"


def test_empty_and_0d_arrays_are_compared_like_others():
    """No entries are right entries, where none are asked for."""
    check.close(np.zeros((0, 3)), np.zeros((0, 3)), name="z")
    complaint(check.close, np.zeros((3, 0)), np.zeros((0, 3)), name="z")
    check.close(np.array(2.0), np.array(2.0), name="z")


def test_an_object_that_is_equal_to_everything_is_not_asked():
    """An answer's own comparison has no say."""

    class Yes:
        def __eq__(self, other: object) -> bool:
            return True

        __hash__ = None
        __array__ = __float__ = None

    for want in (1.0, WANT):
        complaint(check.close, crossed(Yes()), want, name="z")
    complaint(check.integer, crossed(Yes()), 1, name="n")
    complaint(check.integers, crossed(Yes()), np.array([1]), name="n")


# Tensors.


@pytest.fixture(scope="module")
def torch():
    import torch

    return torch


def test_a_0d_tensor_is_a_float_unless_it_requires_grad(torch):
    """A tensor without a shape is a number, once it has left the graph."""
    for dtype in (torch.float64, torch.float32, torch.bfloat16, torch.int64):
        check.close(crossed(torch.tensor(1, dtype=dtype)), 1.0, name="loss")
    sentence = "loss is a tensor that still requires grad: use .item() or .detach()"
    got = crossed(torch.tensor(1.0, requires_grad=True))
    assert complaint(check.close, got, 1.0, name="loss") == sentence
    got = crossed(torch.ones(1))
    assert complaint(check.close, got, 1.0, name="loss") == (
        "loss is a Tensor of shape (1,), a single number is asked for"
    )


def test_tensors_are_compared_like_arrays(torch):
    """A tensor of any float dtype, with or without grad, is held against an array or a tensor."""
    for want in (WANT, torch.tensor(WANT)):
        check.close(crossed(torch.tensor(WANT)), want, name="z")
        check.close(crossed(torch.tensor(WANT, requires_grad=True)), want, name="z")
        check.close(crossed(torch.tensor(WANT, dtype=torch.bfloat16)), want, name="z")
        check.close(crossed(torch.tensor(WANT.T.copy()).T), want, name="z")
    got = crossed(torch.tensor(WANT, requires_grad=True) * 2)
    assert complaint(check.close, got, WANT, name="z").startswith("z[0, 0] is 2, it should be 1")
    assert complaint(check.close, crossed(torch.ones(3)), WANT, name="z").startswith("z has shape (3,)")
    assert "has dtype int64" in complaint(check.close, crossed(torch.ones(2, 3, dtype=int)), WANT, name="z")


def test_integers_lists_and_pairs_may_be_tensors_where_tensors_cross(torch):
    """In an exercise with torch a tensor does where an array does."""
    check.integers(crossed(torch.tensor([1, 2])), np.array([1, 2]), name="labels")
    check.integer(crossed(torch.tensor(3)), 3, name="epoch")
    assert check.listing(crossed(torch.tensor([1.0, 2.0])), name="losses") == [1.0, 2.0]
    first, second = check.unpack(crossed(torch.tensor([[1.0], [2.0]])), 2, name="(a, b)")
    assert (float(first), float(second)) == (1.0, 2.0)
    complaint(check.unpack, crossed(torch.tensor(1.0)), 2, name="(a, b)")


def test_a_tensor_where_arrays_cross_is_told():
    """In an exercise without torch a tensor is named, and so is what is asked for."""
    got = m.Foreign("Tensor", "a torch tensor where a NumPy array is asked for")
    said = complaint(check.close, got, WANT, name="z")
    assert said == "z is a Tensor (a torch tensor where a NumPy array is asked for), an array is asked for"


# Integers.


@pytest.mark.parametrize("dtype", [np.dtype(f"{kind}{size}").type for kind in "iu" for size in (1, 2, 4, 8)])
def test_integers_may_have_any_integer_dtype(dtype):
    """Every integer dtype is right, against a right answer of every other."""
    check.integers(crossed(np.array([1, 0, 1], dtype)), np.array([1, 0, 1]), name="labels")
    check.integers(crossed(np.array([1, 0, 1])), np.array([1, 0, 1], dtype), name="labels")
    check.integer(crossed(dtype(7)), 7, name="epoch")
    check.integer(crossed(np.array(7, dtype)), 7, name="epoch")


LABELS = np.array([1, 0, 1])


@pytest.mark.parametrize(
    ("got", "sentence"),
    [
        (LABELS.astype(float), "labels has dtype float64, integers are asked for"),
        (LABELS.astype(bool), "labels has dtype bool, integers are asked for"),
        (LABELS.tolist(), "labels is a list, an array is asked for"),
        (LABELS[:, None], "labels has shape (3, 1), it should be (3,)"),
        (np.int64(1), "labels has shape (), it should be (3,)"),
        (1 - LABELS, "labels[0] is 0, it should be 1 (3 of 3 entries differ)"),
        (LABELS.astype(np.int8) * -1, "labels[0] is -1, it should be 1 (2 of 3 entries differ)"),
        (LABELS.astype(object), "labels is an array of dtype object, an array of numbers is asked for"),
        (None, "labels is None (is a return missing?), an array is asked for"),
    ],
)
def test_what_is_no_array_of_the_right_integers_is_refused(got, sentence):
    """Floats, bools and ±1 are not the integers 0 and 1."""
    assert complaint(check.integers, crossed(got), LABELS, name="labels") == sentence


def test_integers_beyond_53_bits_are_compared_exactly():
    """No float lies between two integers and their comparison."""
    big = 2**60
    check.integers(np.array([big + 1]), np.array([big + 1]), name="n")
    assert complaint(check.integers, np.array([big]), np.array([big + 1]), name="n") == (
        f"n[0] is {big}, it should be {big + 1}"
    )
    complaint(check.integers, np.array([-1]), np.array([2**64 - 1], np.uint64), name="n")
    complaint(check.integer, big, big + 1, name="n")


@pytest.mark.parametrize(
    ("got", "sentence"),
    [
        (4, "epoch is 4, it should be 3"),
        (3.0, "epoch is 3.0 (float), an integer is asked for"),
        (np.float64(3), "epoch is 3.0 (float64), an integer is asked for"),
        (True, "epoch is True (bool), an integer is asked for"),
        (np.bool_(True), "epoch is True (bool), an integer is asked for"),
        ("3", "epoch is '3' (str), an integer is asked for"),
        (None, "epoch is None (is a return missing?), an integer is asked for"),
        (np.array([3]), "epoch is an array of shape (1,) and dtype int64, an integer is asked for"),
        (fractions.Fraction(3), "epoch is a Fraction, an integer is asked for"),
        (2**70, "epoch is an int (an integer of more than 64 bits), an integer is asked for"),
        ([3], "epoch is a list, an integer is asked for"),
    ],
)
def test_what_is_no_integer_or_not_the_right_one_is_refused(got, sentence):
    """A float, a bool and a string are no integers, whatever their value."""
    assert complaint(check.integer, crossed(got), 3, name="epoch") == sentence


# Lists, tuples and dicts.


class Pair(NamedTuple):
    w: float
    b: float


def two():
    yield 1.0
    yield 2.0


LISTS = [[1.0, 2.0], (1.0, 2.0), Pair(1.0, 2.0), np.array([1.0, 2.0]), np.array([1.0, 2.0], object)]


@pytest.mark.parametrize("got", LISTS)
def test_a_list_may_be_a_list_a_tuple_or_an_array(got):
    """What comes back is a list of the items."""
    found = check.listing(crossed(got), name="losses")
    assert type(found) is list
    assert found == [1.0, 2.0]


@pytest.mark.parametrize(
    ("got", "sentence"),
    [
        (two(), "losses is a generator, a list is asked for: wrap it in list(...)"),
        ({1.0}, "losses is a set, a list is asked for: wrap it in list(...)"),
        (range(2), "losses is a range, a list is asked for: wrap it in list(...)"),
        (np.array([[1.0]], object), "losses is an array of dtype object, a list is asked for"),
        (map(str, range(99)), "losses is a map (an iterator with more than 64 items), a list is asked for"),
        ({"a": 1}, "losses is a dict, a list is asked for"),
        (np.ones((2, 1)), "losses is an array of shape (2, 1) and dtype float64, a list is asked for"),
        (np.array(1.0), "losses is an array of shape () and dtype float64, a list is asked for"),
        ("12", "losses is '12' (str), a list is asked for"),
        (0.5, "losses is 0.5 (float), a list is asked for"),
        (None, "losses is None (is a return missing?), a list is asked for"),
    ],
)
def test_what_is_no_list_is_refused(got, sentence):
    """The sentence says what it is, and where `list` would help, that."""
    assert complaint(check.listing, crossed(got), name="losses") == sentence


PAIRS = [(1.0, 2.0), [1.0, 2.0], Pair(1.0, 2.0), two(), np.array([1.0, 2.0]), np.array([1.0, 2.0], object)]


@pytest.mark.parametrize("got", PAIRS)
def test_a_pair_is_anything_that_unpacks_into_two(got):
    """A tuple, a list, a NamedTuple, a generator and an array are pairs."""
    assert check.unpack(crossed(got), 2, name="(w, b)") == (1.0, 2.0)


def test_the_rows_of_an_array_are_items():
    """An array of two rows unpacks into the rows."""
    w, b = check.unpack(crossed(np.arange(6).reshape(2, 3)), 2, name="(w, b)")
    assert (w.tolist(), b.tolist()) == ([0, 1, 2], [3, 4, 5])


@pytest.mark.parametrize(
    ("got", "sentence"),
    [
        (None, "None (is a return missing?) came back, 2 values are asked for: (w, b)"),
        (0.5, "0.5 (float) came back, 2 values are asked for: (w, b)"),
        ("ab", "'ab' (str) came back, 2 values are asked for: (w, b)"),
        ({"w": 1, "b": 2}, "a dict came back, 2 values are asked for: (w, b)"),
        (np.array(1.0), "an array of shape () and dtype float64 came back, 2 values are asked for: (w, b)"),
        ((1.0,), "1 value came back, 2 values are asked for: (w, b)"),
        ((), "0 values came back, 2 values are asked for: (w, b)"),
        ([1.0, 2.0, 3.0], "3 values came back, 2 values are asked for: (w, b)"),
        (
            np.ones((3, 2)),
            "an array of shape (3, 2) and dtype float64 came back, 2 values are asked for: (w, b)",
        ),
        (object(), "an object came back, 2 values are asked for: (w, b)"),
    ],
)
def test_what_does_not_unpack_into_two_is_refused(got, sentence):
    """The sentence says what came and names the two that are asked for."""
    assert complaint(check.unpack, crossed(got), 2, name="(w, b)") == sentence


def test_a_dict_may_have_more_keys_than_are_asked_for():
    """`keys` gives the dict back, further keys and all."""
    got = crossed({"dL_dw": 1.0, "dL_db": 2.0, "extra": None, 3: 4})
    assert check.keys(got, "dL_dw", "dL_db") is got


A_DICT = 'a dict with the keys "b", "w" is asked for'
TWELVE = ", ".join(map(str, range(12)))


@pytest.mark.parametrize(
    ("got", "sentence"),
    [
        ({"dW": 1.0}, 'the key "b" is missing; the keys are "dW"'),
        ({}, 'the key "b" is missing; the keys are none'),
        ({1: 2, None: 3}, 'the key "b" is missing; the keys are 1, None'),
        (dict.fromkeys(range(99)), f'the key "b" is missing; the keys are {TWELVE}, ...'),
        (None, f"None (is a return missing?) came back, {A_DICT}"),
        ((1.0, 2.0), f"a tuple came back, {A_DICT}"),
        ({(1, 2): 3}, f"a dict (a dict with a key of type tuple) came back, {A_DICT}"),
    ],
)
def test_what_is_no_dict_with_the_keys_is_refused(got, sentence):
    """The sentence names the key that is missing, and those that are there."""
    assert complaint(check.keys, crossed(got), "b", "w") == sentence


def test_that_says_its_sentence_only_where_the_condition_does_not_hold():
    """`that` is silent where all is well."""
    check.that(True, "the loss did not fall")
    assert complaint(check.that, False, "the loss did not fall") == "the loss did not fall"


# Exceptions.


def raising(type_name: str, text: str = "", bases: tuple[str, ...] = ("ValueError",), **more: Any):
    """Make a call of a learner's function that raised."""

    def call(*args: Any, **kwargs: Any) -> None:
        trouble = m.Trouble(type_name, [type_name, *bases], text, [m.Frame(3, "f")])
        message = f"`f` raised {type_name}: {text}"
        raise Failure(message, **{"kind": "raised", "trouble": trouble, "traceback": "f.py, line 3", **more})

    return call


def test_the_right_error_that_names_the_argument_is_right():
    """A ValueError, or a subclass of it, whose message holds the argument's name passes."""
    check.raises(ValueError, raising("ValueError", "p must be in [0, 1)"), 1.5, mentions="p")
    check.raises(ValueError, raising("RateError", "bad p=1.5"), 1.5, mentions="p", training=True)
    check.raises(ValueError, raising("ValueError", "unknown scheme 'he'"), mentions="scheme")


def test_arguments_are_passed_on():
    """What follows the function is what it is called with."""
    seen = []

    def f(*args: Any, **kwargs: Any) -> None:
        seen.append((args, kwargs))
        raising("ValueError", "p")()

    check.raises(ValueError, f, 1, 2, mentions="p", eps=3)
    assert seen == [((1, 2), {"eps": 3})]


@pytest.mark.parametrize(
    ("call", "mentions", "sentence"),
    [
        (lambda: 1.0, "p", "nothing was raised; a ValueError that names `p` is asked for"),
        (
            raising("IndexError", "p", ("LookupError", "Exception")),
            "p",
            "`f` raised IndexError: p; a ValueError that names `p` is asked for",
        ),
        (raising("ValueError", "rate is 2"), "p", "the ValueError says 'rate is 2'; it should name `p`"),
        (raising("ValueError"), "p", "the ValueError says nothing; it should name `p`"),
        (raising("RateError", "no"), "p", "the RateError says 'no'; it should name `p`"),
        (raising("ValueError", "improper"), "p", "the ValueError says 'improper'; it should name `p`"),
        (raising("ValueError", "size"), "sizes", "the ValueError says 'size'; it should name `sizes`"),
    ],
)
def test_no_error_the_wrong_one_and_one_without_the_name_are_refused(call, mentions, sentence):
    """The sentence says what was raised, and what is asked for."""
    assert complaint(check.raises, ValueError, call, mentions=mentions) == sentence


@pytest.mark.parametrize(
    "failure",
    [
        Failure("`f` is missing", kind="missing"),
        Failure("`f` did not finish in 10 s", kind="late"),
        Failure("`f` changed its argument `p`", kind="changed"),
    ],
)
def test_other_failures_of_the_call_are_told_as_they_are(failure):
    """A function that is missing, late or changes an argument raised no exception at all."""

    def call() -> None:
        raise failure

    with pytest.raises(Failure) as caught:
        check.raises(ValueError, call, mentions="p")
    assert caught.value is failure


@pytest.mark.parametrize(
    "call",
    [
        raising("NotImplementedError", "TODO: p", kind="todo"),
        raising("RuledOutError", "torch cannot be used here", ("ImportError", "Exception")),
    ],
)
def test_a_todo_and_what_is_ruled_out_are_no_wrong_errors(call):
    """A starter's function, and one that rests on torch, are told for what they are."""
    with pytest.raises(Failure, match=r"^`f` raised"):
        check.raises(ValueError, call, mentions="p")


def test_the_learners_traceback_stays_with_the_wrong_error():
    """Where another exception came, its lines are what helps."""
    with pytest.raises(Failure) as caught:
        check.raises(ValueError, raising("TypeError", "p", ("Exception",)), mentions="p")
    assert caught.value.traceback == "f.py, line 3"


def test_markers_are_named_in_every_check():
    """What did not cross is told with its reason wherever it turns up."""
    foreign = m.Foreign("Module", "a lazy one")
    said = [
        complaint(check.close, foreign, 1.0, name="x"),
        complaint(check.close, foreign, WANT, name="x"),
        complaint(check.integers, foreign, LABELS, name="x"),
        complaint(check.integer, foreign, 1, name="x"),
        complaint(check.listing, foreign, name="x"),
        complaint(check.unpack, foreign, 2, name="x"),
        complaint(check.keys, foreign, "x"),
    ]
    assert all("a Module (a lazy one)" in each for each in said)
    assert "an iterator" not in complaint(check.close, Iterated("generator", []), 1.0, name="x")
