"""Pictures of exercise07: what filters see in a digit, how the network learned, and what it mixes up."""

import numpy as np
import torch

from dlgrade.pictures import once, palette, picture
from dlgrade.pictures.canvas import short, whole_numbers
from dlgrade.suite import check, dataset, lab

TRAINED_ON, EPOCHS, SEED, SHOWN = 1000, 6, 0, 6
CLOSE = 1e-4
FILTERS = {
    "left edge": [[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]],
    "top edge": [[-1.0, -2, -1], [0, 0, 0], [1, 2, 1]],
    "diagonal": [[2.0, 1, 0], [1, 0, -1], [0, -1, -2]],
    "blur": [[1 / 9] * 3] * 3,
}
LAB = """
import torch


def model(make):
    return make()


def cpu():
    return torch.device("cpu")


def seed(number):
    torch.manual_seed(number)


def predictions(model, X):
    model.eval()
    with torch.no_grad():
        return model(X).argmax(dim=1)


def first_filters(model):
    for value in model.state_dict().values():
        if value.dim() == 4 and value.shape[1] == 1 and value.is_floating_point():
            return value.detach().clone()
    return None
"""


def digits():
    data = dataset("digits")
    return torch.tensor(data["images"] / 16.0, dtype=torch.float32)[:, None], torch.tensor(data["labels"])


def shown(axes, image, kind="map"):
    """Draw a small image; of a map and a filter, 0 is white."""
    size = max(float(np.nanmax(np.abs(image))), 1e-12)
    look = (
        {"cmap": "gray_r", "vmin": 0, "vmax": 1}
        if kind == "image"
        else {"cmap": "PuOr", "vmin": -size, "vmax": size}
    )
    axes.imshow(image, interpolation="nearest", **look)
    axes.set(xticks=(), yticks=())
    axes.spines[:].set_visible(True)
    axes.spines[:].set_color(palette.LINE)


def pixels(canvas, tensor, shape, name):
    return canvas.drawable(check.numbers(tensor, shape, name=name), name)


def verdict(what, off):
    return f"{what} are right" if off < CLOSE else f"{what} are off by up to {short(off, 2)}"


@picture("What four filters see in a digit")
def filters(student, canvas, reference):
    """One of the digits, a 2; four filters, what your `conv2d` makes of it with padding 1, and what is left
    of that after `max_pool2d` with 2. White is 0, brown is negative, violet positive: an edge filter answers
    where the picture changes in its direction, and with the other sign where it changes back."""
    X, _ = digits()
    image, weight = X[2:3], torch.tensor(np.array(list(FILTERS.values())), dtype=torch.float32)[:, None]
    maps = pixels(
        canvas, student.conv2d(image, weight, None, padding=1), (1, 4, 8, 8), "conv2d(digit, filters)"
    )
    right = reference.conv2d(image, weight, None, padding=1)
    off = float(np.nanmax(np.abs(maps - right.numpy())))
    panels = np.array(canvas.axes(3, 5, height=4.2)).reshape(3, 5)
    shown(panels[0, 0], image[0, 0].numpy(), "image")
    panels[0, 0].set_title("the digit")
    for axes in panels[1:, 0]:
        axes.axis("off")
    for k, name in enumerate(FILTERS):
        shown(panels[0, k + 1], weight[k, 0].numpy())
        panels[0, k + 1].set_title(name)
        shown(panels[1, k + 1], maps[0, k])
    told, pooled, gap = verdict("The maps", off), right, 0.0
    with canvas.part(panels[2, 1]):
        pooled = pixels(canvas, student.max_pool2d(right, 2), (1, 4, 4, 4), "max_pool2d(maps, 2)")
        for k in range(4):
            shown(panels[2, k + 1], pooled[0, k])
        gap = float(np.nanmax(np.abs(pooled - reference.max_pool2d(right, 2).numpy())))
        told += f"; {verdict('the pooled ones', gap)}"
    for k in range(4):
        if pooled is right:
            panels[2, k + 1].axis("off")
    for axes, name, by in ((panels[1, 0], "conv2d", off), (panels[2, 0], "max_pool2d", gap)):
        wrong = by >= CLOSE
        text, color = (
            (f"✗ {name}\noff by up to {short(by, 2)}", palette.RED) if wrong else (name, palette.INK)
        )
        axes.text(1, 0.5, text, transform=axes.transAxes, ha="right", va="center", color=color)
    ends = [
        f"{name} from {short(m.min(), 2)} to {short(m.max(), 2)}"
        for name, m in zip(FILTERS, np.nan_to_num(maps[0]), strict=True)
    ]
    return f"A handwritten 2 and small maps of what four filters make of it: {'; '.join(ends)}. {told}."


@once
def trained(student):
    """Train the learner's network on real digits; return the history, its answers and its first filters."""
    worker = lab(student, LAB)
    X, y = digits()
    worker.seed(SEED)
    model, cpu = student.DigitCNN.keep()(), worker.cpu.keep()()
    known, held_out = (X[:TRAINED_ON], y[:TRAINED_ON]), (X[TRAINED_ON:], y[TRAINED_ON:])
    history = student.train_cnn(model, *known, *held_out, device=cpu, epochs=EPOCHS, seed=SEED)
    check.keys(history, "train_loss", "val_accuracy")
    lists = {}
    for key in ("train_loss", "val_accuracy"):
        numbers = check.listing(history[key], name=f'"{key}"')
        check.that(0 < len(numbers) <= EPOCHS, f'"{key}" holds {len(numbers)} numbers for {EPOCHS} epochs')
        lists[key] = [check.number(number, name=f'a number of "{key}"') for number in numbers]
    answers = check.numbers(worker.predictions(model, held_out[0]), (len(held_out[1]),), name="the answers")
    return lists, answers.astype(int).clip(0, 9), held_out[1].numpy(), worker.first_filters(model)


@picture("Learning to read, and what is mixed up")
def confusion(student, canvas):
    """Your `DigitCNN`, trained by your `train_cnn` for 6 epochs on 1,000 digits, reads 797 others. Left, the
    curves that you return. Right, how often a digit in the row was read as the one in the column: the
    diagonal is right, and what is off it, in orange, was mixed up. Look which pairs it is: would you have
    known?"""
    history, answers, labels, _ = trained(student)
    losses = canvas.drawable(history["train_loss"], '"train_loss"')
    accuracies = canvas.drawable(history["val_accuracy"], '"val_accuracy"')
    counts = np.zeros((10, 10), int)
    np.add.at(counts, (labels, answers), 1)
    loss, matrix = canvas.axes(1, 2, height=3.7, width_ratios=[1, 1.35])
    loss.plot(np.arange(len(losses)), losses, color=palette.BLUE, marker="o", markersize=4)
    loss.set(xlabel="epoch", ylim=(0, None))
    loss.set_ylabel("train_loss", color=palette.BLUE)
    whole_numbers(loss.xaxis)
    other = loss.twinx()
    other.plot(np.arange(len(accuracies)), accuracies, color=palette.ORANGE, marker="s", markersize=4)
    other.set_ylabel("val_accuracy", color=palette.ORANGE)
    other.set_ylim(min(0, np.nanmin(accuracies)), max(1.02, np.nanmax(accuracies)))
    for digit in range(10):
        for answer in range(10):
            count = counts[digit, answer]
            if not count:
                continue
            color = palette.BLUE if digit == answer else palette.ORANGE
            share = count / counts[digit].sum()
            matrix.plot(
                answer, digit, "s", color=color, alpha=0.15 + 0.45 * share, markersize=18, markeredgewidth=0
            )
            matrix.text(answer, digit, str(count), ha="center", va="center", fontsize=8.5)
    hits = np.trace(counts) / len(labels)
    matrix.set(xlim=(-0.6, 9.6), ylim=(9.6, -0.6), xticks=range(10), yticks=range(10), aspect="equal")
    matrix.set(xlabel="read as", ylabel="digit", title=f"{hits:.1%} of {len(labels)} are right")
    wrong = [(counts[d, a], d, a) for d in range(10) for a in range(10) if d != a and counts[d, a]]
    often = [f"{d} read as {a}, {count} times" for count, d, a in sorted(wrong, reverse=True)[:3]]
    return (
        f"Left: training loss from {short(losses[0])} to {short(losses[-1])} and validation accuracy from "
        f"{short(accuracies[0])} to {short(accuracies[-1])} in {len(losses)} epochs. Right: a table of "
        "digits and answers; "
        f"{hits:.1%} of {len(labels)} are right. Most often mixed up: {'; '.join(often) or 'nothing'}."
    )


@picture("What the network looks for")
def learned(student, canvas):
    """The first filters that your network has learned, and what your `conv2d` makes of a 2 with them. Nobody
    told it what an edge is. A network that has learned nothing has filters without any order, and maps
    alike."""
    *_, weight = trained(student)
    check.that(weight is not None, "no filters for one channel were found in DigitCNN")
    shape = tuple(weight.shape)
    check.that(
        shape[0] >= 1 and shape[1] == 1 and shape[2] == shape[3] <= 8, f"the first filters have shape {shape}"
    )
    weight = weight[:SHOWN].float()
    filters = pixels(canvas, weight, (len(weight), *shape[1:]), "The filters")
    image = digits()[0][2:3]
    padding = shape[2] // 2
    side = 8 + 2 * padding - shape[2] + 1
    maps = student.conv2d(image, torch.tensor(filters, dtype=torch.float32), None, padding=padding)
    maps = pixels(canvas, maps, (1, len(weight), side, side), "conv2d(digit, filters)")
    panels = np.array(canvas.axes(2, len(weight), height=2.9)).reshape(2, -1)
    for k in range(len(weight)):
        shown(panels[0, k], filters[k, 0])
        panels[0, k].set_title(f"filter {k}")
        shown(panels[1, k], maps[0, k])
    panels[0, 0].set_ylabel("filter")
    panels[1, 0].set_ylabel("map")
    strong = np.abs(np.nan_to_num(maps[0])).reshape(len(weight), -1).max(1)
    return (
        f"{len(weight)} of {shape[0]} learned filters of {shape[2]} by {shape[3]} pixels, and the maps that "
        "they make of a 2. "
        f"The strongest answer is that of filter {int(strong.argmax())}, {short(strong.max(), 2)}, the "
        "weakest that of filter "
        f"{int(strong.argmin())}, {short(strong.min(), 2)}."
    )
