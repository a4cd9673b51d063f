"""Frames: whatever pieces they come in, and whatever else comes in their place."""

import socket
import threading
import time
import tracemalloc
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlgrade.errors import WireError
from dlgrade.wire import frame


class Pieces:
    """A socket that has received these pieces, and then nothing more."""

    def __init__(self, *pieces: bytes) -> None:
        self.pieces = [piece for piece in pieces if piece]

    def recv(self, size: int) -> bytes:
        if not self.pieces:
            raise BlockingIOError
        piece, rest = self.pieces[0][:size], self.pieces[0][size:]
        self.pieces[:1] = [rest] if rest else []
        return piece


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Return two ends of a connection that never block."""
    one, other = socket.socketpair()
    with one, other:
        one.setblocking(False)
        other.setblocking(False)
        yield one, other


def whole(header: bytes, payload: bytes = b"") -> bytes:
    return frame.pack_prefix(header, len(payload)) + header + payload


def soon() -> float:
    return time.monotonic() + 0.05


@given(st.lists(st.tuples(st.binary(), st.binary()), min_size=1, max_size=4), st.data())
def test_frames_come_out_as_they_went_in_however_they_are_cut(frames, data):
    """Frames that arrive in pieces, cut anywhere, come out one by one as they were."""
    sent = b"".join(whole(header, payload) for header, payload in frames)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(sent)), max_size=8)))
    pieces = [sent[start:end] for start, end in zip([0, *cuts], [*cuts, len(sent)], strict=True)]
    reader = frame.Reader(Pieces(*pieces))
    assert [reader.poll() for _ in frames] == frames
    assert reader.poll() is None
    assert not reader.partial


def test_what_is_sent_is_received(ends):
    """A header with more buffers than one system call takes, empty ones among them, arrives whole."""
    one, other = ends
    buffers = [bytes([i]) * (i % 3) for i in range(200)] + [bytearray(b"ab"), memoryview(b"cd")]
    frame.send(one, b"header", buffers)
    header, payload = frame.receive(other, frame.Reader(other), soon())
    assert (header, bytes(payload)) == (b"header", b"".join(map(bytes, buffers)))


def test_two_frames_in_one_piece_are_two_frames(ends):
    """What came together is still read one frame at a time."""
    one, other = ends
    frame.send(one, b"first", [b"1"])
    frame.send(one, b"second")
    reader = frame.Reader(other)
    assert frame.receive(other, reader, soon()) == (b"first", bytearray(b"1"))
    assert frame.receive(other, reader, soon()) == (b"second", bytearray())


def test_a_frame_that_is_larger_than_the_sockets_buffer_goes_through(ends):
    """A sender whose socket is full goes on as soon as there is room."""
    one, other = ends
    data = bytes(range(256)) * 2**14
    sender = threading.Thread(target=frame.send, args=(one, b"header", [data], soon() + 10))
    sender.start()
    received = frame.receive(other, frame.Reader(other), soon() + 10)
    sender.join()
    assert received == (b"header", bytearray(data))


@given(st.binary(max_size=64), st.booleans())
def test_any_bytes_are_a_frame_a_wire_error_or_not_enough(data, with_magic):
    """Nothing but a frame, a `WireError` or a wish for more comes of any bytes."""
    reader = frame.Reader(Pieces(frame.MAGIC + data if with_magic else data))
    try:
        found = reader.poll()
    except WireError:
        return
    if found is None:
        assert reader.partial or not data
    else:
        header, payload = found
        assert header + payload in data


@pytest.mark.parametrize(
    "prefix",
    [
        b"HTTP/1.1 200 OK\r",
        frame.PREFIX.pack(b"dlg2", 0, 0),
        frame.PREFIX.pack(frame.MAGIC, frame.HEADER_MAX + 1, 0),
        frame.PREFIX.pack(frame.MAGIC, 0, frame.PAYLOAD_MAX + 1),
        frame.PREFIX.pack(frame.MAGIC, 2**32 - 1, 2**64 - 1),
    ],
)
def test_a_prefix_out_of_bounds_is_refused_as_soon_as_it_is_there(prefix):
    """Sixteen bytes are enough to refuse what is no message or claims to be too large."""
    with pytest.raises(WireError):
        frame.Reader(Pieces(prefix)).poll()


def test_a_claim_allocates_nothing():
    """A frame that claims the largest size costs no memory before its bytes come."""
    claim = frame.PREFIX.pack(frame.MAGIC, frame.HEADER_MAX, frame.PAYLOAD_MAX)
    tracemalloc.start()
    try:
        assert frame.Reader(Pieces(claim + b"x")).poll() is None
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 3 * 2**20


@pytest.mark.parametrize(
    ("header", "payload_size"), [(b"x" * (frame.HEADER_MAX + 1), 0), (b"x", frame.PAYLOAD_MAX + 1)]
)
def test_what_the_other_side_would_refuse_is_not_sent(header, payload_size):
    """A message over the limits is refused where it is made."""
    with pytest.raises(WireError, match="over the limit"):
        frame.pack_prefix(header, payload_size)


def test_the_limits_themselves_are_within_the_limits():
    """A header and a payload of just the largest sizes pass."""
    prefix = frame.pack_prefix(b"x" * frame.HEADER_MAX, frame.PAYLOAD_MAX)
    assert frame.parse_prefix(prefix) == (frame.HEADER_MAX, frame.PAYLOAD_MAX)


def test_a_reader_says_whether_it_is_in_the_middle_of_a_frame():
    """`partial` holds from the first byte of a frame to the one before its last."""
    data = whole(b"header", b"payload")
    source = Pieces()
    reader = frame.Reader(source)
    for index in range(len(data)):
        assert reader.partial == (index > 0)
        source.pieces = [data[index : index + 1]]
        found = reader.poll()
    assert found == (b"header", bytearray(b"payload"))
    assert not reader.partial


@pytest.mark.parametrize("sent", [b"", b"dlg", whole(b"header", b"payload")[:-1]])
def test_a_socket_that_closes_anywhere_in_a_frame_is_closed(ends, sent):
    """The end of the connection is `Closed` at the start of a frame as in its middle."""
    one, other = ends
    one.sendall(sent)
    one.close()
    with pytest.raises(frame.Closed):
        frame.receive(other, frame.Reader(other), soon())


def test_sending_to_nobody_is_closed(ends):
    """A sender whose other side is gone is told so."""
    one, other = ends
    other.close()
    with pytest.raises(frame.Closed):
        frame.send(one, b"header", [b"x" * 100_000])


def test_waiting_ends_at_the_deadline(ends):
    """A frame that does not come is `Late`, and so is one that stops half-way."""
    one, other = ends
    reader = frame.Reader(other)
    for sent in (b"", whole(b"header", b"payload")[:-1]):
        one.sendall(sent)
        started = time.monotonic()
        with pytest.raises(frame.Late):
            frame.receive(other, reader, started + 0.02)
        assert 0.02 <= time.monotonic() - started < 1.0


def test_a_reader_that_stalls_does_not_hold_the_writer(ends):
    """Sending to one who never reads ends at the deadline."""
    one, _ = ends
    with pytest.raises(frame.Late):
        frame.send(one, b"header", [b"x" * 2**22], soon())


def test_closed_and_late_are_wire_errors():
    """Who catches `WireError` catches all that a frame can do wrong."""
    assert issubclass(frame.Closed, WireError)
    assert issubclass(frame.Late, WireError)


class Endless:
    """A socket on which there is always one more byte."""

    def __init__(self, start: bytes) -> None:
        self._start = start
        self.read = 0

    def recv(self, size: int) -> bytes:
        piece, self._start = self._start[:size] or b"x", self._start[size:]
        self.read += 1
        assert self.read < 10_000
        return piece


def test_a_reader_comes_up_for_air():
    """A sender that is never out of bytes does not keep the reader, which has a deadline to look at."""
    sock = Endless(frame.PREFIX.pack(frame.MAGIC, 0, 1000))
    reader = frame.Reader(sock)
    polls = 0
    while (found := reader.poll()) is None:
        assert reader.partial
        polls += 1
    assert found == (b"", bytearray(b"x" * 1000))
    assert polls >= 3
