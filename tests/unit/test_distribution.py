"""Distributions: the stated chance of a false alarm holds, and what learners get wrong is seen.

The bounds are held against exact tails: of the binomial by its sum, of chi-squared by the Poisson sum,
of the normal by erfc, of the Kolmogorov-Smirnov distance by the formula of Birnbaum and Tingey (1951).
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from dlgrade.student import Failure
from dlgrade.suite import distribution

N = 10_000
SMALL = [1e-2, 1e-6, 1e-11]


def rejects(check: Callable[..., None], *args: Any, **kwargs: Any) -> bool:
    try:
        check(*args, name="the sample", **kwargs)
    except Failure:
        return True
    return False


def edge(passes: Callable[[float], bool], inside: float, outside: float) -> float:
    """Find by halving where a check begins to reject; returns a point that it rejects."""
    assert passes(inside)
    assert not passes(outside)
    for _ in range(80):
        middle = (inside + outside) / 2
        inside, outside = (middle, outside) if passes(middle) else (inside, middle)
    return outside


def uniform(x: np.ndarray) -> np.ndarray:
    return np.clip(x, 0.0, 1.0)


# The chance of a false alarm is at most p.


@pytest.mark.parametrize("p", SMALL)
@pytest.mark.parametrize("probability", [0.5, 0.3, 0.9, 0.0455])
@pytest.mark.parametrize("count", [50, 400])
def test_a_right_share_is_rejected_with_probability_p_at_most(count, probability, p):
    """The exact binomial probability of all counts that `share` rejects is within p."""
    tail = math.fsum(
        math.comb(count, hits) * probability**hits * (1 - probability) ** (count - hits)
        for hits in range(count + 1)
        if rejects(distribution.share, hits, count, probability, p=p)
    )
    assert tail <= p
    assert not rejects(distribution.share, round(count * probability), count, probability, p=p)


def chi_squared_tail(x: float, degrees: int) -> float:
    """P(chi² > x) for an even number of degrees: fewer than degrees/2 Poisson events with mean x/2."""
    return math.fsum(
        math.exp(k * math.log(x / 2) - x / 2 - math.lgamma(k + 1)) if x > 0 else float(k == 0)
        for k in range(degrees // 2)
    )


@pytest.mark.parametrize("p", SMALL)
@pytest.mark.parametrize("count", [10, 100, 1000])
def test_a_right_standard_deviation_is_rejected_with_probability_p_at_most(count, p):
    """The exact chi-squared probability of all sums of squares that `normal_std` rejects is within p."""

    def passes(size: float) -> bool:
        return not rejects(distribution.normal_std, np.full(count, 3.0 * size), 3.0, p=p)

    above = chi_squared_tail(count * edge(passes, 1.0, 100.0) ** 2, count)
    below = 0.0
    if not passes(0.0):
        below = 1 - chi_squared_tail(count * edge(passes, 1.0, 0.0) ** 2, count)
    assert above + below <= p


@pytest.mark.parametrize("p", SMALL)
@pytest.mark.parametrize("count", [1, 100, 10_000])
def test_a_right_mean_is_rejected_with_probability_p_at_most(count, p):
    """The exact normal probability of all means that `normal_mean` rejects is within p."""

    def passes(far: float) -> bool:
        return not rejects(distribution.normal_mean, np.full(count, 7 + 2 * far), 2.0, mean=7.0, p=p)

    farthest = edge(passes, 0.0, 99.0)
    assert math.erfc(farthest * math.sqrt(count / 2)) <= p
    assert rejects(distribution.normal_mean, np.full(count, 7 - 2.001 * farthest), 2.0, mean=7.0, p=p)


def smirnov_tail(gap: float, count: int) -> float:
    """P(D+ >= gap) of a sample of uniform values, exactly."""
    return gap * math.fsum(
        math.comb(count, j) * (1 - gap - j / count) ** (count - j) * (gap + j / count) ** (j - 1)
        for j in range(math.floor(count * (1 - gap)) + 1)
    )


@pytest.mark.parametrize("p", SMALL)
@pytest.mark.parametrize("count", [20, 200])
def test_a_right_distribution_is_rejected_with_probability_p_at_most(count, p):
    """Twice the exact one-sided probability of a gap that `follows` rejects is within p."""
    middle = (np.arange(count) + 0.5) / count

    def passes(shift: float) -> bool:
        return not rejects(distribution.follows, middle + shift, uniform, p=p)

    for side in (1.0, -1.0):
        shift = edge(passes, 0.0, side)
        assert 2 * smirnov_tail(abs(shift) + 0.5 / count, count) <= p * (1 + 1e-9)


def test_the_exact_tails_are_those_of_small_cases():
    """The formulas that the bounds are held against give what can be worked out by hand."""
    assert chi_squared_tail(3.0, 2) == pytest.approx(math.exp(-1.5))
    assert smirnov_tail(0.3, 1) == pytest.approx(0.7)
    assert smirnov_tail(0.5, 2) == pytest.approx(0.25)


def right_sample_is_rejected(check: str, seed: int, count: int, p: float) -> bool:
    """Whether a check rejects a right sample of its kind."""
    rng = np.random.default_rng(seed)
    sample = rng.normal(0, 2.0, count)
    given: dict[str, tuple[Any, ...]] = {
        "follows": (sample, distribution.normal_cdf(2.0)),
        "normal_std": (sample, 2.0),
        "normal_mean": (sample, 2.0),
        "independent": (sample / 2,),
        "uncorrelated": (sample / 2, rng.normal(size=count)),
        "share": (int(rng.binomial(count, 0.3)), count, 0.3),
    }
    return rejects(getattr(distribution, check), *given[check], p=p)


CHECKS = ["follows", "normal_std", "normal_mean", "independent", "uncorrelated", "share"]


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("count", [2, 64, 2000])
def test_right_samples_are_not_rejected(check, count):
    """Of 150 right samples of each size none is rejected at the default p."""
    assert not any(right_sample_is_rejected(check, seed, count, distribution.P) for seed in range(150))


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("count", [8, 300])
def test_right_samples_are_rejected_at_most_as_often_as_p_says(check, count):
    """At p = 0.3, of 400 right samples no more than a third are rejected."""
    rejected = sum(right_sample_is_rejected(check, seed, count, 0.3) for seed in range(400))
    assert rejected <= 0.3 * 400 + 3 * math.sqrt(400 * 0.3 * 0.7)


def test_the_default_leaves_room_for_a_hundred_checks_in_a_suite():
    """A hundred checks at the default reject a right answer less than once in a thousand million."""
    assert 100 * distribution.P <= 1e-9


# What is wrong is seen.


def seeds() -> range:
    return range(20)


def normal(seed: int, std: float = 1.0, count: int = N) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, std, count)


@pytest.mark.parametrize(
    "wrong",
    [math.sqrt(2 / 128), 1 / math.sqrt(64), math.sqrt(2 / (64 + 128)), 2 / 64, math.sqrt(2 / 64) * 0.9],
    ids=["fan-out", "no gain", "both fans", "variance for std", "a tenth too small"],
)
def test_another_standard_deviation_is_seen(wrong):
    """Fan-out for fan-in, a missing gain and the variance for its root are told apart with 10,000 numbers."""
    right = math.sqrt(2 / 64)
    for seed in seeds():
        assert rejects(distribution.normal_std, normal(seed, wrong), right)
        assert not rejects(distribution.normal_std, normal(seed, right), right)


def test_a_uniform_of_the_same_variance_is_seen():
    """The right mean and standard deviation do not make a normal distribution."""
    for seed in seeds():
        sample = np.random.default_rng(seed).uniform(-math.sqrt(3), math.sqrt(3), N)
        assert not rejects(distribution.normal_std, sample, 1.0)
        assert not rejects(distribution.normal_mean, sample, 1.0)
        assert rejects(distribution.follows, sample, distribution.normal_cdf(1.0))


@pytest.mark.parametrize("cut", ["clipped", "drawn again"])
def test_a_normal_that_is_cut_at_two_standard_deviations_is_seen(cut):
    """The one in twenty beyond two standard deviations is missed, whether it was clipped or drawn again."""
    beyond = math.erfc(1.99 / math.sqrt(2))
    for seed in seeds():
        sample = normal(seed, count=2 * N)
        sample = np.clip(sample, -1.98, 1.98) if cut == "clipped" else sample[abs(sample) < 1.99]
        sample = sample[:N]
        assert rejects(distribution.share, int((abs(sample) > 1.99).sum()), N, beyond)
        right = int((abs(normal(seed)) > 1.99).sum())
        assert not rejects(distribution.share, right, N, beyond)


def test_a_clipped_normal_has_a_smaller_standard_deviation():
    """With 30,000 numbers the standard deviation alone tells a clipped normal."""
    for seed in seeds():
        assert rejects(distribution.normal_std, np.clip(normal(seed, count=30_000), -2, 2), 1.0)


SHARES = [(0.3, 0.7), (0.9, 0.1), (0.5, 0.44), (0.1, 0.14), (0.2, 0.0), (0.8, 1.0)]


@pytest.mark.parametrize(("p", "other"), SHARES)
def test_another_share_is_seen(p, other):
    """Keeping with p for dropping with p is told apart with 10,000 coins, and so is 14 % for 10 %."""
    for seed in seeds():
        rng = np.random.default_rng(seed)
        assert rejects(distribution.share, int(rng.binomial(N, other)), N, p)
        assert not rejects(distribution.share, int(rng.binomial(N, p)), N, p)


def test_shares_of_nothing_and_of_everything_are_exact():
    """What can never happen must not happen once, and what always happens must not fail once."""
    assert not rejects(distribution.share, 0, N, 0.0)
    assert not rejects(distribution.share, N, N, 1.0)
    assert rejects(distribution.share, 1, N, 0.0)
    assert rejects(distribution.share, N - 1, N, 1.0)


def test_a_mean_that_is_off_by_a_tenth_is_seen():
    """A shift by a tenth of the standard deviation shows with 10,000 numbers."""
    for seed in seeds():
        assert rejects(distribution.normal_mean, normal(seed, 2.0) + 0.2, 2.0)
        assert not rejects(distribution.normal_mean, normal(seed, 2.0) + 0.2, 2.0, mean=0.2)


@pytest.mark.parametrize("distance", [1, 7, N // 2])
def test_numbers_that_are_copied_are_seen(distance):
    """A row drawn once and repeated, or with its sign turned, is no independent sample."""
    for seed in seeds():
        sample = normal(seed)
        assert not rejects(distribution.independent, sample)
        for sign in (1, -1):
            copied = sample.copy()
            if distance == 1:
                copied[1::2] = sign * copied[::2]
            else:
                copied = np.resize(np.concatenate([sample[:distance], sign * sample[:distance]]), N)
            assert rejects(distribution.independent, copied)


def test_samples_that_depend_on_each_other_are_seen():
    """Two draws with the same seed, or the one made from the other, are correlated."""
    for seed in seeds():
        first, second = normal(seed), normal(seed + 100)
        assert not rejects(distribution.uncorrelated, first, second)
        assert rejects(distribution.uncorrelated, first, first)
        assert rejects(distribution.uncorrelated, first, -first)
        assert rejects(distribution.uncorrelated, first, 0.8 * second + 0.6 * first)


# What is no sample at all.


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_sample_with_a_nan_passes_nothing(bad):
    """A NaN is on no side of any bound, so it is told before the bound is asked."""
    for place in (0, 500, -1):
        sample = normal(0)
        sample[place] = bad
        for check, args in [
            (distribution.follows, (distribution.normal_cdf(1.0),)),
            (distribution.normal_std, (1.0,)),
            (distribution.normal_mean, (1.0,)),
            (distribution.independent, ()),
            (distribution.uncorrelated, (normal(1),)),
        ]:
            with pytest.raises(Failure, match=rf"^there is {bad} in the weights$"):
                check(sample, *args, name="the weights")


def test_an_empty_sample_is_told():
    """No numbers at all are no sample."""
    with pytest.raises(Failure, match=r"^there are no values in the weights$"):
        distribution.normal_std(np.zeros((0, 3)), 1.0, name="the weights")


# The words, and what else there is.


@pytest.mark.parametrize(
    ("check", "args", "sentence"),
    [
        (distribution.normal_std, (np.full(N, 2.0), 1.0), "the standard deviation of W is 2, it should be 1"),
        (distribution.normal_mean, (np.full(N, 0.5), 1.0), "the mean of W is 0.5, it should be 0"),
        (distribution.share, (N, N, 0.5), "W: 100.00% of 10000, it should be 50.00%"),
        (
            distribution.follows,
            (np.full(N, 0.25), uniform),
            "W does not follow its distribution: 75.0% of 10000 values are on the wrong side",
        ),
    ],
)
def test_a_sentence_says_what_was_found_and_what_should_be(check, args, sentence):
    """The numbers in it are of the sample that came and of the distribution that is asked for."""
    with pytest.raises(Failure) as caught:
        check(*args, name="W")
    assert caught.value.message == sentence


def test_lists_and_matrices_are_samples():
    """The shape of a sample does not matter, nor whether it is an array."""
    sample = normal(0, 2.0)
    for form in (sample.tolist(), sample.reshape(100, 100), tuple(sample)):
        assert not rejects(distribution.normal_std, form, 2.0)
        assert rejects(distribution.normal_std, form, 1.0)


def test_the_distribution_functions_are_right():
    """The normal one is 0.5 at 0 and 0.975 at 1.96 standard deviations; chi-squared's is held to its tail."""
    cdf = distribution.normal_cdf(3.0)
    assert cdf(np.array([0.0, 3 * 1.959963984540054])) == pytest.approx([0.5, 0.975])
    x = np.array([0.5, 3.0, 20.0])
    for degrees in (2, 6, 20):
        found = distribution.chi_squared_cdf(degrees)(x)
        assert found == pytest.approx([1 - chi_squared_tail(each, degrees) for each in x])
    for degrees in (0, 3, -2):
        with pytest.raises(ValueError, match="even number"):
            distribution.chi_squared_cdf(degrees)
