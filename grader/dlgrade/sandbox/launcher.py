"""The grader's end of the zygote: starting it, asking it for workers, ending them."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any, Protocol

from dlgrade.errors import SandboxError
from dlgrade.sandbox import bubblewrap, gpu, linux, roots
from dlgrade.sandbox.control import Control
from dlgrade.sandbox.layers import Plan
from dlgrade.sandbox.limits import ONE_THREAD, Limits

START_S = 60.0
END_S = 5.0
_STARTS = 2  # whatever ended one may end the next while it starts, such as a machine without memory
_FILES_OF_CUDA = 384  # about 30 for one GPU, and for each more as many again as it has channels
_PACKAGES = ("numpy", "msgspec")  # what the worker itself needs
_PARENT = str(Path(__file__).resolve().parents[2])
_BOOT = (
    "import sys; sys.path.insert(0, sys.argv[2]); "
    "from dlgrade.sandbox.zygote import main; main(int(sys.argv[1]))"
)


@dataclass
class Spawned:
    """A worker just forked: the socket to it, and the pipe that its prints come through."""

    sock: socket.socket
    output_fd: int


@dataclass(frozen=True)
class Ending:
    """How a worker ended: its exit status, negative for a signal, None if it was killed; why it had to."""

    status: int | None = None
    reason: str | None = None


class WorkerSource(Protocol):
    """Where a session gets its workers from: a zygote, or a thread under ``--debug``."""

    def spawn(self, *, optimizer: bool = False) -> Spawned:
        """Start a worker; `optimizer` where its file seems to use one of torch's."""
        ...

    def end_worker(self, *, ending: bool = False) -> Ending:
        """End it, and say how it ended; `ending` where it seems to have ended by itself."""
        ...

    def close(self) -> None:
        """End everything that was started."""
        ...


class Zygote:
    """A zygote process, started at once and again whenever it was lost.

    Parameters
    ----------
    tools
        The packages that the exercise allows beside the standard library.
    hidden
        Folders that the worker may never read: suites, references, the learner's own.
    limits
        What one worker may use.
    """

    def __init__(self, tools: Sequence[str], hidden: Sequence[Path], limits: Limits) -> None:
        self._tools = tuple(tools)
        found = roots.python_roots([*_PACKAGES, *tools])
        # NumPy has no use for one; what CUDA reserves, no limit allows for.
        self._gpu = gpu.find() if "torch" in tools else None
        self._readable = found.readable
        if self._gpu is not None:
            self._readable += self._gpu.readable
            limits = replace(limits, watched=True, open_files=limits.open_files + _FILES_OF_CUDA)
        self._hidden = [*found.hidden, *(str(path.resolve()) for path in hidden)]
        self._limits = limits
        self._workers = 0
        self._user = "worker"
        self._process: subprocess.Popen[bytes] | None = None
        self._start()

    def adopt(self, user: str) -> None:
        """Use, in a process that was forked from the one that started it, this zygote for a while.

        Parameters
        ----------
        user
            Begins the names of the workers' folders, so that no two users have one of the same name.
        """
        self._user = user

    def is_mine(self) -> bool:
        """Whether this process started the zygote that is there, and so has to close it."""
        return self._process is not None and self._owner == os.getpid()

    def renew(self) -> None:
        """Start another one, if this one was lost, and wait until it is warm.

        Raises
        ------
        SandboxError
            If it cannot be started.
        """
        for _ in range(_STARTS):
            if self._is_ready():
                return
            self._stop()
            self._start()
        if not self._is_ready():
            raise SandboxError(f"the worker could not be started: {self._last_words()}")

    def spawn(self, *, optimizer: bool = False) -> Spawned:
        """Fork a worker; one at a time.

        Parameters
        ----------
        optimizer
            Whether it seems to use one of torch's optimizers, for which the zygote then warms up first.

        Raises
        ------
        SandboxError
            If the zygote cannot be started.
        """
        self.renew()
        ours, theirs = socket.socketpair()
        output, output_end = os.pipe()
        order = {"spawn": self._plan(), "optimizer": optimizer}
        try:
            try:
                self._control.send(order, [theirs.fileno(), output_end])
            except OSError:  # lost just now, or to the process that started it
                self._stop()
                self.renew()
                self._control.send(order | {"spawn": self._plan()}, [theirs.fileno(), output_end])
        finally:
            theirs.close()
            os.close(output_end)
        ours.setblocking(False)
        os.set_blocking(output, False)
        return Spawned(ours, output)

    def end_worker(self, *, ending: bool = False) -> Ending:
        """Kill the worker and all it started, and wait until that is done."""
        with contextlib.suppress(OSError):
            self._control.send("reap" if ending else "end")
        answer = self._control.receive(END_S)
        if answer is None:  # the zygote is gone or stuck: whatever did that goes with it
            self._stop()
            return Ending(reason="ended its process and the one that watched over it")
        return Ending(**answer[0])

    def close(self) -> None:
        """End the zygote and remove its folder."""
        self._stop()

    def _start(self) -> None:
        self._control, theirs = Control.pair()
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by _stop
        self._scratch = Path(tempfile.mkdtemp(prefix="dlgrade-"))
        if os.geteuid() == 0:
            self._scratch.chmod(0o711)  # a worker with a user id of its own passes through
        argv = [sys.executable, "-I", "-c", _BOOT, str(theirs.fileno()), _PARENT]
        self._wrapped = bubblewrap.available() is not None
        devices = () if self._gpu is None else self._gpu.devices
        if self._wrapped:
            argv = bubblewrap.command(
                argv, self._readable, (), self._hidden, str(self._scratch), devices=devices
            )
        self._process = subprocess.Popen(
            argv,
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._errors,
            env=self._environment(),
            start_new_session=True,
            cwd=self._scratch,
        )
        theirs.close()
        self._owner = os.getpid()
        self._control.send({"tools": self._tools, "plan": self._plan()})
        self._answered = False

    def _environment(self) -> dict[str, str]:
        # A GPU that is not to be used must not be found: with one in sight, torch starts threads for it.
        of_cuda = {"CUDA_VISIBLE_DEVICES": ""} if self._gpu is None else self._gpu.environment
        return {
            "PATH": os.defpath,
            "LANG": "C.UTF-8",
            "PYTHONDONTWRITEBYTECODE": "1",
            **ONE_THREAD,
            **of_cuda,
        }

    def _plan(self) -> dict[str, Any]:
        self._workers += 1
        return Plan(
            readable=tuple(self._readable),
            hidden=tuple(self._hidden),
            devices=() if self._gpu is None else self._gpu.devices,
            scratch=str(self._scratch / f"{self._user}{self._workers}"),
            limits=self._limits,
            uid=linux.spare_uid() if os.geteuid() == 0 else None,
            bubblewrap="on" if self._wrapped else bubblewrap.why_not(),
        ).to_dict()

    def _is_ready(self) -> bool:
        """Whether the zygote lives; waits until it has warmed up."""
        if self._process is None:
            return False
        # Only the process that started it can ask whether it lives; another one finds out by its silence.
        if self._owner == os.getpid() and self._process.poll() is not None:
            return False
        if not self._answered:
            self._answered = self._control.receive(START_S) is not None
        return self._answered

    def _stop(self) -> None:
        """Kill the zygote; with it goes, by its death signal or its namespace, what it started."""
        if self._process is None:
            return
        process, self._process = self._process, None
        self._control.close()
        try:
            if self._wrapped or self._owner != os.getpid():
                # Its namespace ends with it, and all that is in it. The whole group, since bubblewrap's own
                # child waits for it at first, and would for ever if it was killed alone. One that was only
                # adopted would not end by itself either: its owner still holds the line.
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
            process.wait(1.0)  # else it ends by itself, now that the line is closed, after clearing up
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self._words = self._read_errors()
        self._errors.close()
        _remove(self._scratch)

    def _read_errors(self) -> str:
        self._errors.seek(0)
        return self._errors.read(1 << 16).decode("utf-8", "replace").strip()

    def _last_words(self) -> str:
        words = self._words if self._process is None else self._read_errors()
        return words.splitlines()[-1] if words else "it ended without a word"


def _remove(folder: Path) -> None:
    """Remove a folder, also what was made unwritable in it on purpose; it may be gone already."""

    def make_removable(function: Any, path: str, error: Any) -> None:  # noqa: ARG001 - as rmtree calls it
        with contextlib.suppress(OSError):
            if Path(path) != folder:  # what lies above is not ours to change
                Path(path).parent.chmod(0o700)
            Path(path).chmod(0o700)
            function(path)

    shutil.rmtree(folder, onerror=make_removable)
