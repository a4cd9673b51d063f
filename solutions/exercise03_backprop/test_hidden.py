"""Hidden suite of exercise03: what a right `backprop.py` does, whichever way it was written.

Neurons come in two kinds. Real ones stay off the corner of ReLU, so that autograd and central differences
must agree on them. Dyadic ones (multiples of 1/8) are exact in every order of operations, so that z can be
exactly 0. Networks likewise.
"""

import math
from fractions import Fraction

import numpy as np

from dlgrade.suite import Draw, cases, check, criterion, oracle

SHAPES = [(), (1,), (5,), (2, 3), (4, 2), (3, 3), (1, 4), (2, 3, 2), (2, 1, 2, 3)]
SIZES = [(4, 4, 4, 4), (5, 3, 3, 2), (5, 2, 4, 4), (4, 3, 4, 2), (4, 2, 5, 4), (3, 3, 5, 2), (5, 4, 3, 4)]
SIZES += [(1, 3, 4, 2), (1, 1, 1, 2), (4, 1, 3, 2), (4, 3, 1, 5), (1, 2, 5, 3)]  # n, d, h, c
LABELS = [np.int8, np.uint8, np.int16, np.uint16, np.int32, np.uint32, np.int64]
KEYS = ("dL_da", "da_dz", "dz_dw", "dL_dw", "dL_db")

WORKED = (0.5, 2.0, 0.5, 1.0)
TELLING = (0.5, -4.0, 4.0, 2.125)  # the usual mistakes all end elsewhere than 0.3 when lr is 0.2
DEAD = (0.5, -2.0, 0.5, 1.0)
CORNER = (0.5, -2.0, 1.0, 1.0)
HAIR = (0.5, -2.0, 1.0 + 2.0**-33, 1.0)  # z is just above 0
FAR = (300.0, -40.0, 5.5, 2.0), (300.0, 40.0, 5.5, -2000.0)


# One neuron.


def neuron(draw: Draw) -> tuple[float, float, float, float]:
    """Draw w, x, b, y_true, some of them large, with z off the corner."""
    w, b, y_true = draw.real(-3, 3), draw.real(-2, 2), draw.real(-3, 3)
    x = draw.real(-3, 3) * draw.choice([0.1, 1.0, 40.0])
    return w, x, b + 0.5 if abs(w * x + b) < 1e-2 else b, y_true


def dyadic_neuron(draw: Draw) -> tuple[float, float, float, float]:
    """Draw w, x, b, y_true that floats hold exactly, one in two with z exactly 0."""
    w, x = draw.integer(-12, 12) / 4, draw.integer(-16, 16) / 4
    b = draw.choice([draw.integer(-8, 8) / 4, 0.0 - w * x])
    return w, x, b, draw.choice([-1, 1]) * draw.integer(1, 24) / 8


def exactly(w, x, b, y_true) -> dict[str, float]:
    """Everything there is to know of a neuron, in fractions."""
    w, x, b, y_true = map(Fraction, (w, x, b, y_true))
    z = w * x + b
    a, passes = (z, 1) if z > 0 else (Fraction(0), 0)
    slope = 2 * (a - y_true)
    known = {"z": z, "a": a, "loss": (a - y_true) ** 2, "dL_da": slope, "da_dz": passes, "dz_dw": x}
    known |= {"dL_dw": slope * passes * x, "dL_db": slope * passes}
    return {name: float(value) for name, value in known.items()}


def size(w, x, b, y_true) -> float:
    """How large the terms are that may cancel in z and a − y."""
    return abs(w * x) + abs(b) + abs(y_true)


def check_forward(student, neuron) -> None:
    want = exactly(*neuron)
    z, a, loss = check.unpack(student.forward(*neuron), 3, name="(z, a, loss)")
    check.close(z, want["z"], name="z", atol=1e-12 * size(*neuron))
    check.close(a, want["a"], name="a", atol=1e-12 * size(*neuron))
    check.close(loss, want["loss"], name="loss", atol=1e-12 * size(*neuron) ** 2)


def check_backward(student, neuron, keys=KEYS) -> None:
    want = exactly(*neuron)
    atol = 1e-12 * size(*neuron) * max(1.0, abs(neuron[1]))
    got = check.keys(student.backward(*neuron), *keys)
    for key in keys:
        check.close(got[key], want[key], name=key, atol=atol)


@criterion("forward")
def test_forward_gives_the_worked_numbers(student):
    """w = 0.5, x = 2, b = 0.5 and y = 1 give z = 1.5, a = 1.5 and a loss of 0.25."""
    check_forward(student, WORKED)
    check_forward(student, TELLING)


@criterion("forward")
def test_forward_of_a_dead_neuron(student):
    """A neuron with z = −0.5 puts out 0 and still has a loss; one with z = 1e-10 is not dead."""
    check_forward(student, DEAD)
    for neuron in FAR:
        check_forward(student, neuron)
    z, a, _ = check.unpack(student.forward(*HAIR), 3, name="(z, a, loss)")
    check.close(z, 2.0**-33, name="z", atol=0.0)
    check.close(a, 2.0**-33, name="a", atol=0.0)


@criterion("forward")
@cases(neuron, 40)
def test_forward_of_random_neurons(student, neuron):
    """z, a and the loss are right for random neurons, negative inputs and dead ones included."""
    check_forward(student, neuron)


@criterion("forward")
@cases(dyadic_neuron, 24)
def test_forward_at_the_corner(student, neuron):
    """z, a and the loss are right where z is exactly 0, and around it."""
    check_forward(student, neuron)


@oracle.kept(stand_in=lambda reference, *neuron: reference.backward(*neuron))
def true_gradients(w, x, b, y_true):
    import torch

    def loss(w, b):
        return (torch.relu(w * x + b) - y_true) ** 2

    dL_dw, dL_db = oracle.gradients(loss, w, b)
    return {"dL_dw": dL_dw, "dL_db": dL_db}


@criterion("backward")
def test_backward_gives_the_worked_numbers(student):
    """w = 0.5, x = 2, b = 0.5 and y = 1 give dL/da = 1, da/dz = 1, dz/dw = 2, dL/dw = 2 and dL/db = 1."""
    check_backward(student, WORKED)


@criterion("backward")
def test_backward_gives_the_telling_numbers(student):
    """w = 0.5, x = −4, b = 4 and y = 2.125 give dL/dw = 1, which no usual mistake does."""
    check_backward(student, TELLING)


@criterion("backward")
def test_backward_of_a_dead_neuron(student):
    """Where z < 0 no gradient reaches w and b, while dL/da is what it is."""
    check_backward(student, DEAD)


@criterion("backward")
def test_backward_at_the_corner(student):
    """ReLU'(0) = 0: where z is exactly 0, da/dz is 0, and so are dL/dw and dL/db; a hair above it is not."""
    check_backward(student, CORNER)
    for neuron in (HAIR, *FAR):
        check_backward(student, neuron)


@criterion("backward")
@cases(neuron, 30)
def test_local_slopes_of_random_neurons(student, neuron):
    """dL/da, da/dz and dz/dw are right for random neurons, dead ones included."""
    check_backward(student, neuron, ("dL_da", "da_dz", "dz_dw"))


@criterion("backward")
@cases(neuron, 60)
def test_gradients_agree_with_autograd(student, neuron):
    """dL/dw and dL/db agree with PyTorch on 60 random neurons, dead ones included."""
    want = true_gradients(*neuron)
    got = check.keys(student.backward(*neuron), "dL_dw", "dL_db")
    atol = 1e-12 * size(*neuron) * max(1.0, abs(neuron[1]))
    check.close(got["dL_dw"], want["dL_dw"], name="dL_dw", atol=atol)
    check.close(got["dL_db"], want["dL_db"], name="dL_db", atol=atol)


@criterion("backward")
@cases(dyadic_neuron, 40)
def test_slopes_and_gradients_around_the_corner(student, neuron):
    """All five numbers are right where z is exactly 0, and around it."""
    check_backward(student, neuron)


# One step.


def step(draw: Draw) -> tuple[float, float, float]:
    """Draw a number, its gradient (some are steep) and a learning rate."""
    return draw.real(-3, 3), draw.real(-3, 3) * draw.choice([0.01, 1.0, 300.0]), draw.real(0.001, 1.5)


def array_step(draw: Draw) -> tuple[np.ndarray, np.ndarray, float]:
    """Draw an array of any shape, its gradient and a learning rate."""
    shape, steepness = draw.choice(SHAPES), draw.choice([0.01, 1.0, 300.0])
    return draw.array(shape), np.asarray(draw.array(shape) * steepness), draw.real(0.001, 1.5)


def stepped(param, grad, lr) -> np.ndarray:
    """The new parameter, rounded once."""
    wide = np.asarray(param, np.longdouble) - np.longdouble(lr) * np.asarray(grad, np.longdouble)
    return np.asarray(wide, np.float64)


@criterion("sgd_step")
def test_step_gives_the_worked_numbers(student):
    """With a gradient of 2, w goes from 0.5 to 0.3 with lr 0.1, and to 0.48 with lr 0.01."""
    check.close(student.sgd_step(0.5, 2.0, 0.1), 0.3, name="the new w")
    check.close(student.sgd_step(0.5, 2.0, 0.01), 0.48, name="the new w")
    check.close(student.sgd_step(0.5, 1.0, 0.2), 0.3, name="the new w")


@criterion("sgd_step")
@cases(step, 20)
def test_step_of_a_number(student, step):
    """A number moves against its gradient, by the learning rate times it."""
    check.close(student.sgd_step(*step), float(stepped(*step)), name="the new parameter")


@criterion("sgd_step")
@cases(array_step, 40)
def test_step_of_an_array(student, step):
    """An array of any shape moves entry by entry and keeps its shape; the old one stays as it was."""
    check.close(student.sgd_step(*step), stepped(*step), name="the new parameter")


# The gradient checker.


def function(text: str, shape: tuple[int, ...], **arrays):
    """Make f from the text that a report shows for it; it takes a float64 array like theta, no other."""
    code = text.format(**{name: f"np.array({array.tolist()})" for name, array in arrays.items()})
    f = eval(code, {"np": np})

    def called(moved):
        like_theta = isinstance(moved, np.ndarray | np.generic | float) and np.shape(moved) == shape
        if not like_theta or np.asarray(moved).dtype != np.float64:
            given = described(moved)
            raise TypeError(f"f takes a float64 array of theta's shape {shape}, it was called with {given}")
        return float(f(np.asarray(moved)))

    called.code = code
    return called


def described(moved) -> str:
    if isinstance(moved, np.ndarray | np.generic):
        return f"an array of shape {moved.shape} and dtype {moved.dtype}"
    return f"a {getattr(moved, 'type_name', type(moved).__name__)}"


def surface(draw: Draw):
    """Draw theta, the coefficients of (Σ k·t)³, and a step so large that it shows in the answer."""
    shape = draw.choice(SHAPES)
    k = draw.array(shape, 0.5, 2.0) * (2 * draw.integers(shape, 0, 1) - 1)
    return draw.array(shape, -2.0, 2.0), np.asarray(k), draw.choice([0.5, 0.25, 0.3, 0.1, 0.01])


@criterion("numerical_gradient")
def test_numerical_gradient_of_a_cube(student):
    """For t³ at t = 2 with eps 0.5 it gives 12.25, for a vector as for a number."""
    for shape in [(), (1,)]:
        f = function("lambda t: (t**3).sum()", shape)
        got = student.numerical_gradient(f, np.full(shape, 2.0), eps=0.5)
        check.close(got, np.full(shape, 12.25), name="the gradient")


@criterion("numerical_gradient")
def test_numerical_gradient_of_cubes_in_a_matrix(student):
    """For Σ c·t³ over a matrix it gives c·(3t² + eps²), each entry with its own c."""
    theta = np.array([[2.0, -1.0, 0.0], [0.5, 3.0, -2.5]])
    c = np.array([[1.0, 2.0, 3.0], [-4.0, 0.5, -1.0]])
    f = function("lambda t: ({c} * t**3).sum()", theta.shape, c=c)
    for eps in (0.5, 0.25):
        got = student.numerical_gradient(f, theta, eps)
        check.close(got, c * (3 * theta**2 + eps**2), name="the gradient")


@criterion("numerical_gradient")
@cases(surface, 10)
def test_central_differences_of_any_shape(student, surface):
    """For (Σ k·t)³, where every entry matters to every other, it gives k·(3s² + k²·eps²) in any shape."""
    theta, k, eps = surface
    s = float((k * theta).sum())
    f = function("lambda t: ({k} * t).sum() ** 3", theta.shape, k=k)
    got = student.numerical_gradient(f, theta, eps=eps)
    atol = 1e-13 * float(np.abs(k * theta).sum() + eps) ** 3 / eps
    check.close(got, np.asarray(k * (3 * s**2 + k**2 * eps**2)), name="the gradient", atol=atol)


@criterion("numerical_gradient")
def test_numerical_gradient_for_any_number_of_axes(student, rng):
    """For Σ c·t³ it is right with no axis, and with one, two, three and four."""
    for shape in [(), (4,), (2, 3), (2, 3, 2), (2, 1, 3, 2)]:
        theta, c = rng.uniform(-2, 2, shape), rng.uniform(0.5, 2, shape)
        f = function("lambda t: ({c} * t**3).sum()", shape, c=c)
        got = student.numerical_gradient(f, theta, eps=0.25)
        check.close(got, c * (3 * theta**2 + 0.25**2), name="the gradient")


@criterion("numerical_gradient")
def test_default_step_is_1e_5(student):
    """Without eps the step is 1e-5: at 0 the central difference of 1e10·c·t³ is just c."""
    c = np.array([[1.5, -2.0, 0.7, 3.1], [-0.6, 2.2, 1.0, -1.9]])
    f = function("lambda t: 1e10 * ({c} * t**3).sum()", c.shape, c=c)
    got = student.numerical_gradient(f, np.zeros(c.shape))
    check.close(got, c, name="the gradient")


@criterion("numerical_gradient")
def test_numerical_gradient_comes_close_to_the_true_one(student, rng):
    """With the default step it agrees with the true gradient of log Σ exp(k·t) to six digits."""
    theta, k = rng.uniform(-1, 1, (3, 4)), rng.uniform(0.5, 2, (3, 4))
    f = function("lambda t: np.log(np.exp({k} * t).sum())", theta.shape, k=k)
    got = student.numerical_gradient(f, theta)
    check.close(got, k * np.exp(k * theta) / np.exp(k * theta).sum(), name="the gradient", rtol=1e-6)


@criterion("numerical_gradient")
def test_central_difference_on_a_corner_is_halfway(student):
    """On the corner of Σ k·ReLU(t) it gives k/2, as steps to both sides do."""
    k = np.array([1.0, -2.0, 3.0, 0.5])
    f = function("lambda t: ({k} * np.maximum(t, 0.0)).sum()", k.shape, k=k)
    got = student.numerical_gradient(f, np.zeros(4), eps=0.125)
    check.close(got, k / 2, name="the gradient")


@criterion("numerical_gradient")
def test_flat_function_has_no_gradient(student):
    """A function that does not move has a gradient of zeros."""
    got = student.numerical_gradient(function("lambda t: 7.0", (2, 3)), np.ones((2, 3)))
    check.close(got, np.zeros((2, 3)), name="the gradient")


@criterion("numerical_gradient")
def test_theta_is_left_as_it_was(student, rng):
    """Afterwards theta holds what it held, to the bit."""
    theta = rng.uniform(-2, 2, (3, 5))
    theta[0, 1] = -0.0  # which is not 0.0, to the bit
    got = student.numerical_gradient(function("lambda t: (t * t).sum()", theta.shape), theta)
    check.close(got, 2 * theta, name="the gradient", rtol=1e-6)


# The whole network.


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
