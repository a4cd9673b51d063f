"""What the kernel does for us when asked: ends, strays, descriptors."""

import contextlib
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

import dlgrade.sandbox
from dlgrade.errors import SandboxError
from dlgrade.sandbox import linux

GRADER = str(Path(dlgrade.sandbox.__file__).parents[2])
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")
START = "import os, signal, sys, time; sys.path.insert(0, sys.argv[1]); from dlgrade.sandbox import linux\n"


def run(code: str) -> list[str]:
    argv = [sys.executable, "-I", "-c", START + code, GRADER]
    return subprocess.run(argv, capture_output=True, text=True, timeout=30, check=True).stdout.split()


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()


def ended(pid: int) -> bool:
    for _ in range(300):
        with contextlib.suppress(OSError):
            if is_alive(pid):
                time.sleep(0.01)
                continue
        return True
    return False


STRAYS = """
linux.set_child_subreaper()
if (worker := os.fork()) == 0:
    for depth in range(3):
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
                print(os.getpid(), flush=True)
                time.sleep(60)
            os._exit(0)
    time.sleep(0.1)
    os._exit(0)
os.waitpid(worker, 0)
"""


def test_strays_are_ended_wherever_they_went():
    *pids, reaped = map(int, run(STRAYS + "print(linux.kill_strays())"))
    assert len(pids) == 3
    assert reaped >= 3
    assert not any(map(is_alive, pids))


def test_strays_are_found_without_the_kernels_list_of_children():
    code = "linux.open = lambda path, *rest: open(path.replace('task', 'x'), *rest)\n"
    *pids, reaped = map(int, run(STRAYS + code + "print(linux.kill_strays())"))
    assert len(pids) == 3
    assert reaped >= 3
    assert not any(map(is_alive, pids))


def test_without_strays_nothing_is_reaped():
    assert run("print(linux.kill_strays())") == ["0"]


def test_no_stranger_is_ended():
    stranger = subprocess.Popen([sys.executable, "-I", "-c", "import time; time.sleep(60)"])
    try:
        run(STRAYS + "linux.kill_strays()")
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_what_cannot_be_ended_in_time_is_an_error(monkeypatch):
    sleeper = subprocess.Popen([sys.executable, "-I", "-c", "import time; time.sleep(60)"])
    monkeypatch.setattr(linux, "children", list)
    monkeypatch.setattr(os, "waitpid", lambda *_: (0, 0))
    try:
        with pytest.raises(SandboxError, match="could not be ended"):
            linux.kill_strays(0.01)
    finally:
        monkeypatch.undo()
        sleeper.kill()
        sleeper.wait()


def test_a_process_ends_with_its_parent():
    code = """
if (child := os.fork()) == 0:
    linux.set_pdeathsig(os.getppid())
    print(os.getpid(), flush=True)
    os.close(1)
    time.sleep(60)
time.sleep(0.2)
os._exit(0)
"""
    assert ended(int(run(code)[0]))


def test_a_parent_that_has_ended_before_is_noticed():
    code = """
try:
    linux.set_pdeathsig(2 ** 22 + 1)
except ProcessLookupError:
    print("noticed")
"""
    assert run(code) == ["noticed"]


def test_all_descriptors_but_the_kept_ones_are_closed():
    code = """
held = [os.open("/", os.O_RDONLY) for _ in range(20)]
os.dup2(1, 200)
linux.close_descriptors((0, 1, 2, held[3]))
alive = []
for number in range(300):
    try:
        os.fstat(number)
        alive.append(number)
    except OSError:
        pass
print(alive == [0, 1, 2, held[3]])
linux.close_descriptors((1,))
linux.close_descriptors((0, 1))
print("still here")
"""
    assert run(code) == ["True", "still", "here"]


def test_descriptors_are_closed_without_the_newer_call_too():
    code = """
def refuse(*_):
    raise OSError
linux.syscall = refuse
held = [os.open("/", os.O_RDONLY) for _ in range(5)]
linux.close_descriptors((0, 1, 2, held[2]))
print([number for number in linux._open_descriptors() if os.path.exists(f"/proc/self/fd/{number}")], held[2])
"""
    alive = run(code)
    assert "".join(alive[:-1]) == f"[0,1,2,{alive[-1]}]"


def test_an_error_of_the_kernel_is_an_oserror():
    with pytest.raises(OSError, match="Invalid argument"):
        linux.prctl(123456789)


def test_elsewhere_every_call_says_so(monkeypatch):
    monkeypatch.setattr(linux, "_libc", None)
    for call in (lambda: linux.set_dumpable(True), linux.set_no_new_privs, linux.set_child_subreaper):
        with pytest.raises(OSError, match="not on this system"):
            call()


def test_spare_user_ids_belong_to_nobody():
    import pwd

    with pytest.raises(KeyError):
        pwd.getpwuid(linux.spare_uid())
