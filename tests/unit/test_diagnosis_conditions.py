"""For which arguments, or at which entries, an answer is wrong."""

import numpy as np
import pytest

from dlgrade.diagnosis import conditions
from dlgrade.diagnosis.relations import Pair

RNG = np.random.default_rng(3)
SHAPES = [
    (),
    (4,),
    (2, 3),
    (3, 3),
    (1, 4),
    (2, 3, 2),
    (5, 1),
    (1,),
    (4, 2),
    (2, 2),
    (3, 5),
    (6,),
    (4, 4),
    (),
    (),
]


def calls(holds, arguments) -> list[tuple[dict, bool]]:
    return [(each, not holds(each)) for each in arguments]


def of_arrays(holds) -> str | None:
    return conditions.of_calls(calls(holds, [{"x": RNG.uniform(-3, 3, shape)} for shape in SHAPES]), {})


@pytest.mark.parametrize(
    ("holds", "words"),
    [
        (lambda call: call["x"].ndim == 0, "`x` is a single number"),
        (lambda call: call["x"].ndim == 1, "`x` is one-dimensional"),
        (lambda call: call["x"].ndim == 3, "`x` is 3-dimensional"),
        (lambda call: call["x"].ndim > 0, "`x` is an array"),
        (lambda call: call["x"].ndim == 2 and call["x"].shape[0] == call["x"].shape[1], "`x` is square"),
    ],
)
def test_shapes_are_named(holds, words):
    """Right except where the shape is another one."""
    assert of_arrays(holds) == words


@pytest.mark.parametrize(
    ("holds", "words"),
    [
        (lambda call: call["lr"] > 1.0, "`lr` is large (here from 1.1 on)"),
        (lambda call: call["axis"] == 0, "`axis` is exactly 0"),
        (lambda call: call["mode"] == "tanh", "`mode` is 'tanh'"),
        (lambda call: "eps" not in call, "`eps` is left out"),
        (lambda call: call["bias"] is None, "`bias` is None"),
    ],
)
def test_numbers_words_and_what_is_left_out_are_named(holds, words):
    """Right except where one argument is of a kind."""
    arguments = []
    for i in range(24):
        call = {
            "lr": [0.1, 0.5, 0.9, 1.1, 1.4][i % 5],
            "axis": i % 3 - 1,
            "mode": ["relu", "tanh"][i // 2 % 2],
        }
        call["bias"] = None if i % 7 < 2 else 1.0
        arguments.append(call if i % 11 < 3 else {**call, "eps": 1e-5})
    assert conditions.of_calls(calls(holds, arguments), {}) == words


def test_the_authors_words_come_first():
    """An exercise knows what its corner is called."""
    arguments = [{"w": w, "x": x} for w in (-2.0, -1.0, 1.0, 2.0) for x in (-1.0, 0.5, 2.0)]
    named = {"z < 0": lambda w, x: w * x < 0}
    assert conditions.of_calls(calls(lambda call: call["w"] * call["x"] < 0, arguments), named) == "z < 0"
    assert conditions.of_calls(calls(lambda call: call["w"] * call["x"] < 0, arguments), {}) is None


def test_little_evidence_is_no_evidence():
    """Of a few calls too much is true."""
    few = [{"n": float(n)} for n in range(-2, 3)]
    assert conditions.of_calls(calls(lambda call: call["n"] > 0, few), {}) is None
    assert conditions.of_calls(calls(lambda call: True, few), {}) is None


def of_entries(wrong) -> str | None:
    pairs = []
    for shape in [(30,), (5, 8), (12,)]:
        z = RNG.uniform(-9, 9, shape)
        z.flat[0] = 0.0
        pairs.append(Pair(np.where(wrong(z), np.cos(z) + 7, np.sin(z) + 2), np.sin(z) + 2, {"z": z}))
    return conditions.of_entries(pairs)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda z: z < 0, "`z` is negative"),
        (lambda z: z <= 0, "`z` is 0 or negative"),
        (lambda z: z > 0, "`z` is positive"),
        (lambda z: z == 0, "`z` is exactly 0"),
        (lambda z: z > 6, "`z` is large"),
        (lambda z: z < -6, "`z` is far below 0"),
        (lambda z: np.abs(z) > 6, "`z` is large in size"),
    ],
)
def test_entries_are_told_apart_by_their_argument(wrong, words):
    """Right except where z is of a kind, entry by entry."""
    assert (of_entries(wrong) or "").startswith(words)


def test_entries_that_follow_no_rule_are_not_explained():
    """Silence is better than a guess."""
    assert of_entries(lambda z: (z * 10).astype(int) % 3 == 0) is None
