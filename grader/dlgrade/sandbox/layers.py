"""The layers around a worker, in the order in which they go on, and what became of each.

No layer raises: one that fails leaves its reason, and whoever grades decides whether to go on without it.
"""

# A worker loads this, and the kernel takes strings: pathlib would cost more than it gives.
# ruff: noqa: PTH116, PTH120

import functools
import os
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from dlgrade.errors import SandboxError
from dlgrade.sandbox import landlock, limits, linux, seccomp
from dlgrade.sandbox.limits import Limits

ON = "on"
ELSEWHERE = "not on this system"
WATCHED = "CUDA lets no limit hold: it is looked at instead"
_STANDARD = (0, 1, 2)


@dataclass(frozen=True)
class Plan:
    """
    What the layers need to know; plain values, so that it can travel as JSON.

    Attributes
    ----------
    readable, hidden : tuple of str
        What may be read, and what below it may not; see `roots.python_roots`.
    scratch : str
        The one folder for files of the worker's own. It exists and is empty.
    writable : tuple of str
        What else may be written to.
    devices : tuple of str
        Device files of a GPU that CUDA is to use; empty where there is none.
    limits : Limits
        What the worker may use.
    uid : int or None
        The user id to change to, if this is root; None to keep it.
    bubblewrap : str
        "on" if the zygote was started inside, else why not.
    """

    readable: tuple[str, ...]
    scratch: str
    hidden: tuple[str, ...] = ()
    writable: tuple[str, ...] = ("/dev/null",)
    devices: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)
    uid: int | None = None
    bubblewrap: str = "not asked for"

    def to_dict(self) -> dict[str, Any]:
        """Return the plan as lists, dicts, strings and numbers."""
        return asdict(self)

    @classmethod
    def from_dict(cls, fields: dict[str, Any]) -> "Plan":
        """Build the plan again from what `to_dict` gave, also after a way through JSON."""
        lists = {name: tuple(fields[name]) for name in ("readable", "hidden", "writable", "devices")}
        return cls(**{**fields, **lists, "limits": Limits(**fields["limits"])})


def prepare(plan: Plan) -> None:
    """Do in the zygote, once, what would be the same in each of its workers; optional."""
    if sys.platform != "linux":
        return
    landlock.spread(plan.readable, plan.hidden)
    _shut_to_others(plan.readable)
    if linux.architecture():
        seccomp.same_for_all(linux.architecture(), bool(plan.devices))


def apply(plan: Plan, keep_fd: int | None = None, parent: int | None = None) -> dict[str, str]:
    """
    Put every layer over this process, for good.

    Parameters
    ----------
    plan : Plan
        What to restrict it to.
    keep_fd : int, optional
        The descriptor to keep beside 0, 1 and 2; all others are closed.
    parent : int, optional
        The zygote's process id as this process sees it, to notice that it ended before its end is watched.

    Returns
    -------
    dict of str to str
        Each layer's name with "on" or the reason why it is off, in the order in which they went on.
    """
    states: dict[str, str] = {}
    keep = _STANDARD if keep_fd is None else (*_STANDARD, keep_fd)
    states["session"] = _try(_session)
    states["descriptors"] = _try(lambda: linux.close_descriptors(keep))
    states["user"] = _try(lambda: _change_user(plan))
    own_user = states["user"] == ON
    states["limits"] = _try(lambda: limits.apply(plan.limits, own_user))
    states["memory"] = WATCHED if plan.limits.watched else states["limits"]
    states["parent"] = _try(lambda: linux.set_pdeathsig(parent))
    states["undumpable"] = _try(lambda: linux.set_dumpable(False))
    states["no new privileges"] = _try(linux.set_no_new_privs)
    missing: list[str] = []
    states["landlock"] = _try(lambda: missing.extend(_restrict(plan)))
    states["seccomp"] = _try(lambda: seccomp.install(bool(plan.devices)))
    states["bubblewrap"] = plan.bubblewrap
    states["network"] = _network(states, missing)
    return states


def level(states: dict[str, str]) -> int:
    """
    Sum up the layers in a number.

    Returns
    -------
    int
        3: namespaces (bubblewrap), and the kernel refuses the rest; 2: the kernel refuses paths and calls;
        1: a process of its own with limits; 0: not even that.
    """
    on = {name for name, state in states.items() if state == ON}
    if {"landlock", "seccomp", "no new privileges", "undumpable"} <= on:
        return 3 if "bubblewrap" in on else 2
    return 1 if {"session", "limits"} <= on else 0


def _try(layer: Callable[[], object]) -> str:
    try:
        layer()
    except OSError as error:
        return error.strerror or type(error).__name__
    except Exception as error:  # whatever it is, it is this layer's reason and no more
        return str(error) or type(error).__name__
    return ON


def _session() -> None:
    if os.getsid(0) != os.getpid():
        os.setsid()


def _change_user(plan: Plan) -> None:
    """Leave root behind, or at least its powers."""
    if sys.platform != "linux":
        raise SandboxError(ELSEWHERE)
    if os.geteuid() != 0:
        raise SandboxError("only root can give the worker a user id of its own")
    try:
        if plan.uid is None:
            raise SandboxError("not asked for")
        if (shut := _shut_to_others((*plan.readable, plan.scratch))) is not None:
            raise SandboxError(f"{shut}, which it needs to pass through, is closed to other users")
        if (shut := _shut_device(plan.devices)) is not None:
            raise SandboxError(f"{shut}, which CUDA needs, is closed to other users")
        os.chown(plan.scratch, plan.uid, plan.uid)
        linux.drop_user(plan.uid)
    except (OSError, SandboxError):
        linux.drop_capabilities()
        raise


@functools.lru_cache(maxsize=8)
def _shut_to_others(paths: tuple[str, ...]) -> str | None:
    """Find a folder that another user could not pass through on the way to what it needs."""
    passed: set[str] = set()
    for path in paths:
        folder = os.path.dirname(os.path.realpath(path))
        while folder not in passed:
            passed.add(folder)
            try:
                if not os.stat(folder).st_mode & 0o001:
                    return folder
            except OSError:
                break
            folder = os.path.dirname(folder)
    return None


def _shut_device(devices: tuple[str, ...]) -> str | None:
    """Find a device file that its owner keeps to themselves."""
    return next((path for path in devices if os.stat(path).st_mode & 0o006 != 0o006), None)


def _restrict(plan: Plan) -> tuple[str, ...]:
    if sys.platform != "linux":
        raise SandboxError(ELSEWHERE)
    return landlock.restrict(plan.readable, (*plan.writable, plan.scratch), plan.hidden, plan.devices)


def _network(states: dict[str, str], missing: list[str]) -> str:
    """Judge by what closes it: a namespace, no sockets (seccomp), or at least no TCP (Landlock)."""
    if ON in (states["bubblewrap"], states["seccomp"]):
        return ON
    if states["landlock"] == ON and "TCP" not in missing:
        return "TCP is closed, UDP is not"
    return "neither a namespace nor seccomp"
