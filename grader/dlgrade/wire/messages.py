"""The messages of the two sides, as types that msgspec validates while it decodes.

Whatever comes from the worker passes through here first: an unknown tag, a wrong type, a
string or a list beyond its bound is a `WireError`, and nothing else happens to it.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

import msgspec
from msgspec import Meta

from dlgrade.errors import WireError

PAYLOAD_MAX = 256 * 1024 * 1024
DEPTH_MAX = 16
ARRAYS_MAX = 4096
ITEMS_MAX = 256 * 1024  # more than fit into a header: a list that holds itself twice ends here
AXES_MAX = 16
SIDES_MAX = 2**31
KEY_MAX = 2000
STRING_MAX = 65536

Id = Annotated[int, Meta(ge=0, le=2**63 - 1)]
Name = Annotated[str, Meta(max_length=200)]
Text = Annotated[str, Meta(max_length=4000)]
Key: TypeAlias = bool | int | float | Annotated[str, Meta(max_length=KEY_MAX)] | None


class _Tagged(msgspec.Struct, array_like=True, frozen=True):
    """Base of all that goes by a tag; an array in msgpack, so small and quick."""


class Sequence(_Tagged, tag="s", frozen=True):
    """A list, a tuple, or what another iterable gave when it was run through."""

    kind: Literal["list", "tuple", "iterator"]
    items: list[Value]
    type_name: Name = ""


class Mapping(_Tagged, tag="m", frozen=True):
    """A dict as its pairs, in order."""

    items: list[tuple[Key, Value]]


class Array(_Tagged, tag="a", frozen=True):
    """An array; its bytes are the payload's next ``itemsize * prod(shape)``."""

    kind: Literal["ndarray", "scalar", "tensor"]
    dtype: Name
    shape: Annotated[list[Annotated[int, Meta(ge=0, le=SIDES_MAX)]], Meta(max_length=AXES_MAX)]
    requires_grad: bool = False


class Scalar(_Tagged, tag="n", frozen=True):
    """A NumPy scalar of a common dtype, whose value fits into the header."""

    dtype: Name
    value: bool | int | float


class Foreign(_Tagged, tag="f", frozen=True):
    """An object that cannot cross; a checked sentence says what it was.

    `number` is what ``float()`` made of it, where it is one of those objects.
    """

    type_name: Name
    reason: Text
    number: float | None = None


class HandleRef(_Tagged, tag="h", frozen=True):
    """An object that stays in the worker, by its number there."""

    id: Id
    type_name: Name = ""


class CallbackRef(_Tagged, tag="c", frozen=True):
    """A function that stays in the grader, by its number there."""

    id: Id


class RandomState(_Tagged, tag="r", frozen=True):
    """A ``numpy.random.Generator`` over PCG64, as the JSON of its state (128-bit integers)."""

    state: Text


Value: TypeAlias = (
    bool
    | int
    | float
    | Annotated[str, Meta(max_length=STRING_MAX)]
    | Sequence
    | Mapping
    | Array
    | Scalar
    | Foreign
    | HandleRef
    | CallbackRef
    | RandomState
    | None
)


class Frame(_Tagged, frozen=True):
    """One line of the learner's file in a traceback."""

    line: Annotated[int, Meta(ge=0, le=2**31 - 1)]
    function: Name


class Trouble(_Tagged, frozen=True):
    """An exception of the learner's code, as text."""

    type_name: Name
    bases: Annotated[list[Name], Meta(max_length=32)]
    text: Text
    frames: Annotated[list[Frame], Meta(max_length=32)]


# To the worker.


class Load(_Tagged, tag="load", frozen=True):
    """Run the source, which is the payload."""

    id: Id
    filename: Name
    tools: list[Name]


class Call(_Tagged, tag="call", frozen=True):
    """Call a function of the file, or a method of a handle.

    `keep` lists the items of the answer that stay in the worker as handles; ``[-1]`` the whole.
    `fresh` says that a test begins: the random generators that belong to nobody are seeded anew.
    """

    id: Id
    target: Name
    handle: int | None
    args: list[Value]
    kwargs: list[tuple[Name, Value]]
    keep: list[int]
    quiet: bool
    fresh: bool = False


class Provide(_Tagged, tag="provide", frozen=True):
    """Run a source of the suite's own, which is the payload; answered by a handle to its module."""

    id: Id
    name: Name
    fresh: bool = False


class Reply(_Tagged, tag="reply", frozen=True):
    """What a callback gave, or the sentence why it gave nothing."""

    id: Id
    value: Value
    refusal: Text | None


ToWorker: TypeAlias = Load | Call | Provide | Reply

# From the worker.


class Ready(_Tagged, tag="ready", frozen=True):
    """The layers that are on, before anything of the learner's has run."""

    layers: Annotated[dict[Name, Text], Meta(max_length=32)]


class Loaded(_Tagged, tag="loaded", frozen=True):
    """What the file defines (name to kind) and the statements that raised."""

    id: Id
    names: Annotated[dict[Name, Literal["function", "class", "other"]], Meta(max_length=2000)]
    troubles: Annotated[list[Trouble], Meta(max_length=20)]


class Answer(_Tagged, tag="answer", frozen=True):
    """A call came back.

    `changed` names the arguments that the call changed: ``"0"`` the first, or a keyword;
    `threads` counts those that the file has started and that still run.
    """

    id: Id
    value: Value
    changed: Annotated[list[Name], Meta(max_length=32)]
    warned: Annotated[list[Text], Meta(max_length=8)]
    threads: int = 0


class Raised(_Tagged, tag="raised", frozen=True):
    """A call raised."""

    id: Id
    trouble: Trouble
    threads: int = 0


class Ask(_Tagged, tag="ask", frozen=True):
    """The learner's code calls a function of the suite."""

    id: Id
    callback: Id
    args: list[Value]
    kwargs: list[tuple[Name, Value]]


FromWorker: TypeAlias = Ready | Loaded | Answer | Raised | Ask

_encoder = msgspec.msgpack.Encoder()
_to_worker: msgspec.msgpack.Decoder[ToWorker] = msgspec.msgpack.Decoder(ToWorker)
_from_worker: msgspec.msgpack.Decoder[FromWorker] = msgspec.msgpack.Decoder(FromWorker)


def encode(message: ToWorker | FromWorker) -> bytes:
    """Encode a message as a frame's header."""
    return _encoder.encode(message)


def decode_to_worker(header: bytes) -> ToWorker:
    """Decode in the worker."""
    try:
        return _to_worker.decode(header)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise WireError(f"a header that is no message: {error}") from None


def decode_from_worker(header: bytes) -> FromWorker:
    """Decode in the grader; raises `WireError` and nothing else, whatever the bytes."""
    try:
        return _from_worker.decode(header)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise WireError(f"a header that is no message: {error}") from None


def same(one: object, other: object) -> bool:
    """Whether two trees are equal to the bit: NaN is itself, -0.0 is not 0.0, True is not 1."""
    return _encoder.encode(one) == _encoder.encode(other)
