"""The worker: answers calls on the learner's functions over one socket, until it is ended.

It holds the learner's code, the arguments that it is called with, and nothing else. All
that it says is a claim of the learner's; the grader judges it as such.
"""

from __future__ import annotations

import _thread
import json
import socket
import sys
import types
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from dlgrade.errors import WireError
from dlgrade.sandbox import loading
from dlgrade.wire import frame, values
from dlgrade.wire import messages as m


class CallbackError(ValueError):
    """The function that was handed in refuses its argument."""


class UnsendableError(Exception):
    """What a call returned is more than one message can hold."""


class Worker:
    """One learner's file and the objects that stay here on the suite's behalf."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._reader = frame.Reader(sock)
        self._filename = ""
        self._namespace: dict[str, Any] = {}
        self._handles: dict[int, Any] = {}
        self._questions = 0

    def serve(self, layers: dict[str, str]) -> None:
        """Say which layers are on, then answer until the socket closes."""
        self._send(m.Ready(layers))
        while True:
            try:
                header, payload = frame.receive(self._sock, self._reader)
            except frame.Closed:
                return
            match m.decode_to_worker(header):
                case m.Load() as load:
                    self._load(load, payload.decode())
                case m.Call() as call:
                    self._call(call, payload)
                case m.Provide() as provide:
                    self._provide(provide, payload.decode())

    def _send(self, message: m.FromWorker, buffers: list[bytes] | None = None) -> None:
        loading.forget_ruled_out()  # a function can import, too: before the grader goes on
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except Exception:  # the learner may have replaced or closed it
                continue
        frame.send(self._sock, m.encode(message), buffers or ())

    def _load(self, load: m.Load, source: str) -> None:
        self._filename = load.filename
        self._namespace, troubles = loading.run_file(source, load.filename, load.tools)
        self._send(m.Loaded(load.id, loading.kinds(self._namespace), troubles))

    def _provide(self, provide: m.Provide, source: str) -> None:
        """Run what the suite brings along: models, losses and the like that must live here."""
        if provide.fresh:
            loading.seed()
        module = types.ModuleType(provide.name)
        exec(compile(source, f"<{provide.name}>", "exec", dont_inherit=True), module.__dict__)
        self._send(m.Answer(provide.id, self.handle(module), [], []))

    def _call(self, call: m.Call, payload: bytes) -> None:
        exchange = Exchange(self, payload)
        try:
            if call.fresh:
                loading.seed()
            args = [exchange.decode(str(index), arg) for index, arg in enumerate(call.args)]
            kwargs = {name: exchange.decode(name, arg) for name, arg in call.kwargs}
            target = self._target(call)
            value, warned = _quietly(target, args, kwargs) if call.quiet else (target(*args, **kwargs), [])
            self._answer(call, exchange, value, warned)
        except BaseException as error:  # whatever it raises is the call's outcome
            self._send(m.Raised(call.id, loading.describe(error, self._filename), _thread._count()))

    def _target(self, call: m.Call) -> Callable[..., Any]:
        if call.handle is None:
            found = self._namespace[call.target]
        elif call.target == "":
            found = self._handles[call.handle]
        else:
            found = getattr(self._handles[call.handle], call.target)
        if not callable(found):
            return lambda: found
        return found  # type: ignore[no-any-return]

    def _answer(self, call: m.Call, exchange: Exchange, value: Any, warned: list[str]) -> None:
        changed = exchange.changed()
        encoder = values.Encoder(exchange.refer)
        try:
            tree = self._encode_kept(encoder, value, call.keep)
            self._send(m.Answer(call.id, tree, changed, warned, _thread._count()), encoder.buffers)
        except frame.Closed:
            raise
        except WireError as error:
            raise UnsendableError(str(error)) from None

    def _encode_kept(self, encoder: values.Encoder, value: Any, keep: list[int]) -> m.Value:
        if not keep:
            return encoder.encode(value)
        if keep == [-1]:
            return self.handle(value)
        if not values.runs_through(value):
            return encoder.encode(value)  # no items to keep: the suite will say so
        items = list(value)
        return m.Sequence(
            "tuple",
            [
                self.handle(item) if index in keep else encoder.encode(item)
                for index, item in enumerate(items[: values.ITEMS_OF_ITERATOR_MAX])
            ],
        )

    def handle(self, value: Any) -> m.HandleRef:
        """Keep an object here and give the number that stands for it."""
        number = len(self._handles)
        self._handles[number] = value
        return m.HandleRef(number, type(value).__name__[:200])

    def held(self, number: int) -> Any:
        """Find the object that a handle stands for."""
        return self._handles[number]

    def ask(self, callback: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call a function of the suite, in the grader, and wait for what it gives."""
        encoder = values.Encoder(values.no_reference)
        self._questions += 1
        question = self._questions
        try:
            tree = [encoder.encode(arg) for arg in args]
            named = [(name, encoder.encode(arg)) for name, arg in kwargs.items()]
            self._send(m.Ask(question, callback, tree, named), encoder.buffers)
        except frame.Closed:
            raise
        except WireError as error:
            raise CallbackError(str(error)) from None
        header, payload = frame.receive(self._sock, self._reader)
        reply = m.decode_to_worker(header)
        if not isinstance(reply, m.Reply) or reply.id != question:
            raise CallbackError("the function was called from two threads at once")
        if reply.refusal is not None:
            raise CallbackError(reply.refusal)
        return values.Decoder(payload, values.no_reference, tensors=True).decode(reply.value)


_MUTABLE = (m.Sequence, m.Mapping, m.Array)
"""The trees of what a call must not change; a generator's state is there to be changed."""


class Exchange:
    """The arguments of one call: decoded once, and compared with themselves afterwards."""

    def __init__(self, worker: Worker, payload: bytes) -> None:
        self._worker = worker
        self._known: dict[int, tuple[Any, values.Reference]] = {}
        self._payload = payload
        self._decoder = values.Decoder(self._payload, self._resolve, tensors=True)
        self._given: list[tuple[str, Any, m.Value, bytes]] = []

    def decode(self, name: str, tree: m.Value) -> Any:
        """Decode one argument, and remember it as it came."""
        start = self._decoder.offset
        value = self._decoder.decode(tree)
        if type(tree) in _MUTABLE:
            self._given.append((name, value, tree, self._payload[start : self._decoder.offset]))
        return value

    def refer(self, value: Any) -> values.Reference | None:
        """Find the reference that an object came in as, if it did."""
        known = self._known.get(id(value))
        return known[1] if known is not None and known[0] is value else None

    def changed(self) -> list[str]:
        """Name the arguments whose values are no longer, to the bit, those that came."""
        names = []
        for name, value, tree, data in self._given:
            encoder = values.Encoder(self.refer)
            try:
                same = m.same(encoder.encode(value), tree) and b"".join(encoder.buffers) == data
            except WireError:  # it has grown beyond what can be sent
                same = False
            if not same:
                names.append(name)
        return names

    def _resolve(self, reference: values.Reference) -> Any:
        made: Any
        match reference:
            case m.HandleRef(number):
                made = self._worker.held(number)
            case m.CallbackRef(number):
                made = self._callback(number)
            case m.RandomState(state):
                known = json.loads(state)
                # Seeded by the state as well: what `rng.spawn` gives must follow from nothing else.
                bits = np.random.PCG64(known["state"]["state"])
                bits.state = known
                made = np.random.Generator(bits)
        self._known[id(made)] = (made, reference)
        return made

    def _callback(self, number: int) -> Callable[..., Any]:
        def f(*args: Any, **kwargs: Any) -> Any:
            return self._worker.ask(number, args, kwargs)

        return f


def _quietly(target: Callable[..., Any], args: list[Any], kwargs: dict[str, Any]) -> tuple[Any, list[str]]:
    """Call, and collect the warnings that come through; a file may silence its own."""
    with warnings.catch_warnings(record=True) as caught:
        # Behind the filters that the file has set, and so that the second warning comes like the first.
        warnings.simplefilter("always", append=True)
        value = target(*args, **kwargs)
    return value, [str(w.message)[:500] for w in caught if issubclass(w.category, RuntimeWarning)][:8]
