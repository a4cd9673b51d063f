"""What one worker may use of the machine, as limits that the kernel holds it to."""

# A worker loads this, and the kernel takes strings: pathlib would cost more than it gives.
# ruff: noqa: PTH123

import resource
import sys
from dataclasses import asdict, dataclass
from typing import Any

ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "VECLIB_MAXIMUM")}
"""For the environment of a process that forks: with more than one thread that would not be safe."""

_MIB = 1 << 20


@dataclass(frozen=True)
class Limits:
    """
    Limits of one worker, over its whole life.

    Attributes
    ----------
    cpu_s : int
        Processor seconds; a last resort, since deadlines are the grader's and run by the clock.
    memory_mib : int
        Memory on top of what the worker holds when it starts, in MiB.
    address_mib : int or None
        Address space on top of that, in MiB: threads and allocators reserve much more than they use. It
        alone bounds shared memory. None leaves it unbounded.
    file_mib : int
        Size of one file, in MiB.
    open_files : int
        Descriptors open at once.
    processes : int
        Processes and threads of the worker's user id; it holds only where the worker has one of its own.
    watched : bool
        The kernel limits neither memory nor address space, as CUDA needs, which reserves far more than it
        uses: the zygote looks at the worker's memory instead, every so often, and ends it beyond.
    """

    cpu_s: int = 600
    memory_mib: int = 2048
    address_mib: int | None = 1024
    file_mib: int = 64
    open_files: int = 128
    processes: int = 64
    watched: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as plain values."""
        return asdict(self)


def apply(limits: Limits, own_user: bool = False) -> None:
    """
    Hold this process to its limits, for good.

    Parameters
    ----------
    limits : Limits
        The limits.
    own_user : bool
        No other process has this one's user id, so that its processes can be counted.

    Raises
    ------
    OSError or ValueError
        If the kernel refuses one of them.
    """
    # SIGXCPU first, which says what happened; SIGKILL a second later for those who ignore it.
    _set(resource.RLIMIT_CPU, limits.cpu_s, limits.cpu_s + 1)
    if not limits.watched:
        _limit_memory(limits)
    _set(resource.RLIMIT_FSIZE, limits.file_mib * _MIB)
    _set(resource.RLIMIT_NOFILE, limits.open_files)
    _set(resource.RLIMIT_CORE, 0)
    if sys.platform == "linux":
        _set(resource.RLIMIT_MSGQUEUE, 0)
    if own_user:
        _set(resource.RLIMIT_NPROC, limits.processes)


def _limit_memory(limits: Limits) -> None:
    address, data = _in_use()
    memory = limits.memory_mib * _MIB
    _set(resource.RLIMIT_DATA, data + memory)
    if limits.address_mib is not None:
        _set(resource.RLIMIT_AS, address + memory + limits.address_mib * _MIB)


def held_mib(pid: int) -> int:
    """Tell the memory that a process holds for itself, files aside, in MiB; 0 where that cannot be told."""
    try:
        with open(f"/proc/{pid}/status") as status:
            rows = dict(line.split(":", 1) for line in status)
        return sum(int(rows[name].split()[0]) for name in ("RssAnon", "RssShmem")) // 1024
    except (OSError, KeyError, ValueError):  # it has ended, or this is not Linux
        return 0


def _set(kind: int, soft: int, hard: int | None = None) -> None:
    _, ceiling = resource.getrlimit(kind)
    if ceiling == resource.RLIM_INFINITY:
        ceiling = max(soft, hard or soft)
    # A limit that the grader itself is under, and that is tighter, stays.
    resource.setrlimit(kind, (min(soft, ceiling), min(hard or soft, ceiling)))


def _in_use() -> tuple[int, int]:
    """Measure address space and data segment of this process, in bytes."""
    try:
        with open("/proc/self/statm") as statm:
            pages = statm.read().split()
    except OSError:  # not Linux, or no /proc: the largest memory so far is the best guess there is
        unit = 1 if sys.platform == "darwin" else 1024
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
        return peak, peak
    page = resource.getpagesize()
    return int(pages[0]) * page, int(pages[5]) * page
