"""Hidden suite of exercise05: what a right `dropout.py` does, whichever way it was written.

What is random is judged by its distribution: fewer than 150 checks, each of which rejects a right answer with
probability 2e-12 at most, so all of them together with less than 1e-9. What else a right answer could lose by
chance (two generators that give the same mask) is rarer by far.

The tests of RobustMLP lie in test_hidden_mlp.py, how it is read in dropout_network.py, the judging of coins
in dropout_coins.py, and what lives beside the learner's code in dropout_lab.py.
"""

import numpy as np
from dropout_coins import P, check_coins, check_counts
from dropout_network import LAB

from dlgrade.student import Failure
from dlgrade.suite import Draw, cases, check, criterion, distribution, lab, oracle

SHAPES = [(3,), (), (1,), (4, 2), (2, 3), (3, 3), (1, 4), (2, 3, 2), (2, 1, 2, 3)]
OUTSIDE = (1.0, 1.5, 1.0 + 1e-9, -0.1, -1e-9, -1.0)
SIZES = [(5, 3), (2, 3), (4, 4), (3, 1), (2, 2), (3, 5), (2, 1)]  # of batches: n, d


# Dropout.


def dropping(draw: Draw):
    """Draw x (zeros included), p and the seed of a generator."""
    shape, p = draw.choice(SHAPES), draw.choice([0.2, 0.35, 0.75, 0.9, 0.05, 0.0])
    x = draw.array(shape) * draw.choice([1.0, 100.0]) * (draw.integers(shape, 0, 3) > 0)
    return np.asarray(x), p, draw.integer(0, 9999)


def dropped(student, x, p, rng, **options):
    """Check what `dropout_forward` says of itself, and return where it dropped."""
    out, mask = check.unpack(student.dropout_forward(x, p, rng, **options), 2, name="(out, mask)")
    scale, mask = 1.0 / (1.0 - p), with_float_ones(mask)
    comparable = isinstance(mask, float | np.floating | np.ndarray) and np.shape(mask) == x.shape
    drops = np.asarray(mask < scale / 2) if comparable and mask.dtype.kind == "f" else np.zeros(x.shape, bool)
    want = np.where(drops, 0.0, scale)
    check.close(mask, want, name="mask")
    check.close(out, x * want, name="out")
    return drops


def with_float_ones(mask):
    """A mask of nothing but ones may be of integers or bools; a mask without axes may be a plain number."""
    mask = np.float64(mask) if type(mask) in (bool, int, float) else mask
    ones = isinstance(mask, np.ndarray | np.generic) and mask.dtype.kind in "iub" and np.all(mask == 1)
    return mask.astype(np.float64) if ones else mask


@criterion("dropout_forward")
def test_ones_become_0_or_a_quarter_more(student):
    """With p = 0.2 the mask of ones holds 0 and 1.25, and out is x times the mask."""
    dropped(student, np.ones((6, 5)), 0.2, np.random.default_rng(1))


@criterion("dropout_forward")
@cases(dropping, 80)
def test_mask_holds_0_or_the_scale(student, dropping):
    """For any shape and p the mask holds 0 or 1/(1−p), and out is x times the mask."""
    x, p, seed = dropping
    dropped(student, x, p, np.random.default_rng(seed))


@criterion("dropout_forward")
@cases(dropping, 40)
def test_nothing_is_dropped_when_not_training(student, dropping):
    """Not training, out equals x and the mask is all ones, whatever p is."""
    x, p, seed = dropping
    got = student.dropout_forward(x, p, np.random.default_rng(seed), training=False)
    out, mask = check.unpack(got, 2, name="(out, mask)")
    check.close(out, x, name="out")
    check.close(with_float_ones(mask), np.ones(x.shape), name="mask")


@criterion("dropout_forward")
def test_p_of_0_drops_nothing(student, rng):
    """p = 0 is allowed: nothing is dropped and nothing scaled."""
    drops = dropped(student, rng.uniform(-2, 2, (40, 30)), 0.0, rng)
    check.that(not drops.any(), "p = 0 drops nothing, but there are zeros in the mask")


@criterion("dropout_forward")
def test_p_outside_is_refused_in_training(student, rng):
    """p = 1, p above 1 and p below 0 raise a ValueError that names p."""
    for p in OUTSIDE:
        check.raises(ValueError, student.dropout_forward, np.ones((2, 3)), p, rng, mentions="p")


@criterion("dropout_forward")
def test_p_outside_is_refused_when_not_training(student, rng):
    """They do so when not training, too."""
    for p in OUTSIDE:
        args = np.ones((2, 3)), p, rng
        check.raises(ValueError, student.dropout_forward, *args, mentions="p", training=False)


@criterion("dropout_forward")
def test_p_is_the_share_that_is_dropped(student, rng):
    """Of 28,800 elements as many are dropped as p says, each on its own, whatever x holds there."""
    for p in (0.2, 0.37, 0.8, 0.004):
        x = rng.uniform(-3, 3, (240, 120)) * (rng.integers(0, 4, (240, 120)) > 0)
        drops = dropped(student, x, p, rng)
        check_coins(drops, p, "elements")
        if p > 0.1:
            check_counts(drops, "elements")
        for where, chosen in {"x > 0": x > 0, "x < 0": x < 0, "x = 0": x == 0, "|x| > 2": abs(x) > 2}.items():
            hits, count = int(drops[chosen].sum()), int(chosen.sum())
            distribution.share(hits, count, p, name=f"elements dropped where {where}, p = {p:g}", p=P)


@criterion("dropout_forward")
def test_no_two_places_share_a_coin(student, rng):
    """A vector and an array with three axes are dropped element by element too."""
    for shape, p in (((50400,), 0.3), ((24, 40, 60), 0.65)):
        drops = dropped(student, rng.uniform(-2, 2, shape), p, rng)
        check_coins(drops, p, "elements")
        check_counts(drops, "elements")


@criterion("dropout_forward")
def test_every_call_draws_anew(student):
    """A generator that is used again and again gives new masks; each place is dropped as often as p says."""
    calls, p, x = 240, 0.4, np.arange(1.0, 16.0).reshape(5, 3)
    generator = lab(student, LAB).generator.keep()(7)
    drops = np.array([dropped(student, x, p, generator) for _ in range(calls)])
    for place in np.ndindex(x.shape):
        hits = int(drops[(slice(None), *place)].sum())
        distribution.share(hits, calls, p, name=f"calls that drop x{list(place)}, p = {p:g}", p=P)
    check_coins(drops.reshape(calls, 15), p, "elements")
    check_counts(drops.reshape(calls, 15), "elements")


@criterion("dropout_forward")
def test_a_single_number_is_dropped_too(student):
    """An array without axes is dropped as often as p says."""
    calls, p = 160, 0.3
    generator = lab(student, LAB).generator.keep()(8)
    hits = sum(int(dropped(student, np.array(-2.5), p, generator)) for _ in range(calls))
    distribution.share(hits, calls, p, name=f"calls that drop the number, p = {p:g}", p=P)


@criterion("dropout_forward")
def test_rng_is_the_only_source_of_randomness(student):
    """The same state of rng gives the same mask, and 24 other states give 24 other masks."""
    x, seen = np.ones((20, 15)), set()
    for seed in range(24):
        first, again = (dropped(student, x, 0.35, np.random.default_rng([seed, 5])) for _ in range(2))
        check.that(
            bool((first == again).all()), "the same state of rng gave two masks: what else was drawn from?"
        )
        seen.add(first.tobytes())
    check.that(len(seen) == 24, f"24 generators in different states gave {len(seen)} different masks")


def going_back(draw: Draw):
    """Draw an upstream gradient and a mask such as `dropout_forward` gives."""
    shape, p = draw.choice(SHAPES), draw.choice([0.2, 0.6, 0.75, 0.0])
    kept = draw.integers(shape, 0, 99) >= 100 * p
    return np.asarray(draw.array(shape)), np.asarray(kept / (1.0 - p))


@criterion("dropout_backward")
def test_gradient_goes_through_open_doors_only(student):
    """dx is dout where nothing was dropped, scaled as x was, and 0 elsewhere."""
    dout = np.array([[1.0, 2.0, -4.0], [0.5, 0.0, 3.0]])
    got = student.dropout_backward(dout, np.array([[1.25, 0.0, 1.25], [0.0, 1.25, 1.25]]))
    check.close(got, np.array([[1.25, 0.0, -5.0], [0.0, 0.0, 3.75]]), name="dx")


@criterion("dropout_backward")
@cases(going_back, 80)
def test_gradient_of_random_masks(student, going_back):
    """For any shape, dx is the upstream gradient times the mask."""
    dout, mask = going_back
    want = np.array([float(g) * float(m) for g, m in zip(dout.ravel(), mask.ravel(), strict=True)])
    check.close(student.dropout_backward(dout, mask), want.reshape(dout.shape), name="dx")


# Batch and layer normalisation.


def lines(rng, count: int, length: int) -> np.ndarray:
    """Draw lines of numbers with few digits, each with a middle and a spread of its own."""
    spread = rng.choice([1.0, 0.05, 20.0], (count, 1))
    made = rng.uniform(-1, 1, (count, length)).round(2)
    while length > 1 and (made.std(axis=1) < 0.05).any():
        made = rng.uniform(-1, 1, (count, length)).round(2)
    return (made + rng.uniform(-1, 1, (count, 1)).round(1)) * spread


def columns(draw: Draw):
    """Draw a batch x, gamma and beta; the sizes differ, or are small or equal."""
    n, d = draw.choice([draw.sizes(2, 2, 7), draw.choice(SIZES)])
    # All at one stroke: the search for a smaller case is quick where choices are few.
    rng = np.random.default_rng(draw.integer(0, 9999))
    gamma = rng.uniform(0.2, 2, d).round(2) * rng.choice([-1, 1], d)
    return np.ascontiguousarray(lines(rng, d, n).T), gamma, rng.uniform(-2, 2, d).round(2)


def batch(draw: Draw):
    """Draw x, gamma, beta, running values, momentum and eps."""
    x, gamma, beta = columns(draw)
    mean, var = draw.array(beta.shape).round(2), draw.array(beta.shape, 0.05, 4.0).round(2)
    momentum = draw.choice([0.1, 0.25, 0.9, 0.01, 1.0, 0.0])
    return x, gamma, beta, mean, var, momentum, draw.choice([1e-5, 1e-3, 0.5, 1e-8])


def batch_and_upstream(draw: Draw):
    """Draw x, gamma, beta, an upstream gradient and eps."""
    x, gamma, beta = columns(draw)
    return x, gamma, beta, draw.array(x.shape).round(2), draw.choice([1e-5, 1e-3, 0.5, 0.05])


def rows(draw: Draw):
    """Draw x, gamma, beta and eps; there may be one row only, or one feature."""
    n, d = draw.choice([draw.sizes(2, 1, 7), draw.choice([*SIZES, (1, 4), (1, 1), (1, 2)])])
    x = lines(np.random.default_rng(draw.integer(0, 9999)), n, d)
    gamma, beta = draw.array((d,), 0.2, 2.0).round(2), draw.array((d,)).round(2)
    return x, gamma * draw.choice([1, -1]), beta, draw.choice([1e-5, 1e-3, 0.5, 1e-8])


def mean_and_variance(x, axis, ddof=0):
    """Two passes in long doubles."""
    x = x.astype(np.longdouble)
    mean = x.sum(axis=axis, keepdims=True) / x.shape[axis]
    return mean, ((x - mean) ** 2).sum(axis=axis, keepdims=True) / (x.shape[axis] - ddof)


def scaled(x, gamma, beta, mean, var, eps):
    return ((x - mean) / np.sqrt(var + np.longdouble(eps)) * gamma + beta).astype(np.float64)


def check_batchnorm(student, x, gamma, beta, running_mean, running_var, training, **options) -> None:
    mean, var, new = running_mean, running_var, (running_mean, running_var)
    if training:
        mean, var = mean_and_variance(x, axis=0)
        moves = (mean[0] - running_mean, mean_and_variance(x, axis=0, ddof=1)[1][0] - running_var)
        weight = np.longdouble(options.get("momentum", 0.1))
        new = [(old + weight * move).astype(np.float64) for old, move in zip(new, moves, strict=True)]
    out = scaled(x, gamma, beta, mean, var, options.get("eps", 1e-5))
    got = student.batchnorm_forward(x, gamma, beta, running_mean, running_var, training, **options)
    got = check.unpack(got, 4, name="(out, cache, new_running_mean, new_running_var)")
    check.close(got[0], out, name="out")
    check.close(got[2], new[0], name="new_running_mean")
    check.close(got[3], new[1], name="new_running_var")


WORKED = np.array([[1.0, 0.0], [1.0, 2.0], [5.0, 6.0], [5.0, 8.0]])
WORKED_WITH = (np.array([10.0, 3.5]), np.array([1.0, 0.0]), np.array([7.0, 0.0]), np.array([4.0, 10.0]))


@criterion("batchnorm_forward")
def test_batchnorm_gives_the_worked_numbers_in_training(student):
    """The table of the statement, in training: eps under the root, n for now and n − 1 for later."""
    check_batchnorm(student, WORKED, *WORKED_WITH, True, momentum=0.25, eps=2.25)


@criterion("batchnorm_forward")
def test_batchnorm_gives_the_worked_numbers_when_not_training(student):
    """The table of the statement, not training: the running values normalise, and stay."""
    check_batchnorm(student, WORKED, *WORKED_WITH, False, momentum=0.25, eps=2.25)


@criterion("batchnorm_forward")
def test_batchnorm_starts_from_zeros_and_ones(student, rng):
    """Running values of 0 and 1, with which every layer begins, move like any others."""
    x, gamma = rng.uniform(-3, 3, (5, 3)).round(2), np.array([1.0, 0.5, 2.0])
    for momentum in (0.1, 0.5):
        check_batchnorm(student, x, gamma, gamma - 1, np.zeros(3), np.ones(3), True, momentum=momentum)
    check_batchnorm(student, x, gamma, gamma - 1, np.zeros(3), np.ones(3), False)


@criterion("batchnorm_forward")
@cases(batch, 60)
def test_batchnorm_of_random_batches(student, batch):
    """In training out and both running values are right, for every momentum and eps."""
    *args, momentum, eps = batch
    check_batchnorm(student, *args, True, momentum=momentum, eps=eps)


@criterion("batchnorm_forward")
@cases(batch, 40)
def test_batchnorm_of_random_batches_when_not_training(student, batch):
    """Not training, out comes from the running values, and these come back as they were."""
    *args, momentum, eps = batch
    check_batchnorm(student, *args, False, momentum=momentum, eps=eps)


@criterion("batchnorm_forward")
def test_momentum_is_01_and_eps_1e_5_by_default(student, rng):
    """Without momentum and eps they are 0.1 and 1e-5, as a feature that hardly varies shows."""
    x = np.array([0.1, 0.0]) + rng.uniform(-1, 1, (6, 2)) * np.array([3e-3, 3.0])
    rest = np.ones(2), np.zeros(2), np.array([1.0, -1.0]), np.array([2e-6, 3.0])
    check_batchnorm(student, x, *rest, True)
    check_batchnorm(student, x, *rest, False)


@criterion("batchnorm_forward")
def test_a_feature_that_never_varies_becomes_beta(student):
    """A feature that is the same in all samples becomes beta: eps keeps the division finite."""
    x = np.array([[2.0, 1.0], [2.0, -0.5], [2.0, 3.0]])
    rest = np.array([1.5, -2.0]), np.array([0.75, 0.25]), np.array([1.0, -1.0]), np.array([2.0, 3.0])
    check_batchnorm(student, x, *rest, True)


@criterion("batchnorm_forward")
def test_a_single_sample_is_enough_when_not_training(student, rng):
    """Not training, a sample alone comes out as it does in company."""
    x, rest = rng.uniform(-3, 3, (4, 3)), [rng.uniform(0.5, 2, 3) for _ in range(4)]
    for one in (x, x[:1].copy(), x[2:3].copy()):
        check_batchnorm(student, one, *rest, False)


def by_reference(reference, x, gamma, beta, dout, eps):
    _, cache, *_ = reference.batchnorm_forward(x, gamma, beta, beta, gamma, True, eps=eps)
    return reference.batchnorm_backward(dout, cache)


@oracle.kept(stand_in=by_reference)
def true_gradients(x, gamma, beta, dout, eps):
    import torch

    upstream = torch.from_numpy(dout)

    def loss(x, gamma, beta):
        out = torch.nn.functional.batch_norm(x, None, None, gamma, beta, training=True, eps=eps)
        return (out * upstream).sum()

    return oracle.gradients(loss, x, gamma, beta)


def cache_of(student, x, gamma, beta, eps=1e-5):
    """Run the learner's forward pass in training, and return the handle of its cache.

    What it is lent stays in the worker: if it writes there, only the forward pass loses by that.
    """
    lent = lab(student, LAB).lent.keep(0, 1, 2, 3, 4)(x, gamma, beta, 0.0 * gamma, gamma**0)
    kept = student.batchnorm_forward.keep(1)(*lent, True, eps=eps)
    return check.unpack(kept, 4, name="(out, cache, new_running_mean, new_running_var)")[1]


def check_backward(student, cache, x, gamma, beta, dout, eps=1e-5, *, when="") -> None:
    want = true_gradients(x, gamma, beta, dout, eps)
    got = check.unpack(student.batchnorm_backward(dout, cache), 3, name="(dx, dgamma, dbeta)")
    # What cancels in dx is of this size; with two samples it cancels almost wholly.
    steepest = float(np.max(np.abs(dout * gamma) / np.sqrt(x.var(axis=0) + eps)))
    check.close(got[2], want[2], name=f"{when}dbeta", atol=1e-12 * float(np.max(np.abs(dout))))
    check.close(got[1], want[1], name=f"{when}dgamma", atol=1e-11 * float(np.max(np.abs(dout))))
    check.close(got[0], want[0], name=f"{when}dx", atol=1e-10 * steepest)


@criterion("batchnorm_backward")
def test_batchnorm_backward_gives_the_worked_numbers(student):
    """One upstream gradient of 1 gives dx = 2.36, −1.64, −0.36, −0.36 in its feature and 0 in the other."""
    dout = np.zeros((4, 2))
    dout[0, 0] = 1.0
    check_backward(
        student, cache_of(student, WORKED, *WORKED_WITH[:2], 2.25), WORKED, *WORKED_WITH[:2], dout, 2.25
    )


@criterion("batchnorm_backward")
@cases(batch_and_upstream, 60)
def test_batchnorm_gradients_agree_with_autograd(student, batch):
    """dx, dgamma and dbeta agree with PyTorch on random batches and upstream gradients."""
    x, gamma, beta, _, eps = batch
    check_backward(student, cache_of(student, x, gamma, beta, eps), *batch)


@criterion("batchnorm_backward")
def test_batchnorm_gradients_where_gamma_is_0(student, rng):
    """Where gamma is 0 nothing reaches x, but gamma has a gradient all the same."""
    x, gamma, beta = rng.uniform(-2, 2, (5, 3)), np.array([0.0, -1.5, 0.0]), np.array([0.5, 0.0, 0.0])
    check_backward(student, cache_of(student, x, gamma, beta), x, gamma, beta, rng.uniform(-2, 2, (5, 3)))


@criterion("batchnorm_backward")
def test_batchnorm_gradients_of_a_feature_that_never_varies(student, rng):
    """A feature that is the same in all samples has finite gradients."""
    x, gamma, beta = (
        np.array([[2.0, 1.0], [2.0, -0.5], [2.0, 3.0]]),
        np.array([1.5, -2.0]),
        np.array([0.75, 0.25]),
    )
    check_backward(student, cache_of(student, x, gamma, beta), x, gamma, beta, rng.uniform(-2, 2, (3, 2)))


@criterion("batchnorm_backward")
def test_each_cache_belongs_to_its_own_forward_pass(student, rng):
    """Two forward passes, then their gradients: each comes from its own cache."""
    batches = [[rng.uniform(-2, 2, s) for s in ((6, d), (d,), (d,), (6, d))] for d in (2, 4)]
    caches = [cache_of(student, x, gamma, beta) for x, gamma, beta, _ in batches]
    for each, cache in zip(batches, caches, strict=True):
        check_backward(student, cache, *each)


@criterion("batchnorm_backward")
def test_the_cache_is_not_changed(student, rng):
    """The backward pass leaves its cache as it was: a second upstream gradient gets its own answer."""
    x, gamma, beta = rng.uniform(-2, 2, (5, 3)), rng.uniform(0.5, 2, 3), rng.uniform(-1, 1, 3)
    cache = cache_of(student, x, gamma, beta)
    check_backward(student, cache, x, gamma, beta, rng.uniform(-2, 2, (5, 3)))
    again = "in a second backward pass with the same cache, "
    try:
        check_backward(student, cache, x, gamma, beta, rng.uniform(-2, 2, (5, 3)), when=again)
    except Failure as failure:
        # Whose cache is a graph of torch's may go through it once only: nothing was written into it.
        if "through the graph a second time" not in failure.message:
            raise


def check_layernorm(student, x, gamma, beta, **options) -> None:
    want = scaled(x, gamma, beta, *mean_and_variance(x, axis=1), options.get("eps", 1e-5))
    check.close(student.layernorm_forward(x, gamma, beta, **options), want, name="out")


@criterion("layernorm_forward")
def test_layernorm_gives_the_worked_numbers(student):
    """The two rows of the statement, with eps = 2.25."""
    x = np.array([[1.0, 1.0, 5.0, 5.0], [0.0, 2.0, 6.0, 8.0]])
    check_layernorm(student, x, np.full(4, 35.0), np.arange(4.0), eps=2.25)


@criterion("layernorm_forward")
@cases(rows, 80)
def test_layernorm_of_random_rows(student, rows):
    """Each row is normalised over its features, for every eps; square ones, single rows and features too."""
    x, gamma, beta, eps = rows
    check_layernorm(student, x, gamma, beta, eps=eps)


@criterion("layernorm_forward")
def test_layernorm_takes_1e_5_by_default(student, rng):
    """Without eps it is 1e-5, as a row that hardly varies shows."""
    x = rng.uniform(-1, 1, (3, 5)) * np.array([[3e-3], [1.0], [20.0]])
    check_layernorm(student, x, rng.uniform(0.5, 2, 5), rng.uniform(-1, 1, 5))


@criterion("layernorm_forward")
def test_a_row_that_never_varies_becomes_beta(student):
    """A row of equal numbers becomes beta."""
    x = np.array([[2.0, 2.0, 2.0], [1.0, -0.5, 3.0]])
    check_layernorm(student, x, np.array([1.5, -2.0, 1.0]), np.array([0.75, 0.25, -1.0]))
