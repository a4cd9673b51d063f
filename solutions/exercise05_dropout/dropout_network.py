"""Reading a RobustMLP by its numbers, however it was built.

Three weights are told by their shapes, the scales and shifts of the BatchNorms by what they do to the output,
and what the two Dropouts drop by an output that is made to show it.
"""

import itertools
import math
from pathlib import Path

import numpy as np
from dropout_coins import P

from dlgrade.suite import check, distribution, lab

LAB = (Path(__file__).parent / "dropout_lab.py").read_text(encoding="utf-8")
EPS = 1e-5  # BatchNorm1d's own; the inputs are so large that another one would hardly show
HIGH = 1000.0


def built(student, sizes, seed, **options):
    """Construct the learner's model, from a seed for all that it may draw from."""
    bench = lab(student, LAB)
    bench.seed(seed)
    return bench.Network.keep()(student.RobustMLP.keep()(*sizes, **options))


def weights_of(found, sizes) -> list[str]:
    """Return the names of the three weights; no two have the same shape."""
    d, h, c = sizes
    names = []
    for which, shape in (("first", (h, d)), ("second", (h, h)), ("last", (c, h))):
        same = of_shape(found, shape)
        many = f"{len(same)} parameters of the model have" if same else "no parameter of the model has"
        check.that(len(same) == 1, f"{many} the shape {shape} of the {which} Linear's weight")
        names += same
    return names


def of_shape(found, shape) -> list[str]:
    return [name for name, value in found.items() if np.shape(value) == shape]


def normalised(z, mean, var):
    return (z - mean) / np.sqrt(var + EPS)


class Known:
    """A model without dropout, and the part that each of its parameters plays.

    Attributes
    ----------
    network
        The learner's model. It has been shown nothing but `batch`.
    weights, bias, scales
        Names: the three weights; the last Linear's bias, if there is one; scale and shift of both BatchNorms.
    """

    def __init__(self, student, sizes, rng, seed=3):
        d, h, c = self.sizes = sizes
        self.network = built(student, sizes, seed, dropout_rate=0.0)
        found = self.network.parameters()
        self.weights = weights_of(found, sizes)
        self.bias = of_shape(found, (c,))
        last = f"{len(self.bias)} parameters of the model have the shape ({c},), a last Linear has but one"
        check.that(len(self.bias) <= 1, last)
        self.batch = rng.integers(-30, 31, (9, d)).astype(np.float32)
        self.scales = self._scales(of_shape(found, (h,)), rng)

    def _scales(self, vectors, rng) -> tuple[str, ...]:
        """Find scale and shift of the two BatchNorms: the four vectors that explain the output."""
        h = self.sizes[1]
        many = f"{len(vectors)} parameters of the model have the shape ({h},)"
        own = "two BatchNorms have four of them, the Linears before them two or none"
        check.that(4 <= len(vectors) <= 6, f"{many}: {own}")
        # Above 0, so that no unit is dead: an output that does not vary would explain nothing.
        self.network.put({name: rng.uniform(0.3, 2.0, h).astype(np.float32) for name in vectors})
        self._values = {name: value.astype(np.float64) for name, value in self.network.parameters().items()}
        got = self.network.train_mode(self.batch)
        best, least = None, math.inf
        for names in itertools.chain(itertools.combinations(vectors, 4), itertools.permutations(vectors, 4)):
            want = self.output(names)
            off = float(np.max(np.abs(got - want))) if np.shape(got) == want.shape else math.inf
            if best is None or off < least:
                best, least = (names, want), off
            if off <= 1e-3 * np.max(np.abs(want)):
                break
        check.close(got, best[1].astype(np.float32), name="output", rtol=1e-3)
        return best[0]

    def output(self, scales, x=None):
        """Return the output for the batch in training, or for x in eval mode.

        The latter is right once the batch has been shown so often that nothing else is remembered. The biases
        before a BatchNorm cancel.
        """
        *hidden, last = (self._values[name] for name in self.weights)
        vectors = [self._values[name] for name in scales]
        seen, used = self.batch, x
        for weight, scale, shift in zip(hidden, vectors[::2], vectors[1::2], strict=True):
            z = seen @ weight.T
            if x is not None:
                used = normalised(used @ weight.T, z.mean(axis=0), z.var(axis=0, ddof=1))
                used = np.maximum(used * scale + shift, 0)
            seen = np.maximum(normalised(z, z.mean(axis=0), z.var(axis=0)) * scale + shift, 0)
        return (seen if x is None else used) @ last.T + sum(self._values[name] for name in self.bias)


def shown(network, known, rate, x, spread=1.0):
    """Run one pass in training, in a model that is made to show what it drops.

    The second layer's units are put out as they are, and both shifts are so high that the ReLUs let all of it
    through: what is 0 was dropped, and the rest is near ``HIGH / (1 - rate)``. The second layer's unit k sees
    nothing but the first layer's unit k. Where that was dropped it is below the mean of its column, elsewhere
    above; this can be seen where the second layer's unit was not dropped itself.

    Returns
    -------
    first, second : ndarray of bool
        Which units of the two hidden layers were dropped.
    seen : ndarray
        What the second layer's BatchNorm gave, less its shift, where it was not dropped.
    """
    _, h, c = known.sizes
    vectors = dict(zip(known.scales, (spread, HIGH, 1.0, HIGH), strict=True))
    values = {name: np.full(h, value, np.float32) for name, value in vectors.items()}
    values |= {name: np.zeros(c, np.float32) for name in known.bias}
    _, second, last = known.weights
    network.put({**values, second: np.eye(h, dtype=np.float32), last: np.eye(c, h, dtype=np.float32)})
    got, shape = network.train_mode(x), (len(x), c)
    second = got < HIGH / 2 if isinstance(got, np.ndarray) and got.shape == shape else np.zeros(shape, bool)
    if np.shape(got) == shape:
        which = f"units of the second hidden layer dropped, p = {rate:g}"
        distribution.share(int(second[:, :h].sum()), h * len(x), rate, name=which, p=P)
    want = np.where(second, 0.0, HIGH / (1 - rate)).astype(np.float32)
    want[:, h:] = 0.0
    check.close(got, want, name="the hidden units (1000 before they are scaled)", rtol=0.05)
    seen = got[:, :h] * (1 - rate) - HIGH
    return seen < 0, second[:, :h], seen
