"""The line between grader and zygote: JSON, a line a message, with descriptors beside some of them.

Both ends are ours, so nothing has to be validated and a stream will do: packets that keep their bounds are
not to be had on every system. Mostly they take turns; but a zygote that has ended a worker by itself, and is
busy clearing up behind it, finds the order to end it and the next order in one piece.
"""

from __future__ import annotations

import collections
import json
import select
import socket
from collections.abc import Sequence
from typing import Any

_PIECE = 64 * 1024


class Control:
    """One end of the line.

    Parameters
    ----------
    sock
        A stream socket, connected; closed with this.
    """

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._whole: collections.deque[tuple[bytes, list[int]]] = collections.deque()
        self._begun: tuple[bytes, list[int]] = (b"", [])

    @classmethod
    def pair(cls) -> tuple[Control, socket.socket]:
        """Make a line: this end, and the socket of the other."""
        ours, theirs = socket.socketpair()
        return cls(ours), theirs

    def fileno(self) -> int:
        """Give the descriptor, to wait on."""
        return self._sock.fileno()

    def send(self, message: Any, fds: Sequence[int] = ()) -> None:
        """Send a message; raises ``OSError`` where the other end is gone."""
        data = json.dumps(message).encode() + b"\n"
        if fds:
            sent = socket.send_fds(self._sock, [data], list(fds))
            data = data[sent:]
        self._sock.sendall(data)

    def receive(self, limit_s: float | None = None) -> tuple[Any, list[int]] | None:
        """Wait for a message and its descriptors; None when the time is up or the other end is gone."""
        while not self._whole:
            if not select.select([self._sock], [], [], limit_s)[0]:
                return None
            try:
                piece, came, _, _ = socket.recv_fds(self._sock, _PIECE, 2)
            except OSError:
                return None
            if not piece:
                return None
            self._take(piece, came)
        data, fds = self._whole.popleft()
        return json.loads(data), fds

    def is_waiting(self) -> bool:
        """Say whether a message was read already, so that the descriptor is silent about it."""
        return bool(self._whole)

    def _take(self, piece: bytes, came: list[int]) -> None:
        """Sort what came into messages; the kernel ends a piece with the message that has descriptors."""
        *ends, rest = piece.split(b"\n")
        for number, end in enumerate(ends):
            data, fds = self._begun
            last = number == len(ends) - 1 and not rest
            self._whole.append((data + end, fds + (came if last else [])))
            self._begun = (b"", [])
        if rest:
            data, fds = self._begun
            self._begun = (data + rest, fds + came)

    def close(self) -> None:
        """Hang up."""
        self._sock.close()
