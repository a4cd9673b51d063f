"""Limits on a worker's use of the machine, each tried for real."""

import json
import signal
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

import dlgrade.sandbox
from dlgrade.sandbox.limits import Limits

GRADER = str(Path(dlgrade.sandbox.__file__).parents[2])
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")
BEYOND = {
    "allocate_30_gib": "MemoryError",
    "allocate_4_gib": "ENOMEM",
    "share_4_gib": "ENOMEM",
    "write_a_big_file": "EFBIG",
    "open_many_files": "EMFILE",
}


def run(code: str, limits: Limits) -> subprocess.CompletedProcess[str]:
    start = (
        "import json, resource, sys; sys.path.insert(0, sys.argv[1]);"
        "from dlgrade.sandbox import limits; limits.apply(limits.Limits(**json.loads(sys.argv[2])))\n"
    )
    argv = [sys.executable, "-I", "-c", start + code, GRADER, json.dumps(asdict(limits))]
    return subprocess.run(argv, capture_output=True, text=True, timeout=30, check=False)


@pytest.fixture(scope="module")
def limited(probe):
    return probe("limits", BEYOND)["went"]


@pytest.fixture(scope="module")
def unlimited(probe):
    return probe("none", [name for name in BEYOND if name != "allocate_30_gib"])["went"]


@pytest.mark.parametrize("name", BEYOND)
def test_what_goes_beyond_a_limit_fails(name, limited):
    assert limited[name] == BEYOND[name]


@pytest.mark.parametrize("name", [name for name in BEYOND if name != "allocate_30_gib"])
def test_without_limits_it_would_have_worked(name, unlimited):
    assert unlimited[name].startswith("did")


def test_a_loop_ends_when_its_processor_time_is_used_up():
    assert run("while True: pass", Limits(cpu_s=1)).returncode == -signal.SIGXCPU


def test_a_loop_that_ignores_the_first_signal_is_killed():
    code = "import signal; signal.signal(signal.SIGXCPU, signal.SIG_IGN)\nwhile True: pass"
    assert run(code, Limits(cpu_s=1)).returncode == -signal.SIGKILL


def test_memory_is_counted_from_what_the_worker_holds_already():
    code = """
import mmap
held = bytearray(b"x") * (300 << 20)
limits.apply(limits.Limits(memory_mib=100, address_mib=0))
more = bytearray(50 << 20)
try:
    bytearray(150 << 20)
except MemoryError:
    print("beyond")
"""
    assert run(code, Limits(memory_mib=2048)).stdout.split() == ["beyond"]


def test_address_space_can_be_left_unbounded():
    code = "print(resource.getrlimit(resource.RLIMIT_AS)[0], resource.getrlimit(resource.RLIMIT_DATA)[0] > 0)"
    assert run(code, Limits(address_mib=None)).stdout.split() == ["-1", "True"]


def test_a_limit_that_was_tighter_before_stays():
    code = """
limits.apply(limits.Limits(open_files=500, file_mib=500, cpu_s=5000))
kinds = (resource.RLIMIT_NOFILE, resource.RLIMIT_FSIZE, resource.RLIMIT_CPU)
print(json.dumps([resource.getrlimit(kind) for kind in kinds]))
"""
    tight = Limits(open_files=50, file_mib=1, cpu_s=30)
    assert json.loads(run(code, tight).stdout) == [[50, 50], [1 << 20, 1 << 20], [31, 31]]


def test_a_crash_leaves_no_core_file():
    assert run("print(resource.getrlimit(resource.RLIMIT_CORE))", Limits()).stdout == "(0, 0)\n"


def test_limits_go_through_json_and_back():
    limits = Limits(cpu_s=7, address_mib=None)
    assert Limits(**json.loads(json.dumps(limits.to_dict()))) == limits
