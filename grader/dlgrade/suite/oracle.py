"""The right numbers, by roads other than the reference: autograd and central differences.

An oracle's answers depend only on the suite, the reference and the versions of NumPy and
torch, so they are kept on disk under a digest of these; a check whose answers are all there
need not import torch. Kept answers are data like any other: nothing is pickled.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from dlgrade.errors import OracleError
from dlgrade.wire import messages as m
from dlgrade.wire import values

R = TypeVar("R")
_AGREE = 1e-5
_STEP = 1e-6
_DAY_S = 24 * 3600
_UNUSED_S = 30 * _DAY_S


class _Kept(msgspec.Struct, array_like=True):
    """One answer: its tree and where its bytes lie in the file's payload."""

    tree: m.Value
    start: int
    stop: int


class Book:
    """The answers of one suite, from earlier runs and from this one.

    Parameters
    ----------
    path
        The file they are kept in, or None to keep nothing. Those beside it whose names agree up to the
        first dash are books of the same exercise: of other versions, or of other courses.
    reference
        Gives the reference's module, for `stand_in`.
    keep
        Whether new answers are kept: not those to questions that nobody will ask again.
    """

    def __init__(
        self, path: Path | None, reference: Callable[[], ModuleType], *, keep: bool = True
    ) -> None:
        self._path = path
        self._keep = keep
        self.reference = reference
        self._answers: dict[str, _Kept] = {}
        self._payload = bytearray()
        self._new = False
        self.standing_in = False
        self._load()

    def get(self, key: str) -> Any:
        """Look up the answer under a key; `KeyError` where there is none."""
        kept = self._answers[key]
        data = self._payload[kept.start : kept.stop]
        return values.Decoder(data, values.no_reference, tensors=True).decode(kept.tree)

    def put(self, key: str, answer: Any) -> None:
        """Keep an answer."""
        tree, data = _encode(answer)
        start = len(self._payload)
        self._payload += data
        self._answers[key] = _Kept(tree, start, len(self._payload))
        self._new = True

    def save(self) -> None:
        """Write the answers if there are new ones; a file that cannot be written is no error."""
        if self._path is None or not self._new or not self._keep:
            return
        header = msgspec.msgpack.encode(self._answers)
        body = len(header).to_bytes(8, "big") + header + self._payload
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            # Named so that one which is left half written goes with the other books in the end.
            fd, name = tempfile.mkstemp(self._path.suffix, f"{self._path.stem}-", self._path.parent)
            try:
                with os.fdopen(fd, "wb") as file:
                    file.write(hashlib.blake2b(body, digest_size=16).digest() + body)
                Path(name).replace(self._path)
            finally:
                Path(name).unlink(missing_ok=True)
        self._new = False
        _remove_unused(self._path)

    def _load(self) -> None:
        """Read the file; one that is torn or not ours counts as absent."""
        if self._path is None:
            return
        with contextlib.suppress(OSError, msgspec.MsgspecError):
            data = self._path.read_bytes()
            _note_use(self._path)
            if hashlib.blake2b(data[16:], digest_size=16).digest() == data[:16]:
                size = int.from_bytes(data[16:24], "big")
                self._answers = msgspec.msgpack.decode(data[24 : 24 + size], type=dict[str, _Kept])
                self._payload = bytearray(data[24 + size :])


def _note_use(path: Path) -> None:
    """Set the time of a book that is opened, once a day; in a folder that is only to be read, not at all."""
    with contextlib.suppress(OSError):
        if time.time() - path.stat().st_mtime > _DAY_S:
            os.utime(path)


def _remove_unused(path: Path) -> None:
    """Remove the books of an exercise that nobody has opened for a month.

    Another course may have an exercise of the same id; its books are in use, or can be written again.
    """
    books: list[Path] = []
    with contextlib.suppress(OSError):
        books += path.parent.iterdir()
    for book in books:
        if book.name.partition("-")[0] == path.name.partition("-")[0] and book.suffix == path.suffix:
            with contextlib.suppress(OSError):  # another process may have been faster
                if time.time() - book.stat().st_mtime > _UNUSED_S:
                    book.unlink()


_book: ContextVar[Book | None] = ContextVar("book", default=None)


@contextlib.contextmanager
def opened(book: Book) -> Iterator[Book]:
    """Use a book for the run of a suite, and save it afterwards."""
    token = _book.set(book)
    try:
        yield book
        book.save()
    finally:
        _book.reset(token)


@contextlib.contextmanager
def stand_in() -> Iterator[None]:
    """Answer by the reference what is not kept: for the many small cases of a search.

    Reference and oracle have been held against each other on every kept case by then.
    """
    book = _book.get()
    if book is None:
        yield
        return
    before, book.standing_in = book.standing_in, True
    try:
        yield
    finally:
        book.standing_in = before


def kept(*, stand_in: Callable[..., Any] | None = None) -> Callable[[Callable[..., R]], Callable[..., R]]:
    """Keep a function's answers by the content of its arguments.

    Parameters
    ----------
    stand_in
        ``stand_in(reference, *args)`` gives the same answer by the reference's module.
    """

    def decorate(function: Callable[..., R]) -> Callable[..., R]:
        @functools.wraps(function)
        def answer(*args: Any) -> R:
            book = _book.get()
            if book is None:
                return function(*args)
            key = _key(function, args)
            with contextlib.suppress(KeyError):
                return book.get(key)  # type: ignore[no-any-return]
            if book.standing_in and stand_in is not None:
                return stand_in(book.reference(), *args)  # type: ignore[no-any-return]
            made = function(*args)
            if book.standing_in:
                return made
            book.put(key, made)
            return book.get(key)  # type: ignore[no-any-return]

        return answer

    return decorate


def _key(function: Callable[..., Any], args: tuple[Any, ...]) -> str:
    tree, data = _encode(args)
    digest = hashlib.blake2b(msgspec.msgpack.encode(tree) + data, digest_size=16)
    return f"{function.__name__}:{digest.hexdigest()}"


def _encode(value: Any) -> tuple[m.Value, bytes]:
    """Encode what comes back as it was; refuse the rest, of which two would look the same."""
    encoder = values.Encoder(values.no_reference)
    tree = encoder.encode(value)
    _must_be_whole(tree)
    return tree, b"".join(encoder.buffers)


def _must_be_whole(tree: m.Value) -> None:
    match tree:
        case m.Foreign(type_name, reason):
            raise OracleError(f"a kept function takes and gives plain data, no {type_name} {reason}".rstrip())
        case m.Sequence("iterator", _, type_name):
            raise OracleError(f"a kept function takes and gives plain data, no {type_name}")
        case m.Sequence(_, items):
            for item in items:
                _must_be_whole(item)
        case m.Mapping(pairs):
            for _, item in pairs:
                _must_be_whole(item)


def gradients(f: Callable[..., Any], *args: Any) -> Any:
    """Differentiate a scalar function by autograd in float64, and check that by central differences.

    Parameters
    ----------
    f
        A function of torch tensors that gives a scalar tensor.
    *args
        Floats or arrays to differentiate with respect to.

    Returns
    -------
    tuple of float or ndarray
        One for each argument, of its shape.

    Raises
    ------
    OracleError
        Where the two roads part ways: a mistake in the suite, never the learner's.
    """
    import torch

    torch.set_num_threads(1)
    tensors = [torch.tensor(np.asarray(arg, dtype=np.float64), requires_grad=True) for arg in args]
    grads = torch.autograd.grad(f(*tensors), tensors)
    rng = np.random.default_rng(0)
    with torch.no_grad():
        moves = [torch.from_numpy(np.asarray(rng.normal(size=t.shape))) for t in tensors]

        def at(distance: float) -> float:
            return float(f(*(t + distance * move for t, move in zip(tensors, moves, strict=True))))

        right = float(sum((g * move).sum() for g, move in zip(grads, moves, strict=True)))
        _must_agree(right, at)
    return tuple(g.item() if g.dim() == 0 else g.numpy() for g in grads)


def _must_agree(right: float, at: Callable[[float], float]) -> None:
    """Hold a slope against central differences; of a large value these lose digits."""
    here, slope = at(0.0), (at(_STEP) - at(-_STEP)) / (2 * _STEP)
    limit = _AGREE * max(1.0, abs(right), 1e-3 * abs(here))
    if abs(slope - right) <= limit:
        return

    def bend(step: float) -> float:
        return abs(at(step) - 2 * here + at(-step)) / step

    # On the corner of a ReLU the slopes to both sides differ however near one looks, and differences say
    # nothing there; where a curve is only steep, they come together.
    if not bend(_STEP) > max(limit, bend(10 * _STEP) / 3):
        raise OracleError(f"autograd gives a slope of {right}, central differences {slope}")


def central_difference(
    f: Callable[[NDArray[np.float64]], float], theta: Any, eps: float = 1e-5
) -> NDArray[np.float64]:
    """Differentiate a scalar function of an array numerically, entry by entry.

    Returns
    -------
    ndarray of theta's shape, float64
        ``(f(theta + eps e) - f(theta - eps e)) / (2 eps)`` for each unit step ``e``.
    """
    theta = np.asarray(theta, dtype=np.float64)
    slopes = np.empty(theta.shape)
    for index in np.ndindex(theta.shape):
        step = np.zeros(theta.shape)
        step[index] = eps
        slopes[index] = (f(theta + step) - f(theta - step)) / (2 * eps)
    return slopes
