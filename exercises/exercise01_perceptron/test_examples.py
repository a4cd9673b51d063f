"""Examples with numbers that can be checked by hand. Run them with `pytest` in this folder."""

import numpy as np
from numpy.testing import assert_allclose, assert_array_equal
from perceptron import fit, predict, update

TABLE = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
AND = np.array([0, 0, 0, 1])
OR = np.array([0, 1, 1, 1])
XOR = np.array([0, 1, 1, 0])


def test_predict_computes_and_with_these_weights():
    # the scores are -2, -1, 0 and 1: the third point lies on the line
    assert_array_equal(predict(TABLE, np.array([2.0, 1.0]), -2.0), AND)


def test_predict_adds_the_bias():
    # the scores are 0.5, -0.5, 1.5 and 0.5
    assert_array_equal(predict(TABLE, np.array([1.0, -1.0]), 0.5), [1, 0, 1, 1])


def test_predict_takes_any_number_of_features():
    # the scores are 2 - 1 + 3 - 3 = 1 and -2 + 3 + 0 - 3 = -2
    X = np.array([[2.0, -1.0, 6.0], [-2.0, 3.0, 0.0]])
    assert_array_equal(predict(X, np.array([1.0, 1.0, 0.5]), -3.0), [1, 0])


def test_predict_returns_integers():
    assert predict(TABLE, np.array([2.0, 1.0]), -2.0).dtype.kind in "iu"


def test_update_after_a_1_that_was_taken_for_a_0():
    # the score is 1 - 4 + 1 = -2, so lr * x is added to w, and lr to b
    w, b = update(np.array([1.0, -2.0]), 1.0, np.array([1.0, 2.0]), 1, 0.5)
    assert_allclose(w, [1.5, -1.0])
    assert_allclose(b, 1.5)


def test_update_after_a_0_that_was_taken_for_a_1():
    # the score is 1 + 4 + 1 = 6, so lr * x is taken off w, and lr off b
    w, b = update(np.array([1.0, 2.0]), 1.0, np.array([1.0, 2.0]), 0, 0.5)
    assert_allclose(w, [0.5, 1.0])
    assert_allclose(b, 0.5)


def test_update_changes_nothing_after_a_right_answer():
    # the score is 6, and 1 is what it says
    w, b = update(np.array([1.0, 2.0]), 1.0, np.array([1.0, 2.0]), 1, 0.5)
    assert_allclose(w, [1.0, 2.0])
    assert_allclose(b, 1.0)


def test_fit_learns_and():
    w, b, mistakes = fit(TABLE, AND)
    assert_allclose(w, [2.0, 1.0])
    assert_allclose(b, -2.0)
    assert list(mistakes) == [1, 3, 3, 2, 1, 0]


def test_fit_learns_or_with_half_the_learning_rate():
    w, b, mistakes = fit(TABLE, OR, lr=0.5)
    assert_allclose(w, [0.5, 0.5])
    assert_allclose(b, 0.0)
    assert list(mistakes) == [1, 2, 1, 0]


def test_fit_gives_up_on_xor():
    w, b, mistakes = fit(TABLE, XOR, max_epochs=6)
    assert_allclose(w, [-1.0, 0.0])
    assert_allclose(b, 1.0)
    assert list(mistakes) == [2, 3, 4, 4, 4, 4]
