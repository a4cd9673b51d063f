"""bubblewrap around a zygote, tried for real."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dlgrade.sandbox import bubblewrap, layers, linux
from dlgrade.sandbox.roots import python_roots

WORKING = sys.platform == "linux" and bubblewrap.available() is not None
needs_bubblewrap = pytest.mark.skipif(not WORKING, reason="needs a working bubblewrap")
SHELL = ["/bin", "/lib", "/lib64", "/usr/lib", "/usr/bin"]
SEEN = (
    *("read_what_is_hidden", "read_what_is_nowhere_named", "read_passwords", "write_outside"),
    *("write_to_what_it_may_read", "connect_to_localhost", "connect_to_an_abstract_socket"),
    *("truncate_by_reading", "move_out", "write_to_shared_memory", "call mount", "call kexec_load"),
)


@pytest.fixture
def place(tmp_path):
    for folder in ("course/hidden/shown", "scratch", "elsewhere"):
        (tmp_path / folder).mkdir(parents=True)
    for file in ("course/file", "course/hidden/secret", "course/hidden/shown/file", "elsewhere/file"):
        (tmp_path / file).write_text("x")
    (tmp_path / "link").symlink_to(tmp_path / "course")
    return tmp_path


def wrap(place: Path, code: str, **more: object) -> list[str]:
    roots = python_roots([])
    course = ("course", "course/hidden/shown", "link")
    readable = [*roots.readable, *(str(place / path) for path in course)]
    hidden = [*roots.hidden, str(place / "course/hidden")]
    argv = [sys.executable, "-I", "-c", code, str(place)]
    return bubblewrap.command(argv, readable, [], hidden, str(place / "scratch"), **more)


def run(place: Path, code: str, **more: object) -> subprocess.CompletedProcess[str]:
    line = wrap(place, code, **more)
    return subprocess.run(line, capture_output=True, text=True, timeout=30, check=False)


@needs_bubblewrap
def test_only_what_is_named_is_there(place):
    code = """
import os, sys
names = ("course/file", "link/file", "course/hidden/shown/file", "course/hidden/secret", "link/hidden/secret")
paths = [f"{sys.argv[1]}/{name}" for name in (*names, "elsewhere")]
print(*(os.path.exists(path) for path in (*paths, "/etc/passwd", "/home")))
print(os.getcwd() == sys.argv[1] + "/scratch")
"""
    done = run(place, code)
    assert done.stdout.split() == [*["True"] * 3, *["False"] * 5, "True"], done.stderr


@needs_bubblewrap
def test_a_hidden_file_cannot_be_read(place):
    secret = str(place / "course/file")
    readable = [*SHELL, str(place / "course")]
    line = bubblewrap.command(["/bin/cat", secret], readable, [], [secret], str(place / "scratch"))
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr.strip().endswith("Permission denied")) == ("", True)


@needs_bubblewrap
def test_the_only_place_to_write_is_the_scratch_folder_and_it_is_bounded(place):
    code = """
import os, sys
for path in (sys.argv[1], sys.argv[1] + "/course", "/", "/tmp", "/dev", "/usr"):
    try:
        open(path + "/new", "w")
        print("wrote to", path)
    except OSError:
        pass
try:
    with open("big", "wb", buffering=0) as big:
        while True:
            big.write(bytes(1 << 20))
except OSError as error:
    print(error.strerror, os.path.getsize("big") >> 20)
"""
    assert run(place, code, scratch_mib=3).stdout == "No space left on device 3\n"
    assert list((place / "scratch").iterdir()) == []


@needs_bubblewrap
def test_what_is_writable_outside_stays(place):
    target = place / "elsewhere"
    argv = ["/bin/sh", "-c", f"echo x > {target}/new"]
    line = bubblewrap.command(argv, SHELL, [str(target)], [], str(place / "scratch"))
    subprocess.run(line, check=True)
    assert (target / "new").read_text() == "x\n"


@needs_bubblewrap
def test_no_other_process_and_no_network_is_in_sight(place):
    code = """
import os, socket
print(sum(name.isdecimal() for name in os.listdir("/proc")), [name for _, name in socket.if_nameindex()])
"""
    count, *interfaces = run(place, code).stdout.split(maxsplit=1)
    assert int(count) == 2
    assert interfaces == ["['lo']\n"]


@needs_bubblewrap
def test_an_inherited_descriptor_passes_through(place):
    reading, writing = os.pipe()
    line = wrap(place, f"import os; os.write({writing}, b'through')")
    subprocess.run(line, pass_fds=[writing], check=True)
    os.close(writing)
    assert os.read(reading, 100) == b"through"
    os.close(reading)


@needs_bubblewrap
def test_all_in_it_ends_with_the_one_who_started_it(place):
    reading, writing = os.pipe()
    line = wrap(place, f"import os, time; os.fork(); os.write({writing}, b'x'); time.sleep(60)")
    code = """
import subprocess, sys, time
subprocess.Popen(sys.argv[2:], pass_fds=[int(sys.argv[1])])
time.sleep(60)
"""
    starter = subprocess.Popen([sys.executable, "-I", "-c", code, str(writing), *line], pass_fds=[writing])
    os.close(writing)
    assert os.read(reading, 1) == b"x"
    starter.send_signal(signal.SIGKILL)
    starter.wait()
    deadline = time.monotonic() + 10
    while os.read(reading, 1):  # until the last holder of the other end is gone
        assert time.monotonic() < deadline
    os.close(reading)


@needs_bubblewrap
def test_a_worker_inside_gets_every_layer(probe):
    ordinary = ("use_threads", "use_files_in_its_scratch", "compute_with_numpy")
    names = (*SEEN, "fork", "signal_the_parent", *ordinary)
    uid = linux.spare_uid() if os.geteuid() == 0 else None
    found = probe("all", names, packages=("numpy",), wrapped=True, uid=uid)
    off = {name for name, state in found["put"].items() if state != "on"}
    assert off <= ({"user"} if uid is None else set())
    assert layers.level(found["put"]) == 3
    did = {name for name, how in found["went"].items() if how.startswith("did")}
    assert did == set(ordinary)
    assert found["uid"] == (os.getuid() if uid is None else uid)


@needs_bubblewrap
def test_without_any_other_layer_it_stops_what_aims_outside(probe):
    went = probe("none", SEEN, wrapped=True)["went"]
    assert not [name for name, how in went.items() if how.startswith("did")]


@needs_bubblewrap
def test_a_user_without_rights_can_use_it_too(other_users_python):
    grader = str(Path(bubblewrap.__file__).parents[2])
    code = """
import json, subprocess, sys
sys.path.insert(0, sys.argv[1])
from dlgrade.sandbox import bubblewrap, roots
if bubblewrap.available() is None:
    print(json.dumps(bubblewrap.why_not()))
    sys.exit()
inside = "import json, os; print(json.dumps([os.path.exists('/etc/passwd'), os.getuid(), os.getcwd()]))"
found = roots.python_roots([])
argv = [sys.executable, "-I", "-c", inside]
line = bubblewrap.command(argv, found.readable, [], found.hidden, "/tmp/dlgrade-inside")
subprocess.run(line, check=True)
"""
    argv = [other_users_python, "-I", "-c", code, grader]
    nobody: dict[str, object] = {"user": 65534, "group": 65534, "extra_groups": []}
    done = subprocess.run(argv, capture_output=True, text=True, check=True, cwd="/", **nobody)
    answer = json.loads(done.stdout)
    if isinstance(answer, str):
        pytest.skip(answer)
    assert answer == [False, 65534, "/tmp/dlgrade-inside"], done.stderr


@pytest.fixture
def fresh():
    """Forget what was found out about bubblewrap, before and after."""
    bubblewrap._probe.cache_clear()
    yield
    bubblewrap._probe.cache_clear()


@pytest.mark.usefixtures("fresh")
@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")
def test_where_it_is_not_installed_that_is_the_reason(monkeypatch):
    monkeypatch.setattr(bubblewrap, "_FOLDERS", ("/nowhere",))
    assert bubblewrap.available() is None
    assert bubblewrap.why_not() == "bubblewrap is not installed"
    with pytest.raises(ValueError, match="not installed"):
        bubblewrap.command(["/bin/true"], [], [], [], "/tmp/x")


@pytest.mark.usefixtures("fresh")
@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")
def test_where_it_fails_its_own_words_are_the_reason(monkeypatch, tmp_path):
    script = "#!/bin/sh\necho 'bwrap: setting up uid map: Permission denied' >&2\nexit 1\n"
    (tmp_path / "bwrap").write_text(script)
    (tmp_path / "bwrap").chmod(0o755)
    monkeypatch.setattr(bubblewrap, "_FOLDERS", (str(tmp_path),))
    assert bubblewrap.available() is None
    assert bubblewrap.why_not() == "bubblewrap does not work here: setting up uid map: Permission denied"


@pytest.mark.usefixtures("fresh")
def test_elsewhere_than_on_linux_that_is_the_reason(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    assert (bubblewrap.available(), bubblewrap.why_not()) == (None, "not on this system")
