"""Pictures of exercise01: the line that a perceptron draws, epoch by epoch."""

import numpy as np

from dlgrade.pictures import palette, picture
from dlgrade.pictures.canvas import plus, short, whole_numbers
from dlgrade.suite import check, dataset

SETOSA, VERSICOLOR, VIRGINICA = range(3)
FEATURES = [0, 3]  # sepal length, petal width
EPOCHS, MANY = 6, 40


def flowers(zero, one, features):
    """Two species, class 0 and class 1, 50 flowers each, in an order in which there is something to see."""
    iris = dataset("iris")
    chosen = np.isin(iris["y"], (zero, one))
    shuffled = np.random.default_rng(251).permutation(100)
    X, y = iris["X"][chosen][:, features], (iris["y"][chosen] == one).astype(np.int64)
    return X[shuffled], y[shuffled]


def fitted(student, X, y, epochs):
    """Fit, and return w, b and the counts of mistakes."""
    w, b, mistakes = check.unpack(student.fit(X, y, max_epochs=epochs), 3, name="(w, b, mistakes)")
    w, b = check.numbers(w, (2,), name="w"), check.number(b, name="b")
    counts = [check.number(count, name="a count") for count in check.listing(mistakes, name="mistakes")]
    return w, b, counts[:epochs]


@picture("The line moves through the flowers")
def line(student, canvas):
    """Each panel is one epoch more: the line where w·x + b is 0, and shaded the side of class 1, versicolor.
    What `predict` still gets wrong has a ring. Every mistake turns the line a little; without one it
    stays."""
    X, y = flowers(SETOSA, VERSICOLOR, FEATURES)
    panels = canvas.axes(2, 3, height=4.6, sharex=True, sharey=True)
    low, high = (4.0, -0.2), (7.3, 2.1)
    corners = np.array([[[x1, x2] for x1 in (low[0], high[0])] for x2 in (low[1], high[1])])
    told = []
    for epochs, axes in enumerate(panels, 1):
        w, b, _ = fitted(student, X, y, epochs)
        wrong = check.numbers(student.predict(X, w, b), (len(X),), name="predict(X, w, b)") != y
        scores = canvas.drawable(corners @ w + b, "The scores w·x + b", some=False)
        if scores.min() < 0 < scores.max():
            axes.contourf(
                *np.moveaxis(corners, -1, 0), scores, [0, np.inf], colors=[palette.ORANGE], alpha=0.16
            )
            axes.contour(*np.moveaxis(corners, -1, 0), scores, [0], colors=[palette.INK], linewidths=1.6)
        elif not np.isnan(scores).any():
            side = int(scores.min() > 0)
            axes.patch.set(facecolor=palette.ORANGE if side else "none", alpha=0.16)
            said = f"everything is class {side}"
            axes.text(
                0.5, 0.03, said, ha="center", transform=axes.transAxes, color=palette.FAINT, fontsize=8.5
            )
        for label, color, marker in ((0, palette.BLUE, "o"), (1, palette.ORANGE, "^")):
            axes.plot(*X[y == label].T, marker, color=color, markersize=3.2, markeredgewidth=0)
        axes.plot(*X[wrong].T, "o", markersize=7, markerfacecolor="none", markeredgecolor=palette.RED)
        amount = f"{wrong.sum()} wrong" if wrong.any() else "all right"
        axes.set(title=f"after epoch {epochs}: {amount}", xlim=(low[0], high[0]), ylim=(low[1], high[1]))
        told.append(f"{epochs}: {wrong.sum()}")
    for axes in panels[3:]:
        axes.set_xlabel("sepal length (cm)")
    for axes in panels[::3]:
        axes.set_ylabel("petal width (cm)")
    panels[0].text(6.1, 0.2, "setosa", color=palette.BLUE)
    panels[0].text(4.2, 1.6, "versicolor", color=palette.ORANGE)
    return (
        "50 setosa and 50 versicolor by sepal and petal width in six panels, with the perceptron's line "
        "after each "
        f"epoch. Flowers on the wrong side after epoch {', '.join(told)}. The line of the last panel is "
        f"{short(w[0])}·length {plus(w[1])}·width {plus(b)} = 0."
    )


@picture("Mistakes, epoch by epoch")
def mistakes(student, canvas):
    """What `fit` counted. Setosa and versicolor can be told apart by a line: the count falls to 0, and
    training ends. Versicolor and virginica cannot: the line swings to and fro for as long as it is allowed
    to."""
    panels = canvas.axes(1, 2, height=2.5, width_ratios=[1, 2])
    pairs = (
        ("setosa, versicolor", SETOSA, VERSICOLOR),
        ("versicolor, virginica", VERSICOLOR, VIRGINICA),
    )
    told = []
    for axes, (title, zero, one) in zip(panels, pairs, strict=True):
        _, _, counts = fitted(student, *flowers(zero, one, FEATURES), MANY)
        counts = canvas.drawable(counts, "The counts of mistakes")
        axes.bar(np.arange(len(counts)), counts, color=palette.BLUE, width=0.8)
        if len(counts) <= 12:
            for epoch, count in enumerate(counts):
                axes.text(epoch, count, short(count), ha="center", va="bottom", fontsize=8.5)
        axes.set(title=title, xlabel="epoch", ylabel="mistakes" if axes is panels[0] else "", ylim=(0, None))
        axes.margins(y=0.15)
        whole_numbers(axes.xaxis)
        whole_numbers(axes.yaxis, 5)
        told.append(
            f"{title}: {len(counts)} epochs, the last with {short(counts[-1])} mistakes"
            if len(counts)
            else title
        )
    return f"Bars of the mistakes in each epoch. {'; '.join(told)}."
