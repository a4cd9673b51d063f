"""Pictures of exercise03: the graph of one neuron with every number on it, a step, a network's gradients."""

import numpy as np
from matplotlib.patches import FancyBboxPatch

from dlgrade.pictures import palette, picture
from dlgrade.pictures.canvas import short
from dlgrade.student import Failure
from dlgrade.suite import check

KEYS = {"dL/da": "dL_da", "da/dz": "da_dz", "dz/dw": "dz_dw", "dL/dw": "dL_dw", "dL/db": "dL_db"}
LINKS = ("z", "a", "L", *KEYS, "new w")
LR = 0.1
RELATIVE = 1e-6


def learners(student, neuron):
    """Ask for every number of the graph; return those that could be had, and why others could not."""
    got, why = {}, {}

    def ask(name, function):
        try:
            got.update(function())
        except Failure as failure:
            why[name] = failure

    def forward():
        values = check.unpack(student.forward(*neuron), 3, name="(z, a, loss)")
        return {link: check.number(value, name=link) for link, value in zip("zaL", values, strict=True)}

    def backward():
        grads = check.keys(student.backward(*neuron), *KEYS.values())
        return {link: check.number(grads[key], name=link) for link, key in KEYS.items()}

    def step():
        return {"new w": check.number(student.sgd_step(neuron[0], got["dL/dw"], LR), name="the new w")}

    ask("forward", forward)
    ask("backward", backward)
    if "dL/dw" in got:
        ask("sgd_step", step)
    if not got:
        raise why["forward"]
    return got, why


def true(reference, neuron):
    right = dict(zip("zaL", reference.forward(*neuron), strict=True))
    grads = reference.backward(*neuron)
    right |= {link: grads[key] for link, key in KEYS.items()}
    return right | {"new w": neuron[0] - LR * right["dL/dw"]}


def is_right(got, want) -> bool:
    return bool(abs(got - want) <= RELATIVE * max(abs(want), 1.0))


class Graph:
    """A computational graph with a number on every edge; beside a wrong one stands the right one."""

    def __init__(self, axes, got, right):
        self.axes, self.got, self.right = axes, got, right
        self.wrong = [link for link in LINKS if link in got and not is_right(got[link], right[link])]
        self.first = self.wrong[0] if self.wrong else None
        axes.set(xlim=(0, 10), ylim=(0.5, 5.0))
        axes.axis("off")

    def box(self, x, y, text, width=1.5):
        corner, look = (x - width / 2, y - 0.29), "round,pad=0.04,rounding_size=0.1"
        colors = {"facecolor": palette.SHADE, "edgecolor": palette.FAINT}
        self.axes.add_patch(FancyBboxPatch(corner, width, 0.58, boxstyle=look, **colors))
        self.axes.text(x, y, text, ha="center", va="center")

    def state(self, link):
        """Return whether a number is missing, whether it is wrong, and its colour."""
        missing, wrong = link not in self.got, link in self.wrong
        return missing, wrong, palette.FAINT if missing else palette.RED if wrong else palette.BLUE

    def edge(self, link, start, end, at, below=False):
        """Draw an arrow, and what travels along it."""
        _, wrong, color = self.state(link)
        arrow = {
            "arrowstyle": "-|>",
            "color": color,
            "linewidth": 2.8 if wrong else 1.4,
            "shrinkA": 0,
            "shrinkB": 0,
        }
        self.axes.annotate("", end, start, arrowprops=arrow)
        self.value(link, at, ha="center", below=below)

    def value(self, link, at, ha="left", below=False):
        """Write a number, and beside a wrong one what it should be."""
        missing, wrong, color = self.state(link)
        more = [f"should be {short(self.right[link], 4)}"] if wrong else []
        more += ["✗ first wrong link"] if link == self.first else []
        text = f"{link} = " + ("?" if missing else short(self.got[link], 4))
        self.axes.text(*at, text, ha=ha, va="center", color=color, fontweight="bold")
        if more:
            up = -1 if below else 1
            place, va = (at[0], at[1] + 0.19 * up), "top" if below else "bottom"
            self.axes.text(*place, "\n".join(more[::-up]), ha=ha, va=va, color=palette.RED, fontsize=8.5)

    def plain(self, start, end):
        arrow = {"arrowstyle": "-|>", "color": palette.FAINT, "linewidth": 1.4, "shrinkA": 0, "shrinkB": 0}
        self.axes.annotate("", end, start, arrowprops=arrow)

    def product(self, y, link, formula):
        """Write a line below: what is made of the numbers on the edges."""
        (missing, wrong, color), got, right = self.state(link), self.got.get(link), self.right[link]
        self.axes.text(2.2, y, f"{link} = {formula}", va="center")
        self.axes.text(
            6.1, y, "= ?" if missing else f"= {short(got, 4)}", va="center", color=color, fontweight="bold"
        )
        if wrong:
            first = " ✗ first wrong link" if link == self.first else ""
            self.axes.text(7.1, y, f"should be {short(right, 4)}{first}", va="center", color=palette.RED)


def draw_graph(student, canvas, reference, neuron):
    """Draw the graph of a neuron, and return the alt text."""
    w, x, b, y = neuron
    got, why = learners(student, neuron)
    right = true(reference, neuron)
    for failure in why.values():
        canvas.note(failure)
    (axes,) = canvas.axes(height=3.6)
    graph = Graph(axes, got, right)
    for height, text in ((4.25, f"w = {short(w)}"), (3.45, f"x = {short(x)}"), (2.65, f"b = {short(b)}")):
        graph.box(0.7, height, text, 1.2)
    graph.box(3.4, 3.45, "z = w·x + b", 1.5)
    graph.box(6.2, 3.45, "a = ReLU(z)", 1.5)
    graph.box(9.0, 3.45, "L = (a − y)²", 1.6)
    graph.box(9.0, 4.65, f"y = {short(y)}", 1.2)
    for height in (3.45, 2.65):
        graph.plain((1.36, height), (2.58, 3.45 + 0.2 * np.sign(height - 3.45)))
    graph.plain((1.36, 4.3), (2.58, 3.75))
    graph.plain((9.0, 4.31), (9.0, 3.82))
    graph.edge("z", (4.21, 3.55), (5.39, 3.55), (4.8, 3.82))
    graph.edge("a", (7.01, 3.55), (8.14, 3.55), (7.58, 3.82))
    graph.value("L", (9.12, 4.06))
    graph.edge("dL/da", (8.14, 3.32), (7.01, 3.32), (7.58, 2.85), below=True)
    graph.edge("da/dz", (5.39, 3.32), (4.21, 3.32), (4.8, 2.85), below=True)
    graph.edge("dz/dw", (2.58, 3.6), (1.36, 4.1), (2.45, 4.35))
    graph.product(1.75, "dL/dw", "dL/da · da/dz · dz/dw")
    graph.product(1.27, "dL/db", "dL/da · da/dz · 1")
    graph.product(0.79, "new w", f"w − {LR} · dL/dw")
    numbers = [f"{link} = {short(got[link], 4) if link in got else 'missing'}" for link in LINKS]
    wrong = "; ".join(f"{link} should be {short(right[link], 4)}" for link in graph.wrong)
    verdict = f"The first wrong link is {graph.first}: {wrong}" if wrong else "What is there is right"
    return (
        f"The computational graph of a neuron with w = {short(w)}, x = {short(x)}, b = {short(b)} and "
        f"y = {short(y)}, from z to the loss and back to w. {', '.join(numbers)}. {verdict}."
    )


@picture("The worked example, number by number")
def worked_example(student, canvas, reference):
    """Forwards from left to right, and back: each number is what your functions returned. The gradient of w
    is the product of the links on its way, so one wrong link makes all that comes after it wrong; mend the
    first one first."""
    return draw_graph(student, canvas, reference, (0.5, 2.0, 0.5, 1.0))


@picture("The same neuron, dead")
def dead_neuron(student, canvas, reference):
    """With w = −0.5 the neuron's z is below 0 and ReLU lets nothing through: da/dz is 0, and with it every
    product that it is in. Such a neuron does not learn, however wrong it is."""
    return draw_graph(student, canvas, reference, (-0.5, 2.0, 0.5, 1.0))


@picture("One step downhill")
def step(student, canvas):
    """The loss for other weights, by your `forward`; at w = 0.5 the tangent that your dL/dw stands for; and
    the step that your `sgd_step` takes. A tangent lies along the curve, and a step leads down."""

    def loss(w):
        values = check.unpack(student.forward(w, 2.0, 0.5, 1.0), 3, name="(z, a, loss)")
        return check.number(values[2], name="the loss")

    at, ends = np.linspace(-0.6, 1.0, 65), np.array([0.15, 0.85])
    losses = canvas.drawable([loss(float(w)) for w in at], "The losses")
    slope = check.number(check.keys(student.backward(0.5, 2.0, 0.5, 1.0), "dL_dw")["dL_dw"], name="dL/dw")
    new = check.number(student.sgd_step(0.5, slope, LR), name="the new w")
    here, there = canvas.drawable([loss(0.5), loss(new)], "The losses before and after the step")
    slope, new = canvas.drawable([slope, new], "dL/dw and the new w")

    (axes,) = canvas.axes(height=2.8, width=5.6)
    axes.plot(at, losses, color=palette.BLUE, label="L(w), by forward")
    tangent = {"color": palette.ORANGE, "linestyle": (0, (4, 2)), "label": f"tangent, dL/dw = {short(slope)}"}
    axes.plot(ends, here + slope * (ends - 0.5), **tangent)
    axes.plot([0.5], [here], "o", color=palette.INK)
    arrow = {"arrowstyle": "-|>", "color": palette.INK, "linewidth": 1.6}
    axes.annotate("", (new, there), (0.5, here), arrowprops=arrow)
    axes.annotate(f"w = {short(new)}", (new, there), (-4, 8), textcoords="offset points", ha="right")
    axes.annotate("w = 0.5", (0.5, here), (8, -10), textcoords="offset points")
    axes.set(xlabel="w", ylabel="loss", ylim=(-0.15, 1.5), xlim=(-0.6, 1.0))
    axes.legend(loc="upper center")
    return (
        f"The loss as a curve over w from −0.6 to 1. At w = 0.5, where it is {short(here)}, a tangent of "
        f"slope {short(slope)}; an arrow leads to w = {short(new)}, where the loss is {short(there)}."
    )


@picture("A network's gradients, one by one")
def network(student, canvas, reference):
    """Each mark is one parameter of a small network: to the right its true gradient, upwards yours. Right
    ones lie on the diagonal. A line through 0 that is too steep or too flat is a factor, such as the size of
    the batch; marks that lie anywhere are another formula."""
    rng = np.random.default_rng(3)
    X, y = rng.normal(size=(5, 3)), np.array([0, 2, 1, 1, 0])
    parameters = [rng.normal(size=shape) for shape in ((3, 4), (4,), (4, 3), (3,))]
    loss, grads = check.unpack(student.mlp_loss_and_grads(X, y, *parameters), 2, name="(loss, grads)")
    check.keys(grads, "W1", "b1", "W2", "b2")
    right_loss, right = reference.mlp_loss_and_grads(X, y, *parameters)
    (axes,) = canvas.axes(height=3.5, width=4.6)
    axes.axline((0, 0), slope=1, color=palette.FAINT, linewidth=1)
    told = []
    for (name, marker), value in zip(
        {"W1": "o", "b1": "s", "W2": "^", "b2": "D"}.items(), parameters, strict=True
    ):
        got = canvas.drawable(
            check.numbers(grads[name], value.shape, name=f"grads[{name!r}]"), f"The gradient of {name}"
        )
        color = palette.CYCLE[["W1", "b1", "W2", "b2"].index(name)]
        axes.plot(
            right[name].ravel(),
            got.ravel(),
            marker,
            color=color,
            markersize=6,
            alpha=0.85,
            label=name,
            markeredgewidth=0,
        )
        off = np.nanmax(np.abs(got - right[name]))
        told.append(f"{name} is right" if off < 1e-6 else f"{name} is off by up to {short(off, 2)}")
    axes.set(xlabel="right gradient", ylabel="your gradient")
    axes.legend(loc="upper left")
    loss = check.number(loss, name="loss")
    said = f"Your loss is {short(loss, 4)}, it should be {short(float(right_loss), 4)}"
    return f"Marks of every parameter's gradient beside the right one. {'; '.join(told)}. {said}."
