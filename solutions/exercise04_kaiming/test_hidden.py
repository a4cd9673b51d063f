"""Hidden suite of exercise04: what a right `kaiming.py` does, whichever way it was written.

Weights are judged by their distribution, never by one generator's stream. Each such check rejects a right
answer with a probability of at most `P`; a run makes fewer than 250 of them, so that all of them together
do so with less than 1e-9. What is computed from given layers is compared with exact sums and with autograd.

How weights are judged lies in kaiming_draws.py, the networks that are looked into in kaiming_networks.py.
"""

import itertools
import math

import numpy as np
from kaiming_draws import (
    EQUAL,
    UNEQUAL,
    P,
    check_independent,
    check_network_spread,
    check_normal,
    check_own_draws,
    check_shapes,
    check_small,
    check_source,
    check_spread,
    check_tails,
    check_unrelated,
    fresh,
    joined,
    network_of,
    standard_network,
    weights,
)
from kaiming_networks import (
    ACTIVATIONS,
    layers_of,
    lookalike_network,
    network,
    network_on_the_corner,
    off_the_corner,
    true_stds,
)

from dlgrade.suite import Draw, cases, check, criterion, distribution, oracle

# One weight matrix.


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
                check_unrelated(one, other.T, "the weights of a layer and those of the next, transposed,")


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
    for scheme in ("he", "glorot", "", "kaiming_normal", "Kaiming", "xavier_uniform", "k", None):
        for sizes in ([3, 4, 2], [3, 2]):
            check.raises(ValueError, student.init_mlp, sizes, scheme, fresh(rng), mentions="scheme")


# What the layers make of their inputs.


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
