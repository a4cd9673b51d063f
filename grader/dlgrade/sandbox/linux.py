"""What the kernel offers and Python does not wrap: prctl, a few system calls, stray processes.

Importing this costs one ``import ctypes`` (NumPy needs it anyway) and works on every system;
calling it elsewhere than on Linux raises OSError(ENOSYS), which the layers report as a reason.
"""

# A worker loads this, and the kernel takes strings: pathlib would cost more than it gives.
# ruff: noqa: PTH123, PTH208

import ctypes
import errno
import os
import signal
import struct
import sys
import threading
import time
from collections.abc import Callable

from dlgrade.errors import SandboxError

# include/uapi/linux/prctl.h
PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_SECCOMP = 22
PR_SET_CHILD_SUBREAPER = 36
PR_SET_NO_NEW_PRIVS = 38

# Calls without a libc wrapper; from 424 on, every architecture has the same numbers.
LANDLOCK_CREATE_RULESET = 444
LANDLOCK_ADD_RULE = 445
LANDLOCK_RESTRICT_SELF = 446
_CLOSE_RANGE = 436
_LAST_DESCRIPTOR = 2**31 - 1

_CAPABILITY_VERSION_3 = 0x20080522
# systemd hands out 61184 to 65519 to services for as long as they run and to no account: so do we.
_FIRST_SPARE_UID, _SPARE_UIDS = 61184, 4000

_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
if _libc is not None:
    _libc.syscall.restype = ctypes.c_long


def architecture() -> str:
    """
    Name the system call table in force: "x86_64", "aarch64", or "" where we know none.

    A 32-bit interpreter on a 64-bit kernel uses another table and counts as unknown.
    """
    if sys.platform != "linux" or struct.calcsize("P") != 8:
        return ""
    machine = os.uname().machine
    return machine if machine in ("x86_64", "aarch64") else ""


def _checked(result: int) -> int:
    if result == -1:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result


def require() -> ctypes.CDLL:
    """Return the C library of a Linux system; OSError(ENOSYS) on any other."""
    if _libc is None:
        raise OSError(errno.ENOSYS, "not on this system")
    return _libc


def prepared(number: int, *arguments: int) -> Callable[[], int]:
    """Return a system call to be made again and again with the same integers or addresses."""
    words = [ctypes.c_long(word) for word in (number, *arguments)]
    call = require().syscall
    return lambda: _checked(call(*words))


def syscall(number: int, *arguments: int) -> int:
    """Make one system call with integer or address arguments; errno becomes OSError."""
    return prepared(number, *arguments)()


def prctl(option: int, *arguments: int) -> int:
    """Call prctl; the arguments left out are 0, which some options insist on."""
    words = [ctypes.c_ulong(word) for word in (*arguments, 0, 0, 0, 0)[:4]]
    return _checked(require().prctl(ctypes.c_int(option), *words))


def set_pdeathsig(parent: int | None = None, number: int = signal.SIGKILL) -> None:
    """
    End this process when the thread that forked it ends.

    Parameters
    ----------
    parent : int, optional
        The process expected as parent: if it has gone already, the signal would never come.
    number : int
        The signal sent.

    Raises
    ------
    ProcessLookupError
        If `parent` is no longer the parent.

    Notes
    -----
    The kernel forgets this when the process changes its user id, so set it after that. "Parent"
    means the *thread*: a process started from a thread that ends is ended too.
    """
    prctl(PR_SET_PDEATHSIG, number)
    if parent is not None and os.getppid() != parent:
        raise ProcessLookupError(errno.ESRCH, "the parent process has ended")


def set_dumpable(dumpable: bool) -> None:
    """Say whether processes of the same user may trace this one or open its /proc/PID/mem."""
    prctl(PR_SET_DUMPABLE, int(dumpable))


def set_no_new_privs() -> None:
    """Give up setuid programs for good; Landlock and seccomp ask for this first."""
    prctl(PR_SET_NO_NEW_PRIVS, 1)


def set_child_subreaper() -> None:
    """Become the parent of every descendant whose own parent ends."""
    prctl(PR_SET_CHILD_SUBREAPER, 1)


def count_threads() -> int:
    """Count this process's threads, those that Python does not know of among them."""
    try:
        return len(os.listdir("/proc/self/task"))
    except OSError:  # not Linux
        return threading.active_count()


def spare_uid() -> int:
    """Pick a user id that no account has and that no worker alive has either."""
    return _FIRST_SPARE_UID + os.getpid() % _SPARE_UIDS


def drop_user(uid: int) -> None:
    """Become `uid` (user and group) for good, without groups and without capabilities; root only."""
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)


def drop_capabilities() -> None:
    """Keep the user id but none of root's powers: what remains is what root's files grant root."""
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    nothing = (ctypes.c_uint32 * 6)()
    _checked(require().capset(header, nothing))


def close_descriptors(keep: tuple[int, ...]) -> None:
    """Close every descriptor that is not in `keep`."""
    first = 0
    for descriptor in (*sorted(set(keep)), _LAST_DESCRIPTOR):
        # Never an empty range: os.closerange(0, 0) of CPython 3.11 closes everything.
        if descriptor > first:
            _close_range(first, descriptor - 1)
        first = descriptor + 1


def _close_range(first: int, last: int) -> None:
    try:
        syscall(_CLOSE_RANGE, first, last, 0)
    except OSError:  # older than Linux 5.9, or not Linux
        for descriptor in _open_descriptors():
            if first <= descriptor <= last:
                os.closerange(descriptor, descriptor + 1)


def _open_descriptors() -> list[int]:
    for folder in ("/proc/self/fd", "/dev/fd"):
        try:
            return [int(name) for name in os.listdir(folder)]
        except OSError:
            continue
    return list(range(4096))


def children() -> list[int]:
    """List the direct children of this process; those that are not reaped yet are among them."""
    own = os.getpid()
    try:
        with open(f"/proc/self/task/{own}/children") as listing:
            return [int(pid) for pid in listing.read().split()]
    except OSError:  # a kernel without CONFIG_PROC_CHILDREN
        return [pid for pid in _all_pids() if _parent_of(pid) == own]


def _all_pids() -> list[int]:
    try:
        return [int(name) for name in os.listdir("/proc") if name.isdecimal()]
    except OSError:
        return []


def _parent_of(pid: int) -> int:
    try:
        with open(f"/proc/{pid}/stat", "rb") as stat:
            return int(stat.read().rpartition(b")")[2].split()[1])  # a name may hold brackets
    except (OSError, ValueError, IndexError):
        return -1


def kill_strays(limit_s: float = 2.0) -> int:
    """
    Kill and reap what a worker that has ended left behind; for a zygote that is a subreaper.

    Only direct children are killed: as they end, theirs become ours, until none is left. A direct child
    keeps its number until it is reaped, so no stranger can be hit.

    Parameters
    ----------
    limit_s : float
        Give up after so long.

    Returns
    -------
    int
        How many processes were reaped; reap the worker first if its exit status matters.

    Raises
    ------
    SandboxError
        If some are left when the time is up.
    """
    deadline = time.monotonic() + limit_s
    reaped = 0
    while True:
        count, done = _reap()
        reaped += count
        if done:
            return reaped
        if time.monotonic() > deadline:
            raise SandboxError(f"processes that a worker started could not be ended in {limit_s} s")
        _kill(children())
        time.sleep(0.0002)


def _reap() -> tuple[int, bool]:
    """Reap all that have ended: how many, and whether no child is left at all."""
    count = 0
    while True:
        try:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                return count, False
        except ChildProcessError:
            return count, True
        count += 1


def _kill(pids: list[int]) -> None:
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except OSError:  # ended by itself
            continue
