"""A GPU for CUDA, and all that a worker needs of the machine to use it.

It is found by its files alone: to ask torch or the driver would initialise CUDA, and no fork after that can
use it. ``DLGRADE_GPU=0`` leaves it out, where it is not to be used.

What CUDA fails without when it starts is not documented. Those who fenced it in before found: every device
file, read, written and controlled; ``/proc/driver/nvidia*``; names given to its threads through
``/proc/self/task``; `memfd_create`; an abstract socket of its own, which it binds and listens on.

References
----------
https://github.com/nolabs-ai/nono/pull/673, https://github.com/NVIDIA/OpenShell/issues/1696,
https://github.com/canonical/snapd, interfaces/builtin/opengl.go.
"""

import contextlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

SWITCH = "DLGRADE_GPU"
_PASSED_ON = ("CUDA_VISIBLE_DEVICES", "CUDA_DEVICE_ORDER")
_ONE = re.compile(r"nvidia\d+")
_WSL = "dxg"  # Windows Subsystem for Linux
_READABLE = (
    *("/proc/driver/nvidia", "/proc/driver/nvidia-uvm", "/proc/driver/nvidia-caps"),
    *("/proc/devices", "/proc/modules", "/proc/stat", "/proc/filesystems"),
    *("/proc/sys/vm/mmap_min_addr", "/proc/sys/vm/overcommit_memory"),
    *("/sys/devices/system/memory", "/sys/devices/system/node", "/sys/bus/pci/devices"),
    *("/sys/module/nvidia", "/sys/module/nvidia_uvm", "/etc/nvidia", "/usr/share/nvidia", "/usr/lib/wsl"),
)
# Where the loader looks without being told, and where drivers lie that it has to be told of.
_LOADED_FROM = ("/lib", "/usr/lib", "/lib64", "/usr/lib64")
_ELSEWHERE = (
    "/usr/lib/wsl/lib",
    "/usr/local/nvidia/lib64",
    "/usr/local/nvidia/lib",
    "/run/opengl-driver/lib",
)
_DRIVER = "libcuda.so.1"
_OF_THE_DRIVER = re.compile(r"lib(cuda|cudadebugger|nvidia-\w.*|nvcuvid|dxcore|d3d12.*)\.so(\.[\w.]+)?")
_MODPROBE = ("/usr/bin/nvidia-modprobe", "/usr/sbin/nvidia-modprobe")
_MODPROBE_S = 10.0


@dataclass(frozen=True)
class Gpu:
    """What a worker gets to use a GPU.

    Attributes
    ----------
    devices : tuple of str
        Device files that it reads, writes and controls.
    readable : tuple of str
        Files and folders that the driver reads, its libraries among them.
    environment : dict of str to str
        Variables that it is started with.
    """

    devices: tuple[str, ...]
    readable: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)


def find(root: Path = Path("/"), environ: Mapping[str, str] | None = None) -> Gpu | None:
    """
    Find what CUDA needs on this machine.

    Parameters
    ----------
    root : Path
        Where the machine's files are.
    environ : mapping of str to str, optional
        The environment; this process's if not given.

    Returns
    -------
    Gpu or None
        None where there is no GPU with its driver, or where it is not to be used.
    """
    environ = os.environ if environ is None else environ
    if sys.platform != "linux" or environ.get(SWITCH) == "0" or not _is_there(root):
        return None
    folder = _folder_of_the_driver(root, environ)
    if folder is None:
        return None
    _wake(root)
    readable = [*(_below(root, path) for path in _READABLE), *_pci(root), *_libraries(folder)]
    passed_on = {name: environ[name] for name in _PASSED_ON if name in environ}
    if folder not in _known_to_the_loader(root):
        passed_on["LD_LIBRARY_PATH"] = str(folder)
    return Gpu(
        tuple(map(str, _devices(root))),
        tuple(dict.fromkeys(str(path) for path in readable if _exists(path))),
        passed_on,
    )


def _below(root: Path, path: str) -> Path:
    return root / path.lstrip("/")


def _names(folder: Path) -> list[str]:
    try:
        return sorted(os.listdir(folder))  # noqa: PTH208 - names are what is asked for
    except OSError:
        return []


def _exists(path: Path) -> bool:
    return os.path.exists(path)  # noqa: PTH110 - in a folder that is closed to us, nothing is there


def _is_there(root: Path) -> bool:
    names = _names(root / "dev")
    return _WSL in names or ("nvidiactl" in names and any(map(_ONE.fullmatch, names)))


def _devices(root: Path) -> Iterator[Path]:
    """List the device files, and those of the folders for slices of a GPU."""
    for name in _names(root / "dev"):
        path = root / "dev" / name
        if name == _WSL or (name.startswith("nvidia") and not path.is_dir()):
            yield path
        elif name.startswith("nvidia"):
            yield from (path / each for each in _names(path))


def _wake(root: Path) -> None:
    """Have the device file for memory made, as the first program to use CUDA does; a worker could not."""
    names = _names(root / "dev")
    program = next(filter(_exists, (_below(root, path) for path in _MODPROBE)), None)
    if "nvidiactl" in names and "nvidia-uvm" not in names and program is not None:
        command = [str(program), "-u", "-c", "0"]
        # If it cannot, CUDA itself will say what is missing.
        with contextlib.suppress(OSError, subprocess.SubprocessError):
            subprocess.run(
                command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_MODPROBE_S, check=False
            )


def _pci(root: Path) -> Iterator[Path]:
    """List the folders of the GPUs themselves, which lie where they are plugged in."""
    for address in _names(root / "proc/driver/nvidia/gpus"):
        yield (root / "sys/bus/pci/devices" / address).resolve()


def _folder_of_the_driver(root: Path, environ: Mapping[str, str]) -> Path | None:
    told = [Path(path) for path in environ.get("LD_LIBRARY_PATH", "").split(":") if path]
    elsewhere = [_below(root, path) for path in _ELSEWHERE]
    folders = [*told, *_known_to_the_loader(root), *elsewhere]
    return next((folder for folder in folders if _exists(folder / _DRIVER)), None)


def _known_to_the_loader(root: Path) -> list[Path]:
    """List folders of the driver that the loader finds by itself: its own, and those in its cache."""
    triple = getattr(sys.implementation, "_multiarch", "")
    own = [folder for path in _LOADED_FROM for folder in (_below(root, path), _below(root, path) / triple)]
    try:
        cache = (root / "etc/ld.so.cache").read_bytes()
    except OSError:
        return own
    found = re.findall(rb"\0(/[^\0]*)/" + re.escape(_DRIVER.encode()) + rb"(?=\0)", cache)
    return [*own, *(_below(root, os.fsdecode(path)) for path in found)]


def _libraries(folder: Path) -> Iterator[Path]:
    """List the driver's libraries, and what their names are links to."""
    for name in _names(folder):
        if _OF_THE_DRIVER.fullmatch(name):
            yield folder / name
            yield (folder / name).resolve()
