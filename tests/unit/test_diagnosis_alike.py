"""When two answers are the same answer."""

import numpy as np
import pytest

from dlgrade.diagnosis import alike
from dlgrade.sandbox.session import Handle, Outcome
from dlgrade.wire.messages import Foreign, Trouble
from dlgrade.wire.values import OBJECTS, Iterated

SAME = [
    (1.0, np.float64(1.0)),
    (1, 1.0),
    (np.array(2.0), 2.0),
    ([1.0, 2.0], np.array([1.0, 2.0])),
    ((1, 2), [1, 2]),
    (np.array([1, 2], np.int8), np.array([1, 2], np.uint64)),
    (np.array([np.nan, np.inf]), np.array([np.nan, np.inf])),
    (np.array([1.0, 1e-17]), np.array([1.0, 0.0])),
    (np.array([1e-17]), np.array([-1e-17])),
    ({"a": 1.0}, {"a": 1.0 + 1e-12}),
    ((0.5, {"W": np.eye(2)}), (0.5, {"W": np.eye(2)})),
    (Foreign("set", ""), Foreign("set", "another reason")),
    (Iterated(OBJECTS, [1.0, 2.0]), (1.0, 2.0)),
    (Handle(1, "Linear", 1), Handle(7, "Linear", 1)),
    (None, None),
    ("relu", "relu"),
]
DIFFERENT = [
    (1.0, 1.0 + 1e-6),
    (np.zeros(3), np.zeros((1, 3))),
    (np.zeros(3), np.zeros(3, np.float32)),
    (np.zeros(3), np.zeros(3, np.int64)),
    (np.array([True]), np.array([1])),
    (np.array([np.nan]), np.array([0.0])),
    (np.array([np.inf]), np.array([-np.inf])),
    ([1.0], [1.0, 1.0]),
    ({"a": 1.0}, {"a": 1.0, "b": 2.0}),
    ({"a": 1.0, "b": 2.0}, {"a": 1.0}),
    ({"a": 1.0}, [1.0]),
    (None, 0.0),
    ("relu", "tanh"),
    (Foreign("set", ""), [1.0]),
    (Iterated("generator", [1.0]), [1.0]),
    (Handle(1, "Linear", 1), 1.0),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_what_only_looks_different_is_the_same(one, other):
    """Wrapping, integer dtypes and rounding do not matter."""
    assert alike.answers(one, other)
    assert alike.answers(other, one)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_what_differs_is_told_apart(one, other):
    """Values, shapes, kinds of dtype, keys and lengths do."""
    assert not alike.answers(one, other)
    assert not alike.answers(other, one)


def trouble(kind: str, text: str = "") -> Outcome:
    return Outcome(trouble=Trouble(kind, [kind, "Exception"], text, []))


def test_exceptions_are_the_same_if_their_type_is_and_the_argument_they_name():
    """The words of an exception are the learner's own; the parameter that a ValueError names is asked for."""
    names = frozenset({"p", "x"})
    assert alike.outcomes(trouble("TypeError", "one"), trouble("TypeError", "two"), names=names)
    assert not alike.outcomes(trouble("TypeError"), trouble("IndexError"), names=names)
    assert alike.outcomes(trouble("ValueError", "p is bad"), trouble("ValueError", "not this p"), names=names)
    assert not alike.outcomes(trouble("ValueError", "p is bad"), trouble("ValueError", "bad"), names=names)
    assert not alike.outcomes(trouble("ValueError"), Outcome(1.0), names=names)


def test_changed_arguments_and_warnings_belong_to_how_a_call_ended():
    """The same value with a side effect is another outcome."""
    assert not alike.outcomes(Outcome(1.0), Outcome(1.0, changed=("0",)))
    assert alike.outcomes(Outcome(1.0, changed=("0", "1")), Outcome(1.0, changed=("1", "0")))
    assert not alike.outcomes(Outcome(1.0, warned=("overflow encountered in exp",)), Outcome(1.0))
    assert alike.outcomes(Outcome(1.0, warned=("underflow encountered in exp",)), Outcome(1.0))


def test_a_call_that_never_ended_is_like_no_other():
    """Nothing is known of it."""
    assert not alike.outcomes(None, None)
    assert not alike.outcomes(Outcome(1.0), None)


def test_keys_that_the_right_answer_does_not_have_are_left_out():
    """They are allowed, so they tell nothing."""
    got = Outcome((1.0, {"W": 2.0, "mine": 3.0}))
    assert alike.pruned(got, Outcome((0.0, {"W": 0.0}))).value == (1.0, {"W": 2.0})
    assert alike.pruned(None, got) is None
    assert alike.pruned(got, trouble("ValueError")) is got


def test_leaves_are_the_arrays_with_their_places():
    """Of several values that came together each is one, even if they are all numbers."""
    found = dict(alike.leaves((0.5, {"W": np.ones(2), "b": [1.0, 2.0]}), 2))
    assert {path: value.tolist() for path, value in found.items()} == {
        (0,): 0.5,
        (1, "W"): [1.0, 1.0],
        (1, "b"): [1.0, 2.0],
    }
    assert [path for path, _ in alike.leaves((1.0, 2.0, 3.0), 3)] == [(0,), (1,), (2,)]
    assert [path for path, _ in alike.leaves((1.0, 2.0, 3.0))] == [()]
