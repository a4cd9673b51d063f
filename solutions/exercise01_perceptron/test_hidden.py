"""Hidden tests of exercise 01.

A perceptron decides by the sign of a score, and all that follows hangs on its decisions. So wherever a score
may be near 0, the numbers are multiples of a power of two, and so few bits long that every score is exact in
float64, in whatever order it is summed. The learning rates are powers of two for the same reason.
"""

import math

import numpy as np

from dlgrade.suite import cases, check, criterion, dataset

TABLE = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
AND = np.array([0, 0, 0, 1])
XOR = np.array([0, 1, 1, 0])
INTEGERS = ("int64", "uint8", "int8", "uint16", "int16", "uint32", "int32")
HAIR = 2.0**-50


def grid(draw, *shape):
    """Draw multiples of 1/4 from -3 to 3."""
    return draw.integers(shape, -12, 12) / 4


def flowers(zero, one):
    """Return two species of iris, in millimetres: these are whole numbers."""
    iris = dataset("iris")
    chosen = np.isin(iris["y"], (zero, one))
    return np.rint(10 * iris["X"][chosen]), (iris["y"][chosen] == one).astype(np.int64)


# predict


def batch(draw):
    """Draw X, w and b, for every other batch such that one of the points lies on the line."""
    n, d = draw.integer(1, 6), draw.integer(1, 5)
    X, w = grid(draw, n, d), grid(draw, d)
    b = -X[n // 2] @ w if draw.choice([False, True]) else grid(draw, 1)[0]
    return X, w, float(b)


def sides(X, w, b):
    """Return the class of each row; its score is summed exactly."""
    return np.array([1 if math.fsum([*(x * w), b]) > 0 else 0 for x in X])


@criterion("predict")
def test_predict_computes_and(student):
    """With w = [2, 1] and b = -2 the neuron computes AND."""
    got = student.predict(TABLE, np.array([2.0, 1.0]), -2.0)
    check.integers(got, AND, name="predict(X, w, b)")


@criterion("predict")
def test_a_score_of_exactly_0_is_class_0(student):
    """A point exactly on the line is of class 0."""
    X, w = np.array([[1.0, 3.0, -2.0], [0.5, -1.5, 1.0]]), np.array([2.0, 1.0, 2.5])
    check.integers(student.predict(X, w, 0.0), np.array([0, 1]), name="predict(X, w, b)")
    check.integers(student.predict(X, np.zeros(3), 0.0), np.array([0, 0]), name="predict(X, 0, 0)")
    check.integers(student.predict(X, np.zeros(3), -0.0), np.array([0, 0]), name="predict(X, 0, -0.0)")


@criterion("predict")
def test_a_hair_above_0_is_class_1(student):
    """A score counts by its sign alone, however small: 1e-15 is above 0."""
    X, w = np.array([[1 + HAIR, 0.5], [1.0, 0.5], [1 - HAIR, 0.5], [HAIR, 0.0]]), np.array([1.0, -2.0])
    check.integers(student.predict(X, w, 0.0), np.array([1, 0, 0, 1]), name="predict(X, w, b)")
    check.integers(student.predict(X, -w, 0.0), np.array([0, 0, 1, 0]), name="predict(X, -w, b)")


@criterion("predict")
def test_a_score_far_smaller_than_a_hair_has_its_sign_too(student):
    """A score of 1e-17, or of 1e-300, is above 0, and the same below 0 is not."""
    X = np.array([[2.0**-56], [-(2.0**-56)], [2.0**-996], [-(2.0**-996)], [0.0]])
    got = student.predict(X, np.array([0.5]), 0.0)
    check.integers(got, np.array([1, 0, 1, 0, 0]), name="predict(X, w, b)")


@criterion("predict")
def test_predict_takes_a_single_row_and_a_single_feature(student):
    """One row gives one class, in an array of shape (1,); one feature is enough."""
    one = student.predict(np.array([[0.5, -1.0, 2.0]]), np.array([1.0, 1.0, 0.5]), 0.25)
    check.integers(one, np.array([1]), name="predict(X, w, b) of one row")
    column = student.predict(np.array([[-1.0], [0.25], [3.0], [0.75]]), np.array([-2.0]), 1.0)
    check.integers(column, np.array([1, 1, 0, 0]), name="predict(X, w, b) of one feature")


@criterion("predict")
@cases(batch, 80)
def test_predict_finds_the_side_of_random_points(student, batch):
    """Random points get the class of their side, those on the line included."""
    check.integers(student.predict(*batch), sides(*batch), name="predict(X, w, b)")


@criterion("predict")
def test_predict_classifies_iris_flowers(student):
    """100 iris flowers get the class of their side."""
    X, _ = flowers(1, 2)
    w, b = np.array([-64.0, 10.0, 132.0, 109.0]), -4860.0
    check.integers(student.predict(X, w, b), sides(X, w, b), name="predict(X, w, b)")


# update


def sample(draw, *, right):
    """Draw w, b, x, y and lr. The score is 0.01 or more away from 0, so these may be any real numbers."""
    d = draw.integer(1, 5)
    w, x = draw.array((d,)), draw.array((d,))
    score = draw.real(0.01, 3.0) * draw.choice([1, -1])
    y = draw.choice([int, np.int64])((score > 0) == right)
    return w, float(score - w @ x), x, y, draw.choice([0.1, 1.0, 100.0]) * draw.real(0.1, 2.5)


def right_sample(draw):
    """Draw a sample of which the label is what is predicted."""
    return sample(draw, right=True)


def wrong_sample(draw):
    """Draw a sample of which the label is not what is predicted."""
    return sample(draw, right=False)


def sample_on_the_line(draw):
    """Draw a sample with a score of exactly 0, and either label."""
    d = draw.integer(1, 5)
    w, x = grid(draw, d), grid(draw, d)
    return w, float(-w @ x), x, draw.integer(0, 1), draw.choice([0.5, 0.25, 2.0])


def stepped(w, b, x, y, lr):
    """Return w and b one step nearer to the label, number by number."""
    step = lr if y == 1 else -lr
    return np.array([w_i + step * x_i for w_i, x_i in zip(w, x, strict=True)]), b + step


def check_update(got, want):
    """Compare (w_new, b_new)."""
    w, b = check.unpack(got, 2, name="(w_new, b_new)")
    check.close(w, want[0], name="w_new")
    check.close(b, want[1], name="b_new")


@criterion("update")
def test_a_1_taken_for_a_0_pulls_the_line_over(student):
    """After a 1 that was taken for a 0, lr·x is added to w and lr to b."""
    w, x = np.array([1.0, -2.0]), np.array([1.0, 2.0])
    check_update(student.update(w, 1.0, x, 1, 0.5), (np.array([1.5, -1.0]), 1.5))


@criterion("update")
def test_a_0_taken_for_a_1_pushes_the_line_away(student):
    """After a 0 that was taken for a 1, lr·x is taken off w and lr off b."""
    w, x = np.array([1.0, 2.0]), np.array([1.0, 2.0])
    check_update(student.update(w, 1.0, x, 0, 0.5), (np.array([0.5, 1.0]), 0.5))


@criterion("update")
@cases(right_sample, 40)
def test_a_right_answer_changes_nothing(student, right_sample):
    """A right answer changes neither w nor b."""
    check_update(student.update(*right_sample), right_sample[:2])


@criterion("update")
@cases(wrong_sample, 60)
def test_a_wrong_answer_moves_w_and_b_towards_the_label(student, wrong_sample):
    """A wrong answer moves w by lr·x and b by lr towards the label, on random samples."""
    check_update(student.update(*wrong_sample), stepped(*wrong_sample))


@criterion("update")
@cases(sample_on_the_line, 30)
def test_on_the_line_0_is_right_and_1_is_wrong(student, sample_on_the_line):
    """With a score of exactly 0 the prediction is 0: right for the label 0, wrong for the label 1."""
    w, b, _, y, _ = sample_on_the_line
    check_update(student.update(*sample_on_the_line), stepped(*sample_on_the_line) if y == 1 else (w, b))


@criterion("update")
def test_a_right_answer_by_a_hair_changes_nothing(student):
    """An answer that is right by 1e-15 is right, and changes nothing."""
    w = np.array([1.0, -2.0])
    check_update(student.update(w, 0.0, np.array([1 + HAIR, 0.5]), 1, 0.5), (w, 0.0))
    check_update(student.update(w, 0.0, np.array([1 - HAIR, 0.5]), 0, 0.5), (w, 0.0))


# fit


def training(draw):
    """Draw X, y, lr and max_epochs; every other time there is a line, and some points may lie on it."""
    n, d = draw.integer(1, 9), draw.integer(1, 4)
    X = grid(draw, n, d)
    y = X @ grid(draw, d) > grid(draw, 1) if draw.choice([False, True]) else draw.integers((n,), 0, 1)
    lr = draw.choice([1.0, 0.5, 0.25, 2.0, 4.0])
    return X, y.astype(draw.choice(INTEGERS)), lr, draw.integer(1, 12)


def fine_training(draw):
    """Draw X with 24 bits after the point. 4 samples and 2 epochs: a score has 53 bits at most."""
    X = draw.integers((4, 3), -(2**24), 2**24) / 2**24
    return X, draw.integers((4,), 0, 1), draw.choice([1.0, 0.5, 2.0]), 2


def trained(X, y, lr=1.0, max_epochs=100):
    """Return (w, b, mistakes) by the dual form: how often was each sample added to w, or taken off?"""
    products = X @ X.T + 1.0
    times, mistakes = np.zeros(len(X)), []
    while len(mistakes) < max_epochs and 0 not in mistakes:
        errors = []
        for i, label in enumerate(y.tolist()):
            errors.append(label - int(products[i] @ times > 0))
            times[i] += errors[-1]
        mistakes.append(sum(map(abs, errors)))
    return lr * (times @ X), float(lr * times.sum()), mistakes


def check_training(got, want):
    """Compare (w, b, mistakes)."""
    w, b, mistakes = check.unpack(got, 3, name="(w, b, mistakes)")
    mistakes = check.listing(mistakes, name="mistakes")
    if len(mistakes) != len(want[2]):
        shown = ", ".join(map(str, want[2][:9])) + (", ..." if len(want[2]) > 9 else "")
        check.that(False, f"mistakes has length {len(mistakes)}, it should be {len(want[2])}: [{shown}]")
    for epoch, (count, wanted) in enumerate(zip(mistakes, want[2], strict=True)):
        check.close(count, float(wanted), name=f"mistakes[{epoch}]")
    if isinstance(w, np.ndarray) and w.dtype.kind == "i":
        w = w.astype(float)  # weights that never moved may still be the whole zeros they began as
    check.close(w, want[0], name="w")
    check.close(b, want[1], name="b")


def check_fit(student, X, y, **options):
    """Train, and compare with the dual form."""
    check_training(student.fit(X, y, **options), trained(X, y, **options))


@criterion("fit")
def test_fit_learns_and(student):
    """AND is learnt in six epochs with 1, 3, 3, 2, 1 and 0 mistakes, and ends at w = [2, 1], b = -2."""
    check_training(student.fit(TABLE, AND), (np.array([2.0, 1.0]), -2.0, [1, 3, 3, 2, 1, 0]))


@criterion("fit")
def test_the_rate_comes_before_the_epochs(student):
    """Called as fit(X, y, 0.5, 4), the rate is 0.5 and there are at most 4 epochs."""
    check_training(student.fit(TABLE, AND, 0.5, 4), trained(TABLE, AND, 0.5, 4))


@criterion("fit")
def test_more_mistakes_than_a_byte_can_count(student):
    """300 mistakes in one epoch are 300, with labels of one byte too."""
    X, y = np.ones((300, 1)), np.tile(np.array([1, 0]), 150)
    for dtype in (np.uint8, np.int8):
        check_fit(student, X, y.astype(dtype), max_epochs=2)


@criterion("fit")
def test_fit_takes_the_samples_in_the_given_order(student):
    """The samples are taken in the given order: AND backwards takes another way."""
    check_fit(student, TABLE[::-1].copy(), AND[::-1].copy())


@criterion("fit")
def test_fit_stops_at_once_where_nothing_is_wrong(student):
    """Where the zeros that training starts from are right already, one epoch with 0 mistakes is all."""
    check_training(student.fit(TABLE, np.zeros(4, dtype=np.int64)), (np.zeros(2), 0.0, [0]))


@criterion("fit")
def test_the_learning_rate_scales_w_and_b(student):
    """A learning rate of 1/4 or of 8 scales w and b and leaves the mistakes as they are."""
    for lr in (0.25, 8.0):
        want = (np.array([2.0 * lr, 1.0 * lr]), -2.0 * lr, [1, 3, 3, 2, 1, 0])
        check_training(student.fit(TABLE, AND, lr=lr), want)


@criterion("fit")
def test_labels_may_be_of_any_integer_dtype(student):
    """Labels of any integer dtype give the same training, unsigned ones too."""
    for dtype in INTEGERS:
        check_fit(student, TABLE, AND.astype(dtype))


@criterion("fit")
def test_fit_gives_up_after_max_epochs(student):
    """XOR has no line: training ends after max_epochs. So does AND, where these are too few."""
    for max_epochs in (1, 7, 137):
        check_fit(student, TABLE, XOR, max_epochs=max_epochs)
    for max_epochs in (4, 5, 6):
        check_fit(student, TABLE, AND, max_epochs=max_epochs)


@criterion("fit")
def test_fit_gives_up_after_100_epochs_by_itself(student):
    """Without max_epochs training ends after 100 epochs."""
    check_fit(student, TABLE, XOR)


@criterion("fit")
@cases(training, 60)
def test_fit_follows_the_rule_on_random_points(student, training):
    """On random points, with a line between the classes or without, each epoch goes as the rule says."""
    X, y, lr, max_epochs = training
    check_fit(student, X, y, lr=lr, max_epochs=max_epochs)


@criterion("fit")
def test_a_hair_decides_in_training_too(student):
    """In training too a score counts by its sign alone: 1e-15 is above 0."""
    X, y = np.array([[1.0, 0.0], [-1 + HAIR, 0.0], [-1 - HAIR, 0.0]]), np.array([1, 1, 0])
    check_training(student.fit(X, y), (np.array([1.0, 0.0]), 1.0, [1, 0]))


@criterion("fit")
@cases(fine_training, 10)
def test_fit_computes_in_float64(student, fine_training):
    """Samples with many digits are not rounded to float32 on the way."""
    X, y, lr, max_epochs = fine_training
    check_fit(student, X, y, lr=lr, max_epochs=max_epochs)


@criterion("fit")
def test_setosa_and_versicolor_are_separated(student):
    """Iris setosa is told from versicolor without a mistake."""
    check_fit(student, *flowers(0, 1))


@criterion("fit")
def test_versicolor_and_virginica_are_not_separated(student):
    """No plane separates iris versicolor from virginica: training ends after max_epochs."""
    X, y = flowers(1, 2)
    in_turn = np.arange(100).reshape(2, 50).T.ravel()  # one of each, again and again: there is more to learn
    check_fit(student, X[in_turn], y[in_turn], max_epochs=6)
