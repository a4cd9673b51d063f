"""A session: one submission in workers that come and go, called from the grader.

Whatever the worker does wrong ends as an `Outcome` of the call that it did it in. The
deadline runs here, and its end is SIGKILL there.
"""

from __future__ import annotations

import contextlib
import math
import os
import secrets
import select
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from dlgrade.errors import SandboxError, WireError
from dlgrade.sandbox.launcher import Ending, Spawned, WorkerSource
from dlgrade.wire import frame, values
from dlgrade.wire import messages as m

OUTPUT_KEPT = 64 * 1024
OUTPUT_MAX = 8 * 1024 * 1024
_START_S = 30.0


class WorkerLostError(Exception):
    """The worker is gone; the text says of the learner's code why."""

    def __init__(self, sentence: str, *, late: bool = False) -> None:
        super().__init__(sentence)
        self.late = late


class CallbackRefusalError(Exception):
    """A callback of the suite cannot take what it was called with; the learner is told these words."""


@dataclass(frozen=True)
class Handle:
    """An object that stays in the worker, from the worker of one generation."""

    number: int
    type_name: str
    generation: int


@dataclass(slots=True)
class Outcome:
    """What one call did.

    Attributes
    ----------
    value
        What came back, decoded; None where it raised.
    trouble
        The exception, as text, or None.
    changed
        The arguments that the call changed: positions as digits, or keywords.
    warned
        NumPy's warnings, where they were asked for.
    """

    value: Any = None
    trouble: m.Trouble | None = None
    changed: tuple[str, ...] = ()
    warned: tuple[str, ...] = ()


@dataclass
class Loading:
    """What running the file gave."""

    names: dict[str, str] = field(default_factory=dict)
    troubles: list[m.Trouble] = field(default_factory=list)
    lost: str | None = None


class StudentCode(Protocol):
    """What the suite's `student` talks to: a session, or the file itself under ``--debug``."""

    def call(
        self,
        target: str,
        args: Sequence[Any],
        kwargs: dict[str, Any],
        *,
        handle: Handle | None = None,
        keep: Sequence[int] = (),
        quiet: bool = False,
    ) -> Outcome:
        """Call a function of the file, or a method of a handle."""
        ...

    def provide(self, name: str, source: str) -> Handle:
        """Run a source of the suite's own where the file runs; the handle is its module."""
        ...


class Session:
    """Calls into one submission.

    Parameters
    ----------
    zygote
        Where workers come from.
    source, filename
        The submission.
    tools
        What it may import.
    call_s, load_s, all_s
        Time limits of one call, of running the file, and of all that is asked in the session, in seconds.
    """

    def __init__(
        self,
        zygote: WorkerSource,
        source: str,
        filename: str,
        tools: Sequence[str],
        call_s: float,
        load_s: float,
        all_s: float = math.inf,
    ) -> None:
        self._zygote = zygote
        self._source = source.encode()
        self._filename = filename
        self._tools = list(tools)
        self._call_s = call_s
        self._load_s = load_s
        self._all_s = self._left_s = all_s
        self._spawned: Spawned | None = None
        self._generation = 0
        self._printed = 0
        self._left_running = False
        self._fresh = False
        self._output = bytearray()
        self._callbacks: list[Callable[..., Any]] = []
        self.layers: dict[str, str] = {}
        self.ruled_out_used: list[m.Trouble] = []

    def load(self) -> Loading:
        """Run the file in a fresh worker."""
        try:
            self._start()
            with self._limited(self._load_s) as deadline:  # from here on it is the file's own time
                request = secrets.randbits(63)
                self._send(m.Load(request, self._filename, self._tools), [self._source], deadline)
                loaded, payload = self._receive(deadline, self._load_s)
        except WorkerLostError as lost:
            return Loading(lost=str(lost))
        if not isinstance(loaded, m.Loaded) or loaded.id != request or payload:
            self._end()
            return Loading(lost=_FORGED)
        self._note_ruled_out(loaded.troubles)
        return Loading(dict(loaded.names), loaded.troubles)

    def call(
        self,
        target: str,
        args: Sequence[Any],
        kwargs: dict[str, Any],
        *,
        handle: Handle | None = None,
        keep: Sequence[int] = (),
        quiet: bool = False,
    ) -> Outcome:
        """Call a function of the file, or a method of a handle.

        Raises
        ------
        WorkerLostError
            If the call ended the worker, or did not finish.
        """
        self._ensure(handle)
        self._callbacks = []
        encoder = values.Encoder(self._refer)
        request = secrets.randbits(63)
        number = None if handle is None else handle.number
        tree = [encoder.encode(arg) for arg in args]
        named = [(name, encoder.encode(arg)) for name, arg in kwargs.items()]
        self._refuse_early_bytes()
        call = m.Call(request, target, number, tree, named, list(keep), quiet, self._begins())
        with self._limited(self._call_s) as deadline:
            self._send(call, encoder.buffers, deadline)
            return self._outcome(request, deadline)

    def provide(self, name: str, source: str) -> Handle:
        """Run a source of the suite's own in the worker; the handle is its module."""
        self._ensure(None)
        request = secrets.randbits(63)
        self._refuse_early_bytes()
        with self._limited(self._load_s) as deadline:
            self._send(m.Provide(request, name, self._begins()), [source.encode()], deadline)
            handle = self._outcome(request, deadline).value
        if not isinstance(handle, Handle):
            self._end()
            raise WorkerLostError(_FORGED)
        return handle

    def begin_test(self) -> None:
        """Give the next test a fresh worker if the last one left threads, or bytes in the channel, behind."""
        if self._left_running or self._is_spoilt():
            self._end()
        self.take_output()
        self._fresh = True

    def _begins(self) -> bool:
        """Whether this is the first that is asked in a test."""
        fresh, self._fresh = self._fresh, False
        return fresh

    def take_output(self) -> str:
        """Take what the learner's code printed since this was last asked, at most 64 KiB."""
        if self._spawned is not None:
            self._drain()
        text = bytes(self._output).decode("utf-8", "replace")
        self._output.clear()
        return text

    def close(self) -> None:
        """End the worker."""
        self._end()

    # The worker's life.

    def _start(self) -> None:
        self._end()
        self._spawned = self._zygote.spawn(optimizer=b"optim" in self._source)
        self._reader = frame.Reader(self._spawned.sock)
        self._poller = select.poll()
        for source in (self._spawned.sock, self._spawned.output_fd):
            self._poller.register(source, select.POLLIN)
        self._generation += 1
        self._printed = 0
        self._left_running = False
        try:
            ready, _ = self._receive(time.monotonic() + _START_S, _START_S)
        except WorkerLostError as lost:  # nothing of the learner's has run yet: the fault is ours
            words = self.take_output().strip()
            raise SandboxError(f"the worker {lost} before it was ready. {words}") from None
        if not isinstance(ready, m.Ready):
            raise SandboxError("the worker did not say which of its layers are on")
        self.layers = dict(ready.layers)

    def _ensure(self, handle: Handle | None) -> None:
        if self._spawned is None:
            loading = self.load()
            if loading.lost is not None:
                raise WorkerLostError(loading.lost)
        if handle is not None:
            self._must_live(handle)

    def _must_live(self, handle: Handle) -> None:
        if handle.generation != self._generation:
            gone = f"the {handle.type_name} is gone with the process that held it"
            raise WorkerLostError(f"cannot go on: {gone}")

    @contextlib.contextmanager
    def _limited(self, limit_s: float) -> Iterator[float]:
        """Give the deadline of what is asked now, and take its time off what is left for the rest."""
        if self._left_s <= 0:
            raise self._late(limit_s)
        started = time.monotonic()
        try:
            yield started + min(limit_s, self._left_s)
        finally:
            self._left_s -= time.monotonic() - started

    def _end(self, *, ending: bool = False) -> Ending:
        if self._spawned is None:
            return Ending()
        spawned, self._spawned = self._spawned, None
        found = self._zygote.end_worker(ending=ending)
        self._drain_from(spawned.output_fd)
        spawned.sock.close()
        os.close(spawned.output_fd)
        return found

    # One message at a time.

    def _send(self, message: m.ToWorker, buffers: Sequence[bytes], deadline: float) -> None:
        assert self._spawned is not None
        try:
            frame.send(self._spawned.sock, m.encode(message), buffers, deadline)
        except frame.Late:
            raise self._late(self._call_s) from None
        except frame.Closed:
            raise WorkerLostError(self._how_it_ended()) from None

    def _receive(self, deadline: float, limit_s: float) -> tuple[m.FromWorker, bytes]:
        assert self._spawned is not None
        output = self._spawned.output_fd
        try:
            whole = self._reader.take()
            while whole is None:
                left = deadline - time.monotonic()
                ready = self._poller.poll(max(left, 0.0) * 1000)
                for source, _ in ready:
                    if source != output:
                        whole = self._reader.poll()
                    elif not self._drain():
                        self._poller.unregister(output)
                # What is there counts, however late; bytes that keep on coming do not keep it alive.
                if whole is None and left <= 0:
                    raise self._late(limit_s)
            return m.decode_from_worker(whole[0]), whole[1]
        except frame.Closed:
            raise WorkerLostError(self._how_it_ended()) from None
        except WireError:
            self._end()
            raise WorkerLostError(_FORGED) from None

    def _outcome(self, request: int, deadline: float) -> Outcome:
        while True:
            message, payload = self._receive(deadline, self._call_s)
            match message:
                case m.Ask():
                    self._reply(message, payload, deadline)
                case m.Raised(id, trouble, threads) if id == request and not payload:
                    self._left_running |= threads > 0
                    self._note_ruled_out([trouble])
                    return Outcome(trouble=trouble)
                case m.Answer(id) if id == request:
                    return self._decode(message, payload)
                case _:
                    self._end()
                    raise WorkerLostError(_FORGED)

    def _decode(self, answer: m.Answer, payload: bytes) -> Outcome:
        self._left_running |= answer.threads > 0
        decoder = values.Decoder(payload, self._resolve, tensors="torch" in self._tools)
        try:
            value = decoder.decode(answer.value)
            decoder.finish()
        except WireError:
            self._end()
            raise WorkerLostError(_FORGED) from None
        return Outcome(value, None, tuple(answer.changed), tuple(answer.warned))

    def _reply(self, ask: m.Ask, payload: bytes, deadline: float) -> None:
        """Run a callback of the suite here; only its own refusals travel as words."""
        if time.monotonic() > deadline:  # questions that were written ahead come without a wait
            raise self._late(self._call_s)
        decoder = values.Decoder(payload, self._resolve, tensors="torch" in self._tools)
        encoder = values.Encoder(self._refer)
        try:
            callback = self._callbacks[ask.callback]
            args = [decoder.decode(arg) for arg in ask.args]
            kwargs = {name: decoder.decode(arg) for name, arg in ask.kwargs}
            decoder.finish()
        except (WireError, IndexError):
            self._end()
            raise WorkerLostError(_FORGED) from None
        value, refusal = None, None
        try:
            value = encoder.encode(callback(*args, **kwargs))
        except Exception as error:  # as if f had raised it in the learner's own process
            refusal = (
                str(error) if isinstance(error, CallbackRefusalError) else f"{type(error).__name__}: {error}"
            )
            refusal = refusal[:2000]
        self._send(m.Reply(ask.id, value, refusal), encoder.buffers, deadline)

    def _late(self, limit_s: float) -> WorkerLostError:
        """End the worker; the error to be raised."""
        self._end()
        if self._left_s < limit_s:
            return WorkerLostError(f"took the {self._all_s:g} s that there are for all calls", late=True)
        return WorkerLostError(f"did not finish in {limit_s:g} s", late=True)

    def _refuse_early_bytes(self) -> None:
        try:
            early = self._has_early_bytes()
        except frame.Closed:
            raise WorkerLostError(self._how_it_ended()) from None
        if early:
            self._end()
            raise WorkerLostError("sent an answer before it was asked")

    def _is_spoilt(self) -> bool:
        try:
            return self._spawned is not None and self._has_early_bytes()
        except frame.Closed:
            return True

    def _has_early_bytes(self) -> bool:
        """Whether the worker has written what nobody asked for."""
        assert self._spawned is not None
        if self._reader.partial:
            return True
        output = self._spawned.output_fd
        if all(source == output for source, _ in self._poller.poll(0)):
            return False
        try:
            return self._reader.poll() is not None or self._reader.partial
        except frame.Closed:
            raise
        except WireError:
            return True

    def _how_it_ended(self) -> str:
        ending = self._end(ending=True)
        if ending.reason is not None:
            return ending.reason
        if ending.status is None:
            return "closed its channel to the grader"
        if ending.status in _ENDINGS:
            return _ENDINGS[ending.status]
        if ending.status < 0:
            return f"had its process ended by signal {-ending.status}"
        return f"ended its process with exit status {ending.status} in the middle of the call"

    # References.

    def _refer(self, value: Any) -> values.Reference | None:
        if isinstance(value, Handle):
            self._must_live(value)
            return m.HandleRef(value.number, value.type_name)
        if callable(value) and not isinstance(value, type):
            self._callbacks.append(value)
            return m.CallbackRef(len(self._callbacks) - 1)
        return values.random_state(value)

    def _resolve(self, reference: values.Reference) -> Any:
        match reference:
            case m.HandleRef(number, type_name):
                return Handle(number, type_name, self._generation)
        return m.Foreign(type(reference).__name__, "something that was handed in")

    def _note_ruled_out(self, troubles: Sequence[m.Trouble]) -> None:
        self.ruled_out_used += [t for t in troubles if t.type_name == "RuledOutError"]

    # What it prints.

    def _drain(self) -> bool:
        assert self._spawned is not None
        more = self._drain_from(self._spawned.output_fd)
        if self._printed > OUTPUT_MAX:
            self._end()
            raise WorkerLostError(f"printed more than {OUTPUT_MAX >> 20} MiB")
        return more

    def _drain_from(self, fd: int) -> bool:
        """Read what is there; False when the pipe is closed at the other end."""
        while True:
            try:
                piece = os.read(fd, 1 << 16)
            except BlockingIOError:
                return True
            if not piece:
                return False
            self._printed += len(piece)
            self._output += piece[: max(0, OUTPUT_KEPT - len(self._output))]
            if self._printed > OUTPUT_MAX:
                return True


_FORGED = "wrote bytes of its own into the channel between the two processes"
_ENDINGS = {
    -9: "had its process killed, most likely for using too much memory",
    -11: "crashed its process (segmentation fault)",
    -6: "aborted its process",
    -24: "used more processor time than allowed",
    -25: "wrote a file larger than allowed",
}
