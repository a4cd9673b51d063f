"""Examples whose numbers can be checked by hand; run `pytest` in this folder."""

import numpy as np
from toy import add, by_hand_tanh, double, draw_normal, join, make_counter, quadruple, split, total


def test_double():
    np.testing.assert_allclose(double(np.array([1.0, 2.0])), [2.0, 4.0])


def test_add():
    assert add(2.0, 3.0) == 5.0


def test_total():
    assert total(lambda i: i * i, 4) == 14


def test_a_counter_counts_on():
    counter = make_counter(3)
    assert [counter.increment(), counter.increment()] == [4, 5]


def test_join_gives_back_what_was_split():
    half, cache = split(np.array([1.0, 3.0]))
    np.testing.assert_allclose(half, [0.5, 1.5])
    np.testing.assert_allclose(join(cache), [1.0, 3.0])


def test_draw_normal():
    assert draw_normal(7, np.random.default_rng(0)).shape == (7,)


def test_tanh_of_0():
    np.testing.assert_allclose(by_hand_tanh(np.array([0.0])), [0.0])


def test_quadruple():
    np.testing.assert_allclose(quadruple(np.array([1.0, 2.0])), [4.0, 8.0])
