"""Values: what crosses comes out as it was, to the bit; what does not is told; what is forged is refused."""

import collections
import contextlib
import decimal
import enum
import fractions
import json
import random
import sys
import types
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlgrade.errors import WireError
from dlgrade.wire import frame, values
from dlgrade.wire import messages as m
from dlgrade.wire.values import Iterated

DTYPES = sorted(values.DTYPES)
# What is written of a long double; on x86 the rest of its 16 bytes is padding, which may hold anything.
LONG_BYTES = 10 if np.finfo(np.longdouble).nmant == 63 else np.dtype(np.longdouble).itemsize


def encoded(value: Any, refer: values.Refer = values.no_reference) -> tuple[m.Value, bytes]:
    encoder = values.Encoder(refer)
    return encoder.encode(value), b"".join(encoder.buffers)


def decoded(tree: m.Value, payload: bytes = b"", *, tensors: bool = False) -> Any:
    """Decode as the grader does: header first, then the values, then nothing may be left."""
    answer = m.decode_from_worker(m.encode(m.Answer(1, tree, [], [])))
    assert isinstance(answer, m.Answer)
    decoder = values.Decoder(bytearray(payload), lambda reference: reference, tensors=tensors)
    value = decoder.decode(answer.value)
    decoder.finish()
    return value


def crossed(value: Any, *, tensors: bool = False) -> Any:
    tree, payload = encoded(value)
    return decoded(tree, payload, tensors=tensors)


def bits(value: np.ndarray | np.generic) -> bytes:
    data = np.frombuffer(value.tobytes(), np.uint8).reshape(-1, value.dtype.itemsize or 1)
    return data[:, : LONG_BYTES if value.dtype == np.longdouble else None].tobytes()


def alike(one: Any, other: Any) -> bool:
    """Whether two values are the same type, shape, dtype and bits all the way down."""
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray | np.generic):
        return (one.dtype, one.shape, bits(one)) == (other.dtype, other.shape, bits(other))
    if isinstance(one, float):
        return bits(np.float64(one)) == bits(np.float64(other))
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(alike, one, other))
    if isinstance(one, dict):
        return alike(list(one), list(other)) and alike(list(one.values()), list(other.values()))
    return bool(one == other)


@st.composite
def arrays(draw: st.DrawFn) -> np.ndarray:
    """Draw an array of any dtype and shape with any bits, NaNs of every kind among them."""
    dtype = values.DTYPES[draw(st.sampled_from(DTYPES))]
    shape = tuple(draw(st.lists(st.integers(0, 4), max_size=4)))
    size = int(np.prod(shape)) * dtype.itemsize
    data = draw(st.binary(min_size=size, max_size=size))
    if dtype.kind == "b":
        data = bytes(byte & 1 for byte in data)
    return np.frombuffer(data, dtype).reshape(shape).copy()


plain = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=True)
    | st.text()
    | arrays()
    | arrays().filter(lambda array: array.size > 0 and not np.isnan(array).any()).map(lambda a: a.flat[0])
)
keys = st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text()
nested = st.recursive(
    plain,
    lambda inner: st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(keys, inner),
    max_leaves=12,
)


@given(nested)
def test_data_crosses_as_it_was(value):
    """Numbers, strings, arrays and scalars of every dtype, in lists, tuples and dicts, cross to the bit."""
    assert alike(crossed(value), value)


@pytest.mark.parametrize("name", DTYPES)
@pytest.mark.parametrize("shape", [(), (0,), (3,), (0, 3), (2, 3), (1,) * 16, (0, 2**31)])
def test_arrays_of_every_dtype_and_shape_cross(name, shape):
    """No axis, an empty one and sixteen axes are shapes like any other."""
    array = np.zeros(shape, values.DTYPES[name])
    array[...] = 1
    assert alike(crossed(array), array)


def test_an_array_that_crossed_can_be_written_to():
    """What comes out is an array of its own, not a view of the message."""
    array = crossed(np.arange(3))
    array += 1
    assert array.tolist() == [1, 2, 3]


@pytest.mark.parametrize("name", sorted(set(DTYPES) - {"b1", "i1", "u1"}))
def test_the_order_of_bytes_and_of_axes_does_not_cross(name):
    """A big-endian array, a Fortran-ordered one and a strided view come out as plain arrays of the values."""
    array = np.arange(6).reshape(2, 3).astype(values.DTYPES[name])
    for given_array in (array.astype(array.dtype.newbyteorder(">")), np.asfortranarray(array)):
        assert alike(crossed(given_array), array)
    assert alike(crossed(array[::-1, ::2]), array[::-1, ::2].copy())
    assert alike(crossed(np.array(3).astype(array.dtype.newbyteorder(">"))[()]), array.dtype.type(3))


@pytest.mark.parametrize("pattern", [1 << 63, 0x7FF8 << 48 | 1, 0xFFF8 << 48, 0x7FF4 << 48], ids=hex)
def test_minus_zero_and_every_nan_keep_their_bits(pattern):
    """The sign of zero and the payload of a NaN cross, in a float, in a scalar and in an array."""
    array = np.array([pattern], np.uint64).view(np.float64)
    assert alike(crossed(array), array)
    assert alike(crossed(array[0]), array[0])
    assert alike(crossed(float(array[0])), float(array[0]))


def test_extended_precision_crosses():
    """A longdouble keeps the digits that a float64 has not."""
    third = np.longdouble(1) / 3
    assert alike(crossed(third), third)
    assert alike(crossed(np.array([third, -third])), np.array([third, -third]))


def test_complex_numbers_cross_as_numpy_scalars():
    """Python's complex has no place in msgpack; what comes out says what it was."""
    assert alike(crossed(1 - 2j), np.complex128(1 - 2j))


class Point(NamedTuple):
    x: float
    y: float


def test_subclasses_of_containers_cross_as_the_containers():
    """A NamedTuple is a tuple, a deque's and an OrderedDict's items are what counts."""
    assert alike(crossed(Point(1.0, 2.0)), (1.0, 2.0))
    assert alike(crossed(collections.OrderedDict(a=1)), {"a": 1})
    assert alike(crossed(collections.defaultdict(list, {1: [2]})), {1: [2]})


def numbers():
    yield 1
    yield np.arange(2)


class Letters:
    def __getitem__(self, index: int) -> str:
        return "ab"[index]


@pytest.mark.parametrize(
    ("value", "type_name", "items"),
    [
        (numbers(), "generator", [1, np.arange(2)]),
        (range(3), "range", [0, 1, 2]),
        ({7}, "set", [7]),
        (frozenset(), "frozenset", []),
        ({"a": 1}.items(), "dict_items", [("a", 1)]),
        (map(str, [1, 2]), "map", ["1", "2"]),
        (zip([1], [2], strict=True), "zip", [(1, 2)]),
        (collections.deque([1.5]), "deque", [1.5]),
        (Letters(), "Letters", ["a", "b"]),
        (np.array([1, "a"], dtype=object), values.OBJECTS, [1, "a"]),
    ],
)
def test_what_can_be_run_through_crosses_as_its_items(value, type_name, items):
    """A generator, a range, a set, an array of objects and the like arrive as `Iterated`, by name."""
    found = crossed(value)
    assert isinstance(found, Iterated)
    assert found.type_name == type_name
    assert alike(found.items, items)


def test_an_iterator_without_end_is_left_after_64_items():
    """A generator that never ends is not run to its end."""
    taken = []

    def endless():
        while True:
            taken.append(1)
            yield 1

    found = crossed(endless())
    assert (found.type_name, found.reason) == ("generator", "an iterator with more than 64 items")
    assert len(taken) == 65
    assert len(crossed(iter(range(64))).items) == 64


class Half:
    def __float__(self) -> float:
        return 0.5


class Broken:
    def __float__(self) -> float:
        raise RuntimeError

    shape = property(lambda self: 1 / 0)


class Colour(enum.IntEnum):
    RED = 3


class Seconds(float):
    pass


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (fractions.Fraction(1, 4), 0.25),
        (decimal.Decimal("0.5"), 0.5),
        (Half(), 0.5),
        (Colour.RED, 3.0),
        (Seconds(1.5), 1.5),
        (2**70, 2.0**70),
        (np.array(fractions.Fraction(1, 4), dtype=object), 0.25),
        (10**400, None),
        (decimal.Decimal("sNaN"), None),
        (Broken(), None),
        (np.array([[0.5]], dtype=object), None),
        (np.array("0.5"), None),
        (np.str_("0.5"), None),
        (b"0.5", None),
        (object(), None),
        (np.ma.masked_array(0.5), None),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_float_takes_is_foreign_with_its_number(value, number):
    """A Fraction, a Decimal or a number of one's own crosses by name, with what `float` makes of it."""
    found = crossed(value)
    assert isinstance(found, m.Foreign)
    assert found.type_name == type(value).__name__
    assert found.number == number


STRUCTURED = np.zeros(2, dtype=[("a", "f8"), ("b", "i4")])


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (np.array([[1, None]]), "an array of dtype object"),
        (np.array([None] * 65), "an array of dtype object"),
        (np.array(["a"]), "an array of dtype <U1"),
        (np.str_("a"), "of dtype <U1"),
        (np.array(["2020-01-01"], dtype="M8[D]"), "an array of dtype datetime64[D]"),
        (STRUCTURED, "an array of dtype [('a', '<f8'), ('b', '<i4')]"),
        (np.ma.masked_array([1.0], [True]), "a subclass of NumPy's array"),
        (np.zeros(2).view(np.recarray), "a subclass of NumPy's array"),
        (np.zeros((1,) * 17), "an array of more than 16 axes"),
        (np.empty((0, 2**31 + 1)), "an array of shape (0, 2147483649)"),
        (np.empty((0, 2**20, 2**20)), "an array of shape (0, 1048576, 1048576)"),
        (2**64, "an integer of more than 64 bits"),
        (-(2**63) - 1, "an integer of more than 64 bits"),
        ("x" * 65_537, "a string of more than 65,536 characters"),
        ("\udcff", "a string that holds lone surrogates"),
        ({(1, 2): 3}, "a dict with a key of type tuple"),
        ({np.longdouble(1): 3}, "a dict with a key of type longdouble"),
        ({"k" * 2001: 1}, "a dict with a key of more than 2,000 characters"),
        ({"\udcff": 1}, "a dict with a key that holds lone surrogates"),
        ({2**64: 1}, "a dict with a key of more than 64 bits"),
        (b"bytes", ""),
        (bytearray(b"bytes"), ""),
        (memoryview(b"bytes"), ""),
        (object(), ""),
        (len, ""),
        (int, ""),
        (sys, ""),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, str) else value[:40],
)
def test_what_cannot_cross_is_told_by_name_and_reason(value, reason):
    """An object that stays behind is named; the header that names it is one that the grader takes."""
    assert crossed(value) == m.Foreign(type(value).__name__, reason, crossed(value).number)


@pytest.mark.filterwarnings("ignore:the matrix subclass")
def test_a_matrix_is_no_array():
    """A matrix multiplies where an array does not, so it is told by name."""
    assert crossed(np.matrix([[0.5]])) == m.Foreign("matrix", "a subclass of NumPy's array")


def test_numpy_scalars_are_keys_like_pythons():
    """A dict by class label crosses whether the labels are Python's integers or NumPy's."""
    found = crossed({np.int64(3): "a", np.str_("b"): 1, np.float32(0.5): 2, np.bool_(True): 3})
    assert alike(found, {3: "a", "b": 1, 0.5: 2, True: 3})


def test_a_list_in_itself_crosses_to_its_depth():
    """A list that contains itself arrives nested as deep as goes, and then by name."""
    forever: list[Any] = [1]
    forever.append(forever)
    found = crossed(forever)
    for _ in range(m.DEPTH_MAX - 1):
        assert found[0] == 1
        found = found[1]
    assert found == [1, m.Foreign("list", "nested more than 16 deep")]


def test_a_list_that_holds_itself_many_times_is_too_much():
    """What would grow to 100 to the power of 16 values is given up early."""
    forever: list[Any] = []
    forever.extend([forever] * 100)
    with pytest.raises(WireError, match="more than 262,144 values in one message"):
        encoded(forever)


def test_more_arrays_than_a_message_holds_are_too_much():
    """Four thousand arrays go into a message, and not one more."""
    assert len(crossed([np.zeros(1)] * m.ARRAYS_MAX)) == m.ARRAYS_MAX
    with pytest.raises(WireError, match="more than 4,096 arrays"):
        encoded([np.zeros(1)] * (m.ARRAYS_MAX + 1))


def test_an_array_that_is_too_large_is_refused_before_its_bytes_are_made():
    """A view of one number as 8 GB is told to be too large, at no cost."""
    huge = np.broadcast_to(0.0, (2**15, 2**15))
    with pytest.raises(WireError, match="more than 268,435,456 bytes"):
        encoded(huge)
    with pytest.raises(WireError, match="more than 268,435,456 bytes"):
        encoded([np.zeros(1), np.broadcast_to(np.int8(0), 2**28)])


def test_objects_that_stay_are_referred_to_wherever_they_lie():
    """A handle or a callback inside of other data is a reference there."""
    kept = object()
    tree, _ = encoded([1, {"cache": kept}], lambda value: m.HandleRef(5, "object") if value is kept else None)
    assert decoded(tree) == [1, {"cache": m.HandleRef(5, "object")}]


def test_the_state_of_a_generator_crosses_and_goes_on_alike():
    """A Generator over PCG64 is sent as its state; other bit generators and classes are not."""
    rng = np.random.default_rng(3)
    rng.normal(size=5)
    state = values.random_state(rng)
    assert state is not None
    copy = np.random.PCG64()
    copy.state = json.loads(state.state)
    assert np.random.Generator(copy).normal() == rng.normal()
    assert values.random_state(np.random.Generator(np.random.MT19937(0))) is None
    assert values.random_state(np.random.RandomState(0)) is None
    assert values.random_state(3) is None


# Tensors.


@pytest.fixture(scope="module")
def torch() -> types.ModuleType:
    import torch

    return torch


TENSORS = [f"{sign}int{8 * size}" for sign in ("", "u") for size in (1, 2, 4, 8)]
TENSORS += ["bool", "float16", "bfloat16", "float32", "float64", "complex64", "complex128"]


@pytest.mark.parametrize("name", TENSORS)
@pytest.mark.parametrize("shape", [(), (3,), (0, 2), (2, 3)])
def test_tensors_of_every_dtype_and_shape_cross(torch, name, shape):
    """A tensor arrives with its dtype, its shape and its bits, where tensors are asked for."""
    tensor = torch.ones(shape).to(getattr(torch, name))
    found = crossed(tensor, tensors=True)
    assert type(found) is torch.Tensor
    assert (found.dtype, found.shape, found.requires_grad) == (tensor.dtype, tensor.shape, False)
    assert torch.equal(found, tensor)


@pytest.mark.parametrize("name", ["float32", "float64", "bfloat16", "complex64"])
def test_a_tensor_that_requires_grad_still_does(torch, name):
    """Whether a tensor still requires grad is part of what came back."""
    tensor = torch.ones(2, dtype=getattr(torch, name), requires_grad=True)
    assert crossed(tensor, tensors=True).requires_grad
    assert crossed(tensor * 2, tensors=True).requires_grad
    assert crossed(torch.nn.Parameter(torch.ones(2)), tensors=True).requires_grad
    assert not crossed(tensor.detach(), tensors=True).requires_grad


def test_views_of_tensors_cross_as_their_values(torch):
    """A transposed, an expanded, a conjugated and a negated view arrive as the numbers they stand for."""
    tensor = torch.arange(6.0).reshape(2, 3)
    numbers = torch.tensor([1 + 2j])
    for view in (tensor.T, tensor[:, ::2], torch.ones(1).expand(4), numbers.conj(), numbers.conj().imag):
        assert torch.equal(crossed(view, tensors=True), view)


def test_bfloat16_keeps_the_bits_of_nan_and_minus_zero(torch):
    """What NumPy has no dtype for crosses by its bits."""
    bits = torch.tensor([0x7FC1, -0x8000, 0x7F80], dtype=torch.int16)
    found = crossed(bits.view(torch.bfloat16), tensors=True)
    assert torch.equal(found.view(torch.int16), bits)


def test_a_tensor_where_arrays_are_asked_for_is_told(torch):
    """In an exercise without torch a tensor is foreign, and the arrays behind it are still right."""
    found = crossed([torch.ones(3), np.arange(2)])
    assert found[0] == m.Foreign("Tensor", "a torch tensor where a NumPy array is asked for")
    assert found[1].tolist() == [0, 1]


def test_tensors_that_are_more_than_numbers_are_told(torch):
    """A subclass, a sparse, a meta or an exotic tensor is foreign, by name and reason."""

    class Mine(torch.Tensor):
        pass

    mine = torch.ones(2).as_subclass(Mine)
    assert crossed(mine, tensors=True) == m.Foreign("Mine", "a subclass of torch's Tensor")
    for tensor, words in [
        (torch.eye(2).to_sparse(), "torch.sparse_coo tensor on cpu"),
        (torch.ones(2, device="meta"), "torch.strided tensor on meta"),
        (torch.ones(2).to(torch.float8_e4m3fn), "a tensor of dtype float8_e4m3fn"),
        (torch.ones((1,) * 17), "an array of more than 16 axes"),
    ]:
        found = crossed(tensor, tensors=True)
        assert found.type_name == "Tensor"
        assert words in found.reason
        assert found.number is None


def test_a_stand_in_for_torch_has_no_tensors(monkeypatch):
    """Where an import of torch was refused, its stand-in does not confuse the encoder."""
    stand_in = types.ModuleType("torch")
    stand_in.Tensor = object()  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "torch", stand_in)
    assert crossed([1, object]) == [1, m.Foreign("type", "")]


# What is forged.


@pytest.mark.parametrize(
    ("tree", "payload"),
    [
        (m.Array("ndarray", "f8", [2]), b"\0" * 15),
        (m.Array("ndarray", "f8", [2]), b"\0" * 17),
        (m.Array("ndarray", "f8", []), b""),
        (m.Array("ndarray", "O", []), b"\0" * 8),
        (m.Array("ndarray", "V8", []), b"\0" * 8),
        (m.Array("ndarray", "U2", []), b"\0" * 8),
        (m.Array("ndarray", ">f8", []), b"\0" * 8),
        (m.Array("ndarray", "float64", []), b"\0" * 8),
        (m.Array("ndarray", "M8[D]", []), b"\0" * 8),
        (m.Array("ndarray", "f8,f8", []), b"\0" * 16),
        (m.Array("ndarray", "f8", [0, 2**31 - 1, 2**31 - 1]), b""),
        (m.Array("ndarray", "f8", [2**31]), b"\0" * 8),
        (m.Array("ndarray", "f8", [2**20, 2**20]), b"\0" * 8),
        (m.Array("tensor", "f8", []), b"\0" * 8),
        (m.Array("tensor", "float128", []), b"\0" * 16),
        (m.Array("tensor", "f²", []), b""),
        (m.Array("tensor", "uintfloat64", []), b"\0" * 8),
        (m.Array("tensor", "float" + "9" * 190, []), b""),
        (m.Array("tensor", "float32", [2]), b"\0" * 7),
        (m.Scalar("f8,f8", 1.0), b""),
        (m.Scalar("O", 1.0), b""),
        (m.Scalar("i1", 128), b""),
        (m.Scalar("u8", -1), b""),
        (m.Scalar("i8", 2**64 - 1), b""),
        (m.Scalar("i8", 0.5), b""),
        (m.Scalar("i8", float("nan")), b""),
        (m.Scalar("f2", 1e10), b""),
        (m.Scalar("f4", 0.1), b""),
        (m.Scalar("f8", 1), b""),
        (m.Scalar("b1", 1), b""),
        (m.Scalar("u1", True), b""),
        (None, b"\0"),
        ([1], b""),
    ],
    ids=repr,
)
def test_what_contradicts_itself_is_a_wire_error(tree, payload):
    """A dtype, a shape or a number that cannot be, and bytes too many or too few, are refused."""
    for tensors in (False, True):
        with pytest.raises(WireError):
            decoded(tree, payload, tensors=tensors)


def test_too_many_arrays_are_a_wire_error():
    """Arrays of no bytes are counted too."""
    with pytest.raises(WireError, match="more than 4096 arrays"):
        decoded(m.Sequence("list", [m.Array("ndarray", "f8", [0])] * (m.ARRAYS_MAX + 1)))


BOXES = {"list": lambda tree: m.Sequence("list", [tree]), "dict": lambda tree: m.Mapping([(0, tree)])}


@pytest.mark.parametrize("wrap", BOXES.values(), ids=BOXES)
def test_nesting_beyond_the_bound_is_a_wire_error(wrap):
    """Seventeen boxes in each other are one too many."""
    tree: m.Value = 1
    for _ in range(m.DEPTH_MAX):
        tree = wrap(tree)
    assert decoded(tree)
    with pytest.raises(WireError, match="nested more than 16 deep"):
        decoded(wrap(tree))


names = st.sampled_from([*DTYPES, *TENSORS, "O", "V8", "f²", "float128", "float", "", "int16,int16", "bf16"])
sides = st.sampled_from([0, 1, 2, 3, 2**15, 2**31 - 1, 2**31, 2**31 + 1, 2**40, -1])
forged = st.recursive(
    st.builds(m.Array, st.sampled_from(["ndarray", "scalar", "tensor"]), names, st.lists(sides))
    | st.builds(m.Scalar, names, st.sampled_from([0, 1, -1, 255, 2**63, 0.5, 1e300, float("nan"), True]))
    | st.builds(m.HandleRef, st.integers(-1, 2**63))
    | st.builds(m.Foreign, st.text(), st.text(), st.none() | st.floats()),
    lambda inner: st.builds(m.Sequence, st.sampled_from(["list", "tuple", "iterator"]), st.lists(inner))
    | st.builds(m.Mapping, st.lists(st.tuples(keys, inner))),
    max_leaves=8,
)


@given(forged, st.binary(max_size=64))
def test_any_tree_over_any_bytes_is_a_value_or_a_wire_error(torch, tree, payload):
    """However a header and a payload contradict each other, decoding ends in a value or a `WireError`."""
    for tensors in (False, True):
        with contextlib.suppress(WireError):
            decoded(tree, payload, tensors=tensors)


class Pieces:
    """A socket that has received these bytes, and then nothing more."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def recv(self, size: int) -> bytes:
        piece, self.data = self.data[:size], self.data[size:]
        if not piece:
            raise BlockingIOError
        return piece


def judge(data: bytes, *, tensors: bool) -> Any:
    """Take bytes as the grader takes them."""
    whole = frame.Reader(Pieces(data)).poll()
    if whole is None:
        return None
    message = m.decode_from_worker(whole[0])
    decoder = values.Decoder(whole[1], lambda reference: reference, tensors=tensors)
    if isinstance(message, m.Answer):
        decoder.decode(message.value)
    if isinstance(message, m.Ask):
        [decoder.decode(arg) for arg in message.args]
    decoder.finish()
    return message


def valid_frames() -> list[tuple[bytes, bytes]]:
    """Make headers and payloads as a worker sends them."""
    rng = np.random.default_rng(0)
    answers: list[Any] = [
        (rng.normal(size=(2, 3)), {"W1": np.arange(4, dtype=np.uint8), "b": np.float32(0.5)}),
        [1, -2.5, "text", None, True, np.int8(3), np.array(7.0), fractions.Fraction(1, 3)],
        {"a": {"b": [(), [], {}]}, 1: 2**63, 0.5: float("nan")},
        iter([np.zeros((0, 3)), np.longdouble(1)]),
    ]
    frames = []
    for value in answers:
        tree, payload = encoded(value)
        frames.append((m.encode(m.Answer(7, tree, ["0"], ["overflow encountered in exp"])), payload))
        frames.append((m.encode(m.Ask(8, 0, [tree], [("eps", 1e-5)])), payload))
    for dtype, size in (("float32", 8), ("bfloat16", 4), ("int64", 16)):
        tree = m.Array("tensor", dtype, [2, 1], dtype != "int64")
        frames.append((m.encode(m.Answer(9, tree, [], [])), bytes(range(size))))
    trouble = m.Trouble("KeyError", ["KeyError", "LookupError"], "'x'", [m.Frame(3, "f")])
    others = [m.Raised(1, trouble), m.Loaded(1, {"f": "function"}, [trouble]), m.Ready({"seccomp": "on"})]
    return [*frames, *((m.encode(message), b"") for message in others)]


INSERTED = [b"\xdd\xff\xff\xff\xff", b"\xcf" + b"\xff" * 8, b"\xc0", b"\x91" * 9, b"\xdb\xff\xff\xff\xff"]


def mutated(data: bytes, rng: random.Random) -> bytes:
    """Change a few bytes, or cut, repeat or insert some."""
    changed = bytearray(data)
    for _ in range(rng.choice([1, 1, 1, 2, 4])):
        at = rng.randrange(len(changed) + 1)
        match rng.randrange(6):
            case 0 | 1 | 2 if at < len(changed):
                changed[at] = rng.choice([rng.randrange(256), changed[at] ^ (1 << rng.randrange(8)), 0, 0xFF])
            case 3:
                changed[at:at] = rng.choice(INSERTED)
            case 4:
                del changed[at : at + rng.randrange(4)]
            case _:
                changed[at:at] = changed[rng.randrange(len(changed) + 1) :][:8]
    return bytes(changed)


def test_mutated_frames_are_messages_or_wire_errors(torch):
    """Of 24,000 frames with bytes changed, cut or added, each ends as a message or as a `WireError`."""
    rng = random.Random(0)
    frames = valid_frames()
    outcomes: collections.Counter[str] = collections.Counter()
    for turn in range(24_000):
        header, payload = rng.choice(frames)
        if turn % 3:  # the sizes stay true, so that what is behind them is reached
            header = mutated(header, rng)
            payload = mutated(payload, rng) if turn % 3 == 2 else payload
            data = frame.pack_prefix(header, len(payload)) + header + payload
        else:
            data = mutated(frame.pack_prefix(header, len(payload)) + header + payload, rng)
        try:
            outcomes[type(judge(data, tensors=turn % 2 == 0)).__name__] += 1
        except WireError:
            outcomes["WireError"] += 1
    assert outcomes["WireError"] > 1000
    assert outcomes["Answer"] > 1000


def test_the_frames_that_are_mutated_are_right_ones(torch):
    """Before anything is changed in them, the frames are messages."""
    for header, payload in valid_frames():
        assert judge(frame.pack_prefix(header, len(payload)) + header + payload, tensors=True) is not None
