"""Tests of RobustMLP: its weights by their distribution, its layers and modes by numbers."""

import math

import numpy as np
from dropout_coins import P, check_coins
from dropout_network import Known, built, of_shape, shown, weights_of

from dlgrade.suite import check, criterion, distribution

DIMS = (5, 4, 7)  # more outputs than hidden units: these can be put out as they are
OTHERS = [(3, 6, 2), (8, 5, 3)]
LARGE = (300, 200, 120)


@criterion("robust_mlp_init")
def test_weights_have_the_standard_deviation_that_suits_relu(student):
    """The weights of all three Linears have a standard deviation of √(2 / fan_in), and a mean of 0."""
    for fan_in, name, weight in large_weights(student, 1):
        distribution.normal_std(weight, math.sqrt(2 / fan_in), name=name, p=P)
        distribution.normal_mean(weight, math.sqrt(2 / fan_in), name=name, p=P)


@criterion("robust_mlp_init")
def test_weights_are_normal(student):
    """They follow a normal distribution, far from 0 too, and each is drawn on its own."""
    for fan_in, name, weight in large_weights(student, 2):
        standard = weight * math.sqrt(fan_in / 2)
        distribution.follows(standard, distribution.normal_cdf(1.0), name=name, p=P)
        for far in (2.0, 3.0):
            beyond = math.erfc(far / math.sqrt(2))
            hits, which = int((abs(standard) > far).sum()), f"entries of {name} beyond {far:g} deviations"
            distribution.share(hits, weight.size, beyond, name=which, p=P)
        distribution.independent(standard, name=f"the entries of {name}", p=P)
        # For the squares of 120 rows or more to stay so close together has a chance of less than 1e-40.
        squares = (standard**2).mean(axis=1)
        check.that(squares.max() - squares.min() > 0.05, f"the rows of {name} have all the same length")


@criterion("robust_mlp_init")
def test_each_model_draws_weights_of_its_own(student):
    """Two models do not start with the same weights."""
    one, other = ({name: weight for _, name, weight in large_weights(student, seed)} for seed in (3, 4))
    for name in one:
        differ = bool((one[name] != other[name]).any())
        check.that(differ, f"{name} is the same in two models: is a seed set inside?")


def large_weights(student, seed):
    """Yield fan-in, name and entries of each Linear's weight, in a large model."""
    found = built(student, LARGE, seed).parameters()
    for which, name in zip(("first", "second", "last"), weights_of(found, LARGE), strict=True):
        weight = found[name].astype(np.float64)
        yield weight.shape[1], f"the {which} weight", weight


@criterion("robust_mlp_layers")
def test_output_in_training(student, rng):
    """Without dropout, the output in train mode is that of the layers in their order."""
    for sizes in (DIMS, *OTHERS):
        Known(student, sizes, rng)


@criterion("robust_mlp_layers")
def test_equal_layers_are_not_one_layer(student):
    """Where layers are equally large, each Linear has a weight of its own all the same."""
    for sizes, count in (((4, 4, 3), 2), ((3, 4, 4), 2), ((4, 4, 4), 3)):
        found = len(of_shape(built(student, sizes, 4).parameters(), (4, 4)))
        made = "RobustMLP({}, {}, {})".format(*sizes)
        check.that(
            found == count, f"{found} of {made}'s parameters have the shape (4, 4), {count} Linears have it"
        )


@criterion("robust_mlp_layers")
def test_output_in_use(student, rng):
    """In eval mode it is that by the running values, for one row too; state_dict carries all it takes."""
    known, other = Known(student, DIMS, rng), built(student, DIMS, 5, dropout_rate=0.0)
    known.network.train_until_nothing_moves(known.batch)
    other.load_state_dict(known.network)
    x = rng.integers(-30, 31, (6, 5)).astype(np.float32)
    for network, rows in ((known.network, x), (known.network, x[:1].copy()), (other, x)):
        want = known.output(known.scales, rows).astype(np.float32)
        check.close(network.eval_mode(rows), want, name="output", rtol=1e-3)


@criterion("robust_mlp_layers")
def test_every_weight_gets_a_gradient(student, rng):
    """A gradient reaches every weight, through the means and variances of BatchNorm too."""
    known = Known(student, DIMS, rng)
    grads = known.network.gradients(known.batch, rng.normal(size=(9, 7)).astype(np.float32))
    for which, name in zip(("first", "second", "last"), known.weights, strict=True):
        grad = grads[name]
        check.that(grad is not None and bool(np.any(grad != 0)), f"no gradient reaches the {which} weight")
    for name in known.scales:
        check.that(grads[name] is not None, f"no gradient reaches {name}")
    # A longer row of weights before a BatchNorm changes nothing, so its gradient is at right angles to it.
    weight, grad = (np.float64(found[known.weights[0]]) for found in (known.network.parameters(), grads))
    along = np.abs((weight * grad).sum(axis=1)) / np.linalg.norm(weight, axis=1)
    right = bool(np.all(along <= 1e-2 * np.linalg.norm(grad, axis=1)))
    check.that(right, "the gradient does not go through the means and variances of BatchNorm")


@criterion("robust_mlp_modes")
def test_eval_mode_is_the_same_every_time(student, rng):
    """In eval mode an input has one output, alone and in company, and the model does not change."""
    network = built(student, DIMS, 6, dropout_rate=0.4)
    x = rng.integers(-9, 10, (6, 5)).astype(np.float32)
    for _ in range(3):
        network.train_mode(rng.integers(-30, 31, (8, 5)).astype(np.float32))
    before, first = network.state(), finite_output(network, x)
    check.close(network.eval_mode(x), first, name="the second time, output", rtol=1e-5)
    for row in range(len(x)):
        alone = network.eval_mode(x[row : row + 1].copy())
        check.close(alone, first[row : row + 1], name=f"row {row} alone, output", rtol=1e-4)
    for name, value in network.state().items():
        check.that(bool(np.all(value == before[name])), f"{name} changed while the model was in eval mode")


@criterion("robust_mlp_modes")
def test_dropout_rate_changes_nothing_in_eval_mode(student, rng):
    """Models that differ in nothing but dropout_rate agree in eval mode."""
    x = rng.integers(-9, 10, (6, 5)).astype(np.float32)
    without, other = (built(student, DIMS, 7, dropout_rate=rate) for rate in (0.0, 0.4))
    without.train_mode(3 * x + 1)
    other.load_state_dict(without)
    check.close(other.eval_mode(x), finite_output(without, x), name="output", rtol=1e-5)


def finite_output(network, x):
    """Return an output in eval mode with which others can be compared."""
    out = network.eval_mode(x)
    check.close(out, np.zeros((len(x), 7), np.float32), name="output", atol=math.inf)
    return out


@criterion("robust_mlp_modes")
def test_both_hidden_layers_drop_their_units(student, rng):
    """In train mode both drop as many units as dropout_rate says, each on its own, and scale up the rest."""
    known = Known(student, DIMS, rng)
    for rate in (0.2, 0.6):
        check_drops(built(student, DIMS, 8, dropout_rate=rate), known, rate, rng)


@criterion("robust_mlp_modes")
def test_dropout_rate_is_03_by_default(student, rng):
    """Without dropout_rate it is 0.3."""
    check_drops(built(student, DIMS, 9), Known(student, DIMS, rng), 0.3, rng)


def check_drops(network, known, rate, rng) -> None:
    x = rng.normal(size=(2000, 5)).astype(np.float32)
    first, second, _ = shown(network, known, rate, x)
    check_coins(second, rate, "units of the second hidden layer")
    check_coins(first, rate, "units of the first hidden layer", seen=~second)
    _, anew, _ = shown(network, known, rate, x)
    same, fate = int((second == anew).sum()), "units with one fate in two passes"
    distribution.share(same, anew.size, rate**2 + (1 - rate) ** 2, name=f"{fate}, p = {rate:g}", p=P)


@criterion("robust_mlp_modes")
def test_eval_mode_fits_what_training_remembers(student, rng):
    """Dropout leaves means as they were: in eval mode the second layer's are those of training."""
    known, network = Known(student, DIMS, rng), built(student, DIMS, 11, dropout_rate=0.5)
    _, h, c = known.sizes
    vectors = dict(zip(known.scales, (1.0, 4.0, 1.0, 20.0), strict=True))
    values = {name: np.full(h, value, np.float32) for name, value in vectors.items()}
    values |= {name: np.zeros(c, np.float32) for name in known.bias}
    _, second, last = known.weights
    values |= {second: np.full((h, h), 0.5, np.float32), last: np.eye(c, h, dtype=np.float32)}
    network.put(values)
    x = rng.normal(size=(2000, 5)).astype(np.float32)
    for _ in range(150):
        network.train_mode(x)
    means = finite_output(network, x).mean(axis=0)[:h]
    # A mean that is remembered is off by less than 0.01 deviations: 0.3 is thirty times as much.
    name = "the mean of the second hidden layer in eval mode"
    check.close(means, np.full(h, 20.0, np.float32), name=name, atol=0.3)


@criterion("robust_mlp_modes")
def test_nothing_but_hidden_units_is_dropped(student, rng):
    """In train mode equal inputs give equal hidden units, but for those that are dropped."""
    known, network = Known(student, DIMS, rng), built(student, DIMS, 10, dropout_rate=0.4)
    x = np.tile(rng.normal(size=5).astype(np.float32), (200, 1))
    first, second, seen = shown(network, known, 0.4, x, spread=100.0)
    for unit in range(4):
        kept = seen[:, unit][~first[:, unit] & ~second[:, unit]]
        alike = len(kept) > 0 and np.ptp(kept) < 0.01
        check.that(bool(alike), "equal inputs give hidden units that differ: what else is random?")
