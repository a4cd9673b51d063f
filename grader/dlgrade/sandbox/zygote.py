"""The zygote: a warm process without secrets that forks one worker at a time.

It is started by exec, so nothing of the grader's memory is in it; it imports the exercise's
tools once, and a fresh worker costs a fork. A worker's own two descriptors come with the order.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import select
import shutil
import signal
import socket
import sys
import time
from collections.abc import Sequence
from typing import IO, Any, NoReturn

from dlgrade.errors import SandboxError
from dlgrade.sandbox import layers, linux
from dlgrade.sandbox.control import Control
from dlgrade.sandbox.limits import held_mib

SCRATCH_MIB = 256
FILES_MAX = 10_000
CUDA_CACHE_MIB = 64
_LOOK_S = 0.05
_OF_EVERY_WORKER = ("dlgrade.sandbox.worker", "numpy.random", "tempfile")
"""What each worker would import after the fork; NumPy's generators alone take it 10 ms."""


def main(control_fd: int) -> None:
    """Warm up, say so, then serve until the grader closes the socket."""
    control = Control(socket.socket(fileno=control_fd))
    first = control.receive()
    if first is None:
        return
    setup, _ = first
    _guard_self()
    layers.prepare(layers.Plan.from_dict(setup["plan"]))
    for tool in setup["tools"]:
        importlib.import_module(tool)
    if "torch" in setup["tools"]:
        sys.modules["torch"].set_num_threads(1)
    for module in _OF_EVERY_WORKER:
        importlib.import_module(module)
    devices = setup["plan"]["devices"]
    _settle(devices)
    control.send("ready")
    while (order := control.receive()) is not None:
        message, fds = order
        if "spawn" in message:
            if message["optimizer"] and "torch" in setup["tools"]:
                _warm_optimizer(devices)
            _oversee(control, message["spawn"], fds)


def _guard_self() -> None:
    for guard in (linux.set_pdeathsig, linux.set_child_subreaper, lambda: linux.set_dumpable(False)):
        with contextlib.suppress(OSError, SandboxError):  # not on this system
            guard()


def _settle(devices: Sequence[str]) -> None:
    """Make sure that a fork is safe, and cheap."""
    if linux.count_threads() != 1:
        raise RuntimeError("the zygote has more than one thread: a fork would not be safe")
    if devices and _uses_cuda(devices):
        raise RuntimeError("CUDA was initialised before a fork; with DLGRADE_GPU=0 no GPU is used")
    gc.collect()
    gc.freeze()


def _uses_cuda(devices: Sequence[str]) -> bool:
    """Whether anything in this process has opened a GPU: torch knows only of its own doing."""
    if "torch" in sys.modules and sys.modules["torch"].cuda.is_initialized():
        return True
    links = []
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208
        with contextlib.suppress(OSError):  # the one of the listing itself
            links.append(os.readlink(f"/proc/self/fd/{name}"))  # noqa: PTH115
    return not set(devices).isdisjoint(links)


def _warm_optimizer(devices: Sequence[str]) -> None:
    """Import what a first optimizer step imports, once for all workers to come.

    It takes as long as torch itself, so it waits for a file that seems to have an optimizer.
    """
    if "torch._dynamo" in sys.modules:
        return
    import torch

    # No step and no backward: where there is a GPU, the one would initialise CUDA, the other start threads.
    torch.optim.Adam([torch.nn.Parameter(torch.zeros(2))])
    _settle(devices)


def _oversee(control: Control, plan: dict[str, Any], fds: list[int]) -> None:
    """Fork a worker, wait for its end or for the order to end it, and clean up behind it."""
    scratch = plan["scratch"]
    os.mkdir(scratch, mode=0o700)  # noqa: PTH102 - pathlib is not needed here otherwise
    zygote = os.getpid()
    pid = os.fork()
    if pid == 0:
        _be_worker(control, plan, fds, zygote)
    for fd in fds:
        os.close(fd)
    reason = _wait_or_end(control, pid, scratch, _memory_max(plan))
    alive = not _has_ended(pid)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    with contextlib.suppress(SandboxError):  # what will not end now ends with the zygote
        linux.kill_strays()
    shutil.rmtree(scratch, ignore_errors=True)
    control.send({"status": None if alive else os.waitstatus_to_exitcode(status), "reason": reason})


def _memory_max(plan: dict[str, Any]) -> int | None:
    """Say how much a worker may hold, in MiB, where no limit holds it to that."""
    limits = layers.Plan.from_dict(plan).limits
    return limits.memory_mib + held_mib(os.getpid()) if limits.watched else None


def _wait_or_end(control: Control, pid: int, scratch: str, memory_max_mib: int | None) -> str | None:
    """Wait until the worker ends or is to be ended; the reason, where it used too much."""
    while not _has_ended(pid):
        if control.is_waiting() or select.select([control], [], [], _LOOK_S)[0]:
            order = control.receive()  # None: the grader is gone
            if order is not None and order[0] == "reap":
                _give_time_to_end(pid)
            return None
        if _too_large(scratch):
            return f"wrote more than {SCRATCH_MIB} MiB, or {FILES_MAX:,} files, into its folder"
        if memory_max_mib is not None and held_mib(pid) > memory_max_mib:
            return "had its process killed for using too much memory"
    return None


def _give_time_to_end(pid: int) -> None:
    """Wait a little for a worker whose socket is closed: its status says why, if it is ending."""
    for _ in range(40):
        if _has_ended(pid):
            return
        time.sleep(0.005)


def _has_ended(pid: int) -> bool:
    """Whether a worker has ended; it stays to be reaped."""
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _too_large(folder: str) -> bool:
    """Whether a folder holds too much; only the one that bubblewrap makes has a size of its own."""
    left, entries = SCRATCH_MIB << 20, FILES_MAX
    for path, folders, files in os.walk(folder):
        entries -= len(folders) + len(files)
        with contextlib.suppress(OSError):
            left -= sum(os.lstat(os.path.join(path, name)).st_blocks * 512 for name in files)  # noqa: PTH118
        if left < 0 or entries < 0:
            return True
    return False


def _be_worker(control: Control, plan: dict[str, Any], fds: list[int], zygote: int) -> NoReturn:
    """Become the worker; never returns."""
    status = 70
    try:
        control.close()
        sock_fd, output_fd = fds
        null = os.open(os.devnull, os.O_RDONLY)
        for source, target in ((null, 0), (output_fd, 1), (output_fd, 2)):
            os.dup2(source, target)
        os.close(null)
        os.close(output_fd)
        os.chdir(plan["scratch"])
        sock = socket.socket(fileno=sock_fd)
        sock.setblocking(True)  # deadlines are the grader's; to wait in `recv` itself is quickest
        _fresh_state(plan["scratch"])
        on = layers.apply(layers.Plan.from_dict(plan), sock_fd, zygote)
        from dlgrade.sandbox.worker import Worker

        Worker(sock).serve(on)
        status = 0
    except BaseException as error:
        with contextlib.suppress(Exception):
            sys.stderr.write(f"the worker could not go on: {error!r}\n")
            sys.stderr.flush()
    finally:
        os._exit(status)


def _fresh_state(scratch: str) -> None:
    """Give the worker what a fork would otherwise share: streams, folders, random states."""
    import tempfile

    from dlgrade.sandbox import loading

    tempfile.tempdir = scratch
    os.environ.update(HOME=scratch, TMPDIR=scratch)
    os.environ.update(CUDA_CACHE_PATH=scratch, CUDA_CACHE_MAXSIZE=str(CUDA_CACHE_MIB << 20))
    sys.stdout, sys.stderr = _text(1), _text(2)
    loading.seed()


def _text(fd: int) -> IO[str]:
    """Open a descriptor for printing: the streams that were there still believe in what it was before."""
    return open(fd, "w", encoding="utf-8", errors="backslashreplace", closefd=False)
