"""Draws: two ways to draw the same kinds of things, both within bounds."""

import hypothesis
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlgrade.suite.draw import Draw, HypothesisDraw, RandomDraw

SHAPES = [(), (3,), 4, (2, 3), (1, 1, 1), (5, 7)]


either = pytest.mark.parametrize("kind", ["random", "hypothesis"])


def on_each(kind: str, body) -> None:
    """Run a body with many drawers of a kind."""
    if kind == "random":
        for seed in range(50):
            body(RandomDraw(np.random.default_rng(seed)))
        return

    @given(st.data())
    @hypothesis.settings(max_examples=30)
    def run(data) -> None:
        body(HypothesisDraw(data.draw))

    run()


@either
def test_an_integer_is_a_python_integer_within_both_ends(kind):
    """Both ends are drawn, and nothing beyond them."""
    seen = set()

    def body(draw: Draw) -> None:
        found = draw.integer(-2, 1)
        assert type(found) is int
        seen.add(found)

    on_each(kind, body)
    assert seen == {-2, -1, 0, 1}


@either
@pytest.mark.parametrize(("low", "high"), [(-3, 3), (0.001, 1.5), (-0.5, 0.5), (0.25, 0.75), (7.0, 7.0)])
def test_a_real_is_a_python_float_within_both_ends(kind, low, high):
    """Ranges with whole numbers in them and without are drawn from alike."""

    def body(draw: Draw) -> None:
        found = draw.real(low, high)
        assert type(found) is float
        assert low <= found <= high

    on_each(kind, body)


@either
def test_a_choice_is_one_of_the_options(kind):
    """Every option is chosen now and then, as it is."""
    seen = set()
    on_each(kind, lambda draw: seen.add(draw.choice([np.int8, "b", None])))
    assert seen == {np.int8, "b", None}


@either
@pytest.mark.parametrize("shape", SHAPES)
def test_an_array_is_float64_of_the_shape_within_the_bounds(kind, shape):
    """An array without axes is an array too."""

    def body(draw: Draw) -> None:
        found = draw.array(shape, -1.5, 0.5)
        assert type(found) is np.ndarray
        assert found.dtype == np.float64
        assert found.shape == (shape if isinstance(shape, tuple) else (shape,))
        assert ((found >= -1.5) & (found <= 0.5)).all()
        assert found.flags.c_contiguous
        assert found.flags.writeable

    on_each(kind, body)


@either
@pytest.mark.parametrize("dtype", [np.int64, np.uint8, np.int8])
@pytest.mark.parametrize("shape", SHAPES)
def test_integers_have_the_dtype_the_shape_and_the_bounds(kind, shape, dtype):
    """Labels come in the dtype that is asked for, both ends included."""

    def body(draw: Draw) -> None:
        found = draw.integers(shape, 0, 3, dtype=dtype)
        assert type(found) is np.ndarray
        assert found.dtype == dtype
        assert found.shape == (shape if isinstance(shape, tuple) else (shape,))
        assert ((found >= 0) & (found <= 3)).all()

    on_each(kind, body)


@either
def test_sizes_all_differ(kind):
    """Three sizes out of three are a permutation; out of more they still differ."""

    def body(draw: Draw) -> None:
        for high in (4, 9):
            found = draw.sizes(3, 2, high)
            assert type(found) is tuple
            assert all(type(size) is int for size in found)
            assert len(set(found)) == 3
            assert all(2 <= size <= high for size in found)

    on_each(kind, body)


def test_the_same_seed_draws_the_same():
    """A run repeats itself."""

    def drawn() -> list[object]:
        draw = RandomDraw(np.random.default_rng(5))
        return [draw.integer(0, 99), draw.real(0, 1), draw.array((2, 3)).tolist(), draw.sizes(2, 1, 9)]

    assert drawn() == drawn()


def test_hypothesis_makes_what_it_draws_small():
    """A number shrinks to a small whole one, a choice to the first, an array to few digits."""

    def smallest(generator, condition):
        settings = hypothesis.settings(max_examples=500, derandomize=True, database=None)
        strategy = st.composite(lambda draw: generator(HypothesisDraw(draw)))()
        return hypothesis.find(strategy, condition, settings=settings)

    assert smallest(lambda draw: draw.real(-3, 3), lambda x: x < -0.2) == -1.0
    assert smallest(lambda draw: draw.choice([2, 3, 5]), lambda x: True) == 2
    assert smallest(lambda draw: draw.array((2, 2)), lambda x: x.sum() > 1.5).sum() == 2.0
    assert smallest(lambda draw: draw.integers((3,), 0, 9), lambda x: x.max() > 4).tolist() == [0, 0, 5]
