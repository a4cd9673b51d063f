"""Which files Python needs on this machine: itself, system libraries, and the named packages only.

Asked in the grader, whose Python the worker's is too. What is not named here a worker cannot read: no other
package, no course, no home. An exercise for NumPy alone thereby has no torch to import.
"""

import os
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

_SYSTEM = (
    *("/etc/ld.so.cache", "/etc/alternatives", "/etc/localtime", "/usr/share/zoneinfo", "/usr/lib/locale"),
    *("/dev/urandom", "/dev/random", "/dev/zero"),
    *("/sys/devices/system/cpu", "/proc/cpuinfo", "/proc/meminfo"),  # torch asks for them
)
_SITE_NAMES = ("site-packages", "dist-packages")
_DLGRADE = Path(__file__).absolute().parent.parent
# What a worker runs of this package. Suites and references may lie beside it, in an installed one.
_OWN = ("__init__.py", "errors.py", "sandbox", "wire")


class Roots(NamedTuple):
    """
    Paths for the layers: what may be read, and what below it may not.

    Attributes
    ----------
    readable, hidden : list of str
        Files and folders that exist. A readable path below a hidden one is readable.
    """

    readable: list[str]
    hidden: list[str]


def python_roots(packages: Iterable[str]) -> Roots:
    """
    List what a worker needs to read.

    Parameters
    ----------
    packages : iterable of str
        The packages it may import beside the standard library, by the names they are installed or imported
        under; what they require comes along.

    Returns
    -------
    Roots
        For `landlock.restrict` and `bubblewrap.command`. The writable ``/dev/null`` is not among them.
    """
    libraries = [*_libraries(), *_standard_library()]
    sites = [path for path in map(Path, sys.path) if path.name in _SITE_NAMES]
    own = [_DLGRADE / name for name in _OWN]
    readable = [*libraries, *_interpreter(), *map(Path, _SYSTEM), *own, *_packages(packages, sites)]
    hidden = [*sites, *(site for folder in libraries for site in _sites_below(folder))]
    return Roots(_existing(readable), _existing(hidden))


def _existing(paths: Iterable[Path]) -> list[str]:
    return [str(path) for path in dict.fromkeys(paths) if path.exists()]


def _names(folder: Path) -> list[str]:
    try:
        return sorted(os.listdir(folder))  # noqa: PTH208 - names are what is asked for
    except OSError:
        return []


def _libraries() -> list[Path]:
    """List system libraries, without all else that distributions keep in /usr/lib."""
    triple = getattr(sys.implementation, "_multiarch", "")
    found = [Path("/lib64"), Path("/usr/lib64")]
    for folder in (Path("/lib"), Path("/usr/lib"), Path("/usr/local/lib")):
        if triple:
            found.append(folder / triple)
        found += [folder / name for name in _names(folder) if ".so" in name]
    return found


def _standard_library() -> list[Path]:
    found = [Path(os.__file__).parent]
    found += [path for path in map(Path, sys.path) if path.name == "lib-dynload"]
    if sys.base_prefix not in ("/usr", "/usr/local"):  # pyenv and conda keep shared libraries of their own
        found.append(Path(sys.base_prefix, "lib"))
    return found


def _interpreter() -> list[Path]:
    """List the program itself (a venv's is a link to another) and a venv's settings."""
    base = getattr(sys, "_base_executable", sys.executable)
    return [Path(sys.executable), Path(base), Path(sys.prefix, "pyvenv.cfg")]


def _sites_below(folder: Path) -> list[Path]:
    """List where packages would be in a folder of libraries, for whichever Python."""
    pythons = [name for name in _names(folder) if name.startswith("python")]
    return [folder / python / name for python in ("", *pythons) for name in _SITE_NAMES]


def _packages(names: Iterable[str], sites: list[Path]) -> list[Path]:
    """List files and folders of packages and of all that these require."""
    described: dict[str, Path] = {}
    for site in reversed(sites):
        infos = [name for name in _names(site) if name.endswith(".dist-info")]
        described |= {_normal(name.partition("-")[0]): site / name for name in infos}
    found: list[Path] = []
    seen: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if (key := _normal(name)) in seen:
            continue
        seen.add(key)
        found += [site / entry for site in sites for entry in (name, f"{name}.py", f"{name}.libs")]
        if key in described:
            found += _recorded(described[key])
            waiting += _required(described[key])
    return found


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _recorded(info: Path) -> list[Path]:
    """List what an installed package says that it put beside its own description."""
    tops = {line.split(",", 1)[0].split("/", 1)[0] for line in _lines(info / "RECORD")}
    return [info.parent / top for top in sorted(tops - {"", "..", "__pycache__"})]


def _required(info: Path) -> list[str]:
    """List the packages that one requires, without its optional extras; not all need be installed."""
    found = []
    for line in _lines(info / "METADATA"):
        if not line:  # the end of the headers
            break
        if line.startswith("Requires-Dist:") and "extra ==" not in line:
            found += re.findall(r"^Requires-Dist:\s*([\w.-]+)", line)
    return found


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
