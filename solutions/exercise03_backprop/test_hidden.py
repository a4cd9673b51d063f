"""Hidden suite of exercise03: what a right `backprop.py` does, whichever way it was written.

Neurons come in two kinds. Real ones stay off the corner of ReLU, so that autograd and central differences
must agree on them. Dyadic ones (multiples of 1/8) are exact in every order of operations, so that z can be
exactly 0. Networks likewise; these are in test_hidden_network.py.
"""

import functools
from fractions import Fraction

import numpy as np

from dlgrade.suite import Draw, cases, check, criterion, oracle

SHAPES = [(), (1,), (5,), (2, 3), (4, 2), (3, 3), (1, 4), (2, 3, 2), (2, 1, 2, 3)]
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


@functools.cache
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
