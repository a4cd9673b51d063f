"""Hidden suite of exercise04: what a right `kaiming.py` does, whichever way it was written.

Weights are judged by their distribution, never by one generator's stream. Each such check rejects a right
answer with a probability of at most `P`; a run makes fewer than 250 of them, so that all of them together
do so with less than 1e-9. What is computed from given layers is compared with exact sums and with autograd.
"""

import itertools
import math

import numpy as np

from dlgrade.suite import Draw, cases, check, criterion, distribution, lab, oracle

P = 4e-12

VARIANCE = {"xavier_normal": 1.0, "kaiming_normal": 2.0, "xavier": 1.0, "kaiming": 2.0}  # times n_in

# At most 40,000 numbers a call: whoever draws them one at a time is in time too.
BIG = [(40, 900), (900, 40), (120, 300), (300, 120), (190, 190), (20, 1800), (1800, 20)]
BIG += [(2, 18000), (7, 5000), (5000, 7), (1, 36000), (36000, 1)]
SMALL = [(2, 3), (3, 2), (2, 2), (1, 4), (4, 1), (1, 2), (2, 1), (4, 4)]  # even numbers of entries

GENERATOR = """
import numpy as np


def generator(seed):
    return np.random.default_rng(seed)
"""


# One weight matrix.


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
        if shape == (190, 190) and a_question_of_chance(z):
            above, z = np.triu_indices(190, 1), tamed(z)
            distribution.uncorrelated(z[above], z.T[above], name="W[i, j] and W[j, i]", p=P)


def check_own_draws(z, name: str) -> None:
    different = np.unique(z).size
    check.that(
        2 * different > z.size,
        f"{name} are not drawn each on its own: only {different} of {z.size} differ from one another",
    )
    if a_question_of_chance(z):
        z, half = tamed(z).ravel(), z.size // 2
        distribution.independent(z, name=name, p=P)
        distribution.uncorrelated(z[:half], z[: -half - 1 : -1], name=f"{name}, from both ends,", p=P)


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


@criterion("xavier_normal")
def test_xavier_has_the_shape_asked_for(student, rng):
    """`xavier_normal` gives floats of shape (n_in, n_out), tall, wide, square and single ones."""
    check_shapes(student, "xavier_normal", rng)


@criterion("xavier_normal")
def test_xavier_draws_every_weight_on_its_own(student, rng):
    """No weight depends on another."""
    check_independent(student, "xavier_normal", rng)


@criterion("xavier_normal")
def test_xavier_has_the_right_spread(student, rng):
    """The weights have mean 0 and std 1/√n_in, whatever n_out is."""
    check_spread(student, "xavier_normal", rng)


@criterion("xavier_normal")
def test_xavier_is_normal(student, rng):
    """The weights follow a normal distribution, to its tails."""
    check_normal(student, "xavier_normal", rng)


@criterion("xavier_normal")
def test_xavier_leaves_small_matrices_to_chance(student, rng):
    """Small matrices scatter as drawn ones do: nothing is adjusted after the draw."""
    check_small(student, "xavier_normal", rng)


@criterion("xavier_normal")
def test_xavier_draws_from_rng_alone(student):
    """The same state of `rng` gives the same weights, another state gives others."""
    check_source(student, lambda rng: weights(student, "xavier_normal", (4, 6), rng))


@criterion("kaiming_normal")
def test_kaiming_has_the_shape_asked_for(student, rng):
    """`kaiming_normal` gives floats of shape (n_in, n_out), tall, wide, square and single ones."""
    check_shapes(student, "kaiming_normal", rng)


@criterion("kaiming_normal")
def test_kaiming_draws_every_weight_on_its_own(student, rng):
    """No weight depends on another."""
    check_independent(student, "kaiming_normal", rng)


@criterion("kaiming_normal")
def test_kaiming_has_the_right_spread(student, rng):
    """The weights have mean 0 and std √(2/n_in): the fan-in decides, not the fan-out."""
    check_spread(student, "kaiming_normal", rng)


@criterion("kaiming_normal")
def test_kaiming_is_normal(student, rng):
    """The weights follow a normal distribution, to its tails."""
    check_normal(student, "kaiming_normal", rng)


@criterion("kaiming_normal")
def test_kaiming_leaves_small_matrices_to_chance(student, rng):
    """Small matrices scatter as drawn ones do: nothing is adjusted after the draw."""
    check_small(student, "kaiming_normal", rng)


@criterion("kaiming_normal")
def test_kaiming_draws_from_rng_alone(student):
    """The same state of `rng` gives the same weights, another state gives others."""
    check_source(student, lambda rng: weights(student, "kaiming_normal", (4, 6), rng))


# All layers of a network.

UNEQUAL = [90, 130, 60, 150, 1, 300, 30]
EQUAL = [100, 100, 100, 100, 100]


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


@criterion("init_mlp")
def test_network_has_a_layer_between_every_two_sizes(student, rng):
    """k + 1 layer sizes, in a list or a tuple, give k pairs (W, b) that fit one another, every b zero."""
    for sizes in ([4, 7, 3], (4, 7, 3), [5, 2], (1, 1), [3, 3, 3, 3], (6, 1, 5, 2, 7)):
        for scheme in ("xavier", "kaiming"):
            network_of(student, sizes, scheme, fresh(rng))


@criterion("init_mlp")
def test_layers_are_drawn_on_their_own(student, rng):
    """No layer depends on another, be they equally large or not."""
    for sizes, scheme in ((EQUAL, "kaiming"), (UNEQUAL, "xavier"), (EQUAL, "xavier"), (UNEQUAL, "kaiming")):
        layers = standard_network(student, sizes, scheme, rng)
        check_own_draws(joined(layers), "the weights of all layers in a row")
        for one, other in itertools.pairwise(layers):
            if one.shape == other.T.shape:
                name = "the weights of a layer and those of the next, transposed,"
                distribution.uncorrelated(one, other.T, name=name, p=P)


@criterion("init_mlp")
def test_xavier_network_has_the_right_spread(student, rng):
    """With "xavier" every layer, the first and the last too, has std 1/√n_in."""
    check_network_spread(student, "xavier", rng)


@criterion("init_mlp")
def test_kaiming_network_has_the_right_spread(student, rng):
    """With "kaiming" every layer, the first and the last too, has std √(2/n_in)."""
    check_network_spread(student, "kaiming", rng)


@criterion("init_mlp")
def test_network_is_normal(student, rng):
    """The weights of all layers follow a normal distribution, in both schemes."""
    for scheme in ("xavier", "kaiming"):
        z = joined(standard_network(student, UNEQUAL, scheme, rng))
        check_tails(z, f"weights of a {scheme} network")
        name = f"a weight of a {scheme} network"
        distribution.follows(z, distribution.normal_cdf(1.0), name=name, p=P)


@criterion("init_mlp")
def test_network_draws_from_rng_alone(student):
    """The same state of `rng` gives the same network, another state gives another."""
    for scheme in ("xavier", "kaiming"):
        check_source(student, lambda rng, scheme=scheme: joined(network_of(student, [4, 6, 3], scheme, rng)))


@criterion("init_mlp")
def test_other_schemes_are_refused(student, rng):
    """Any other scheme is a ValueError that names `scheme`."""
    for scheme in ("he", "glorot", "", "kaiming_normal", "Kaiming", "xavier_uniform", "k"):
        check.raises(ValueError, student.init_mlp, [3, 4, 2], scheme, fresh(rng), mentions="scheme")


# What the layers make of their inputs.

LABELS = [np.int64, np.int32, np.int8, np.uint8, np.int16, np.uint16, np.uint32]
ACTIVATIONS = ["relu", "tanh", "sigmoid"]
SIZES = [(4, 4, 4), (3, 3, 3, 3, 3), (5, 3, 5, 3, 5), (4, 2, 2, 4), (5, 4, 4), (2, 5, 5, 2), (4, 4, 1, 3)]
SIZES += [(1, 3, 4, 2), (1, 1, 1, 2), (4, 1, 3, 2), (1, 1, 4, 1, 3), (1, 4, 2), (5, 3, 2), (1, 5, 3, 4, 2)]


def network(draw: Draw):
    """Draw X, y, layers and activation, with sizes that all differ."""
    return made(draw, draw.sizes(draw.integer(4, 6), 2, 8))


def lookalike_network(draw: Draw):
    """Draw a network with sizes that are equal, or 1: a wrong transpose fits, a lost axis goes unnoticed."""
    return made(draw, draw.choice(SIZES))


def made(draw: Draw, sizes):
    """Draw what a network with n samples, d features, hidden layers and c classes holds."""
    n, *widths = sizes
    activation = draw.choice(ACTIVATIONS)
    y = draw.integers((n,), 0, widths[-1] - 1, dtype=draw.choice(LABELS))
    # All numbers at one stroke: the search for a smaller case is quick where choices are few.
    rng = np.random.default_rng(draw.integer(0, 9999))
    X = rng.uniform(-1.5, 1.5, (n, widths[0])).round(2) * draw.choice([1.0, 0.1, 5.0])
    return X, y, layers_of(rng, X, widths, activation), activation


def layers_of(rng, X, widths, activation, size=1.5, bias=0.5) -> list[tuple[np.ndarray, np.ndarray]]:
    """Draw layers in numbers of two digits; no ReLU is so near its corner that rounding decides."""
    layers = []
    for k, (n_in, n_out) in enumerate(itertools.pairwise(widths)):
        bound = size / math.sqrt(n_in)
        W, b = rng.uniform(-bound, bound, (n_in, n_out)).round(2), rng.uniform(-bias, bias, n_out).round(2)
        if activation == "relu" and k < len(widths) - 2:
            b = off_the_corner(X @ W, b)
            X = np.maximum(X @ W + b, 0.0)
        layers.append((W, b))
    return layers


def off_the_corner(products, b):
    """Raise biases until no pre-activation is so near to 0 that the order of a sum could decide its sign."""
    while (near := (np.abs(products + b) < 1e-3).any(axis=0)).any():
        b = (b + 0.01 * near).round(2)
    return b


def network_on_the_corner(draw: Draw):
    """Draw a ReLU network of whole numbers in which every first hidden unit is exactly 0 for a sample."""
    n, d, h, k, c = draw.sizes(5, 2, 7)
    rng = np.random.default_rng(draw.integer(0, 9999))
    X, W1, W2 = 1.0 * rng.integers(-3, 4, (n, d)), *(1.0 * rng.integers(-2, 3, s) for s in ((d, h), (h, k)))
    b1 = 0.0 - (X @ W1)[rng.integers(0, n, h), np.arange(h)]
    b2 = 0.0 - (np.maximum(X @ W1 + b1, 0.0) @ W2)[rng.integers(0, n, k), np.arange(k)]
    W3, b3 = rng.uniform(-0.05, 0.05, (k, c)).round(3), rng.uniform(-0.5, 0.5, c).round(2)
    return X, rng.integers(0, c, n), [(W1, b1), (W2, b2), (W3, b3)], "relu"


def activate(z, activation: str):
    """The activation in long doubles, by formulas that are not the usual ones."""
    if activation == "relu":
        return np.where(z > 0, z, np.longdouble(0))
    if activation == "sigmoid":
        return (1 + activate(z / 2, "tanh")) / 2
    grown = np.expm1(2 * np.abs(z))
    return np.sign(z) * (1 - 2 / (grown + 2))


def true_stds(X, layers, activation: str) -> list[float]:
    """The std of every hidden layer by its definition, in long doubles."""
    stds, a = [], np.asarray(X, np.longdouble)
    for W, b in layers[:-1]:
        z = sum(a[:, j, None] * np.asarray(W[j], np.longdouble) for j in range(len(W))) + b
        a = activate(z, activation)
        away = a - a.sum() / a.size
        stds.append(float(np.sqrt((away**2).sum() / a.size)))
    return stds


def check_stds(student, X, layers, activation: str) -> None:
    want = true_stds(X, layers, activation)
    got = check.listing(student.activation_stds(X, layers, activation), name="the answer")
    check.that(
        len(got) == len(want),
        f"the list has length {len(got)}, it should have {len(want)}: one number for each hidden layer",
    )
    for k, std in enumerate(want):
        # Where all activations are equal, √(E[a²] − E[a]²) may leave the root of a rounding error.
        atol = 1e-9 * std if std > 1e-12 else 1e-7
        check.close(got[k], std, name=f"the std of hidden layer {k + 1}", atol=atol)


@criterion("activation_stds")
def test_stds_give_the_worked_numbers(student):
    """The worked examples give 1 for ReLU, 1/4 for tanh and 1/8 for sigmoid."""
    out = (np.ones((2, 2)), np.array([1.0, -1.0]))
    X, first = np.array([[1.0], [-1.0], [1.0]]), (np.array([[-3.0, 3.0]]), np.array([-1.0, -1.0]))
    check_stds(student, X, [first, out], "relu")
    X, last = np.array([[0.0], [1.0]]), (np.ones((1, 2)), np.zeros(2))
    check_stds(student, X, [(np.array([[math.log(3) / 2]]), np.zeros(1)), last], "tanh")
    check_stds(student, X, [(np.array([[math.log(3)]]), np.zeros(1)), last], "sigmoid")


@criterion("activation_stds")
@cases(network, 40)
def test_stds_of_random_networks(student, network):
    """Every hidden layer's std is right, for each activation, with biases, for any depth."""
    X, _, layers, activation = network
    check_stds(student, X, layers, activation)


@criterion("activation_stds")
@cases(lookalike_network, 60)
def test_stds_where_sizes_are_equal_or_one(student, network):
    """Every hidden layer's std is right where sizes are equal, or where there is one sample or one unit."""
    X, _, layers, activation = network
    check_stds(student, X, layers, activation)


@criterion("activation_stds")
def test_stds_without_hidden_layers(student):
    """One layer alone is the last one, which is linear and not listed: the list is empty."""
    for activation in ACTIVATIONS:
        check_stds(student, np.array([[1.0, -2.0]]), [(np.ones((2, 3)), np.ones(3))], activation)


@criterion("activation_stds")
def test_stds_of_dead_and_of_saturated_layers(student):
    """Dead units count as zeros, and saturated ones as what they put out."""
    X = np.array([[1.0, -1.0], [0.5, 2.0], [-1.5, 0.0]])
    last = (np.ones((3, 2)), np.zeros(2))
    W = np.array([[1.0, -2.0, 0.5], [0.5, 1.0, -1.0]])
    check_stds(student, X, [(W, np.array([-9.0, 0.5, -9.0])), last], "relu")
    check_stds(student, X, [(W, np.full(3, -9.0)), last], "relu")
    for activation in ("tanh", "sigmoid"):
        check_stds(student, X, [(12 * W, np.array([0.5, -1.0, 2.0])), last], activation)


@criterion("activation_stds")
def test_stds_of_a_deep_network(student, rng):
    """Fifteen hidden layers keep their digits, where the activations fade and where they grow."""
    for activation, size in (("relu", 1.2), ("relu", 4.0), ("tanh", 0.8), ("sigmoid", 1.0)):
        X = rng.uniform(-1, 1, (7, 6))
        layers = layers_of(rng, X, [6, *[5] * 15, 3], activation, size, bias=0.1)
        check_stds(student, X, layers, activation)


@oracle.kept(stand_in=lambda reference, *network: reference.gradient_norms(*network))
def true_norms(X, y, layers, activation):
    import torch

    f = {"relu": torch.relu, "tanh": torch.tanh, "sigmoid": torch.sigmoid}[activation]
    labels = torch.from_numpy(y.astype(np.int64))
    biases = [torch.from_numpy(b) for _, b in layers]

    def loss(*weights):
        a = torch.from_numpy(X)
        for W, b in zip(weights[:-1], biases[:-1], strict=True):
            a = f(a @ W + b)
        return torch.nn.functional.cross_entropy(a @ weights[-1] + biases[-1], labels)

    grads = oracle.gradients(loss, *[W for W, _ in layers])
    return [math.sqrt(math.fsum(np.ravel(grad) ** 2)) for grad in grads]


def check_norms(student, network) -> None:
    check_listed(student.gradient_norms(*network), true_norms(*network))


def check_listed(answer, want) -> None:
    got = check.listing(answer, name="the answer")
    check.that(
        len(got) == len(want),
        f"the list has length {len(got)}, it should have {len(want)}: one number for each layer",
    )
    for k in reversed(range(len(want))):  # the way back: the first that is off is where it went wrong
        atol = 1e-9 * max(want[k], 1e-3 * want[-1], 1e-6)
        check.close(got[k], want[k], name=f"the norm of layer {k + 1}", atol=atol)


@criterion("gradient_norms")
def test_norm_of_one_undecided_layer(student):
    """One layer of zeros, two samples, three classes: the norm is 1/√3."""
    network = (np.eye(2), np.array([0, 2]), [(np.zeros((2, 3)), np.zeros(3))], "relu")
    check_listed(student.gradient_norms(*network), [1 / math.sqrt(3)])


@criterion("gradient_norms")
def test_norms_of_one_hidden_neuron(student):
    """x = 2 through one ReLU that puts out 3, two undecided classes: the norms are 2 and 3/√2."""
    first, last = (np.ones((1, 1)), np.ones(1)), (np.array([[1.0, -1.0]]), np.array([-3.0, 3.0]))
    got = student.gradient_norms(np.array([[2.0]]), np.array([0]), [first, last], "relu")
    check_listed(got, [2.0, 3 / math.sqrt(2)])


@criterion("gradient_norms")
@cases(network, 40)
def test_norms_agree_with_autograd(student, network):
    """The norms of all layers agree with PyTorch's gradients, for each activation and any depth."""
    check_norms(student, network)


@criterion("gradient_norms")
@cases(lookalike_network, 60)
def test_norms_where_sizes_are_equal_or_one(student, network):
    """The norms are right where sizes are equal, or where there is one sample, feature, unit or layer."""
    check_norms(student, network)


@criterion("gradient_norms")
@cases(network_on_the_corner, 16)
def test_norms_on_the_corner(student, network):
    """ReLU'(0) = 0: a hidden unit that is exactly 0 for a sample passes nothing back for it."""
    check_norms(student, network)


@criterion("gradient_norms")
def test_norms_with_dead_units(student, rng):
    """Units that no sample wakes pass nothing back; where all are dead, every norm is 0."""
    X, y = rng.uniform(-1, 1, (6, 3)), np.array([3, 0, 1, 1, 3, 2], np.uint8)
    layers = layers_of(rng, X, [3, 5, 4], "relu")
    (W1, _), last = layers
    some_dead = off_the_corner(X @ W1, np.array([-50.0, 0.1, 0.3, -50.0, 0.2]))
    check_norms(student, (X, y, [(W1, some_dead), last], "relu"))
    check_norms(student, (X, y, [(W1, np.full(5, -50.0)), last], "relu"))


@criterion("gradient_norms")
def test_norms_with_saturated_units(student, rng):
    """Units far out on tanh and sigmoid pass next to nothing back, the others what is theirs."""
    X, y = rng.uniform(-1, 1, (5, 3)).round(2), np.array([3, 0, 1, 1, 2])
    for activation in ("tanh", "sigmoid"):
        (W1, b1), (W2, b2), last = layers_of(rng, X, [3, 6, 4, 5], activation)
        b1 = b1 + np.array([0.0, 4.0, 0.0, -4.0, 40.0, -40.0])
        check_norms(student, (X, y, [(W1, b1), (W2, b2), last], activation))


@criterion("gradient_norms")
def test_norms_of_a_deep_network(student, rng):
    """Ten layers keep their digits, where the gradients vanish on their way back and where they grow."""
    y = np.array([2, 0, 1, 1, 0, 2, 0])
    for activation, size in (("relu", 2.0), ("relu", 4.0), ("tanh", 1.0), ("sigmoid", 3.0)):
        X = rng.uniform(-1, 1, (7, 6))
        layers = layers_of(rng, X, [6, *[5] * 9, 3], activation, size, bias=0.1)
        layers[-1] = (layers[-1][0] / 8, layers[-1][1])
        check_norms(student, (X, y, layers, activation))


@criterion("gradient_norms")
def test_norms_with_many_classes_and_small_integers(student, rng):
    """Labels beyond 100 in one-byte integers give the norms that they give in eight bytes."""
    for dtype, c in ((np.int8, 120), (np.uint8, 150)):
        y = np.concatenate([[c - 1, 0], rng.integers(c // 2, c, 10)]).astype(dtype)
        X = rng.uniform(-1, 1, (12, 3))
        check_norms(student, (X, y, layers_of(rng, X, [3, 4, c], "tanh"), "tanh"))


# Dead units.

LEVELS = np.array([-1.0, 0.0, -0.5, -2.0, -1e-12, -30.0, -0.0, 1.0, 1e-12, 40.0])


def pre_activations(draw: Draw) -> np.ndarray:
    """Draw pre-activations of a few units for a few samples: mostly negative, some 0, some just above."""
    shape = draw.choice([(3, 5), (2, 7), (5, 3), (7, 2), (4, 4), (2, 2), (1, 6), (1, 1), (6, 1), (4, 9)])
    highest = draw.choice([6, 7, 8, 9])
    return LEVELS[draw.integers(shape, 0, highest)]


def check_fraction(student, z) -> None:
    n, units = z.shape
    dead = sum(all(z[i, j] <= 0 for i in range(n)) for j in range(units))
    check.close(student.dead_relu_fraction(z), dead / units, name="the fraction")


@criterion("dead_relu_fraction")
def test_fraction_gives_the_worked_number(student):
    """Of the five units of the worked example two are dead: 0.4."""
    check_fraction(student, np.array([[1.0, -1.0, 0.0, -2.0, 3.0], [-3.0, -2.0, 0.0, 5.0, 4.0]]))


@criterion("dead_relu_fraction")
@cases(pre_activations, 60)
def test_fraction_of_random_units(student, z):
    """A unit is dead if it is ≤ 0, exactly 0 too, for every sample; units are columns."""
    check_fraction(student, z)


@criterion("dead_relu_fraction")
def test_fraction_where_all_or_none_are_dead(student):
    """All dead is 1, none dead is 0, whatever the sizes."""
    for shape in [(3, 5), (5, 3), (1, 4), (4, 1), (1, 1)]:
        check_fraction(student, np.full(shape, -0.5))
        check_fraction(student, np.zeros(shape))
        check_fraction(student, np.full(shape, 0.5))


@criterion("dead_relu_fraction")
def test_fraction_with_one_that_wakes_late(student):
    """One sample among fifty is enough to wake a unit, however little."""
    z = np.full((50, 8), -1.0)
    z[49, 2], z[0, 5], z[17, 6] = 1e-9, 2.0, 0.0
    check_fraction(student, z)


@criterion("dead_relu_fraction")
def test_fraction_of_many_units(student, rng):
    """Many units, some dead and some not, are counted one by one."""
    check_fraction(student, rng.normal(-1.5, 1.0, (20, 300)))
