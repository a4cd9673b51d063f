"""The filter of system calls alone, tried for real, and its table against the kernel's own."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import dlgrade.sandbox
from dlgrade.sandbox import linux, seccomp

GRADER = str(Path(dlgrade.sandbox.__file__).parents[2])
REFUSED = (
    *("fork", "clone", "run_a_program", "posix_spawn", "execute", "leave_a_process_behind"),
    *("connect_to_localhost", "listen_on_localhost", "send_a_datagram", "make_a_pair_of_sockets"),
    *("connect_to_an_abstract_socket", "truncate_by_path", "truncate_by_reading", "chmod", "chown"),
    *("set_times", "set_an_attribute", "make_a_device", "watch_a_folder", "read_the_memory_by_a_call"),
    *("trace_the_parent", "signal_the_parent", "signal_everyone", "open_the_parent_by_number"),
    *("signal_by_a_descriptor", "renice", "choose_processors", "set_a_limit", "become_traceable"),
    *("outlive_the_parent", "change_the_user", "type_into_a_terminal"),
)
# All but those that, let through by mistake, would leave two of this process.
CALLS = sorted({*seccomp.numbers(seccomp.DENIED, 0), *seccomp.numbers(seccomp.DENIED, 1)} - {"fork", "vfork"})
WORKS = (
    *("print_floats", "use_threads", "use_files_in_its_scratch", "import_the_standard_library"),
    *("tell_the_time", "load_what_is_compiled", "handle_signals_of_its_own", "ask_about_itself"),
    "call_back_from_c",
    "compute_with_numpy",
)
OF_ROOT = ("read_the_memory_by_a_call", "trace_the_parent", "type_into_a_terminal")
INTEL = ("call_by_the_x32_numbers", "call_by_the_32_bit_gate")
pytestmark = pytest.mark.skipif(not linux.architecture(), reason="needs Linux on x86_64 or aarch64")


@pytest.fixture(scope="module")
def filtered(probe):
    unknown = ("call clone3", "call openat2", "call_what_is_too_new")
    intel = INTEL if linux.architecture() == "x86_64" else ()
    known = seccomp.numbers(seccomp.DENIED, ("x86_64", "aarch64").index(linux.architecture()))
    calls = [f"call {name}" for name in CALLS if name in known]
    return probe("seccomp", [*REFUSED, *calls, *unknown, *intel, *WORKS], packages=("numpy",))["went"]


@pytest.fixture(scope="module")
def free(probe):
    return probe("none", [name for name in REFUSED if name != "execute"])["went"]


@pytest.mark.parametrize("name", REFUSED)
def test_what_only_an_attack_needs_is_refused_as_python_says_it(name, filtered):
    assert filtered[name] == "PermissionError"


@pytest.mark.parametrize("name", CALLS)
def test_every_call_of_the_table_is_refused(name, filtered):
    if f"call {name}" not in filtered:
        pytest.skip("not on this architecture")
    assert filtered[f"call {name}"] == "PermissionError"


@pytest.mark.parametrize("name", [name for name in REFUSED if name != "execute"])
def test_without_it_nothing_would_have_refused(name, free):
    if name in OF_ROOT and free[name] == "PermissionError":
        pytest.skip("only root can, to an undumpable process or another's terminal")
    assert free[name].startswith("did")


@pytest.mark.parametrize("name", ["call clone3", "call openat2", "call_what_is_too_new"])
def test_calls_that_cannot_be_looked_into_do_not_exist(name, filtered):
    assert filtered[name] == "ENOSYS"


@pytest.mark.parametrize("name", INTEL)
def test_the_tables_of_other_machines_are_shut(name, filtered):
    if name not in filtered:
        pytest.skip("x86_64 only")
    assert filtered[name] == "PermissionError"


@pytest.mark.parametrize("name", WORKS)
def test_ordinary_work_goes_on(name, filtered):
    assert filtered[name].startswith("did")


def run(code: str) -> subprocess.CompletedProcess[str]:
    start = "import sys; sys.path.insert(0, sys.argv[1]); from dlgrade.sandbox import linux, seccomp\n"
    argv = [sys.executable, "-I", "-c", start + code, GRADER]
    return subprocess.run(argv, capture_output=True, text=True, timeout=30, check=False)


def test_a_process_can_still_abort():
    code = "import os; linux.set_no_new_privs(); seccomp.install(); os.abort()"
    assert run(code).returncode == -6


def test_threads_started_later_are_under_it_too():
    code = """
import os, threading
linux.set_no_new_privs()
seccomp.install()
def act():
    try:
        os.fork()
    except PermissionError:
        print("refused")
thread = threading.Thread(target=act)
thread.start()
thread.join()
"""
    assert run(code).stdout == "refused\n"


def test_an_architecture_without_a_table_is_an_error_that_says_so(monkeypatch):
    monkeypatch.setattr(linux, "architecture", lambda: "")
    with pytest.raises(OSError, match="no table of system calls"):
        seccomp.install()


def test_every_call_of_the_table_stands_in_it_once():
    table = seccomp.DENIED + seccomp.AS_UNKNOWN + seccomp.LOOKED_AT
    words = [line for line in table.splitlines() if not line.startswith("#")]
    names = re.findall(r"[a-z]\w+", " ".join(words))
    assert len(names) == len(set(names))
    assert set(names) == seccomp.numbers(table, 0).keys() | seccomp.numbers(table, 1).keys()


@pytest.mark.parametrize(
    ("column", "header"),
    [(0, "/usr/include/x86_64-linux-gnu/asm/unistd_64.h"), (1, "/usr/include/asm-generic/unistd.h")],
)
def test_the_numbers_are_the_kernels(column, header):
    if not Path(header).exists():
        pytest.skip("needs the kernel's headers")
    known = dict(re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)\b", Path(header).read_text()))
    ours = seccomp.numbers(seccomp.DENIED + seccomp.AS_UNKNOWN + seccomp.LOOKED_AT, column)
    wrong = {name: number for name, number in ours.items() if int(known.get(name, number)) != number}
    assert not wrong
    # Newer than the headers at hand, at most.
    assert set(ours) - set(known) <= {"fchmodat2"}


def test_where_x86_64_has_a_call_and_the_other_has_none_nothing_was_forgotten():
    header = Path("/usr/include/asm-generic/unistd.h")
    if not header.exists():
        pytest.skip("needs the kernel's headers")
    known = set(re.findall(r"#define __NR(?:3264)?_(\w+)\s+\d+\b", header.read_text()))
    table = seccomp.DENIED + seccomp.LOOKED_AT
    assert not (set(seccomp.numbers(table, 0)) - set(seccomp.numbers(table, 1))) & known
