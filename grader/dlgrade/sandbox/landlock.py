"""Landlock: what a process may open, by path, and whom it may reach; no privilege needed.

Landlock knows only permissions. To leave out a folder below a permitted one, its siblings are permitted
one by one along the way down to it. Executing is permitted nowhere: loading a shared library is reading.

References
----------
Linux, Documentation/userspace-api/landlock.rst and include/uapi/linux/landlock.h.
"""

import ctypes
import functools
import os
import stat
import struct
from collections.abc import Iterable, Iterator, Sequence

from dlgrade.sandbox import linux

_ASK_FOR_VERSION = 1
_RULE_PATH_BENEATH = 1

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_REMOVE_DIR, _REMOVE_FILE, _MAKE_DIR, _MAKE_REG = 1 << 4, 1 << 5, 1 << 7, 1 << 8
_MAKE_CHAR, _MAKE_SOCK, _MAKE_FIFO, _MAKE_BLOCK, _MAKE_SYM = 1 << 6, 1 << 9, 1 << 10, 1 << 11, 1 << 12
_REFER, _TRUNCATE, _IOCTL_DEV = 1 << 13, 1 << 14, 1 << 15

_READ = _READ_FILE | _READ_DIR
# Plain files and folders; what else a folder can hold (links, sockets, pipes, devices) no exercise makes.
_WRITE = _READ | _WRITE_FILE | _REMOVE_DIR | _REMOVE_FILE | _MAKE_DIR | _MAKE_REG | _REFER | _TRUNCATE
_DEVICE = _READ_FILE | _WRITE_FILE | _IOCTL_DEV
_FOR_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEV
_FS_ABI_1 = (1 << 13) - 1
_NET = 0b11  # bind and connect, TCP
_SCOPE = 0b11  # abstract unix sockets, signals

# What each version of the interface added: version, file rights, name in the list of what is missing.
_ADDED = (
    (2, _REFER, "moving between folders"),
    (3, _TRUNCATE, "truncating"),
    (4, 0, "TCP"),
    (5, _IOCTL_DEV, "device ioctl"),
    (6, 0, "signals and abstract sockets"),
)


def version() -> int:
    """
    Ask for the version of the interface (ABI), 1 or more.

    Raises
    ------
    OSError
        Where the kernel has no Landlock, or it was not switched on at boot.
    """
    return linux.syscall(linux.LANDLOCK_CREATE_RULESET, 0, 0, _ASK_FOR_VERSION)


def restrict(
    readable: Iterable[str],
    writable: Iterable[str],
    hidden: Iterable[str] = (),
    devices: Sequence[str] = (),
) -> tuple[str, ...]:
    """
    Restrict this thread, and all that it starts, for good.

    Parameters
    ----------
    readable : iterable of str
        Folders and files that may be read; what does not exist is passed over.
    writable : iterable of str
        Folders below which files and folders may be made, changed and removed, or single files.
    hidden : iterable of str
        What stays closed below a readable folder. The path that says more wins: something readable
        below something hidden is readable.
    devices : sequence of str
        A GPU's device files, to be read, written and controlled. CUDA also looks at its own process, and
        fails if it cannot name its threads: with devices come those files of this process in /proc.

    Returns
    -------
    tuple of str
        What this kernel's Landlock cannot restrict yet, in words; empty from Linux 6.12 on.

    Raises
    ------
    OSError
        If there is no Landlock, or "no new privileges" was not set before.
    """
    abi = version()
    ruleset = _create(abi)
    try:
        _allow(ruleset, spread(tuple(readable), tuple(hidden)), _READ & _handled(abi))
        _allow(ruleset, writable, _WRITE & _handled(abi))
        if devices:
            _allow(ruleset, devices, _DEVICE & _handled(abi))
            _allow(ruleset, ["/proc/self"], _READ)
            _allow(ruleset, ["/proc/self/task"], (_READ | _WRITE_FILE | _TRUNCATE) & _handled(abi))
        linux.syscall(linux.LANDLOCK_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)
    return tuple(name for since, _, name in _ADDED if abi < since)


def _handled(abi: int) -> int:
    return _FS_ABI_1 | sum(right for since, right, _ in _ADDED if abi >= since)


def _create(abi: int) -> int:
    words = [_handled(abi)]
    if abi >= 4:
        words.append(_NET)
    if abi >= 6:
        words.append(_SCOPE)
    attributes = struct.pack(f"={len(words)}Q", *words)
    buffer = ctypes.create_string_buffer(attributes, len(attributes))
    return linux.syscall(linux.LANDLOCK_CREATE_RULESET, ctypes.addressof(buffer), len(attributes), 0)


def _allow(ruleset: int, paths: Iterable[str], rights: int) -> None:
    # Hundreds of rules where a folder is left out of the standard library's: the loop is kept tight.
    rule = ctypes.create_string_buffer(12)
    add = linux.prepared(linux.LANDLOCK_ADD_RULE, ruleset, _RULE_PATH_BENEATH, ctypes.addressof(rule), 0)
    for path in paths:
        try:
            beneath = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except OSError:  # not on this machine, or not for this user
            continue
        try:
            folder = stat.S_ISDIR(os.fstat(beneath).st_mode)
            struct.pack_into("=Qi", rule, 0, rights if folder else rights & _FOR_FILES, beneath)
            add()
        finally:
            os.close(beneath)


@functools.lru_cache(maxsize=8)
def spread(readable: tuple[str, ...], hidden: tuple[str, ...]) -> tuple[str, ...]:
    """
    List real paths that cover all that is readable and nothing that is hidden.

    The list is kept: a zygote that asks once spares its workers the search.
    """
    wanted = {os.path.realpath(path) for path in readable}
    closed = {os.path.realpath(path) for path in hidden}
    found = {path for root in wanted - closed for path in _without(root, closed)}
    kept: list[str] = []
    for path in sorted(found, key=lambda path: path.split("/")):
        if not (kept and path.startswith(kept[-1] + "/")):
            kept.append(path)
    return tuple(kept)


def _without(root: str, closed: set[str]) -> Iterator[str]:
    below = {path for path in closed if path.startswith(root.rstrip("/") + "/")}
    if not below:
        yield root
        return
    try:
        with os.scandir(root) as found:
            # A link leads elsewhere: to follow it here could open what is hidden.
            entries = [entry.path for entry in found if not entry.is_symlink()]
    except OSError:
        return
    for path in entries:
        if path not in below:
            yield from _without(path, below)
