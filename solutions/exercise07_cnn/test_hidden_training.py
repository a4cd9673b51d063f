"""The part of exercise07's hidden suite that is about `accuracy`, `train_cnn` and the real digits."""

import contextlib

import numpy as np
import torch
from cnn_cases import HELD_OUT, IMAGES, LABELS, corners, measurement, mirrored, never_seen
from cnn_worker import LAB, check_home, elsewhere, made, tensor

from dlgrade.student import Failure
from dlgrade.suite import cases, check, criterion, lab

BAR = 0.97
DIGITS_TRAIN, DIGITS_VAL = (IMAGES[~HELD_OUT], LABELS[~HELD_OUT]), (IMAGES[HELD_OUT], LABELS[HELD_OUT])


# Accuracy.


def check_accuracy(student, worker, n: int, right: int, training: bool, device: str = "cpu", **settings):
    x, y = mirrored(n, right)
    model = worker.mirror.keep()(training)
    worker.moved(model, device)
    worker.set_mode(model, training)
    got = student.accuracy(model, x, y, device=worker.device.keep()(device), **settings)
    check.close(got, right / n, name="accuracy(...)", rtol=1e-6, atol=1e-6)
    return model


@criterion("accuracy")
@cases(measurement, 60)
def test_accuracy_is_the_share_of_right_answers(student, measurement):
    """It is right for any batch size, larger than the data or with a short last batch, in both modes."""
    n, right, batch_size, training = measurement
    check_accuracy(student, lab(student, LAB), n, right, training, batch_size=batch_size)


@criterion("accuracy")
def test_accuracy_without_a_batch_size(student):
    """Without a batch size it is right for more images than go into one batch."""
    worker = lab(student, LAB)
    check_accuracy(student, worker, 300, 44, training=False)
    check_accuracy(student, worker, 257, 1, training=True)


@criterion("accuracy")
def test_accuracy_leaves_the_mode_as_it_was(student):
    """`model.training` is afterwards what it was before, True or False."""
    worker = lab(student, LAB)
    for training in (True, False):
        model = check_accuracy(student, worker, 10, 7, training, batch_size=4)
        after = model.training()
        check.that(
            after is training, f"`model.training` was {training} before accuracy(...) and is {after} after it"
        )
        kept = all(mode is training for mode in worker.modes_of(model))
        check.that(
            kept, f"`.training` of a layer in the model was {training} before accuracy(...), not after it"
        )


@criterion("accuracy")
def test_accuracy_needs_no_gradients(student):
    """The model is asked without gradients, and its parameters still learn afterwards."""
    worker = lab(student, LAB)
    model = check_accuracy(student, worker, 10, 7, training=True, batch_size=4)
    check.that(
        model.graphs() == 0, "accuracy(...) lets the model build graphs for gradients that no one needs"
    )
    check.that(
        worker.untouched(model),
        "accuracy(...) leaves traces in `.grad` or `.requires_grad` of the parameters",
    )


@criterion("accuracy")
def test_accuracy_moves_the_images_to_the_device(student):
    """Images and labels come from the CPU; the model is on the device."""
    worker = lab(student, LAB)
    x, y = mirrored(10, 7)
    model = worker.mirror.keep()(True)
    worker.moved(model, "meta")
    device = worker.device.keep()("meta")
    elsewhere(worker, lambda: student.accuracy(model, x, y, device=device, batch_size=4))
    for name in worker.devices():
        check_accuracy(student, worker, 10, 7, True, device=name, batch_size=4)


# Training, on images that are easy to tell apart.


def train(student, worker, model, train_set, val_set, device: str = "cpu", *, epochs: int, **settings):
    """Train, and check what comes back: the two lists of numbers."""
    place = worker.device.keep()(device)
    with alone():
        history = student.train_cnn(model, *train_set, *val_set, device=place, epochs=epochs, **settings)
    return checked(history, epochs)


@contextlib.contextmanager
def alone():
    """Say what may be behind an error that has nothing to do with images."""
    try:
        yield
    except Failure as failure:
        trouble = failure.trouble
        if trouble is None or trouble.type_name not in _OF_PROCESSES:
            raise
        ask = "does it start other processes, as a DataLoader's `num_workers` does? Here it must do without"
        raise Failure(
            f"{failure.message}: {ask}", kind=failure.kind, trouble=trouble, traceback=failure.traceback
        ) from None


_OF_PROCESSES = ("BlockingIOError", "FileNotFoundError", "OSError", "PermissionError")


def checked(history, epochs: int) -> dict[str, np.ndarray]:
    check.keys(history, "train_loss", "val_accuracy")
    found = {}
    for key in ("train_loss", "val_accuracy"):
        listed = check.listing(history[key], name=f'"{key}"')
        check.that(
            len(listed) == epochs,
            f'"{key}" has {len(listed)} entries after {epochs} epochs, one for each is asked for',
        )
        for index, value in enumerate(listed):  # any number will do
            check.close(value, 0.0, name=f'"{key}"[{index}]', atol=1e9)
        found[key] = np.array([float(value) for value in listed])
    shares = found["val_accuracy"]
    check.that(
        bool(((shares >= 0) & (shares <= 1)).all()),
        f'"val_accuracy" holds {shares.max():g}, shares are 0 to 1',
    )
    return found


def share_right(worker, model, data) -> float:
    """The share of images that a model gets right, by its logits."""
    x, y = data
    got = tensor(worker.logits(model, x), "the model's answer")
    check.that(got.dim() == 2 and len(got) == len(x), f"the model's answer has shape {tuple(got.shape)}")
    return float((got.argmax(dim=1) == y).double().mean())


def movement(worker, model, before) -> float:
    return float((tensor(worker.weights(model), "the weights") - before).abs().max())


@criterion("train_cnn")
def test_training_learns(student):
    """Images that are easy to tell apart are learned, and the loss falls."""
    worker = lab(student, LAB)
    model, data = worker.start.keep()(0), corners(96, 0)
    history = train(student, worker, model, data, corners(40, 1), epochs=12, batch_size=16, lr=0.05)
    right = share_right(worker, model, data)
    check.that(right >= 0.95, f"after 12 epochs {right:.0%} of easy training images are right, all should be")
    first, last = history["train_loss"][[0, -1]]
    check.that(last < first, f'"train_loss" goes from {first:.4g} to {last:.4g}, it should fall')


@criterion("train_cnn")
def test_training_returns_one_entry_for_each_epoch(student):
    """`epochs` says how often the images are gone through, and how many entries there are."""
    worker = lab(student, LAB)
    for epochs in (1, 5):
        train(student, worker, worker.start.keep()(0), corners(20, 2), corners(9, 3), epochs=epochs)


@criterion("train_cnn")
def test_validation_accuracy_is_that_of_the_model(student):
    """`val_accuracy` is what the model reaches in evaluation mode on the validation images."""
    worker = lab(student, LAB)
    # So much dropout that in training mode many answers would be other ones; and one epoch that changes many.
    for dropout, epochs in ((0.9, 4), (0.0, 1)):
        model, val_set = worker.start.keep()(0, dropout=dropout), corners(173, 5, wrong=0.3)
        settings = {"epochs": epochs, "batch_size": 16, "lr": 0.02}
        history = train(student, worker, model, corners(96, 4), val_set, **settings)
        right = share_right(worker, model, val_set)
        # The last epoch's, or an earlier one's if its weights were put back.
        check.that(
            bool((np.abs(history["val_accuracy"] - right) < 1e-6).any()),
            f'"val_accuracy" ends with {history["val_accuracy"][-1]:.4f}, '
            f"the model that comes out is right for {right:.4f}",
        )


@criterion("train_cnn")
def test_validation_images_are_not_learned(student):
    """What occurs among the validation images only is not learned."""
    worker = lab(student, LAB)
    model, val_set = worker.start.keep()(0), never_seen(40)
    train(student, worker, model, corners(96, 6), val_set, epochs=12, batch_size=16, lr=0.05)
    right = share_right(worker, model, val_set)
    check.that(
        right < 0.5,
        f"{right:.0%} of validation images were learned by heart that no training image resembles",
    )


@criterion("train_cnn")
def test_fewer_images_than_a_batch_still_train(student):
    """Five images with a batch size of 64 are trained on, and so is a last batch of one."""
    worker = lab(student, LAB)
    for n, batch_size in ((5, 64), (9, 4), (1, 8)):
        model = worker.start.keep()(0)
        before = worker.weights(model)
        data = corners(n, 7)
        history = train(student, worker, model, data, data, epochs=8, batch_size=batch_size, lr=0.05)
        moved = movement(worker, model, before)
        check.that(moved > 1e-3, f"with {n} images and a batch size of {batch_size} nothing is learned")
        check.that(history["train_loss"][-1] < history["train_loss"][0], '"train_loss" does not fall')


@criterion("train_cnn")
def test_an_epoch_goes_through_all_images(student):
    """In one epoch the model learns from every image, also where the last batch is a short one."""
    worker = lab(student, LAB)
    for n, batch_size in ((20, 8), (9, 4), (24, 8)):
        model = worker.watched.keep()(0)
        settings = {"epochs": 1, "batch_size": batch_size, "lr": 0.01}
        train(student, worker, model, corners(n, 14), corners(9, 3), **settings)
        met = int(worker.met(model))
        check.that(
            met >= n,
            f"in one epoch with a batch size of {batch_size} the model learns from {met} of {n} images",
        )


@criterion("train_cnn")
def test_learning_rate_is_used(student):
    """With a learning rate of 1e-7 the weights hardly move."""
    worker = lab(student, LAB)
    model = worker.start.keep()(0)
    before = worker.weights(model)
    train(student, worker, model, corners(96, 8), corners(9, 3), epochs=1, batch_size=8, lr=1e-7)
    moved = movement(worker, model, before)
    check.that(moved < 2e-3, f"with lr=1e-7 a weight has moved by {moved:.2g} after 12 steps")


def run_of(student, *, shaken: int = 0, dropout: float = 0.5, **settings):
    """Train a model from the same start; its weights, loss and accuracy."""
    worker = lab(student, LAB)
    model = worker.start.keep()(0, dropout=dropout)
    worker.shake(shaken)
    history = train(student, worker, model, corners(96, 9), corners(40, 10, wrong=0.3), epochs=2, **settings)
    return torch.cat([worker.weights(model).double(), *map(torch.from_numpy, history.values())]).numpy()


def same(one, other) -> bool:
    return bool(np.allclose(one, other, rtol=1e-4, atol=1e-6))


@criterion("train_cnn")
def test_same_seed_gives_the_same_run(student):
    """Two runs with one seed agree, whatever was drawn before them."""
    settings = {"batch_size": 16, "lr": 0.02, "seed": 3}
    for dropout, which in ((0.0, "two runs"), (0.5, "two runs of a model with dropout")):
        one, other = (run_of(student, shaken=k, dropout=dropout, **settings) for k in (1, 2))
        check.that(same(one, other), f"{which} with the same seed, from the same weights, end differently")


@criterion("train_cnn")
def test_another_seed_gives_another_run(student):
    """Two runs with different seeds differ."""
    one, other = (run_of(student, batch_size=16, lr=0.02, seed=seed) for seed in (3, 4))
    check.that(not same(one, other), "two runs with different seeds are the same: is `seed` used?")


@criterion("train_cnn")
def test_batch_size_is_used(student):
    """Batches of another size make another run."""
    one, other = (run_of(student, batch_size=batch_size, lr=0.02, seed=3) for batch_size in (12, 48))
    check.that(
        not same(one, other), "batches of 12 and of 48 images give the same run: is `batch_size` used?"
    )


@criterion("train_cnn")
def test_settings_that_are_left_out(student):
    """Without them, the batch size is 64, the learning rate 1e-3 and the seed 0."""
    named = {"batch_size": 64, "lr": 1e-3, "seed": 0}
    left_out = run_of(student)
    for name, value in named.items():
        rest = {key: other for key, other in named.items() if key != name}
        check.that(
            same(run_of(student, **rest), run_of(student, **named)),
            f"without `{name}` the run is not the one with {name}={value:g}",
        )
    check.that(
        same(left_out, run_of(student, **named)), "without settings the run is not that of the defaults"
    )


@criterion("train_cnn")
def test_gradients_do_not_pile_up(student):
    """A step follows the gradient of its own batch, not the sum of all before it."""
    worker = lab(student, LAB)
    x, y = corners(12, 11)
    norms = []
    # One step; ten epochs of one step each; one epoch of twenty steps. At this rate the model hardly moves.
    for repeats, epochs in ((1, 1), (1, 10), (20, 1)):
        model, data = worker.start.keep()(0), (x.repeat(repeats, 1, 1, 1), y.repeat(repeats))
        train(student, worker, model, data, corners(9, 3), epochs=epochs, batch_size=12, lr=1e-9)
        norms.append(float(worker.gradient_norm(model)))
    one, most = norms[0], max(norms)
    check.that(
        one == 0 or most < 4 * one,
        f"the gradient of one batch is {most / max(one, 1e-30):.3g} times as long after many batches "
        "as after one",
    )


@criterion("train_cnn")
def test_every_epoch_trains_in_training_mode(student):
    """After a look at the validation images the model is back in training mode."""
    worker = lab(student, LAB)
    model = worker.watched.keep()(0)
    train(student, worker, model, corners(20, 12), corners(9, 3), epochs=3, batch_size=8, lr=0.01)
    modes = list(model.modes())
    check.that(bool(modes), "no gradient ever came back through the model")
    when = " after the first look at the validation images" if any(modes) else ""
    check.that(all(modes), f"the model learns in evaluation mode{when}")


@criterion("train_cnn")
def test_training_runs_where_it_is_told_to(student):
    """Model and batches go to the device, and the model's parameters lie there in the end."""
    worker = lab(student, LAB)
    data, val_set = corners(20, 13), corners(9, 3)
    model = worker.start.keep()(0)
    device = worker.device.keep()("meta")

    def call():
        return student.train_cnn.keep()(model, *data, *val_set, device=device, epochs=2, batch_size=8)

    if elsewhere(worker, call) is not None:
        check_home(worker, model, "meta")
    for name in worker.devices():
        model = worker.start.keep()(0)
        train(student, worker, model, data, val_set, name, epochs=12, batch_size=8, lr=0.05)
        check_home(worker, model, name)
        right = share_right(worker, model, data)
        check.that(right >= 0.95, f"on {name} {right:.0%} of easy training images are right after 12 epochs")


# Real digits.


@criterion("digits", "train_cnn")
def test_network_learns_real_digits(student):
    """After 30 epochs 97 % of the held-out digits are right, with the better of two seeds."""
    for device in lab(student, LAB).devices():
        best = 0.0
        for seed in (0, 1):
            best = max(best, share_learned(student, device, seed, DIGITS_TRAIN, DIGITS_VAL, epochs=30))
            if best >= BAR:
                break
        check.that(
            best >= BAR, f"{best:.1%} of the held-out digits are right after 30 epochs, 97 % are asked for"
        )


def share_learned(student, device: str, seed: int, train_set, val_set, *, epochs: int) -> float:
    """Train the learner's network from a seed; the share of validation images that it gets right."""
    worker = lab(student, LAB)
    model = made(student, worker, seed=seed)
    settings = {"epochs": epochs, "batch_size": 64, "lr": 1e-3, "seed": seed}
    place = worker.device.keep()(device)
    with alone():
        student.train_cnn.keep()(model, *train_set, *val_set, device=place, **settings)
    check_home(worker, model, device)
    return share_right(worker, model, val_set)


@criterion("digits", "train_cnn")
def test_same_seed_gives_the_same_run_of_the_network(student):
    """Two runs of the file's own network with one seed agree, from the same weights."""
    worker = lab(student, LAB)
    x, y = IMAGES[:150], LABELS[:150]
    runs = []
    for shaken in (1, 2):
        model = made(student, worker, seed=5)
        worker.shake(shaken)
        place = worker.device.keep()("cpu")
        student.train_cnn.keep()(model, x, y, x[:20], y[:20], device=place, epochs=2, batch_size=40, seed=3)
        runs.append(tensor(worker.weights(model), "the weights").numpy())
    check.that(same(*runs), "two runs of DigitCNN with the same seed, from the same weights, end differently")


# Larger data, where the learner named some with --data.


@criterion("digits", "train_cnn")
def test_network_learns_larger_data(student, data, rng):
    """On the data that you named, more validation images are right than by the nearest class mean."""
    train_set = drawn(rng, data.X_train, data.y_train, 10_000)
    val_set = drawn(rng, data.X_val, data.y_val, 2_000)
    epochs = min(30, max(5, 50_000 // len(train_set[1])))  # about as many steps as on the digits
    by_mean = share_by_nearest_mean(train_set, val_set)
    for device in lab(student, LAB).devices():
        best = 0.0
        for seed in (0, 1):
            best = max(best, share_learned(student, device, seed, train_set, val_set, epochs=epochs))
            if best > by_mean or best == 1.0:  # what a mean gets right altogether nobody can do better
                break
        check.that(
            best > by_mean or best == 1.0,
            f"after {epochs} epochs {best:.1%} of the validation images of {data.name} are right; "
            f"the nearest class mean alone gets {by_mean:.1%} right, and more is asked for",
        )


def drawn(rng, images, labels, most: int):
    """Draw images without putting any back, as tensors; all of them where there are fewer."""
    chosen = rng.permutation(len(labels))[:most]
    return torch.from_numpy(images[chosen]), torch.from_numpy(labels[chosen])


def share_by_nearest_mean(train_set, val_set) -> float:
    """The share of validation images that are nearest to the mean training image of their own class."""
    (x, y), (x_val, y_val) = (
        (images.flatten(1).double().numpy(), labels.numpy()) for images, labels in (train_set, val_set)
    )
    classes = np.unique(y)
    means = np.stack([x[y == label].mean(axis=0) for label in classes])
    nearest = ((means**2).sum(axis=1) - 2 * x_val @ means.T).argmin(axis=1)  # |x|² is the same for all
    return float((classes[nearest] == y_val).mean())
