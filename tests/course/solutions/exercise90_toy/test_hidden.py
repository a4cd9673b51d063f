"""Hidden suite of the toy; between them the tests use each thing that a suite can do."""

import math

import numpy as np

from dlgrade.suite import Draw, cases, check, criterion, oracle


def matrix(draw: Draw) -> np.ndarray:
    """Draw a matrix whose sides differ."""
    return draw.array(draw.sizes(2, 1, 5))


def numbers(draw: Draw) -> tuple[float, float]:
    """Draw two numbers."""
    return draw.real(-3, 3), draw.real(-3, 3)


@oracle.kept(stand_in=lambda reference, x: 2 * np.ones_like(x))
def slope_of_double(x):
    """Return the gradient of the sum of what double should give."""
    (gradient,) = oracle.gradients(lambda x: (2 * x).sum(), x)
    return gradient


@criterion("double")
@cases(matrix, 20)
def test_double_doubles_every_entry(student, x):
    """Every entry of a matrix comes back doubled."""
    check.close(student.double(x), x + x, name="double(x)")


@criterion("double")
@cases(matrix, 5)
def test_double_is_a_straight_line_with_autograds_slope(student, x):
    """double(x) is x times the slope that PyTorch finds."""
    check.close(student.double(x), x * slope_of_double(x), name="double(x)")


@criterion("add")
@cases(numbers, 20)
def test_add_adds(student, numbers):
    """The sum of two numbers is right."""
    a, b = numbers
    check.close(student.add(a, b), math.fsum([a, b]), name="add(a, b)")


@criterion("total")
def test_total_calls_the_function_for_every_index(student):
    """f is called with 0, 1, ..., n - 1, each once, and the values are added."""
    seen = []

    def square(i):
        seen.append(i)
        return float(i * i)

    check.close(student.total(square, 4), 14.0, name="total(square, 4)")
    check.that(sorted(seen) == [0, 1, 2, 3], f"f was called with {seen}; it should be called with 0, 1, 2, 3")


@criterion("counter", "make_counter")
def test_a_counter_counts_on(student):
    """A counter made with 3 says 4, then 5."""
    counter = student.make_counter.keep()(3)
    check.integer(counter.increment(), 4, name="the first increment()")
    check.integer(counter.increment(), 5, name="the second increment()")


@criterion("counter", "make_counter")
def test_two_counters_do_not_share_their_number(student):
    """Two counters count each for itself."""
    first, second = student.make_counter.keep()(0), student.make_counter.keep()(10)
    check.integer(first.increment(), 1, name="increment() of a counter from 0")
    check.integer(second.increment(), 11, name="increment() of a counter from 10")


@criterion("counter", "split")
def test_split_halves(student, rng):
    """The first thing that split returns is half the array."""
    x = rng.normal(size=(2, 3))
    half, _ = check.unpack(student.split.keep(1)(x), 2, name="(half, cache)")
    check.close(half, x / 2, name="half")


@criterion("counter", "join")
def test_join_gives_back_what_was_split(student, rng):
    """The array that split was given comes back from its cache."""
    x = rng.normal(size=(3, 2))
    _, cache = check.unpack(student.split.keep(1)(x), 2, name="(half, cache)")
    check.close(student.join(cache), x, name="join(cache)")


@criterion("draw_normal")
def test_the_numbers_are_standard_normal(student, rng):
    """4000 numbers have mean 0 and standard deviation 1, as far as chance allows."""
    drawn = np.array(check.listing(student.draw_normal(4000, rng), name="draw_normal(4000, rng)"))
    check.that(drawn.shape == (4000,), f"there are {drawn.size} numbers; there should be 4000")
    # Seven standard errors: a right answer is rejected with a probability of about 3e-12.
    check.that(abs(drawn.mean()) < 7 / math.sqrt(4000), "the mean is not 0")
    check.that(abs(drawn.std() - 1) < 7 / math.sqrt(2 * 4000), "the standard deviation is not 1")


@criterion("tanh")
@cases(matrix, 10)
def test_tanh_agrees_with_the_standard_library(student, z):
    """tanh is right for numbers of both signs."""
    check.close(student.by_hand_tanh(z), np.vectorize(math.tanh)(z), name="by_hand_tanh(z)")


@criterion("twice")
@cases(matrix, 10)
def test_quadruple(student, x):
    """Every entry comes back four times as large."""
    check.close(student.quadruple(x), 4.0 * x, name="quadruple(x)")
