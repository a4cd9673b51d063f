"""Judging what is random by its distribution, with the chance of a false alarm stated.

Each check takes `p`, the probability at most that a right sample is rejected. The bounds
are inequalities that hold for every sample size, not limits, so the sum of a suite's `p`
bounds what a right answer risks.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlgrade.student import Failure

P = 1e-11

_stated: ContextVar[list[float] | None] = ContextVar("stated", default=None)


@contextlib.contextmanager
def ledger() -> Iterator[list[float]]:
    """Collect the `p` of each check that is made meanwhile: their sum is what a right answer risks."""
    every: list[float] = []
    token = _stated.set(every)
    try:
        yield every
    finally:
        _stated.reset(token)


def normal_cdf(std: float) -> Callable[[NDArray[np.float64]], NDArray[np.float64]]:
    """Give the distribution function of a normal with mean 0."""
    erf = np.vectorize(math.erf, otypes=[float])
    return lambda x: 0.5 * (1 + erf(x / (std * math.sqrt(2))))


def chi_squared_cdf(degrees: int) -> Callable[[NDArray[np.float64]], NDArray[np.float64]]:
    """Give the distribution function of a sum of squares of an even number of standard normals.

    It is one less the chance of under ``degrees/2`` events of a Poisson process with mean ``x/2``.
    """
    if degrees < 2 or degrees % 2:
        raise ValueError(f"degrees is {degrees}, an even number is needed")
    terms = range(degrees // 2)
    return lambda x: 1 - np.exp(-x / 2) * sum((x / 2) ** k / math.factorial(k) for k in terms)


def follows(
    sample: Any, cdf: Callable[[NDArray[np.float64]], NDArray[np.float64]], *, name: str, p: float = P
) -> None:
    """Check that a sample follows a continuous distribution.

    The largest gap between the sample's and the true distribution function exceeds
    ``sqrt(ln(2/p) / 2n)`` with probability at most `p` (Dvoretzky-Kiefer-Wolfowitz with the
    constant of Massart, Annals of Probability 18, 1990).
    """
    ordered = np.sort(_values(sample, name))
    _state(p)
    count = ordered.size
    true = cdf(ordered)
    steps = np.arange(count + 1) / count
    gap = float(max(np.max(np.abs(steps[1:] - true)), np.max(np.abs(steps[:-1] - true))))
    if gap > math.sqrt(math.log(2 / p) / (2 * count)):
        raise Failure(
            f"{name} does not follow its distribution: {gap:.1%} of {count} values are on the wrong side"
        )


def normal_std(sample: Any, std: float, *, name: str, p: float = P) -> None:
    """Check the standard deviation of independent normal values with mean 0.

    The sum of squares over the variance is chi-squared with n degrees of freedom; its tails are
    bounded by Laurent and Massart, Annals of Statistics 28 (2000), lemma 1.
    """
    flat = _values(sample, name)
    _state(p)
    count, x = flat.size, math.log(2 / p)
    ratio = float(np.sum(flat**2)) / std**2
    low, high = count - 2 * math.sqrt(count * x), count + 2 * math.sqrt(count * x) + 2 * x
    if not low <= ratio <= high:
        found = math.sqrt(ratio / count) * std
        raise Failure(f"the standard deviation of {name} is {found:.4g}, it should be {std:.4g}")


def normal_mean(sample: Any, std: float, *, name: str, mean: float = 0.0, p: float = P) -> None:
    """Check the mean of independent normal values: itself normal with ``std / sqrt(n)``."""
    flat = _values(sample, name)
    _state(p)
    found = float(np.mean(flat))
    # P(|Z| > z) <= 2 exp(-z^2 / 2) for a standard normal Z (Chernoff).
    limit = std * math.sqrt(2 * math.log(2 / p) / flat.size)
    if abs(found - mean) > limit:
        raise Failure(f"the mean of {name} is {found:.4g}, it should be {mean:.4g}")


def independent(sample: Any, *, name: str, p: float = P) -> None:
    """Check that standard normal values do not depend on those some places further on, in a ring.

    The products at one distance are summed: a quadratic form of trace 0, Frobenius norm ``sqrt(n/2)``
    (``sqrt(n)`` half way round) and spectral norm 1. See `uncorrelated` for the bound, which is shared out
    among all distances.
    """
    flat = _values(sample, name)
    _state(p)
    count = flat.size
    waves = np.fft.rfft(flat)
    sums = np.fft.irfft(np.abs(waves) ** 2, count)[1 : count // 2 + 1]
    squared_norms = np.where(2 * np.arange(1, sums.size + 1) == count, count, count / 2)
    x = math.log(2 * sums.size / p)
    excess = np.abs(sums) / (2 * np.sqrt(squared_norms * x) + 2 * x)
    worst = int(np.argmax(excess))
    if excess[worst] > 1:
        alike = "alike" if sums[worst] > 0 else "opposite"
        raise Failure(
            f"{name} are not drawn each on its own: those {worst + 1} places apart are {alike} "
            f"(their correlation is {sums[worst] / float(np.sum(flat**2)):.2f})"
        )


def uncorrelated(first: Any, second: Any, *, name: str, p: float = P) -> None:
    """Check that two samples of standard normal values, taken in pairs, do not depend on each other.

    A quadratic form of standard normals with trace 0, Frobenius norm F and spectral norm S exceeds
    ``2 F sqrt(x) + 2 S x`` with probability at most ``exp(-x)`` (Boucheron, Lugosi and Massart, Concentration
    Inequalities, 2013, example 2.12). Here F is ``sqrt(n/2)`` and S is 1/2.
    """
    one, other = _values(first, name), _values(second, name)
    _state(p)
    total, x = float(np.sum(one * other)), math.log(2 / p)
    if abs(total) > math.sqrt(2 * one.size * x) + x:
        correlation = total / math.sqrt(float(np.sum(one**2) * np.sum(other**2)))
        raise Failure(
            f"{name} are not drawn each on its own: their correlation is {correlation:.2f}, "
            "it should be about 0"
        )


def share(hits: int, count: int, probability: float, *, name: str, p: float = P) -> None:
    """Check how often something with a known probability came up in independent trials.

    The share q differs from the probability with a Kullback-Leibler divergence over ``ln(2/p)/n``
    with probability at most `p` (Chernoff; Hoeffding, JASA 58, 1963, theorem 1).
    """
    _state(p)
    found = hits / count
    if _divergence(found, probability) > math.log(2 / p) / count:
        raise Failure(f"{name}: {found:.2%} of {count}, it should be {probability:.2%}")


def _state(p: float) -> None:
    every = _stated.get()
    if every is not None:
        every.append(p)


def _values(sample: Any, name: str) -> NDArray[np.float64]:
    """Flatten a sample; a NaN would pass every comparison with a bound."""
    flat = np.ravel(sample).astype(np.float64)
    if flat.size == 0:
        raise Failure(f"there are no values in {name}")
    if not np.isfinite(flat).all():
        raise Failure(f"there is {flat[~np.isfinite(flat)][0]} in {name}")
    return flat


def _divergence(q: float, probability: float) -> float:
    def part(a: float, b: float) -> float:
        return 0.0 if a == 0 else math.inf if b == 0 else a * math.log(a / b)

    return part(q, probability) + part(1 - q, 1 - probability)
