"""bubblewrap once around the zygote: a file system of what it needs, no network, no other processes.

References
----------
bwrap(1), https://github.com/containers/bubblewrap. Size-limited tmpfs needs 0.6 or later.
"""

import functools
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

_FOLDERS = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/bin", "/run/wrappers/bin")
_UNSHARED = ("--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try")
# As root no user namespace is needed, and without one a worker can have a user id of its own. The zygote
# keeps only what it needs for that: to become another, to end it and to clear its files away.
_KEPT = ("CAP_SETUID", "CAP_SETGID", "CAP_KILL", "CAP_CHOWN", "CAP_DAC_OVERRIDE")
_AS_ROOT = (*_UNSHARED, "--cap-drop", "ALL", *(word for cap in _KEPT for word in ("--cap-add", cap)))
_AS_USER = ("--unshare-user", *_UNSHARED)
_DEVICES = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")
_PROBE_S = 10.0


def available() -> str | None:
    """Return the path of a bubblewrap that works here, or None; tried once in a process."""
    return _probe()[0]


def why_not() -> str:
    """Say why `available` gave None, in a few words; "" if it did not."""
    return _probe()[1]


def command(
    argv: Sequence[str],
    readable: Iterable[str],
    writable: Iterable[str],
    hidden: Iterable[str],
    scratch: str,
    scratch_mib: int = 256,
    devices: Iterable[str] = (),
) -> list[str]:
    """
    Wrap a command in bubblewrap.

    Parameters
    ----------
    argv : sequence of str
        The command, by absolute path. Its environment is the one that bubblewrap is started with, its
        inherited descriptors pass through.
    readable, hidden : iterable of str
        What is there to be read, and what below it is not; as for `landlock.restrict`.
    writable : iterable of str
        What else is there, and can be written to.
    scratch : str
        Where an empty folder in memory is mounted; the command starts in it. It need not exist outside.
    scratch_mib : int
        Its size, in MiB.
    devices : iterable of str
        Device files that are there beside those that every program expects.

    Returns
    -------
    list of str
        The whole command line.

    Raises
    ------
    ValueError
        If bubblewrap is not available.
    """
    found, reason, flags = _probe()
    if found is None:
        raise ValueError(reason)
    line = [found, *flags, "--die-with-parent", "--new-session", "--dir", "/dev"]
    made = {"/dev": False}
    for path in (*_DEVICES, *devices):
        line += [*_folders(path, made), "--dev-bind-try", path, path]
    line += ["--proc", "/proc", *_mounts(readable, hidden)]
    for path in writable:
        if path not in _DEVICES:
            line += ["--bind-try", path, path]
    line += ["--size", str(scratch_mib << 20), "--tmpfs", scratch, "--remount-ro", "/", "--chdir", scratch]
    return [*line, "--", *argv]


def _mounts(readable: Iterable[str], hidden: Iterable[str]) -> list[str]:
    """List mount options, from the outer folders to the inner ones, so that the path that says more wins."""
    steps: dict[str, list[str]] = {}
    for path in map(os.path.abspath, readable):
        real = os.path.realpath(path)
        if path.startswith(("/proc/", "/dev/")) or not Path(real).exists():
            continue
        steps[real] = ["--ro-bind", real, real]
        if path != real:
            steps.setdefault(path, ["--symlink", real, path])
    closed = set(map(os.path.realpath, hidden))
    for real in closed:
        steps[real] = ["--tmpfs", real] if Path(real).is_dir() else ["--ro-bind", "/dev/null", real]
    line: list[str] = []
    shown: dict[str, bool] = {}
    for path in sorted(steps, key=lambda path: (path.count("/"), path)):
        visible = _visible(path, shown)
        # Shown by an outer folder already, or not shown by any and so not to be hidden.
        if visible == (path not in closed):
            continue
        if not visible:
            line += _folders(path, shown)
        shown[path] = not visible
        line += steps[path]
    return line


def _visible(path: str, shown: dict[str, bool]) -> bool:
    """Tell whether the innermost folder around a path shows what is in it."""
    return next((shown[folder] for folder in _around(path) if folder in shown), False)


def _folders(path: str, shown: dict[str, bool]) -> list[str]:
    """Make the folders on the way to a path, open to all: those that a bind makes are its maker's only."""
    new = [folder for folder in _around(path) if folder not in shown]
    shown |= dict.fromkeys(new, False)
    return [word for folder in reversed(new) for word in ("--dir", folder)]


def _around(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[:length]) for length in range(len(parts) - 1, 1, -1)]


@functools.cache
def _probe() -> tuple[str | None, str, tuple[str, ...]]:
    """Run bubblewrap once, with all that `command` asks of it."""
    if sys.platform != "linux":
        return None, "not on this system", ()
    found = next((path for path in _candidates() if os.access(path, os.X_OK)), None)
    if found is None:
        return None, "bubblewrap is not installed", ()
    reason = ""
    for flags in (_AS_ROOT, _AS_USER) if os.geteuid() == 0 else (_AS_USER,):
        reason = _attempt([found, *flags])
        if not reason:
            return found, "", flags
    return None, reason, ()


def _candidates() -> list[str]:
    # Not PATH: a program that is to keep others in should not be looked up where they might have put one.
    return [f"{folder}/bwrap" for folder in _FOLDERS]


def _attempt(start: list[str]) -> str:
    import subprocess  # here, since the worker never needs it

    line = [*start, "--die-with-parent", "--new-session", "--ro-bind", "/", "/", "--proc", "/proc"]
    line += ["--dev-bind", "/dev/null", "/dev/null", "--size", "1048576", "--tmpfs", "/tmp"]
    try:
        done = subprocess.run([*line, "--", "/bin/true"], capture_output=True, timeout=_PROBE_S, check=False)
    except (OSError, subprocess.SubprocessError) as error:
        return f"bubblewrap could not be run: {error}"
    words = done.stderr.decode(errors="replace").strip().removeprefix("bwrap: ")
    return "" if done.returncode == 0 else f"bubblewrap does not work here: {words[:200]}"
