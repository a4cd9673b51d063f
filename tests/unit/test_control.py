"""The line between grader and zygote: whole messages, each with its own descriptors, however they arrive."""

import os
import socket

import pytest

from dlgrade.sandbox.control import Control


@pytest.fixture
def line():
    """Both ends."""
    ours, theirs = Control.pair()
    there = Control(theirs)
    yield ours, there
    ours.close()
    there.close()


@pytest.fixture
def pipe():
    """Two descriptors to send."""
    ends = os.pipe()
    yield list(ends)
    for end in ends:
        os.close(end)


def test_messages_that_arrive_together_are_read_one_by_one(line):
    """Who was busy for a while finds several, in their order."""
    ours, theirs = line
    for number in range(5):
        ours.send({"number": number})
    assert [theirs.receive(0)[0]["number"] for _ in range(5)] == list(range(5))
    assert theirs.receive(0) is None


def test_descriptors_stay_with_their_message(line, pipe):
    """With one before and one after, read late."""
    ours, theirs = line
    ours.send("end")
    ours.send({"spawn": 1}, pipe)
    ours.send("reap")
    found = [theirs.receive(0) for _ in range(3)]
    assert [message for message, _ in found] == ["end", {"spawn": 1}, "reap"]
    assert [len(fds) for _, fds in found] == [0, 2, 0]
    for fd in found[1][1]:
        os.close(fd)


def test_a_message_in_pieces_is_waited_for(line, pipe):
    """Also where its descriptors come with the first piece, and the next message with the last."""
    ours, theirs = line
    sock = ours._sock
    socket.send_fds(sock, [b'{"spawn"'], pipe)
    assert theirs.receive(0) is None
    sock.sendall(b': 1}\n"en')
    message, fds = theirs.receive(0)
    assert (message, len(fds)) == ({"spawn": 1}, 2)
    sock.sendall(b'd"\n')
    assert theirs.receive(0) == ("end", [])
    for fd in fds:
        os.close(fd)


def test_what_was_read_ahead_is_told(line):
    """The descriptor says nothing of it any more."""
    ours, theirs = line
    ours.send(1)
    ours.send(2)
    assert not theirs.is_waiting()
    assert theirs.receive(0) == (1, [])
    assert theirs.is_waiting()
    assert theirs.receive(0) == (2, [])
    assert not theirs.is_waiting()


def test_the_end_of_the_other_side_is_none(line):
    """What it had said before is still heard."""
    ours, theirs = line
    ours.send("last words")
    ours.close()
    assert theirs.receive(0) == ("last words", [])
    assert theirs.receive(0) is None
