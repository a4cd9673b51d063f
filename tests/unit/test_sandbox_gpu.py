"""A GPU: found by its files, here by made-up ones, and what a worker is given to use it."""

from __future__ import annotations

import itertools
import os
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dlgrade.sandbox import bubblewrap, gpu, landlock, launcher, layers, limits, linux, seccomp, zygote
from dlgrade.sandbox.control import Control
from dlgrade.sandbox.gpu import Gpu
from dlgrade.sandbox.layers import Plan
from dlgrade.sandbox.limits import Limits
from dlgrade.sandbox.session import Outcome, Session, WorkerLostError

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")
Machine = Callable[..., Path]
# Stands for a GPU's device file where one has to be real: it can be opened for both, and takes no requests.
DEVICE = "/dev/full"
PLUGGED_IN = "sys/devices/pci0000:00/0000:00:01.0/0000:01:00.0"
NVIDIA = (
    *("dev/nvidia0", "dev/nvidiactl", "dev/nvidia-uvm", "dev/nvidia-uvm-tools", "dev/null", "dev/sda"),
    *("dev/nvidia-caps/nvidia-cap1", "dev/nvidia-caps/nvidia-cap2", "etc/passwd"),
    *("proc/driver/nvidia/params", "proc/driver/nvidia/gpus/0000:01:00.0/information", "proc/devices"),
    *(f"{PLUGGED_IN}/config", "sys/devices/system/node/online", "usr/share/nvidia/profiles"),
    *(f"usr/lib64/{name}" for name in ("libcuda.so.1", "libnvidia-ml.so.1", "libc.so.6")),
)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """Return a function that makes a machine's files below a folder, from their paths."""

    def make(*paths: str) -> Path:
        for path in paths:
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).touch()
        if "proc/driver/nvidia/params" in paths:
            links = tmp_path / "sys/bus/pci/devices"
            links.mkdir(parents=True)
            (links / "0000:01:00.0").symlink_to(tmp_path / PLUGGED_IN)
        return tmp_path

    return make


def find(root: Path, **environ: str) -> Gpu | None:
    return gpu.find(root, environ)


def below(root: Path, paths: tuple[str, ...]) -> set[str]:
    return {str(Path(path).relative_to(root)) for path in paths}


# Finding it.


def test_every_device_file_of_the_driver_is_found_and_no_other(machine: Machine) -> None:
    """The GPU, its control, its memory, and its slices; not the disk."""
    found = find(machine(*NVIDIA))
    assert found is not None
    assert below(machine(), found.devices) == {path for path in NVIDIA if path.startswith("dev/nvidia")}


def test_what_the_driver_reads_is_found_and_nothing_else(machine: Machine) -> None:
    """Its libraries, its folders in /proc and /sys, the place where the GPU is plugged in."""
    root = machine(*NVIDIA)
    found = find(root)
    assert found is not None
    assert below(root, found.readable) == {
        *("proc/driver/nvidia", "proc/devices", "sys/bus/pci/devices", "sys/devices/system/node"),
        *(PLUGGED_IN, "usr/share/nvidia", "usr/lib64/libcuda.so.1", "usr/lib64/libnvidia-ml.so.1"),
    }


MISSING = ("dev/nvidia0", "dev/nvidiactl", "usr/lib64/libcuda.so.1")


@pytest.mark.parametrize("missing", MISSING)
def test_without_a_gpu_its_control_or_its_driver_there_is_none(machine: Machine, missing: str) -> None:
    """A driver without a GPU, or a GPU without a driver, is of no use."""
    assert find(machine(*(path for path in NVIDIA if path != missing))) is None


def test_a_machine_without_any_of_it_has_none(machine: Machine) -> None:
    """Not even the folders need be there."""
    assert find(machine()) is None


def test_a_gpu_that_is_not_to_be_used_is_not_found(machine: Machine) -> None:
    """DLGRADE_GPU=0 says so; any other value does not."""
    root = machine(*NVIDIA)
    assert find(root, DLGRADE_GPU="0") is None
    assert find(root, DLGRADE_GPU="1") is not None


def test_the_choice_among_gpus_is_passed_on_and_nothing_else(machine: Machine) -> None:
    """CUDA's own variables reach the worker, the rest of the environment does not."""
    found = find(machine(*NVIDIA), CUDA_VISIBLE_DEVICES="1", CUDA_DEVICE_ORDER="PCI_BUS_ID", SECRET="x")
    assert found is not None
    assert found.environment == {"CUDA_VISIBLE_DEVICES": "1", "CUDA_DEVICE_ORDER": "PCI_BUS_ID"}


def test_a_driver_that_lies_elsewhere_is_found_and_the_loader_told(machine: Machine) -> None:
    """As in containers, where it is mounted into a folder of its own."""
    root = machine(*NVIDIA[:-3], "usr/local/nvidia/lib64/libcuda.so.1")
    found = find(root)
    assert found is not None
    assert found.environment == {"LD_LIBRARY_PATH": str(root / "usr/local/nvidia/lib64")}
    assert str(root / "usr/local/nvidia/lib64/libcuda.so.1") in found.readable


def test_a_driver_that_the_loader_was_told_of_comes_first(machine: Machine) -> None:
    """LD_LIBRARY_PATH decides in the worker as it does outside."""
    root = machine(*NVIDIA, "opt/driver/libcuda.so.1")
    found = find(root, LD_LIBRARY_PATH=f":{root}/nowhere:{root}/opt/driver")
    assert found is not None
    assert found.environment == {"LD_LIBRARY_PATH": str(root / "opt/driver")}


def test_a_driver_in_the_loaders_cache_needs_no_telling(machine: Machine) -> None:
    """The loader finds it there by itself."""
    root = machine(*NVIDIA[:-3], "opt/driver/libcuda.so.1")
    cached = b"glibc-ld.so.cache1.1\0/lib/libc.so.6\0/opt/driver/libcuda.so.1\0libcuda.so.1\0"
    (root / "etc/ld.so.cache").write_bytes(cached)
    found = find(root)
    assert found is not None
    assert found.environment == {}
    assert str(root / "opt/driver/libcuda.so.1") in found.readable


def test_a_library_is_found_with_what_its_name_is_a_link_to(machine: Machine) -> None:
    """A worker that may read the link alone could not load it."""
    root = machine(*NVIDIA, "usr/lib/nvidia-580/libnvidia-ptx.so.580.1")
    (root / "usr/lib64/libnvidia-ptx.so.1").symlink_to(root / "usr/lib/nvidia-580/libnvidia-ptx.so.580.1")
    found = find(root)
    assert found is not None
    assert {"usr/lib64/libnvidia-ptx.so.1", "usr/lib/nvidia-580/libnvidia-ptx.so.580.1"} <= below(
        root, found.readable
    )


def test_under_windows_there_is_another_device(machine: Machine) -> None:
    """WSL has one device file, and the driver in a folder of its own."""
    found = find(machine("dev/dxg", "usr/lib/wsl/lib/libcuda.so.1"))
    assert found is not None
    assert below(machine(), found.devices) == {"dev/dxg"}
    assert "usr/lib/wsl" in below(machine(), found.readable)


@pytest.fixture
def modprobe(machine: Machine) -> Path:
    """Return a machine on which nobody has used CUDA since it started."""
    root = machine(*(path for path in NVIDIA if not path.startswith("dev/nvidia-uvm")))
    program = root / "usr/bin/nvidia-modprobe"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\n[ "$*" = "-u -c 0" ] && touch {root}/dev/nvidia-uvm\n')
    program.chmod(0o755)
    return root


def test_the_device_file_for_memory_is_made_by_the_first_to_use_it(modprobe: Path) -> None:
    """Outside a worker any program would have it made; in one, none can."""
    found = find(modprobe)
    assert found is not None
    assert "dev/nvidia-uvm" in below(modprobe, found.devices)


def test_where_it_cannot_be_made_the_gpu_is_found_all_the_same(modprobe: Path) -> None:
    """CUDA itself says what is missing then."""
    (modprobe / "usr/bin/nvidia-modprobe").write_text("no program")
    assert find(modprobe) is not None


def test_a_gpu_that_is_not_to_be_used_is_not_woken(modprobe: Path) -> None:
    """Nothing is run where nothing is wanted."""
    find(modprobe, DLGRADE_GPU="0")
    assert not (modprobe / "dev/nvidia-uvm").exists()


def test_on_another_system_there_is_none(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """CUDA is there on Linux alone, as far as workers go."""
    root = machine(*NVIDIA)
    monkeypatch.setattr(sys, "platform", "darwin")
    assert find(root) is None


# Letting a worker at it.


def bound(line: list[str]) -> set[str]:
    return {path for word, path in itertools.pairwise(line) if word == "--dev-bind-try"}


def test_bubblewrap_is_told_of_every_device(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is bound as a device, in folders that are there before."""
    monkeypatch.setattr(bubblewrap, "_probe", lambda: ("/usr/bin/bwrap", "", ()))
    devices = ("/dev/nvidia0", "/dev/nvidia-caps/nvidia-cap1", "/dev/nvidia-caps/nvidia-cap2")
    line = bubblewrap.command(["/bin/true"], [], [], [], "/scratch", devices=devices)
    assert bound(line) == {"/dev/null", "/dev/zero", "/dev/random", "/dev/urandom", *devices}
    folder = line.index("/dev/nvidia-caps")
    assert line[folder - 1] == "--dir"
    assert folder < line.index("/dev/nvidia-caps/nvidia-cap1")
    assert line.count("/dev/nvidia-caps") == 1


RIGHTS = {5: landlock._READ_FILE | landlock._WRITE_FILE | landlock._IOCTL_DEV}
RIGHTS[4] = RIGHTS[5] & ~landlock._IOCTL_DEV


@pytest.mark.parametrize("version", [1, 4, 5, 6])
def test_landlock_lets_devices_be_read_written_and_controlled(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, version: int
) -> None:
    """Each gets a rule; the right to control is asked for where this kernel knows it."""
    found = find(machine(*NVIDIA))
    assert found is not None
    rules = {}

    def add(path: str, rights: int) -> None:
        rules[path] = rights

    monkeypatch.setattr(landlock, "version", lambda: version)
    monkeypatch.setattr(landlock, "_create", lambda _: os.open("/", os.O_RDONLY))
    monkeypatch.setattr(linux, "syscall", lambda *_: 0)
    monkeypatch.setattr(landlock, "_allow", lambda _, paths, rights: [add(path, rights) for path in paths])
    landlock.restrict((), (), (), found.devices)
    own = {"/proc/self", "/proc/self/task"}
    assert set(rules) == {*found.devices, *own}
    assert {rules[path] for path in found.devices} == {RIGHTS[5 if version >= 5 else 4]}
    assert rules["/proc/self"] == landlock._READ
    assert rules["/proc/self/task"] & landlock._WRITE_FILE
    rules.clear()
    landlock.restrict((), ())
    assert rules == {}


def filters(cuda: bool) -> dict[str, set[int]]:
    """Collect the calls that the filter answers at once, by the answer."""
    program = seccomp.same_for_all("x86_64", cuda)
    steps = [struct.unpack("=HBBI", program[at : at + 8]) for at in range(0, len(program), 8)]
    refused = {step[3] for step, after in itertools.pairwise(steps) if step[0] == 0x15 and after[0] == 6}
    names = {number: name for name, number in seccomp.numbers(seccomp.DENIED, 0).items()}
    return {names[number] for number in refused if number in names}


def test_the_filter_lets_pass_what_cuda_starts_with_and_no_more() -> None:
    """What is let pass is named; a socket is still looked at."""
    assert filters(cuda=False) - filters(cuda=True) == set(seccomp.FOR_CUDA)
    assert filters(cuda=True) < filters(cuda=False)


def test_a_device_that_its_owner_keeps_is_why_a_worker_keeps_its_user(tmp_path: Path) -> None:
    """Another user than root's could not open it."""
    for mode, found in ((0o666, None), (0o660, str(tmp_path / "nvidia0"))):
        (tmp_path / "nvidia0").touch()
        (tmp_path / "nvidia0").chmod(mode)
        assert layers._shut_device((str(tmp_path / "nvidia0"),)) == found


# A worker's layers with a device, tried for real.

HOSTILE_ALL_THE_SAME = (
    *("fork", "run_a_program", "execute", "connect_to_localhost", "listen_on_localhost", "send_a_datagram"),
    *(
        "make_a_pair_of_sockets",
        "connect_to_an_abstract_socket",
        "read_what_is_hidden",
        "list_what_is_hidden",
    ),
    *("read_what_is_nowhere_named", "read_passwords", "read_by_a_link_of_its_own", "write_outside"),
    *("read_by_its_own_root", "write_to_what_it_may_read", "make_a_device", "write_to_shared_memory"),
    *("read_the_memory_of_the_parent", "read_the_environment_of_the_parent", "trace_the_parent"),
    *("signal_the_parent", "change_the_user", "make_a_named_socket", "call connect", "call accept"),
)
FOR_CUDA = (
    "name_a_thread",
    "listen_on_an_abstract_socket",
    "make_memory",
    "read_its_own_maps",
    "use_the_device",
)


def kernel_can() -> bool:
    try:
        return landlock.version() >= 6 and bool(linux.architecture())
    except OSError:
        return False


needs_all = pytest.mark.skipif(not kernel_can(), reason="needs Landlock of Linux 6.12 and seccomp")


@pytest.fixture(scope="module", params=["kernel", "namespaces"])
def with_device(request, probe):
    """Try everything in a worker that has a device, with bubblewrap around it and without."""
    wrapped = request.param == "namespaces"
    if wrapped and bubblewrap.available() is None:
        pytest.skip(f"needs bubblewrap: {bubblewrap.why_not()}")
    uid = linux.spare_uid() if wrapped and os.geteuid() == 0 else None
    tries = (*HOSTILE_ALL_THE_SAME, *FOR_CUDA)
    return probe("all", tries, wrapped=wrapped, devices=(DEVICE,), uid=uid, limits=Limits(watched=True))


@needs_all
@pytest.mark.parametrize("name", HOSTILE_ALL_THE_SAME)
def test_hostile_code_with_a_device_is_refused_all_the_same(name, with_device):
    assert not with_device["went"][name].startswith("did")


@needs_all
@pytest.mark.parametrize("name", FOR_CUDA)
def test_what_cuda_does_when_it_starts_works_with_a_device(name, with_device):
    assert with_device["went"][name].startswith("did")


@needs_all
def test_without_a_device_nothing_of_that_works(probe):
    went = probe("all", FOR_CUDA)["went"]
    assert {name for name, how in went.items() if how.startswith("did")} == set()


@needs_all
def test_the_layers_say_that_no_limit_holds_with_cuda(with_device):
    assert with_device["put"]["memory"] == layers.WATCHED
    assert with_device["put"]["limits"] == "on"
    assert layers.level(with_device["put"]) >= 2


# From the grader to the worker.


@pytest.fixture(scope="module")
def workers() -> Iterator[launcher.Zygote]:
    """Return a zygote with torch and a device that stands for a GPU."""
    with pytest.MonkeyPatch.context() as patch:
        found = Gpu((DEVICE,), ("/etc/hostname",), {"CUDA_VISIBLE_DEVICES": "1"})
        patch.setattr(gpu, "find", lambda: found)
        made = launcher.Zygote(["torch"], [], Limits(memory_mib=256))
    yield made
    made.close()


SOURCE = f"""
import os, time

def device():
    with open({DEVICE!r}, "r+b", buffering=0) as file:
        return len(file.read(3))

def driver():
    with open("/etc/hostname") as file:
        return len(file.read()) > 0

def environment():
    return os.environ["CUDA_VISIBLE_DEVICES"], os.path.dirname(os.environ["CUDA_CACHE_PATH"]) != ""

def cache():
    with open(os.path.join(os.environ["CUDA_CACHE_PATH"], "index"), "w") as file:
        return file.write("kept")

def reserve():
    import mmap
    unaccounted = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x4000
    return len(mmap.mmap(-1, 1 << 40, flags=unaccounted, prot=mmap.PROT_READ))

def use(mib):
    held = bytearray(b"x") * (mib << 20)
    time.sleep(0.5)
    return len(held) >> 20
"""


@pytest.fixture
def session(workers: launcher.Zygote) -> Iterator[Session]:
    """Return a session whose worker has the device."""
    made = Session(workers, SOURCE, "toy.py", ["torch"], 20.0, 20.0)
    assert made.load().troubles == []
    yield made
    made.close()


@needs_all
def test_a_worker_uses_the_device_and_reads_what_the_driver_reads(session: Session) -> None:
    """What was found on the machine reaches the worker through all its layers."""
    assert session.call("device", (), {}) == Outcome(3)
    assert session.call("driver", (), {}) == Outcome(True)
    assert session.layers["memory"] == layers.WATCHED


@needs_all
def test_a_worker_is_told_which_gpu_and_where_to_keep_what_was_compiled(session: Session) -> None:
    """The choice is passed on, and the cache lies in the worker's own folder."""
    assert session.call("environment", (), {}).value == ("1", True)
    assert session.call("cache", (), {}) == Outcome(4)


@needs_all
def test_a_worker_may_reserve_more_than_there_is_and_use_what_is_allowed(session: Session) -> None:
    """A terabyte of addresses, as CUDA takes, costs nothing; memory that is used counts."""
    assert session.call("reserve", (), {}) == Outcome(1 << 40)
    assert session.call("use", (100,), {}) == Outcome(100)
    with pytest.raises(WorkerLostError, match="had its process killed for using too much memory"):
        session.call("use", (600,), {})


def test_without_a_gpu_none_is_in_sight_and_limits_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    """Torch starts threads for a GPU that it can see, so it must not see one that is not to be used."""
    started = {}
    monkeypatch.setattr(gpu, "find", lambda: None)
    monkeypatch.setattr(launcher.Zygote, "_start", lambda self: started.update(zygote=self))
    made = launcher.Zygote(["torch"], [], Limits(memory_mib=256))
    made._scratch, made._wrapped = Path("/scratch"), False
    assert made._environment()["CUDA_VISIBLE_DEVICES"] == ""
    plan = Plan.from_dict(made._plan())
    assert (plan.devices, plan.limits.watched, plan.limits.open_files) == ((), False, 128)


def test_an_exercise_without_torch_gets_no_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    """NumPy has no use for one, and its memory can be limited."""
    monkeypatch.setattr(gpu, "find", lambda: pytest.fail("it was looked for"))
    monkeypatch.setattr(launcher.Zygote, "_start", lambda self: None)
    assert launcher.Zygote(["numpy"], [], Limits())._gpu is None


# The zygote.


def test_a_zygote_that_has_opened_a_gpu_refuses_to_serve(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever opened it: no fork can use CUDA after that."""
    monkeypatch.setattr(linux, "count_threads", lambda: 1)
    device = tmp_path / "nvidia0"
    device.touch()
    assert not zygote._uses_cuda([str(device)])
    with device.open():
        assert zygote._uses_cuda([str(device)])
        with pytest.raises(RuntimeError, match="DLGRADE_GPU=0"):
            zygote._settle([str(device)])


def test_a_zygote_whose_torch_has_initialised_cuda_refuses_to_serve(monkeypatch: pytest.MonkeyPatch) -> None:
    """Torch itself says so."""
    import torch

    monkeypatch.setattr(torch.cuda, "is_initialized", lambda: True)
    monkeypatch.setattr(linux, "count_threads", lambda: 1)
    with pytest.raises(RuntimeError, match="before a fork"):
        zygote._settle(["/dev/nvidia0"])


WARM_UP = """
import sys
sys.path.insert(0, sys.argv[1])
import torch
from dlgrade.sandbox import linux, zygote

def refusing(name):
    def refuse(*_, **__):
        raise AssertionError(f"{name} would initialise CUDA")
    return refuse

# As far as torch's Python can tell, this is one that was built for CUDA.
torch._C._cuda_getCurrentRawStream = refusing("a stream")
torch._C._cuda_getDeviceCount = refusing("counting")
torch.backends.cuda.is_built = lambda: True
for module in (torch.cuda, torch.accelerator):
    for name in ("is_available", "device_count", "current_device", "current_accelerator", "_lazy_init"):
        if hasattr(module, name):
            setattr(module, name, refusing(name))
torch.Tensor.backward = refusing("a backward pass")
torch.set_num_threads(1)
zygote._warm_optimizer(["/dev/nvidia0"])
print("torch._dynamo" in sys.modules, linux.count_threads())
"""


def test_warming_up_asks_torch_for_no_gpu() -> None:
    """Neither an optimizer's step nor a backward pass is made: both initialise CUDA where there is one."""
    argv = [sys.executable, "-I", "-c", WARM_UP, str(Path(zygote.__file__).parents[2])]
    environment = {"PATH": os.defpath, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(argv, capture_output=True, text=True, env=environment, check=False)
    assert done.stdout == "True 1\n", done.stderr


def test_threads_that_python_does_not_know_of_are_counted() -> None:
    """Torch's own threads make a fork unsafe, too."""
    assert linux.count_threads() == len(os.listdir("/proc/self/task"))  # noqa: PTH208


def test_the_memory_that_a_process_holds_is_measured() -> None:
    """What it has written to counts, files that it maps do not."""
    before = limits.held_mib(os.getpid())
    held = bytearray(b"x") * (64 << 20)
    assert 55 <= limits.held_mib(os.getpid()) - before <= 75
    del held
    assert limits.held_mib(2**22 + 1) == 0


def test_a_worker_that_holds_too_much_is_ended_by_the_zygote(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It is looked at every so often, and only where no limit holds."""
    monkeypatch.setattr(zygote, "held_mib", lambda pid: 300 if pid == 7 else 100)
    monkeypatch.setattr(zygote, "_has_ended", lambda pid: False)
    monkeypatch.setattr(zygote.select, "select", lambda *_: ([], [], []))
    plan = Plan((), str(tmp_path), limits=Limits(memory_mib=150, watched=True)).to_dict()
    assert zygote._memory_max(plan) == 250
    assert zygote._memory_max({**plan, "limits": {**plan["limits"], "watched": False}}) is None
    ours, theirs = Control.pair()
    with theirs:
        said = zygote._wait_or_end(ours, 7, str(tmp_path), 250)
    ours.close()
    assert said == "had its process killed for using too much memory"
