"""The part of exercise03's hidden suite that is about the whole network."""

import math

import numpy as np

from dlgrade.suite import Draw, cases, check, criterion, oracle

SIZES = [(4, 4, 4, 4), (5, 3, 3, 2), (5, 2, 4, 4), (4, 3, 4, 2), (4, 2, 5, 4), (3, 3, 5, 2), (5, 4, 3, 4)]
SIZES += [(1, 3, 4, 2), (1, 1, 1, 2), (4, 1, 3, 2), (4, 3, 1, 5), (1, 2, 5, 3)]  # n, d, h, c
LABELS = [np.int8, np.uint8, np.int16, np.uint16, np.int32, np.uint32, np.int64]


def network(draw: Draw):
    """Draw X, y, W1, b1, W2, b2 with sizes that all differ."""
    return drawn(draw, *draw.sizes(4, 2, 7))


def lookalike_network(draw: Draw):
    """Draw a network with sizes that are equal, or 1: a wrong transpose fits, a lost axis goes unnoticed."""
    return drawn(draw, *draw.choice(SIZES))


def drawn(draw: Draw, n: int, d: int, h: int, c: int):
    """Draw what a network of these sizes holds, in numbers of two digits that read well."""
    y = draw.integers((n,), 0, c - 1, dtype=draw.choice(LABELS))
    scale = draw.choice([1.0, 0.1, 100.0])  # of the inputs and of dL/dW1, while the logits stay moderate
    # All numbers at one stroke: the search for a smaller case is quick where choices are few.
    rng = np.random.default_rng(draw.integer(0, 9999))
    X, W1, b1 = rng.uniform(-1.5, 1.5, (n, d)), rng.uniform(-1, 1, (d, h)), rng.uniform(-0.5, 0.5, h)
    W2, b2 = rng.uniform(-1, 1, (h, c)), rng.uniform(-0.5, 0.5, c)
    X, W1, b1, W2, b2 = (numbers.round(2) for numbers in (X, W1, b1, W2, b2))
    X, W1 = X * scale, W1 / scale
    return X, y, W1, off_the_corner(X @ W1, b1), W2, b2


def off_the_corner(products, b1):
    """Raise biases until no pre-activation is so near to 0 that the order of a sum could decide its sign."""
    while (near := (np.abs(products + b1) < 1e-3).any(axis=0)).any():
        b1 = (b1 + 0.01 * near).round(2)
    return b1


def network_on_the_corner(draw: Draw):
    """Draw a network of whole numbers in which every hidden unit is exactly 0 for one of the samples."""
    n, d, h, c = draw.sizes(4, 2, 6)
    rng = np.random.default_rng(draw.integer(0, 9999))
    X, W1 = 1.0 * rng.integers(-3, 4, (n, d)), 1.0 * rng.integers(-2, 3, (d, h))
    b1 = 0.0 - (X @ W1)[rng.integers(0, n, h), np.arange(h)]
    y, W2, b2 = rng.integers(0, c, n), rng.uniform(-0.2, 0.2, (h, c)), rng.uniform(-0.5, 0.5, c)
    return X, y, W1, b1, W2.round(2), b2.round(2)


@oracle.kept(stand_in=lambda reference, *network: reference.mlp_loss_and_grads(*network)[0])
def true_loss(X, y, W1, b1, W2, b2) -> float:
    """The mean of log Σ exp(logits) − the label's logit, sample by sample with exact sums."""

    def layer(inputs, W, b):
        return [math.fsum([*(inputs * column), bias]) for column, bias in zip(W.T, b, strict=True)]

    def cost(sample, label):
        logits = layer(np.maximum(layer(sample, W1, b1), 0.0), W2, b2)
        return math.log(math.fsum(map(math.exp, logits))) - logits[label]

    return math.fsum(map(cost, X, y)) / len(y)


@oracle.kept(stand_in=lambda reference, *network: reference.mlp_loss_and_grads(*network)[1])
def true_network_gradients(X, y, W1, b1, W2, b2):
    import torch

    labels = torch.from_numpy(y.astype(np.int64))

    def loss(W1, b1, W2, b2):
        logits = torch.relu(torch.from_numpy(X) @ W1 + b1) @ W2 + b2
        return torch.nn.functional.cross_entropy(logits, labels)

    return dict(zip(("W1", "b1", "W2", "b2"), oracle.gradients(loss, W1, b1, W2, b2), strict=True))


def check_loss(student, network, **tolerance) -> None:
    loss, _ = check.unpack(student.mlp_loss_and_grads(*network), 2, name="(loss, grads)")
    check.close(loss, true_loss(*network), name="loss", **tolerance)


def check_gradients(student, network) -> None:
    want = true_network_gradients(*network)
    _, grads = check.unpack(student.mlp_loss_and_grads(*network), 2, name="(loss, grads)")
    check.keys(grads, *want)
    for key in ("b2", "W2", "b1", "W1"):  # the way back: the first that is off is where it went wrong
        check.close(grads[key], want[key], name=f'grads["{key}"]')


def many_classes(rng, dtype):
    """A batch and labels so large that arithmetic in their small dtype wraps round."""
    n, d, h, c = 12, 3, 4, 120 if dtype == np.int8 else 150
    y = np.concatenate([[c - 1, 0], rng.integers(c // 2, c, n - 2)]).astype(dtype)
    X, W1, b1 = rng.uniform(-1, 1, (n, d)), rng.uniform(-1, 1, (d, h)), rng.uniform(-0.5, 0.5, h)
    return X, y, W1, off_the_corner(X @ W1, b1), rng.uniform(-1, 1, (h, c)), rng.uniform(-0.5, 0.5, c)


@criterion("mlp_loss")
def test_loss_of_an_undecided_network(student):
    """With W2 and b2 zero every class is equally likely, and the loss is log c."""
    X, W1 = np.eye(2, 3), np.ones((3, 4))
    check_loss(student, (X, np.array([0, 4]), W1, np.zeros(4), np.zeros((4, 5)), np.zeros(5)))


@criterion("mlp_loss")
@cases(network, 16)
def test_loss_of_random_networks(student, network):
    """The loss is the mean negative log-probability of the labels, in any integer dtype."""
    check_loss(student, network)


@criterion("mlp_loss")
@cases(lookalike_network, 40)
def test_loss_where_sizes_are_equal_or_one(student, network):
    """The loss is right where sizes are equal, or where there is one sample, feature or unit."""
    check_loss(student, network)


@criterion("mlp_loss")
def test_loss_of_a_network_that_is_surely_wrong(student):
    """A label with probability 1e-8 costs its full price, 18.4, however sure the network was."""
    X, y = np.array([[1.0, 2.0], [0.5, -1.0], [2.0, 0.0]]), np.array([1, 0, 1])
    W1, b1 = np.array([[1.0, -0.5, 0.25], [0.5, 1.0, -1.0]]), np.array([0.5, 0.25, -0.125])
    b2 = np.array([16.92, -1.5, 0.0, -2.5])
    # To four digits: a guard inside the logarithm that shows only where p is far smaller is no mistake here.
    check_loss(student, (X, y, W1, b1, np.full((3, 4), 0.125), b2), rtol=1e-4)


@criterion("mlp_loss")
def test_loss_with_many_classes_and_small_integers(student, rng):
    """Labels beyond 100 in one-byte integers give the loss that they give in eight bytes."""
    for dtype in (np.int8, np.uint8):
        check_loss(student, many_classes(rng, dtype))


@criterion("mlp_gradients")
def test_gradients_of_an_undecided_network(student):
    """With W2 zero nothing comes back to W1 and b1, and the gradients of W2 and b2 are thirds and sixths."""
    X = W1 = np.eye(2)
    args = (X, np.array([0, 2]), W1, np.zeros(2), np.zeros((2, 3)), np.zeros(3))
    _, grads = check.unpack(student.mlp_loss_and_grads(*args), 2, name="(loss, grads)")
    check.keys(grads, "W1", "b1", "W2", "b2")
    check.close(grads["b2"], np.array([-1.0, 2.0, -1.0]) / 6, name='grads["b2"]')
    check.close(grads["W2"], np.array([[-2.0, 1.0, 1.0], [1.0, 1.0, -2.0]]) / 6, name='grads["W2"]')
    check.close(grads["b1"], np.zeros(2), name='grads["b1"]')
    check.close(grads["W1"], np.zeros((2, 2)), name='grads["W1"]')


@criterion("mlp_gradients")
@cases(network, 24)
def test_network_gradients_agree_with_autograd(student, network):
    """All four gradients agree with PyTorch on random networks, with labels in any integer dtype."""
    check_gradients(student, network)


@criterion("mlp_gradients")
@cases(lookalike_network, 40)
def test_network_gradients_where_sizes_are_equal_or_one(student, network):
    """All four gradients are right where sizes are equal, or where there is one sample, feature or unit."""
    check_gradients(student, network)


@criterion("mlp_gradients")
@cases(network_on_the_corner, 12)
def test_network_gradients_on_the_corner(student, network):
    """ReLU'(0) = 0: a hidden unit that is exactly 0 for a sample passes nothing back for it."""
    check_gradients(student, network)


@criterion("mlp_gradients")
def test_network_gradients_with_dead_units(student, rng):
    """A hidden unit that no sample wakes gets no gradient, and the others get theirs."""
    X, W1, W2 = rng.uniform(-1, 1, (6, 3)), rng.uniform(-1, 1, (3, 5)), rng.uniform(-1, 1, (5, 4))
    y, b2 = np.array([3, 0, 1, 1, 3, 2], np.uint8), rng.uniform(-1, 1, 4)
    some_dead = off_the_corner(X @ W1, np.array([-50.0, 0.1, 0.3, -50.0, 0.2]))
    check_gradients(student, (X, y, W1, some_dead, W2, b2))
    check_gradients(student, (X, y, W1, np.full(5, -50.0), W2, b2))


@criterion("mlp_gradients")
def test_network_gradients_with_many_classes_and_small_integers(student, rng):
    """Labels beyond 100 in one-byte integers give the gradients that they give in eight bytes."""
    for dtype in (np.int8, np.uint8):
        check_gradients(student, many_classes(rng, dtype))
