"""Hidden suite of exercise50: both averages by another road than the reference's."""

import math

import numpy as np

from dlgrade.suite import Draw, cases, check, criterion


def windows(draw: Draw):
    """Draw a signal and a window: the whole signal, a single value or something between."""
    n = draw.integer(1, 9)
    return draw.array((n,)), draw.choice([1, n, draw.integer(1, n)])


def memories(draw: Draw):
    """Draw a signal and the weight of its newest value."""
    return draw.array((draw.integer(1, 9),)), draw.choice([1.0, draw.real(0.05, 0.95)])


@criterion("moving")
@cases(windows, 40)
def test_moving_average_of_random_signals(student, case):
    """Each value is the mean of its window, for every window from one value to the whole signal."""
    x, window = case
    starts = range(len(x) - window + 1)
    want = np.array([math.fsum(x[start : start + window]) / window for start in starts])
    check.close(student.moving_average(x, window), want, name="moving_average(x, window)")


def faded(x, alpha):
    """The closed form: α·Σ (1 − α)^k·x_{t−k}, and what is left of the first value."""
    parts = [[alpha * (1 - alpha) ** k * x[t - k] for k in range(t)] for t in range(len(x))]
    return np.array([math.fsum([*part, (1 - alpha) ** t * x[0]]) for t, part in enumerate(parts)])


@criterion("exponential")
@cases(memories, 40)
def test_exponential_average_of_random_signals(student, case):
    """Each value is a mean of all before it, with weights that fade."""
    x, alpha = case
    check.close(student.exponential_average(x, alpha=alpha), faded(x, alpha), name="exponential_average(x)")


@criterion("exponential")
def test_exponential_average_forgets_half_by_default(student):
    """Without alpha the newest value weighs one half."""
    x = np.array([1.0, 2.0, 6.0, 4.0])
    check.close(student.exponential_average(x), faded(x, 0.5), name="exponential_average(x)")
