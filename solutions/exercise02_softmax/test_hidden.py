"""Hidden suite of exercise 02.

Expected values come by other roads than the reference's: one number at a time from the standard library,
the softmax as one over a sum of powers of differences, the loss as a logarithm added up pair by pair, the
gradient from autograd. An activation may be wrong in one region only, so each is tried close to 0, further
off, and far out, where the statement also rules out warnings.
"""

import math

import numpy as np

from dlgrade.suite import Draw, cases, check, criterion, oracle

# The simplest first: a search for a small counterexample goes there.
SHAPES = [(2,), (), (1,), (7,), (3, 5), (5, 2), (1, 6), (4, 1), (2, 3, 4), (2, 1, 4, 3)]
# Not uint64: NumPy makes floats of a sum of it and int64, which is not what is taught here.
LABEL_DTYPES = [np.int64, np.int32, np.int16, np.int8, np.uint8, np.uint16, np.uint32]

# Both sides of where e^z, e^2z and e^-z stop fitting into a float, and of where the functions level off.
# One number in each lies where they do not: an array of the whole numbers 1, 1, 1 would be one of integers.
LEFT = np.array([-0.5, -1e4, -5000.0, -800.0, -746.0, -710.0, -355.0, -89.0, -20.0])
RIGHT = np.array([0.5, 1e4, 9000.0, 745.0, 709.0, 356.0, 88.0, 38.0])
FAR = [np.array(-1e4), np.array(1e4), LEFT, RIGHT, np.concatenate([LEFT, [0.0], RIGHT]).reshape(3, 6)]
FAR += [np.array([-5000.0, 0.75, -0.25])]  # what the first one gives must not decide the dtype of all
FAR_WITH_A_POSITIVE_ONE = [z for z in FAR if z is not LEFT]

# Batches that are easy to get wrong: samples, classes, labels.
BATCHES = [
    (1, 4, [2]),
    (1, 2, [1]),
    (5, 2, [0, 1, 1, 0, 1]),
    (3, 6, [1, 0, 1]),
    (4, 3, [0, 0, 0, 0]),
    (3, 3, [2, 0, 1]),
]
MANY_CLASSES = np.array([199, 128, 0, 130, 7, 199], dtype=np.uint8)


# --- what is drawn


def numbers(draw: Draw) -> np.ndarray:
    """Draw an array of any shape, 0-d included, of small or middling numbers."""
    shape = draw.choice(SHAPES)
    scale = 6.0 if shape == (1,) else draw.choice([6.0, 1.0, 40.0])
    return draw.array(shape, -scale, scale)


def numbers_with_a_positive_one(draw: Draw) -> np.ndarray:
    """Draw an array that is not all 0 after a ReLU.

    An array made of `max(0, v)` would then hold integers, and no dtype is asked for.
    """
    z = numbers(draw)
    if z.ndim and not (z > 0).any():
        z.flat[-1] = draw.real(0.5, 9.0)
    return z


def numbers_and_slope(draw: Draw) -> tuple[np.ndarray, float]:
    """Draw an array and a slope, 0 and nearly 1 among them."""
    return numbers(draw), draw.choice([0.25, 0.0, 0.01, 0.1, 0.7, 0.99])


def scores(draw: Draw) -> np.ndarray:
    """Draw scores of one dimension or more, with a common offset."""
    shape = draw.choice([(2,), (4,), (3, 5), (5, 2), (3, 3), (1, 4), (3, 1), (1,), (2, 3, 4), (3, 2, 4, 5)])
    return draw.array(shape, -4.0, 4.0) * draw.choice([1.0, 5.0, 0.1]) + draw.real(-50.0, 50.0)


def scores_and_axis(draw: Draw) -> tuple[np.ndarray, int]:
    """Draw scores and one of their axes, counted from either end."""
    z = scores(draw)
    return z, draw.integer(-z.ndim, z.ndim - 1)


def scores_far_apart(draw: Draw) -> tuple[np.ndarray, int]:
    """Draw scores near the far ends, each slice along an axis as a whole or each score on its own."""
    z, axis = scores_and_axis(draw)
    ends = list(z.shape)
    if draw.choice([True, False]):
        ends[axis] = 1
    return z / 10.0 + 9000.0 * draw.integers(tuple(ends), -1, 1), axis


def batch(draw: Draw) -> tuple[np.ndarray, np.ndarray]:
    """Draw the logits of a batch, and labels of any integer dtype."""
    n, c = draw.sizes(2, 2, 7)
    c = draw.choice([c, c, c, n])  # a square now and then: a wrong axis fits
    logits = draw.array((n, c), -3.0, 3.0) * draw.choice([1.0, 10.0]) + draw.real(-20.0, 20.0)
    return logits, draw.integers((n,), 0, c - 1, dtype=draw.choice(LABEL_DTYPES))


def batch_far_apart(draw: Draw) -> tuple[np.ndarray, np.ndarray]:
    """Draw logits near the far ends, each row as a whole or each logit on its own, and labels."""
    n, c = draw.sizes(2, 2, 7)
    ends = draw.integers((n, draw.choice([1, c])), -1, 1)
    return draw.array((n, c), -3.0, 3.0) + 9000.0 * ends, draw.integers((n,), 0, c - 1)


def network(draw: Draw) -> tuple[np.ndarray, ...]:
    """Draw W1, b1, W2, b2 and a batch x, all sizes different; one hidden unit always fires."""
    n, d, h, c = draw.sizes(4, 2, 7)
    b1 = draw.array((h,), -2.0, 2.0)
    b1[draw.integer(0, h - 1)] = 25.0
    x, W1, W2 = draw.array((n, d)), draw.array((d, h)), draw.array((h, c), -0.5, 0.5)
    return x, W1, b1, W2, draw.array((c,), -2.0, 2.0)


# --- what is right


def each(function, z):
    """Apply a function of one number to each element, keeping the shape."""
    return np.array([function(v) for v in z.ravel().tolist()]).reshape(z.shape)


def true_relu(z):
    return each(lambda v: v if v > 0 else 0.0, z)


def true_leaky_relu(z, slope):
    return each(lambda v: v if v > 0 else slope * v, z)


def true_sigmoid(z):
    return each(lambda v: 0.5 + 0.5 * math.tanh(v / 2), z)


def true_tanh(z):
    return each(math.tanh, z)


def true_gelu(z):
    return each(lambda v: 0.5 * v * (1.0 + math.erf(v / math.sqrt(2.0))), z)


def true_softmax(z, axis=-1):
    """1 / sum_j e^(z_j - z_i), where e^700 stands for all that is larger."""
    last = np.moveaxis(z, axis, -1)
    powers = np.exp(np.minimum(last[..., None, :] - last[..., :, None], 700.0))
    return np.moveaxis(1.0 / powers.sum(axis=-1), -1, axis)


def true_losses(logits, targets):
    """log sum_j e^(z_j - z_target) of each row."""
    picked = [row[k] for row, k in zip(logits, targets, strict=True)]
    return np.logaddexp.reduce(logits - np.array(picked)[:, None], axis=1)


def true_loss(logits, targets):
    return math.fsum(true_losses(logits, targets)) / len(targets)


def closed_form_grad(logits, targets):
    one_hot = np.arange(logits.shape[1]) == targets.astype(np.int64)[:, None]
    return (true_softmax(logits) - one_hot) / len(targets)


@oracle.kept(stand_in=lambda reference, *batch: reference.cross_entropy_grad(*batch))
def autograd_of_loss(logits, targets):
    """Return d(mean loss)/d(logits) by autograd."""
    import torch

    labels = torch.as_tensor(targets.astype(np.int64))

    def loss(z):
        return torch.nn.functional.cross_entropy(z, labels)

    return oracle.gradients(loss, logits)[0]


def true_forward(x, W1, b1, W2, b2):
    """Both layers as sums over broadcast products, without a matrix product."""
    hidden = np.clip((x[..., :, None] * W1).sum(axis=-2) + b1, 0.0, np.inf)
    return hidden, true_softmax((hidden[..., :, None] * W2).sum(axis=-2) + b2)


# --- relu


@criterion("relu")
@cases(numbers_with_a_positive_one, 40)
def test_relu_is_the_larger_of_0_and_z(student, z):
    """relu(z) is z where z > 0 and 0 elsewhere, for arrays of any shape."""
    check.close(student.relu(z), true_relu(z), name="relu(z)")


@criterion("relu")
def test_relu_far_out(student):
    """relu is right for |z| up to 10,000, without warnings."""
    for z in FAR_WITH_A_POSITIVE_ONE:
        check.close(student.relu.quietly(z), true_relu(z), name="relu(z)")


# --- leaky_relu


@criterion("leaky_relu")
@cases(numbers_and_slope, 40)
def test_leaky_relu_follows_its_slope(student, case):
    """leaky_relu(z, slope) is z where z > 0 and slope * z elsewhere, for any slope from 0 to below 1."""
    z, slope = case
    got = student.leaky_relu(z, slope=slope)
    check.close(got, true_leaky_relu(z, slope), name=f"leaky_relu(z, slope={slope})")


@criterion("leaky_relu")
@cases(numbers, 20)
def test_leaky_relu_has_slope_001_by_default(student, z):
    """leaky_relu(z) has the slope 0.01."""
    check.close(student.leaky_relu(z), true_leaky_relu(z, 0.01), name="leaky_relu(z)")


@criterion("leaky_relu")
def test_leaky_relu_far_out(student):
    """leaky_relu is right for |z| up to 10,000, without warnings."""
    for z in FAR:
        check.close(student.leaky_relu.quietly(z), true_leaky_relu(z, 0.01), name="leaky_relu(z)")
        got = student.leaky_relu.quietly(z, slope=0.3)
        check.close(got, true_leaky_relu(z, 0.3), name="leaky_relu(z, slope=0.3)")


# --- sigmoid


@criterion("sigmoid")
@cases(numbers, 40)
def test_sigmoid_is_right(student, z):
    """sigmoid(z) is 1 / (1 + e^-z), for arrays of any shape."""
    check.close(student.sigmoid(z), true_sigmoid(z), name="sigmoid(z)", atol=1e-9)


@criterion("sigmoid")
def test_sigmoid_far_out(student):
    """sigmoid is finite and right for |z| up to 10,000, without overflow or invalid-value warnings."""
    for z in FAR:
        check.close(student.sigmoid.quietly(z), true_sigmoid(z), name="sigmoid(z)", atol=1e-9)


# --- tanh


@criterion("tanh")
@cases(numbers, 40)
def test_tanh_is_right(student, z):
    """tanh(z) is (e^z - e^-z) / (e^z + e^-z), for arrays of any shape."""
    check.close(student.tanh(z), true_tanh(z), name="tanh(z)", atol=1e-9)


@criterion("tanh")
def test_tanh_far_out(student):
    """tanh is finite and right for |z| up to 10,000, without overflow or invalid-value warnings."""
    for z in FAR:
        check.close(student.tanh.quietly(z), true_tanh(z), name="tanh(z)", atol=1e-9)


# --- gelu


@criterion("gelu")
@cases(numbers, 40)
def test_gelu_is_exact(student, z):
    """gelu(z) is z times the normal distribution's Φ(z), exactly, for arrays of any shape."""
    check.close(student.gelu(z), true_gelu(z), name="gelu(z)", atol=1e-9)


@criterion("gelu")
def test_gelu_far_out(student):
    """gelu is finite and right for |z| up to 10,000, without overflow or invalid-value warnings."""
    for z in FAR:
        check.close(student.gelu.quietly(z), true_gelu(z), name="gelu(z)", atol=1e-9)


# --- softmax


@criterion("softmax")
@cases(scores, 40)
def test_softmax_runs_along_the_last_axis_by_default(student, z):
    """softmax(z) is e^z / Σ e^z along the last axis."""
    check.close(student.softmax(z), true_softmax(z), name="softmax(z)")


@criterion("softmax")
@cases(scores_and_axis, 60)
def test_softmax_runs_along_any_axis(student, case):
    """softmax(z, axis) is right along every axis, counted from the front or from the back."""
    z, axis = case
    check.close(student.softmax(z, axis=axis), true_softmax(z, axis), name=f"softmax(z, axis={axis})")


@criterion("softmax")
def test_softmax_runs_along_each_axis_of_a_cube(student, rng):
    """softmax of a (2, 3, 4), a (3, 3, 3) or a square array sums to 1 along the axis asked for."""
    for shape in [(2, 3, 4), (3, 3, 3), (4, 4), (2, 2)]:
        z = rng.normal(size=shape)
        for axis in range(-len(shape), len(shape)):
            check.close(student.softmax(z, axis=axis), true_softmax(z, axis), name=f"softmax(z, axis={axis})")


@criterion("softmax")
def test_softmax_shares_among_equals(student):
    """Equal scores get equal probabilities; a score without competitors gets 1."""
    ties = np.array([[2.5, 2.5, -1.0, 2.5], [0.0, 0.0, 0.0, 0.0], [3.0, -7.0, 3.0, -7.0]])
    alone = np.array([[5.0], [-5.0]])
    for z, axis in [(ties, -1), (ties, 0), (ties[0].copy(), 0), (alone, 1), (np.array([-3.0]), 0)]:
        check.close(student.softmax(z, axis=axis), true_softmax(z, axis), name=f"softmax(z, axis={axis})")


@criterion("softmax")
@cases(scores_and_axis, 20)
def test_softmax_does_not_feel_a_shift(student, case):
    """Adding the same number to all scores changes no probability, even where e^z would overflow."""
    z, axis = case
    for shift in (-900.0, 800.0, 9000.0):
        got = student.softmax(z + shift, axis=axis)
        check.close(got, true_softmax(z + shift, axis), name=f"softmax(z + {shift}, axis={axis})")


@criterion("softmax")
@cases(scores_far_apart, 40)
def test_softmax_is_finite_for_large_scores(student, case):
    """softmax is finite and right for scores up to ±10,000, also where slices lie far apart."""
    z, axis = case
    check.close(student.softmax(z, axis=axis), true_softmax(z, axis), name=f"softmax(z, axis={axis})")


# --- cross_entropy


def check_loss(student, logits, targets):
    # nearly sure and right costs nearly nothing: that has an absolute accuracy only
    check.close(student.cross_entropy(logits, targets), true_loss(logits, targets), name="loss", atol=1e-9)


@criterion("cross_entropy")
@cases(batch, 60)
def test_cross_entropy_is_the_mean_negative_log_likelihood(student, batch):
    """cross_entropy is the mean over the samples of -log p[target], for labels of any integer dtype."""
    check_loss(student, *batch)


@criterion("cross_entropy")
def test_cross_entropy_of_one_sample_and_of_two_classes(student, rng):
    """A batch of one, two classes, a class that no sample belongs to: the loss is right."""
    for n, c, labels in BATCHES:
        check_loss(student, rng.normal(size=(n, c)) * 3.0, np.array(labels))


@criterion("cross_entropy")
def test_cross_entropy_of_equal_logits(student):
    """Equal logits cost ln c, wherever they lie."""
    for level in (0.0, 10_000.0, -10_000.0):
        check_loss(student, np.full((2, 5), level), np.array([4, 1]))


@criterion("cross_entropy")
def test_cross_entropy_with_many_classes(student, rng):
    """With 200 classes, and labels in one unsigned byte, the loss is right."""
    check_loss(student, rng.normal(size=(6, 200)), MANY_CLASSES)


@criterion("cross_entropy")
def test_cross_entropy_where_the_probability_underflows(student):
    """A target whose probability is too small for a float costs what it should, not infinity."""
    for row, label in [([1e4, -1e4], 1), ([-1e4, 1e4, 9e3], 2), ([-9e3, -8e3], 0), ([30.0, -5.0, -6.0], 1)]:
        check_loss(student, np.array([row]), np.array([label]))


@criterion("cross_entropy")
@cases(batch_far_apart, 40)
def test_cross_entropy_is_finite_for_large_logits(student, batch):
    """cross_entropy is finite and right for logits up to ±10,000, also where rows lie far apart."""
    check_loss(student, *batch)


# --- cross_entropy_grad


def check_grad(student, logits, targets):
    got = student.cross_entropy_grad(logits, targets)
    check.close(got, autograd_of_loss(logits, targets), name="grad", atol=1e-9)


@criterion("cross_entropy_grad")
@cases(batch, 60)
def test_cross_entropy_grad_agrees_with_autograd(student, batch):
    """The gradient of the mean loss agrees with PyTorch's, for labels of any integer dtype."""
    check_grad(student, *batch)


@criterion("cross_entropy_grad")
def test_cross_entropy_grad_of_one_sample_and_of_two_classes(student, rng):
    """A batch of one, two classes, a class that no sample belongs to: the gradient is right."""
    for n, c, labels in BATCHES:
        check_grad(student, rng.normal(size=(n, c)) * 3.0, np.array(labels))


@criterion("cross_entropy_grad")
def test_cross_entropy_grad_with_many_classes(student, rng):
    """With 200 classes, labels in one unsigned byte, and equal logits in one row, the gradient is right."""
    logits = rng.normal(size=(6, 200))
    logits[4] = 1.5
    check_grad(student, logits, MANY_CLASSES)


@criterion("cross_entropy_grad")
@cases(batch_far_apart, 40)
def test_cross_entropy_grad_is_finite_for_large_logits(student, batch):
    """The gradient is finite and right for logits up to ±10,000, also where rows lie far apart."""
    check.close(student.cross_entropy_grad(*batch), closed_form_grad(*batch), name="grad", atol=1e-9)


# --- mlp_forward


def check_forward(student, x, *layers):
    """Compare both answers for one x."""
    hidden, probs = check.unpack(student.mlp_forward(x, *layers), 2, name="(hidden, probs)")
    true_hidden, true_probs = true_forward(x, *layers)
    check.close(hidden, true_hidden, name="hidden")
    check.close(probs, true_probs, name="probs")


@criterion("mlp_forward")
@cases(network, 40)
def test_mlp_forward_of_a_batch(student, network):
    """A batch (n, d) gives hidden activations (n, h), after the ReLU, and probabilities (n, c)."""
    check_forward(student, *network)


@criterion("mlp_forward")
@cases(network, 40)
def test_mlp_forward_of_one_sample(student, network):
    """One sample (d,) gives hidden activations (h,) and probabilities (c,)."""
    x, *layers = network
    check_forward(student, x[0].copy(), *layers)


@criterion("mlp_forward")
@cases(network, 20)
def test_mlp_forward_of_a_batch_of_one(student, network):
    """A batch of one is a batch: (1, d) gives (1, h) and (1, c)."""
    x, *layers = network
    check_forward(student, x[:1].copy(), *layers)


@criterion("mlp_forward")
def test_mlp_forward_where_all_sizes_are_equal(student, rng):
    """Three samples of three features, three hidden units, three classes: still samples in the rows."""
    x, W1, W2 = rng.normal(size=(3, 3, 3))
    b1, b2 = rng.normal(size=(2, 3))
    check_forward(student, x.copy(), W1.copy(), b1.copy(), W2.copy(), b2.copy())


@criterion("mlp_forward")
@cases(network, 20)
def test_mlp_forward_with_large_logits(student, network):
    """The probabilities are finite and right where the network's scores are in the thousands."""
    x, W1, b1, W2, b2 = network
    apart = 2000.0 * np.arange(len(b2)) - 5000.0
    for bias in (b2 + apart, b2 - apart):
        check_forward(student, x, W1, b1, W2, bias)
        check_forward(student, x[0].copy(), W1, b1, W2, bias)
    # all scores of a sample far from 0, and from those of the others
    level = 9000.0 / true_forward(x, W1, b1, W2, b2)[0].sum(axis=-1).max()
    for weight in (W2 + level, W2 - level):
        check_forward(student, x, W1, b1, weight, b2)
