"""The worker as a thread of this process, for ``--debug``: breakpoints work, nothing is kept apart."""

from __future__ import annotations

import os
import socket
import threading

from dlgrade.sandbox.launcher import Ending, Spawned
from dlgrade.sandbox.worker import Worker

REASON = "off: --debug runs the file in the grader's own process"


class LocalZygote:
    """Stands where a zygote stands; what it gives speaks the same messages."""

    def __init__(self) -> None:
        self._theirs: socket.socket | None = None
        self._thread: threading.Thread | None = None

    def spawn(self, *, optimizer: bool = False) -> Spawned:  # noqa: ARG002 - as for a zygote
        """Start a worker in a thread; what the file prints goes to the terminal."""
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        output, unused = os.pipe()
        os.set_blocking(output, False)
        os.close(unused)
        worker = Worker(theirs)
        # A daemon: Ctrl-C at a breakpoint ends the command, whatever the file is doing.
        self._thread = threading.Thread(target=worker.serve, args=({"process": REASON},), daemon=True)
        self._thread.start()
        self._theirs = theirs
        return Spawned(ours, output)

    def end_worker(self, *, ending: bool = False) -> Ending:  # noqa: ARG002 - as for a zygote
        """Close the worker's end; a thread cannot be killed, only left."""
        if self._theirs is not None:
            self._theirs.shutdown(socket.SHUT_RDWR)
            self._theirs.close()
            self._theirs = None
        return Ending()

    def close(self) -> None:
        """There is nothing else to end."""
        self.end_worker()
