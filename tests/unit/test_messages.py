"""Messages: what one side encodes the other decodes, and what is none is a `WireError`."""

import random
import tracemalloc

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlgrade.errors import WireError
from dlgrade.wire import messages as m

LEAVES = [None, True, -1, 2**64 - 1, 0.5, "text", m.Array("ndarray", "f8", [2, 0]), m.Scalar("i1", 3)]
LEAVES += [m.Foreign("Fraction", "", 0.5), m.HandleRef(7, "Cache"), m.CallbackRef(0), m.RandomState("{}")]
TREE = m.Mapping([("a", m.Sequence("list", LEAVES)), (None, m.Sequence("iterator", [1], "generator"))])
TROUBLE = m.Trouble("KeyError", ["KeyError", "LookupError"], "'x'", [m.Frame(3, "f")])

TO_WORKER = [
    m.Load(1, "backprop.py", ["numpy"]),
    m.Call(2, "forward", None, [TREE], [("eps", 1e-5)], [-1], True),
    m.Call(2, "step", 3, [], [], [], False),
    m.Provide(3, "lab"),
    m.Reply(4, TREE, None),
    m.Reply(5, None, "f takes an array"),
]
FROM_WORKER = [
    m.Ready({"seccomp": "on"}),
    m.Loaded(1, {"forward": "function", "Net": "class", "x": "other"}, [TROUBLE]),
    m.Answer(2, TREE, ["0", "eps"], ["overflow encountered in exp"], 1),
    m.Raised(3, TROUBLE, 2),
    m.Ask(4, 0, [TREE], [("x", 1)]),
]


@pytest.mark.parametrize("message", TO_WORKER, ids=lambda message: type(message).__name__)
def test_a_message_to_the_worker_arrives_as_it_was(message):
    """Every kind of message to the worker is decoded there to what it was."""
    assert m.decode_to_worker(m.encode(message)) == message


@pytest.mark.parametrize("message", FROM_WORKER, ids=lambda message: type(message).__name__)
def test_a_message_from_the_worker_arrives_as_it_was(message):
    """Every kind of message from the worker is decoded in the grader to what it was."""
    assert m.decode_from_worker(m.encode(message)) == message


def test_a_message_in_the_wrong_direction_is_none():
    """The grader takes nothing that only a grader says, and the worker nothing that only a worker says."""
    for message in TO_WORKER:
        with pytest.raises(WireError):
            m.decode_from_worker(m.encode(message))
    for message in FROM_WORKER:
        with pytest.raises(WireError):
            m.decode_to_worker(m.encode(message))


LONG = "x" * 201


@pytest.mark.parametrize(
    "message",
    [
        m.Answer(-1, None, [], []),
        m.Answer(2**63, None, [], []),
        m.Answer(1, "x" * (m.STRING_MAX + 1), [], []),
        m.Answer(1, None, [LONG], []),
        m.Answer(1, None, ["0"] * 33, []),
        m.Answer(1, None, [], ["w"] * 9),
        m.Answer(1, None, [], ["w" * 4001]),
        m.Answer(1, m.Array("ndarray", "f8", [-1]), [], []),
        m.Answer(1, m.Array("ndarray", "f8", [m.SIDES_MAX + 1]), [], []),
        m.Answer(1, m.Array("ndarray", "f8", [1] * (m.AXES_MAX + 1)), [], []),
        m.Answer(1, m.Array("ndarray", LONG, []), [], []),
        m.Answer(1, m.Array("memmap", "f8", []), [], []),
        m.Answer(1, m.Sequence("set", []), [], []),
        m.Answer(1, m.Sequence("iterator", [], LONG), [], []),
        m.Answer(1, m.Mapping([((1, 2), 3)]), [], []),
        m.Answer(1, m.Mapping([("k" * (m.KEY_MAX + 1), 3)]), [], []),
        m.Answer(1, m.Foreign(LONG, ""), [], []),
        m.Answer(1, m.Foreign("x", "r" * 4001), [], []),
        m.Answer(1, m.Foreign("x", "", "nan"), [], []),
        m.Answer(1, m.HandleRef(-1), [], []),
        m.Answer(1, None, [], [], 0.5),
        m.Raised(1, m.Trouble("E", [], "t" * 4001, [])),
        m.Raised(1, m.Trouble("E", [LONG], "", [])),
        m.Raised(1, m.Trouble("E", ["B"] * 33, "", [])),
        m.Raised(1, m.Trouble("E", [], "", [m.Frame(1, "f")] * 33)),
        m.Raised(1, m.Trouble("E", [], "", [m.Frame(-1, "f")])),
        m.Raised(1, m.Trouble("E", [], "", [m.Frame(None, "f")])),
        m.Loaded(1, {LONG: "other"}, []),
        m.Loaded(1, {"f": "module"}, []),
        m.Loaded(1, {str(i): "other" for i in range(2001)}, []),
        m.Loaded(1, {}, [TROUBLE] * 21),
        m.Ready({str(i): "on" for i in range(33)}),
        m.Ready({"seccomp": True}),
    ],
    ids=lambda message: repr(message)[:50],
)
def test_what_is_out_of_bounds_is_refused(message):
    """A size, a length, a number or a word that no worker of ours sends is a `WireError`."""
    with pytest.raises(WireError):
        m.decode_from_worker(m.encode(message))


@pytest.mark.parametrize(
    "message",
    [
        m.Answer(2**63 - 1, "x" * m.STRING_MAX, ["x" * 200] * 32, ["w" * 4000] * 8, 2**40),
        m.Answer(0, m.Array("tensor", "x" * 200, [m.SIDES_MAX] * m.AXES_MAX, True), [], []),
        m.Raised(0, m.Trouble("x" * 200, ["x" * 200] * 32, "t" * 4000, [m.Frame(2**31 - 1, "x" * 200)] * 32)),
        m.Loaded(0, {f"{i:200}": "other" for i in range(1000)}, [TROUBLE] * 20),
    ],
    ids=lambda message: type(message).__name__,
)
def test_what_is_just_within_bounds_is_taken(message):
    """The largest that the bounds allow passes."""
    assert m.decode_from_worker(m.encode(message)) == message


@given(st.binary(max_size=200))
def test_any_bytes_are_a_message_or_a_wire_error(data):
    """Whatever the bytes, decoding ends in a message or a `WireError`."""
    for decode in (m.decode_from_worker, m.decode_to_worker):
        try:
            decode(data)
        except WireError:
            continue


GARBAGE = [0, -1, 2**31, 2**63, 2**64 - 1, 0.5, float("nan"), True, None, b"bytes", "", "s", "f8", [], {}]
GARBAGE += [["s", "list", []], ["a", "ndarray", "f8", [0, 2**31]], ["h", 0], {"a": 1}, [[]], "x" * 300]


def replaced(tree: object, rng: random.Random) -> object:
    """Return a tree of lists with something else in one place."""
    if not isinstance(tree, list) or not tree or rng.random() < 0.2:
        return rng.choice(GARBAGE)
    index = rng.randrange(len(tree))
    return [*tree[:index], replaced(tree[index], rng), *tree[index + 1 :]]


def test_a_message_with_something_else_in_one_place_is_a_message_or_a_wire_error():
    """Well-formed msgpack that is nearly a message is one, or a `WireError`."""
    rng = random.Random(0)
    trees = [msgspec.msgpack.decode(m.encode(message)) for message in FROM_WORKER]
    refused = 0
    for _ in range(5000):
        try:
            m.decode_from_worker(msgspec.msgpack.encode(replaced(rng.choice(trees), rng)))
        except WireError:
            refused += 1
    assert 0 < refused < 5000


OPENINGS = [b"\x91", b"\x81\xa1a", b"\x94\xa1s\xa4list\x91", b"\x92\xa1m\x91\x92\xa1a"]


@pytest.mark.parametrize("nested", OPENINGS)
def test_deep_nesting_is_a_wire_error(nested):
    """A header that is nothing but opening brackets ends neither the process nor in a `RecursionError`."""
    for start in (b"", b"\x96\xa6answer\x01"):
        with pytest.raises(WireError):
            m.decode_from_worker(start + nested * 30_000)


@pytest.mark.parametrize("claim", [b"\xdd\xff\xff\xff\xff", b"\xdd\x0f\xff\xff\xff", b"\xdc\xff\xff"])
def test_a_claimed_length_allocates_nothing(claim):
    """A list that claims four thousand million items costs no memory before they come."""
    header = m.encode(m.Answer(1, m.Sequence("list", [1, 2]), [], []))
    assert header.count(b"\x92\x01\x02") == 1
    tracemalloc.start()
    try:
        with pytest.raises(WireError):
            m.decode_from_worker(header.replace(b"\x92\x01\x02", claim + b"\x01\x02"))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 2**20


DIFFERENT = [0, 0.0, -0.0, False, True, 1, 1.0, None, "", "0", float("nan"), float("inf")]
DIFFERENT += [m.Sequence("list", []), m.Sequence("tuple", []), m.Sequence("list", [0]), m.Mapping([])]
DIFFERENT += [m.Scalar("f8", 0.0), m.Scalar("f8", -0.0), m.Scalar("f4", 0.0), m.Scalar("i8", 0)]
DIFFERENT += [m.Array(kind, "f8", shape) for kind in ("ndarray", "tensor") for shape in ([2, 3], [3, 2])]
DIFFERENT += [m.Mapping([("a", 1), ("b", 2)]), m.Mapping([("b", 2), ("a", 1)])]
DIFFERENT += [m.HandleRef(1), m.CallbackRef(1)]


def test_only_what_is_equal_to_the_bit_is_the_same():
    """NaN is itself; 0, 0.0, -0.0 and False are four things; [] and () are two, and a dict's orders too."""
    for i, one in enumerate(DIFFERENT):
        for j, other in enumerate(DIFFERENT):
            assert m.same(one, other) == (i == j), (one, other)
