"""What an answer is to the right one, in numbers."""

import numpy as np
import pytest

from dlgrade.diagnosis.relations import Pair, describe

RNG = np.random.default_rng(5)
WANTS = [RNG.uniform(-3, 3, shape) for shape in [(3, 4), (2, 5), (4, 4), (5, 2), (1, 3)]]
X = [RNG.uniform(-3, 3, (n, 2)) for n in (3, 2, 4, 5, 1)]


def said(wrong, wants=WANTS, arguments=None) -> str | None:
    """Describe what a function of the right value is."""
    pairs = [
        Pair(np.asarray(wrong(want)), np.asarray(want), {"X": X[i]} if arguments is None else arguments[i])
        for i, want in enumerate(wants)
    ]
    return describe(pairs, pairs[0])


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda want: -want, "the right value with the opposite sign"),
        (lambda want: 2 * want, "exactly 2 times the right value"),
        (lambda want: want / 2, "exactly half of the right value"),
        (
            lambda want: want / np.log(2),
            "the right value divided by log 2, as a logarithm of base 2 makes it",
        ),
        (lambda want: want + 1.5, "always 1.5 more than the right value"),
        (np.abs, "the right value without its sign"),
        (np.square, "the square of the right value"),
        (lambda want: np.maximum(want, 0), "the right value with everything below 0 cut off"),
        (lambda want: want.astype(np.float32).astype(float), "right to six or seven digits and no further"),
        (lambda want: np.clip(want, -1.25, 1.25), "the right value, but cut off at ±1.25"),
        (np.zeros_like, "always 0, whatever the arguments are"),
        (lambda want: want.T, "the right one transposed"),
        (lambda want: want.T if want.shape[0] == want.shape[1] else want, "transposed wherever it is square"),
        (lambda want: want[None], "right in its values, but of shape (1, 3, 4) where (3, 4) is asked for"),
    ],
)
def test_a_relation_that_holds_everywhere_is_told(wrong, words):
    """One sentence says what the answer is."""
    assert words in (said(wrong) or "")


def test_a_factor_that_is_a_size_of_an_argument_is_named_with_it():
    """Four times the right value where the batch has four rows is no coincidence."""
    pairs = [Pair(want * len(x), want, {"X": x}) for want, x in zip(WANTS, X, strict=True)]
    assert describe(pairs, pairs[0]) == (
        "3 times the right value, and 3 is the number of rows of `X`, as of a sum where a mean is asked for"
    )
    pairs = [Pair(want / len(x), want, {"X": x}) for want, x in zip(WANTS, X, strict=True)]
    assert describe(pairs, pairs[2]) == "1/4 of the right value, and 4 is the number of rows of `X`"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda want: np.roll(want, 1), "shifted by one: each entry is the right one of the place before"),
        (lambda want: np.roll(want, -1), "shifted by one: each entry is the right one of the next place"),
        (lambda want: want[::-1], "in the opposite order"),
        (lambda want: want.astype(float), "right in its values, but of dtype float64"),
        (lambda want: want + 1, "one too large, every time"),
    ],
)
def test_lists_of_numbers_are_looked_at_by_place(wrong, words):
    """Shifted, turned round, counted from one."""
    wants = [np.array([3, 1, 4, 1, 5]), np.array([9, 2, 6]), np.array([2, 7, 1, 8])]
    assert said(wrong, wants, [{}, {}, {}]) == words


@pytest.mark.parametrize(
    "wrong",
    [
        lambda want: want + RNG.normal(size=want.shape),
        lambda want: want * RNG.uniform(1, 2),
        lambda want: want.astype(complex),
    ],
)
def test_nothing_is_told_of_what_follows_no_rule(wrong):
    """Silence is better than a guess."""
    assert said(wrong) is None


def test_a_relation_that_one_call_breaks_is_not_told():
    """It has to be a fact about all recorded calls, the right ones included."""
    pairs = [Pair(2 * want, want, {}) for want in WANTS]
    pairs[3] = pairs[3]._replace(got=pairs[3].want)
    assert describe(pairs, pairs[0]) is None


def test_one_number_alone_is_twice_another_by_chance():
    """A factor needs several different numbers."""
    assert (
        said(lambda want: 2 * want, [np.array(1.5), np.array(1.5)], [{}, {}])
        != "exactly 2 times the right value"
    )


def test_float32_is_named_only_where_the_digits_are_its():
    """Seven digits may be lost in other ways."""
    assert said(lambda want: want.astype(np.float32).astype(float)).endswith("float32 has come in somewhere")
    assert (
        said(lambda want: want * (1 + 1e-6 * np.sign(want))) == "right to six or seven digits and no further"
    )
