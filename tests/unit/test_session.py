"""The session alone, with a worker that is scripted here byte by byte."""

from __future__ import annotations

import math
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from dlgrade.sandbox.launcher import Ending, Spawned
from dlgrade.sandbox.session import Handle, Session, WorkerLostError
from dlgrade.wire import frame
from dlgrade.wire import messages as m

FORGED = "wrote bytes of its own into the channel between the two processes"
Script = Callable[["Line"], None]


class Line:
    """The worker's end of the socket."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self._reader = frame.Reader(sock)

    def next(self) -> m.ToWorker:
        """Wait for the grader's next message."""
        return m.decode_to_worker(frame.receive(self.sock, self._reader)[0])

    def send(self, message: m.FromWorker, *buffers: bytes) -> None:
        frame.send(self.sock, m.encode(message), buffers)


class Puppet:
    """Gives workers that are threads of this process and do what their script says."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self.ended = 0

    def spawn(self, *, optimizer: bool = False) -> Spawned:
        ours, self._theirs = socket.socketpair()
        for end in (ours, self._theirs):
            end.setblocking(False)
        output, self.printer = os.pipe()
        os.set_blocking(output, False)
        self._thread = threading.Thread(target=self._serve, args=(Line(self._theirs),))
        self._thread.start()
        return Spawned(ours, output)

    def end_worker(self, *, ending: bool = False) -> Ending:
        self.ended += 1
        self._theirs.shutdown(socket.SHUT_RDWR)
        self._thread.join(20)
        self._theirs.close()
        os.close(self.printer)
        return Ending()

    def close(self) -> None:
        """There is nothing else to end."""

    def _serve(self, line: Line) -> None:
        try:
            line.send(m.Ready({}))
            self._script(line)
            line.next()  # stay until the end
        except (frame.Closed, OSError):
            pass


@pytest.fixture
def act() -> Iterator[Callable[..., Session]]:
    """Return a function that opens a session with a scripted worker."""
    opened = []

    def session(
        script: Script, limit_s: float = 3.0, tools: Sequence[str] = ("numpy",), all_s: float = math.inf
    ) -> Session:
        made = Session(Puppet(script), "", "toy.py", tools, limit_s, limit_s, all_s)
        opened.append(made)
        return made

    yield session
    for each in opened:
        each.close()


def loads(line: Line) -> None:
    """Answer the order to load the file, as a worker does."""
    line.send(m.Loaded(line.next().id, {"f": "function"}, []))


def call(session: Session, *args: Any) -> str:
    """Call f, and return the sentence of how the worker was lost."""
    with pytest.raises(WorkerLostError) as caught:
        session.call("f", args, {})
    return str(caught.value)


def dribble(line: Line) -> None:
    """Begin a message that will not be whole for hours."""
    loads(line)
    line.next()
    line.sock.sendall(frame.PREFIX.pack(frame.MAGIC, 0, m.PAYLOAD_MAX) + b"x")


def ask_ahead(line: Line) -> None:
    """Write many questions, without a wait for the replies."""
    loads(line)
    line.next()
    question = m.encode(m.Ask(1, 0, [], []))
    line.sock.sendall((frame.pack_prefix(question, 0) + question) * 1000)
    while True:
        line.next()


def take_their_time(line: Line) -> None:
    """Answer every call a while later."""
    loads(line)
    while True:
        request = line.next()
        time.sleep(0.2)
        line.send(m.Answer(request.id, 1.0, [], [], 0))


class Slow(frame.Reader):
    """A reader that has never taken all that there is, as if more came all the time."""

    def __init__(self, sock: socket.socket) -> None:
        super().__init__(sock)
        self._until = time.monotonic() + 3.0

    def poll(self) -> None:
        assert time.monotonic() < self._until, "the deadline is not looked at"


def test_all_calls_together_have_a_limit_too(act):
    """Whoever is a little too fast for the limit of one call, hundreds of times, is ended as well."""
    session = act(take_their_time, limit_s=3.0, all_s=0.5)
    assert [session.call("f", (), {}).value for _ in range(2)] == [1.0, 1.0]
    for _ in range(2):
        assert call(session) == "took the 0.5 s that there are for all calls"


def test_a_worker_that_dribbles_is_ended_at_its_deadline(act):
    """Bytes that come for ever do not keep the deadline from being looked at."""
    session = act(dribble, limit_s=0.3)
    session.load()
    session._refuse_early_bytes = lambda: setattr(session, "_reader", Slow(session._spawned.sock))
    assert call(session) == "did not finish in 0.3 s"
    assert session._zygote.ended == 1


def test_a_worker_that_asks_ahead_is_ended_at_its_deadline(act):
    """Nor do questions that are there before the last one was answered."""
    session, calls = act(ask_ahead, limit_s=0.3), []

    def callback() -> None:
        calls.append(time.sleep(0.01))

    session.load()
    assert call(session, callback) == "did not finish in 0.3 s"
    assert 0 < len(calls) < 100
    assert session._zygote.ended == 1


def test_an_answer_that_is_there_counts_however_late_it_is_looked_at(act):
    """The grader's own pauses are not the learner's time."""
    there = threading.Event()

    def answers(line: Line) -> None:
        loads(line)
        line.send(m.Answer(line.next().id, 3, [], []))
        there.set()

    session = act(answers, limit_s=0.05)
    session.load()
    send = session._send

    def send_and_pause(*args: Any) -> None:
        send(*args)
        there.wait(20)
        time.sleep(0.1)

    session._send = send_and_pause
    assert session.call("f", (), {}).value == 3


def answers_once(line: Line, more: bytes = b"") -> None:
    loads(line)
    answer = m.encode(m.Answer(line.next().id, 3, [], []))
    line.sock.sendall(frame.pack_prefix(answer, 0) + answer + more)


UNASKED = m.encode(m.Answer(1, 5, [], []))
LEFT_BEHIND = {
    "an answer": frame.pack_prefix(UNASKED, 0) + UNASKED,
    "half an answer": frame.pack_prefix(UNASKED, 0),
    "anything": b"x" * 100,
}


@pytest.mark.parametrize("left", LEFT_BEHIND)
def test_what_one_test_left_in_the_channel_is_not_the_next_ones(act, left):
    """The next test has a fresh worker and knows nothing of it; within a test it is told."""
    session = act(lambda line: answers_once(line, LEFT_BEHIND[left]))
    session.load()
    assert session.call("f", (), {}).value == 3
    session.begin_test()
    assert session.call("f", (), {}).value == 3
    assert call(session) == "sent an answer before it was asked"
    assert session._zygote.ended == 2


def test_a_worker_that_ended_between_two_tests_is_not_the_second_ones(act):
    """What the first one's code did in the meantime is its own."""

    ended = threading.Semaphore(0)

    def ends(line: Line) -> None:
        answers_once(line)
        line.sock.shutdown(socket.SHUT_RDWR)
        ended.release()

    session = act(ends)
    session.load()
    for _ in range(3):
        assert session.call("f", (), {}).value == 3
        assert ended.acquire(timeout=3)
        session.begin_test()


def test_a_worker_that_did_nothing_wrong_stays(act):
    """A fresh one for every test would cost twenty milliseconds each."""
    session = act(answers_once)
    session.load()
    session.call("f", (), {})
    session.begin_test()
    assert session._zygote.ended == 0


ARRAY = m.Array("ndarray", "f8", [2])


@pytest.mark.parametrize("args", [[], [ARRAY]])
def test_bytes_behind_the_arrays_of_a_question_are_refused(act, args):
    """What no argument accounts for ends the worker, and the callback is not called."""

    def asks(line: Line) -> None:
        loads(line)
        line.next()
        line.send(m.Ask(1, 0, args, []), bytes(16 * len(args) + 8))

    session, calls = act(asks), []
    session.load()
    assert call(session, lambda *args: calls.append(args)) == FORGED
    assert calls == []


def test_bytes_behind_the_names_of_a_file_are_refused(act):
    """The message that says what a file defines has no arrays."""
    session = act(lambda line: line.send(m.Loaded(line.next().id, {}, []), b"x"))
    assert session.load().lost == FORGED


def keeps(line: Line) -> None:
    loads(line)
    line.send(m.Answer(line.next().id, m.HandleRef(0, "Net"), [], []))


WAYS = {
    "its method is called": lambda session, handle: session.call("forward", (), {}, handle=handle),
    "it is handed in": lambda session, handle: session.call("f", (handle,), {}),
    "it is handed in inside a list": lambda session, handle: session.call("f", ([handle],), {}),
}


@pytest.mark.parametrize("way", WAYS)
def test_an_object_that_went_with_its_process_is_said_to_be_gone(act, way):
    """Its number may mean another object in the next worker: it is not sent there."""
    session = act(keeps)
    session.load()
    handle = session.call("f", (), {}, keep=(-1,)).value
    assert handle == Handle(0, "Net", 1)
    session.load()
    with pytest.raises(WorkerLostError) as caught:
        WAYS[way](session, handle)
    assert str(caught.value) == "cannot go on: the Net is gone with the process that held it"
