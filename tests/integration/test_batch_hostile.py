"""The whole gallery in one class, honest students among them: `dlgrade grade` as a teacher runs it."""

from __future__ import annotations

import hashlib
import io
import re
import socket
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from dlgrade import content
from dlgrade.batch.gradebook import NAME, Gradebook
from dlgrade.batch.records import Row
from dlgrade.grading import check

DLGRADE = Path(sys.executable).with_name("dlgrade")
HOSTILE = Path(__file__).parent.parent / "hostile"
CRITERIA = ("double", "add", "total", "counter", "draw_normal", "tanh", "twice")
MARK = "7351"

pytestmark = pytest.mark.slow


def grade(folder: Path, course: SimpleNamespace, *more: object) -> subprocess.CompletedProcess[str]:
    """Run the command, as a teacher would; it may take as long as all deadlines together."""
    line = [DLGRADE, "grade", folder, "--exercise", "90", "--exercises", course.exercises]
    line += ["--solutions", course.solutions, *more]
    return subprocess.run([*map(str, line)], capture_output=True, text=True, timeout=540, check=False)


def rows(gradebook: Path) -> dict[str, Row]:
    with Gradebook(gradebook) as book:
        return {row.student.key: row for row in book.rows()}


def earned(row: Row) -> dict[str, float]:
    assert row.report is not None, row.message
    return {each.id: each.points for each in row.report.criteria if each.max_points}


@pytest.fixture(scope="session")
def full(course: SimpleNamespace) -> dict[str, float]:
    """What each criterion of the toy is worth."""
    from dlgrade import catalog

    return {each.id: each.points for each in catalog.find("90", course.exercises).criteria}


@pytest.fixture(scope="session")
def honest(course: SimpleNamespace) -> dict[str, str]:
    """What honest students hand in: the reference, other ways to write it, and mistakes."""
    folder = course.solutions / "exercise90_toy"
    reference = (folder / "toy.py").read_text()
    variants = {path.stem: path.read_text() for path in content.modules(folder / "variants")}
    mistakes = {path.stem: path.read_text() for path in content.modules(folder / "mistakes")}
    wrong = {name: f"{reference}\n\n{source}" for name, source in mistakes.items()}
    return {"reference": reference, **variants, **wrong}


@pytest.fixture
def server() -> Iterator[int]:
    """The port of a server on this machine that must not be reached."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


@pytest.fixture
def clean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, course: SimpleNamespace) -> Iterator[None]:
    """See to it that after the test the machine is as it was before."""
    scratch = tmp_path / "tmp"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    before = machine(course)
    yield
    assert machine(course) == before
    assert list(scratch.iterdir()) == []
    assert processes_with(MARK) == []
    assert processes_with(str(scratch)) == []  # bubblewrap's, which names the folder of its zygote


def machine(course: SimpleNamespace) -> dict[str, object]:
    """What submissions like to leave behind: shared memory, sockets, files of the course."""
    found: dict[str, object] = {"/dev/shm": sorted(path.name for path in Path("/dev/shm").glob("*7351*"))}
    for name in ("sysvipc/shm", "sysvipc/sem", "sysvipc/msg"):
        path = Path("/proc") / name
        found[name] = path.read_text() if path.is_file() else ""
    found["unix"] = [line for line in Path("/proc/net/unix").read_text().splitlines() if MARK in line]
    found["tcp"] = [line for line in Path("/proc/net/tcp").read_text().splitlines() if ":1CB7 " in line]
    found["course"] = digest(course.exercises), digest(course.solutions)
    return found


def digest(folder: Path) -> str:
    """A digest of the names, modes and bytes of all files below a folder."""
    made = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            made.update(f"{path.relative_to(folder)} {path.stat().st_mode}".encode() + path.read_bytes())
    return made.hexdigest()


def processes_with(word: str) -> list[str]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if word in line and "pytest" not in line:
            found.append(line)
    return found


@pytest.mark.usefixtures("clean")
def test_the_whole_gallery_earns_nothing_and_honest_students_get_what_they_get_alone(
    tmp_path: Path, server: int, course: SimpleNamespace, honest: dict[str, str], full: dict[str, float]
) -> None:
    """100 tricks, 30 honest files, several at a time: what a trick touches is lost, all else is as alone."""
    folder = tmp_path / "class"
    outside = tmp_path / "outside.txt"
    touched = {}
    for number, path in enumerate(sorted(HOSTILE.glob("*.py"))):
        source = path.read_text()
        found = re.search(r"^Touches: (.*)$", source, re.M)
        assert found is not None
        touched[path.stem] = CRITERIA if found[1] == "everything" else tuple(found[1].split(", "))
        source = source.replace("@OUTSIDE@", str(outside)).replace("@PORT@", str(server))
        source = source.replace("@SOLUTIONS@", str(course.solutions))
        lay(folder / path.stem, honest["reference"] + "\n\n" + source)
        if number % 3 == 0:
            # So that they are graded among the hostile ones: students are taken in the order of their names.
            kind = list(honest)[number // 3 % len(honest)]
            lay(folder / f"{path.stem}~honest~{kind}", honest[kind])
    before = digest(folder)

    done = grade(folder, course, "--gradebook", tmp_path / NAME)
    assert done.returncode == 0, done.stdout + done.stderr
    assert digest(folder) == before
    assert not outside.exists()
    found_rows = rows(tmp_path / NAME)
    assert len(found_rows) == len(list(folder.iterdir())) >= 130
    for key, row in found_rows.items():
        if "~honest~" in key:
            _is_as_alone(row, folder / key / "toy.py", course)
        else:
            got = earned(row)
            assert {name for name in CRITERIA if got[name] == 0} == set(touched[key]), key
            assert all(got[name] == full[name] for name in set(CRITERIA) - set(touched[key])), key
            assert row.report is not None
            assert row.report.isolation.level >= 2


def lay(folder: Path, source: str) -> None:
    folder.mkdir(parents=True)
    (folder / "toy.py").write_text(source)


_alone: dict[bytes, object] = {}


def _is_as_alone(row: Row, file: Path, course: SimpleNamespace) -> None:
    data = file.read_bytes()
    if data not in _alone:
        _alone[data] = check("90", file, exercises=course.exercises, solutions=course.solutions)
    alone, report = _alone[data], row.report
    assert report is not None
    assert report.criteria == alone.criteria
    assert [(t.id, t.status, t.message, t.diagnosis) for t in report.tests] == [
        (t.id, t.status, t.message, t.diagnosis) for t in alone.tests
    ]


@pytest.mark.usefixtures("clean")
def test_the_gallery_as_it_lies_there_is_graded_to_its_end(tmp_path: Path, course: SimpleNamespace) -> None:
    """`dlgrade grade tests/hostile`: one file a student, and none gets a point."""
    done = grade(HOSTILE, course, "--gradebook", tmp_path / NAME)
    assert done.returncode == 0, done.stdout + done.stderr
    found = rows(tmp_path / NAME)
    assert set(found) == {path.stem for path in HOSTILE.glob("*.py")}
    assert {row.points for row in found.values()} == {0.0}
    assert {row.status for row in found.values()} == {"failed"}
    assert not (HOSTILE / NAME).exists()


LEAVES = '''
import builtins, gc, os, random, signal, sys, threading, time, types, warnings
import numpy as np

def leave(what):
    try:
        what()
    except BaseException:
        pass

def write(path):
    with open(path, "w") as file:
        file.write("dlgrade7351")

builtins.left7351 = sys.left7351 = np.left7351 = object.__class__
sys.modules["left7351"] = types.ModuleType("left7351")
for name in list(sys.modules):
    if name.startswith("dlgrade"):
        sys.modules[name].left7351 = "left7351"
os.environ["LEFT7351"] = "1"
np.array = np.asarray
np.random.seed(7351)
random.seed(7351)
warnings.simplefilter("error")
sys.path.insert(0, "/left7351")
sys.setrecursionlimit(7351)
keep = ["left7351" * 1000 for _ in range(100)]
gc.freeze()
FOLDERS = (".", os.path.expanduser("~"), "/tmp", "/var/tmp", "/dev/shm", "/run", "/", *sys.path)
for folder in FOLDERS:
    leave(lambda: write(folder + "/left7351"))
    leave(lambda: os.mkdir(folder + "/left7351d"))
leave(lambda: os.umask(0o777))
leave(lambda: os.nice(10))
leave(lambda: os.sched_setaffinity(0, {0}))
leave(lambda: signal.signal(signal.SIGTERM, signal.SIG_IGN))
leave(lambda: signal.alarm(1))
leave(lambda: os.chdir("/"))
leave(lambda: os.fork() or time.sleep(7351))
leave(lambda: os.open("/proc/self/status", os.O_RDONLY))
leave(lambda: threading.Thread(target=time.sleep, args=(7351,), daemon=True).start())
'''

FINDS = '''
import builtins, gc, os, random, signal, sys, threading, warnings
import numpy as np

found = []
for module in [builtins, np, *(m for name, m in list(sys.modules.items()) if name.startswith("dlgrade"))]:
    if hasattr(module, "left7351"):
        found.append(module.__name__)
if hasattr(sys, "left7351"):
    found.append("sys")
found += [name for name in sys.modules if "7351" in name]
found += [name for name in os.environ if "7351" in name]
found += [path for path in sys.path if "7351" in path]
if np.array is np.asarray:
    found.append("numpy.array")
if random.random() == random.Random(7351).random():
    found.append("random")
if np.random.random() == np.random.RandomState(7351).random():
    found.append("numpy.random")
if sys.getrecursionlimit() == 7351:
    found.append("recursion limit")
if any(action == "error" and category is Warning for action, _, category, *_ in warnings.filters):
    found.append("warnings")
for each in gc.get_objects():
    if isinstance(each, list) and each and isinstance(each[0], str) and "left7351left" in each[0]:
        found.append("memory")
FOLDERS = (".", os.path.expanduser("~"), "/tmp", "/var/tmp", "/dev/shm", "/run", "/", *sys.path)
for folder in FOLDERS:
    try:
        found += [folder + "/" + name for name in os.listdir(folder) if "left7351" in name]
    except OSError:
        pass
if os.environ.get("OMP_NUM_THREADS") != "1" or os.environ.get("OPENBLAS_NUM_THREADS") != "1":
    found.append("more than one thread")
mask = os.umask(0o22)
if mask == 0o777:
    found.append("umask")
if len(os.sched_getaffinity(0)) == 1 < os.cpu_count():
    found.append("affinity")
if os.getpriority(os.PRIO_PROCESS, 0) >= 10:
    found.append("nice")
if signal.getsignal(signal.SIGTERM) == signal.SIG_IGN or signal.alarm(0):
    found.append("signals")
if threading.active_count() > 1:
    found.append("threads")


def listed(folder):
    try:
        return os.listdir(folder)
    except OSError:
        return []


if len(listed("/proc/self/task")) > 1:
    found.append("other threads")
for name in listed("/proc"):
    try:
        if name.isdigit() and int(name) != os.getpid():
            with open("/proc/" + name + "/cmdline", "rb") as file:
                found += ["process " + name] * (b"7351" in file.read())
    except OSError:
        pass
for name in listed("/proc/self/fd"):
    try:
        if os.readlink("/proc/self/fd/" + name).endswith("/status"):
            found.append("descriptor " + name)
    except OSError:
        pass

_add = add

def add(a, b):
    if found:
        raise ValueError("found " + ", ".join(found))
    return _add(a, b)
'''


@pytest.mark.usefixtures("clean")
def test_nothing_of_one_submission_is_there_for_the_next(
    tmp_path: Path, course: SimpleNamespace, honest: dict[str, str]
) -> None:
    """One lane, and in turn a submission that leaves what it can and one that looks for it."""
    folder = tmp_path / "class"
    for number in range(6):
        lay(folder / f"{number}a-leaves", f"{honest['reference']}\n{LEAVES}\n# {number}\n")
        lay(folder / f"{number}b-finds", f"{honest['reference']}\n{FINDS}\n# {number}\n")
    done = grade(folder, course, "--jobs", 1)
    assert done.returncode == 0, done.stdout + done.stderr
    for key, row in rows(folder / NAME).items():
        assert row.report is not None
        told = [test.message for test in row.report.tests if test.message]
        if key.endswith("finds"):
            assert earned(row)["add"] == 1.0, told
        assert row.report.criteria[0].status == "passed", told  # it could be loaded


def test_one_that_leaves_would_be_found_in_the_same_process(tmp_path: Path) -> None:
    """The two of the test above are no straw men: one after the other in one process, most is found."""
    folders = re.compile(r"^FOLDERS = .*$", re.M)
    # Nothing is to be left outside of this folder, and no process.
    leaves = folders.sub('FOLDERS = ["."]', LEAVES).replace("os.fork()", "True")
    finds = folders.sub('FOLDERS = ["."]', FINDS).partition("_add = add")[0]
    script = tmp_path / "both.py"
    script.write_text(f"{leaves}\n{finds}\nprint(len(found), found)\n")
    line = [sys.executable, "-I", str(script)]
    done = subprocess.run(line, capture_output=True, text=True, cwd=tmp_path, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout.split()[0]) >= 15, done.stdout


def hostile_zip(path: Path) -> Path:
    """An archive of a class in which every name and every member is a trick, but for two."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../../outside.py", "evil")
        archive.writestr("/tmp/outside7351.py", "evil")
        link = zipfile.ZipInfo("eve/toy.py")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("a\nb\x1b[2J/toy.py", "raise SystemExit")
        archive.writestr("Zoe/toy.py", "x = 1")
        archive.writestr("zoe/toy.py", "x = 1")
        inner = io.BytesIO()
        with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as bomb:
            for number in range(40):
                bomb.writestr(f"{number}/toy.ipynb", bytes(8_000_000))
        archive.writestr("bomber/work.zip", inner.getvalue())
        tar = io.BytesIO()
        with tarfile.open(fileobj=tar, mode="w:gz") as nested:
            info = tarfile.TarInfo("toy.py")
            info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
            nested.addfile(info)
            device = tarfile.TarInfo("dev.py")
            device.type = tarfile.CHRTYPE
            nested.addfile(device)
        archive.writestr("linker/work.tar.gz", tar.getvalue())
    return path


@pytest.mark.usefixtures("clean")
def test_a_hostile_archive_costs_its_makers_alone(
    tmp_path: Path, course: SimpleNamespace, honest: dict[str, str]
) -> None:
    """Bombs, links, paths that lead out, names that are none: each a line or a note, and the honest pass."""
    path = hostile_zip(tmp_path / "class.zip")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("ada/toy.py", honest["reference"])
        archive.writestr("bob/toy.py", honest["loops"])
    done = grade(path, course)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "\x1b" not in done.stdout
    found = {key: (row.status, row.points) for key, row in rows(tmp_path / NAME).items()}
    assert found.pop("ada") == found.pop("bob") == ("passed", 10.0)
    assert {points for _, points in found.values()} == {0.0}
    assert found["bomber"][0] == found["linker"][0] == "missing"
    assert {"Zoe", "zoe"} < set(found)
    assert not Path("/tmp/outside7351.py").exists()
    assert not any(tmp_path.glob("**/outside.py"))


TENSORS = {
    "storage of another size": """
        t = torch.zeros(3)
        t.untyped_storage().resize_(0)
        return t""",
    "strides that lead beyond": """
        t = torch.zeros(3)
        t.set_(t.untyped_storage(), 0, (1 << 20,), (0,))
        return torch.as_strided(t, (3,), (1 << 28,))""",
    "a subclass that is equal to everything": """
        class Agreeable(torch.Tensor):
            @classmethod
            def __torch_function__(cls, func, types, args=(), kwargs=None):
                return torch.tensor(True)
        return x.as_subclass(Agreeable)""",
    "no values": "return torch.empty(3, device='meta')",
    "another layout": "return x.to_sparse()",
    "another dtype": "return x.to(torch.complex64)",
    "a lazy view": "return x.to(torch.complex64).conj().imag",
    "a hook": """
        y = (2 * x.requires_grad_()).clone()
        y.register_hook(lambda g: __import__('os')._exit(0))
        return -y""",
}


@pytest.mark.usefixtures("clean")
def test_hostile_tensors_earn_nothing(tmp_path: Path) -> None:
    """A storage that is not what it says, a subclass, a lazy or a meta tensor: no points, and no fault."""
    root = tmp_path / "course"
    (root / "exercises" / "exercise95_tensor").mkdir(parents=True)
    (root / "solutions" / "exercise95_tensor").mkdir(parents=True)
    here = root / "exercises" / "exercise95_tensor"
    (here / "README.md").write_text("# Twice\n")
    (here / "exercise.toml").write_text(
        'title = "Twice"\nsummary = "twice"\nentry = "twice.py"\ntools = ["torch"]\n'
        "[limits]\ncall_s = 5.0\nmemory_mib = 4096\n"
        '[[criteria]]\nid = "twice"\ntitle = "Twice"\npoints = 10.0\nfunctions = ["twice"]\n'
        'hints = ["What is twice as much?", "Add it to itself."]\n'
    )
    (here / "twice.py").write_text('def twice(x):\n    raise NotImplementedError("TODO: twice")\n')
    (here / "test_examples.py").write_text("from twice import twice\n\n\ndef test_it():\n    twice(1)\n")
    there = root / "solutions" / "exercise95_tensor"
    (there / "twice.py").write_text("def twice(x):\n    return x + x\n")
    (there / "test_hidden.py").write_text(
        '"""Twice."""\nimport torch\nfrom dlgrade.suite import check, criterion\n\n\n@criterion("twice")\n'
        'def test_it(student):\n    """It is twice as much."""\n    x = torch.tensor([1.0, 2.0, 3.0])\n'
        '    check.close(student.twice(x), x + x, name="twice(x)")\n'
    )
    folder = tmp_path / "class"
    for name, body in TENSORS.items():
        (folder / name).mkdir(parents=True)
        lines = body.strip().replace("\n        ", "\n    ")
        (folder / name / "twice.py").write_text(f"import torch\n\n\ndef twice(x):\n    {lines}\n")
    (folder / "honest").mkdir()
    (folder / "honest" / "twice.py").write_text("def twice(x):\n    return 2 * x\n")
    line = [DLGRADE, "grade", folder, "--exercise", "95", "--exercises", root, "--jobs", "1"]
    done = subprocess.run([*map(str, line)], capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    found = rows(folder / NAME)
    assert found.pop("honest").points == 10.0
    assert {key: row.points for key, row in found.items()} == dict.fromkeys(TENSORS, 0.0)
    assert {row.status for row in found.values()} == {"failed"}
