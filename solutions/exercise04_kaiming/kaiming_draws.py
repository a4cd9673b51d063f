"""Judging weights by their distribution: what is drawn at random, by whatever way, from `rng` alone."""

import math

import numpy as np

from dlgrade.suite import check, distribution, lab

P = 4e-12  # the probability, at most, that one check rejects a right answer

VARIANCE = {"xavier_normal": 1.0, "kaiming_normal": 2.0, "xavier": 1.0, "kaiming": 2.0}  # times n_in

# At most 40,000 numbers a call: whoever draws them one at a time is in time too.
BIG = [(40, 900), (900, 40), (120, 300), (300, 120), (190, 190), (20, 1800), (1800, 20)]
BIG += [(2, 18000), (7, 5000), (5000, 7), (1, 36000), (36000, 1)]
UNEQUAL, EQUAL = [90, 130, 60, 150, 1, 300, 30], [100, 100, 100, 100, 100]
SMALL = [(2, 3), (3, 2), (2, 2), (1, 4), (4, 1), (1, 2), (2, 1), (4, 4)]  # even numbers of entries

GENERATOR = """
import numpy as np


def generator(seed):
    return np.random.default_rng(seed)
"""


def fresh(rng) -> np.random.Generator:
    """A generator in a state of its own."""
    return np.random.default_rng(int(rng.integers(2**62)))


def floats(W, shape: tuple[int, int], name: str) -> np.ndarray:
    """Check that W is an array of finite floats of the right shape, and no more than that."""
    check.close(W, np.zeros(shape), name=name, atol=math.inf)
    return np.asarray(W, np.float64)


def weights(student, function: str, shape: tuple[int, int], rng) -> np.ndarray:
    """Draw a matrix by the learner's function."""
    return floats(getattr(student, function)(*shape, rng), shape, "W")


def standard(student, function: str, shape: tuple[int, int], rng) -> np.ndarray:
    """Draw a matrix over the std that it should have: standard normal values if it is right."""
    return weights(student, function, shape, fresh(rng)) * math.sqrt(shape[0] / VARIANCE[function])


def joined(matrices) -> np.ndarray:
    """All numbers of some matrices in a row."""
    return np.concatenate([matrix.ravel() for matrix in matrices])


def check_shapes(student, function, rng) -> None:
    for shape in [(3, 5), (5, 3), (4, 4), (1, 6), (6, 1), (1, 1)]:
        weights(student, function, shape, fresh(rng))


def check_spread(student, function, rng) -> None:
    for n_in, n_out in BIG:
        W = weights(student, function, (n_in, n_out), fresh(rng))
        check_normal_spread(W, math.sqrt(VARIANCE[function] / n_in), f"W (n_in = {n_in}, n_out = {n_out})")


def check_normal_spread(W, std: float, name: str) -> None:
    """Check std and mean; where the mean makes up half of the std, the mean is said to be at fault."""
    if not a_question_of_chance(W):
        distribution.normal_mean(W, std, name=name, p=P)
    distribution.normal_std(W, std, name=name, p=P)
    distribution.normal_mean(W, std, name=name, p=P)


def check_normal(student, function, rng) -> None:
    matrices = [standard(student, function, shape, rng) for shape in BIG]
    z = joined(matrices)
    check_normal_spread(z, 1.0, "all weights, each in units of its std,")
    check_tails(z, "weights")
    distribution.follows(matrices[0], distribution.normal_cdf(1.0), name="W", p=P)


def check_tails(z, name: str) -> None:
    """Check how many values lie beyond 1 to 4 standard deviations, and below some points."""
    for far in (2, 3, 4, 1):
        limit = far + 1e-6  # whoever clips at `far` may land a rounding error beyond it
        hits, chance = int((np.abs(z) > limit).sum()), math.erfc(limit / math.sqrt(2))
        distribution.share(hits, z.size, chance, name=f"{name} beyond ±{far} std", p=P)
    for point in (0.0, -0.5, 0.5, -1.5, 1.5, -2.5, 2.5):
        hits, chance = int((z < point).sum()), 0.5 * math.erfc(-point / math.sqrt(2))
        distribution.share(hits, z.size, chance, name=f"{name} below {point:g} std", p=P)


def check_independent(student, function, rng) -> None:
    for shape in [(120, 300), (40, 900), (190, 190), (36000, 1)]:
        z = standard(student, function, shape, rng)
        check_own_draws(z, "the entries of W")
        if shape == (190, 190):
            above = np.triu_indices(190, 1)
            check_unrelated(z[above], z.T[above], "W[i, j] and W[j, i]")


def check_own_draws(z, name: str) -> None:
    different = np.unique(z).size
    check.that(
        2 * different > z.size,
        f"{name} are not drawn each on its own: only {different} of {z.size} differ from one another",
    )
    if a_question_of_chance(z):
        distribution.independent(tamed(z), name=name, p=P)
    half = z.size // 2
    check_unrelated(z.flat[:half], z.flat[: -half - 1 : -1], f"{name}, from both ends,")


def check_unrelated(one, other, name: str) -> None:
    if a_question_of_chance(one) and a_question_of_chance(other):
        distribution.uncorrelated(tamed(one), tamed(other), name=name, p=P)


def a_question_of_chance(z) -> bool:
    """Whether the mean may be chance; if not, the test of mean and std tells it better."""
    return abs(z.mean()) <= 0.5 * math.sqrt(float((z**2).mean()))


def tamed(z) -> np.ndarray:
    """Make numbers smaller that are too large, for that is no dependence; a right answer only gains by it."""
    return z / max(1.0, math.sqrt(float((z**2).mean())))


def check_small(student, function, rng) -> None:
    matrices = [standard(student, function, shape, rng) for shape in SMALL * 12]
    check.that(
        any(abs(z.mean()) > 1e-6 for z in matrices),
        "every W has a mean of exactly 0: that of numbers drawn at random scatters around 0",
    )
    check.that(
        any(abs(z.std() - 1) > 1e-6 for z in matrices),
        "every W has exactly the std asked for: that of numbers drawn at random scatters around it",
    )
    different = {z.tobytes() for z in matrices}
    check.that(
        len(different) > len(matrices) - 4,  # seeding another generator from 32 bits of rng is allowed
        f"{len(matrices)} generators in different states gave only {len(different)} different W",
    )
    check_normal_spread(joined(matrices), 1.0, "small W, in units of its std,")
    means = np.array([z.sum() / math.sqrt(z.size) for z in matrices])
    distribution.normal_std(means, 1.0, name="the mean of a small W, times √(n_in·n_out) over its std,", p=P)
    ranks = np.array([distribution.chi_squared_cdf(z.size)((z**2).sum()) for z in matrices])
    distribution.follows(ranks, lambda u: u, name="the sum of the squares of a small W", p=P)


def check_source(student, draw) -> None:
    """Check that all randomness comes from rng; `draw` gives all weights in a row, drawn with it."""
    first, again, other = (draw(np.random.default_rng(seed)) for seed in (90125, 90125, 5150))
    check.that(
        np.array_equal(first, again),
        "the same call with rng in the same state gave other weights: draw from rng and from nothing else",
        steady=False,
    )
    check.that(
        not np.array_equal(first, other),
        "rng in another state gave the same weights: draw from rng, without a seed of your own",
    )
    rng = lab(student, GENERATOR).generator.keep()(90125)
    check.that(
        not np.array_equal(draw(rng), draw(rng)),
        "two calls in a row with one and the same rng gave the same weights: draw from rng, not from a copy",
    )


# All layers of a network.


def network_of(student, sizes, scheme: str, rng) -> list[np.ndarray]:
    """Let the learner draw a network; check all but how the weights are distributed."""
    layers = check.listing(student.init_mlp(sizes, scheme, rng), name="the answer")
    check.that(
        len(layers) == len(sizes) - 1,
        f"the list has length {len(layers)}, it should have {len(sizes) - 1} for {len(sizes)} layer sizes",
    )
    matrices = []
    for k, (pair, n_in, n_out) in enumerate(zip(layers, sizes[:-1], sizes[1:], strict=True), 1):
        W, b = check.unpack(pair, 2, name="(W, b)")
        matrices.append(floats(W, (n_in, n_out), f"W of layer {k}"))
        check.close(b, np.zeros(n_out), name=f"b of layer {k}", atol=0.0)
    return matrices


def standard_network(student, sizes, scheme: str, rng) -> list[np.ndarray]:
    """Draw a network, each layer over the std that it should have."""
    matrices = network_of(student, sizes, scheme, fresh(rng))
    return [W * math.sqrt(W.shape[0] / VARIANCE[scheme]) for W in matrices]


def check_network_spread(student, scheme: str, rng) -> None:
    for sizes in (UNEQUAL, EQUAL, [180, 200]):
        for k, W in enumerate(network_of(student, sizes, scheme, fresh(rng)), 1):
            name = f"W of layer {k} ({W.shape[0]} in, {W.shape[1]} out)"
            check_normal_spread(W, math.sqrt(VARIANCE[scheme] / W.shape[0]), name)
    small = [standard_network(student, [3, 2, 1, 4], scheme, rng) for _ in range(30)]
    for k in range(3):
        z = joined([network[k] for network in small])
        check_normal_spread(z, 1.0, f"W of layer {k + 1} in small networks, in units of its std,")
