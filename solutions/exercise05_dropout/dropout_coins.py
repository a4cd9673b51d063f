"""Judging coins: was each of many elements dropped with one probability, and on its own?"""

import numpy as np

from dlgrade.suite import check, distribution

P = 2e-12  # the probability at most of one check to reject a right answer


def check_coins(drops, p, name, seen=None) -> None:
    """Check how many elements were dropped, and how many pairs shared their fate.

    Parameters
    ----------
    drops : ndarray of bool
        Where something was dropped.
    p : float
        With what probability it should have been.
    name : str
        What the elements are.
    seen : ndarray of drops's shape, bool, optional
        Which elements can be seen at all; by default all.
    """
    seen = np.ones(drops.shape, bool) if seen is None else seen
    distribution.share(int(drops[seen].sum()), int(seen.sum()), p, name=f"{name} dropped, p = {p:g}", p=P)
    for axis in range(drops.ndim):
        lined, visible = np.moveaxis(drops, axis, 0), np.moveaxis(seen, axis, 0)
        for which, (one, other) in pairings(len(lined)).items():
            both = visible[one] & visible[other]
            check.that(bool(both.any()), f"no two {name} come through together ({which} along axis {axis})")
            alike = int((lined[one] == lined[other])[both].sum())
            pairs = f"pairs of {name} with one fate, p = {p:g} ({which} along axis {axis})"
            distribution.share(alike, int(both.sum()), p * p + (1 - p) * (1 - p), name=pairs, p=P)


def pairings(count):
    """Pair lines so that none is in two pairs, which makes the pairs independent.

    Half of 240, 120, 60 or 40 is a multiple of many numbers: a pattern that repeats itself shows.
    """
    half = count // 2
    neighbours = slice(0, 2 * half, 2), slice(1, 2 * half, 2)
    return {"neighbours": neighbours, "half a side apart": (slice(0, half), slice(half, 2 * half))}


def check_counts(drops, name) -> None:
    """Check that lines of elements do not all drop equally many.

    With 40 lines of 15 elements or more, and p from 0.2 to 0.8, chance does that less often than 1e-20.
    """
    for axis in range(drops.ndim):
        counts = drops.sum(axis=axis)
        alike = counts.size >= 40 and bool(counts.min() == counts.max())
        check.that(not alike, f"just as many {name} are dropped in each line along axis {axis}")
