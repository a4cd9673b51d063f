"""Hidden suite of exercise00: what a right `celsius.py` does, whichever way it was written.

Everything here is made of sums of products of floats, so the right numbers are worked out in fractions, or
in long doubles from the sums of c, c², f and c·f, and rounded once. What may cancel is judged by the size of
its terms.
"""

from fractions import Fraction

import numpy as np

from dlgrade.suite import Draw, cases, check, criterion

CELSIUS = np.array([-1.0, 0.0, 2.0])
FAHRENHEIT = np.array([30.2, 32.0, 35.6])
REAL = np.array([-40.0, -17.8, 0.0, 8.5, 21.0, 37.0, 54.4, 100.0])


def thermometers(draw: Draw):
    """Draw temperatures, readings that no line fits, w and b."""
    n = draw.integer(1, 7)
    celsius = draw.array((n,)) * draw.choice([1.0, 30.0])
    return celsius, draw.array((n,), -40.0, 90.0), draw.real(-3, 3), draw.real(-40, 40)


def errors(draw: Draw):
    """Draw predictions and targets, of one sample or more."""
    shape = (draw.integer(1, 8),)
    scale = draw.choice([1.0, 100.0, 0.01])
    return draw.array(shape) * scale, draw.array(shape) * scale


def fractions(*arrays):
    return [[Fraction(number) for number in array.tolist()] for array in arrays]


# predict


@criterion("predict")
def test_predict_gives_the_worked_numbers(student):
    """With w = 1.8 and b = 32 it is the formula, with other numbers another line."""
    check.close(student.predict(CELSIUS, 1.8, 32.0), FAHRENHEIT, name="predict(celsius, w, b)")
    steeper = np.array([27.2, 32.0, 41.6])
    check.close(student.predict(CELSIUS, 4.8, 32.0), steeper, name="predict(celsius, w, b)")


@criterion("predict")
@cases(thermometers, 40)
def test_predict_of_random_lines(student, thermometers):
    """For any w and b, each prediction is w·c + b, for a single temperature too."""
    celsius, _, w, b = thermometers
    (exact,) = fractions(celsius)
    want = np.array([float(Fraction(w) * c + Fraction(b)) for c in exact])
    atol = 1e-12 * float(np.max(np.abs(w * celsius)) + abs(b))
    check.close(student.predict(celsius, w, b), want, name="predict(celsius, w, b)", atol=atol)


# mse


def check_mse(student, pred, target) -> None:
    exact = [(p - t) ** 2 for p, t in zip(*fractions(pred, target), strict=True)]
    scale = float(np.max(pred**2 + target**2))
    check.close(student.mse(pred, target), float(sum(exact) / len(exact)), name="the MSE", atol=1e-12 * scale)


@criterion("mse")
def test_mse_gives_the_worked_numbers(student):
    """Errors of −3, 0 and 6 give 15, errors of −3 and 3 give 9, no error gives 0."""
    check.close(student.mse(np.array([27.2, 32.0, 41.6]), FAHRENHEIT), 15.0, name="the MSE")
    check.close(student.mse(np.array([1.0, 7.0]), np.array([4.0, 4.0])), 9.0, name="the MSE")
    check.close(student.mse(FAHRENHEIT, FAHRENHEIT), 0.0, name="the MSE")


@criterion("mse")
@cases(errors, 40)
def test_mse_of_random_errors(student, errors):
    """It is the mean of the squared differences, large or small, for one sample or many."""
    check_mse(student, *errors)


# gradients


def true_gradients(celsius, fahrenheit, w, b):
    """The slopes in fractions, and the sizes of the terms that they are sums of."""
    slopes = [
        (2 * (Fraction(w) * c + Fraction(b) - f) * c, 2 * (Fraction(w) * c + Fraction(b) - f))
        for c, f in zip(*fractions(celsius, fahrenheit), strict=True)
    ]
    size = 2 * float(np.max(np.abs(w * celsius)) + abs(b) + np.max(np.abs(fahrenheit)))
    dL_dw, dL_db = (float(sum(column) / len(slopes)) for column in zip(*slopes, strict=True))
    return (dL_dw, size * float(np.max(np.abs(celsius)))), (dL_db, size)


def check_gradients(student, *args) -> None:
    got = check.unpack(student.gradients(*args), 2, name="(dL_dw, dL_db)")
    for name, slope, (want, size) in zip(("dL/dw", "dL/db"), got, true_gradients(*args), strict=True):
        check.close(slope, want, name=name, atol=1e-12 * size)


@criterion("gradients")
def test_gradients_give_the_worked_numbers(student):
    """Errors of −3, 0 and 6 at −1, 0 and 2 °C give slopes of 10 and 2."""
    check_gradients(student, CELSIUS, FAHRENHEIT, 4.8, 32.0)


@criterion("gradients")
def test_gradients_where_only_the_bias_is_off(student):
    """With the true w and b = 29 the slopes are −2 and −6."""
    check_gradients(student, CELSIUS, FAHRENHEIT, 1.8, 29.0)


@criterion("gradients")
def test_gradients_of_the_true_line(student):
    """With the true w and b there is no slope."""
    check_gradients(student, CELSIUS, FAHRENHEIT, 1.8, 32.0)


@criterion("gradients")
@cases(thermometers, 60)
def test_gradients_of_random_lines(student, thermometers):
    """Both slopes are right for random temperatures, readings and lines, for a single sample too."""
    check_gradients(student, *thermometers)


# fit


def training(draw: Draw):
    """Draw temperatures, readings that no line fits, a learning rate that is small enough, and epochs."""
    n, k = draw.integer(1, 7), draw.choice([1.0, 20.0])
    celsius, fahrenheit = draw.array((n,), -1.5, 1.5), draw.array((n,), -40.0, 90.0)
    return celsius * k, fahrenheit, draw.real(0.01, 0.28) / k**2, draw.integer(1, 12)


def trained(celsius, fahrenheit, lr, epochs):
    """Return w, b and the losses by the recurrence that the sums of c, c², f and c·f give."""
    c, f = celsius.astype(np.longdouble), fahrenheit.astype(np.longdouble)
    slope = 2 * np.array([[(c * c).mean(), c.mean()], [c.mean(), 1.0]])
    pull = 2 * np.array([(c * f).mean(), f.mean()])
    theta, losses = np.zeros(2, np.longdouble), []
    for _ in range(epochs):
        losses.append(float(((theta[0] * c + theta[1] - f) ** 2).mean()))
        theta = theta - np.longdouble(lr) * (slope @ theta - pull)
    return float(theta[0]), float(theta[1]), losses


def check_fit(student, celsius, fahrenheit, lr, epochs) -> None:
    want = trained(celsius, fahrenheit, lr, epochs)
    got = student.fit(celsius, fahrenheit, lr, epochs)
    w, b, losses = check.unpack(got, 3, name="(w, b, losses)")
    losses = check.listing(losses, name="losses")
    check.that(len(losses) == epochs, f"losses has length {len(losses)}, it should be {epochs}")
    for k, (loss, wanted) in enumerate(zip(losses, want[2], strict=True)):
        check.close(loss, wanted, name=f"losses[{k}]", atol=1e-12 * want[2][0])
    atol = 1e-11 * float(np.max(np.abs(fahrenheit)))
    check.close(w, want[0], name="w", atol=atol)
    check.close(b, want[1], name="b", atol=atol)


@criterion("fit")
def test_fit_takes_the_worked_steps(student):
    """Two steps with lr = 1/4 from [−1, 2] to [1, 4] end at w = 1 and b = 1.4375, losses 8.5 and 1.40625."""
    check_fit(student, np.array([-1.0, 2.0]), np.array([1.0, 4.0]), 0.25, 1)
    check_fit(student, np.array([-1.0, 2.0]), np.array([1.0, 4.0]), 0.25, 2)


@criterion("fit")
@cases(training, 50)
def test_fit_follows_the_gradient(student, training):
    """On random readings every loss, w and b are those of gradient descent over all samples from zeros."""
    check_fit(student, *training)


@criterion("fit")
def test_fit_finds_the_formula(student):
    """After 400 steps with lr = 0.25 it has found 1.8 and 32, and has kept 400 losses."""
    check_fit(student, CELSIUS, FAHRENHEIT, 0.25, 400)


@criterion("fit")
def test_fit_on_real_temperatures(student):
    """On −40 to 100 °C it needs a learning rate of 1e-4, and is still on its way after 200 steps."""
    check_fit(student, REAL, 1.8 * REAL + 32.0, 1e-4, 200)
