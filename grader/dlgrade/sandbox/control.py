"""The line between grader and zygote: JSON, a line a message, with descriptors beside some of them.

Both ends are ours, and they take turns, so nothing has to be validated and a stream will do:
packets that keep their bounds are not to be had on every system.
"""

from __future__ import annotations

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
        data, fds = b"", []
        while not data.endswith(b"\n"):
            if not select.select([self._sock], [], [], limit_s)[0]:
                return None
            try:
                piece, came, _, _ = socket.recv_fds(self._sock, _PIECE, 2)
            except OSError:
                return None
            if not piece:
                return None
            data += piece
            fds += came
        return json.loads(data), fds

    def close(self) -> None:
        """Hang up."""
        self._sock.close()
