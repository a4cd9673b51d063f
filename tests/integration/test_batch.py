"""`dlgrade grade` for real: warm lanes, a gradebook, and every way to be interrupted."""

from __future__ import annotations

import os
import random
import re
import resource
import signal
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from dlgrade import content
from dlgrade.batch.gradebook import NAME, Gradebook
from dlgrade.grading import check

DLGRADE = Path(sys.executable).with_name("dlgrade")
PLENTY_S = 120


@pytest.fixture(scope="session")
def sources(course: SimpleNamespace) -> dict[str, str]:
    """Files that the toy's students may hand in, by what they are."""
    folder = course.solutions / "exercise90_toy"
    reference = (folder / "toy.py").read_text()
    found = {"reference": reference}
    found |= {path.stem: path.read_text() for path in content.modules(folder / "variants")}
    found |= {
        path.stem: f"{reference}\n\n{path.read_text()}" for path in content.modules(folder / "mistakes")
    }
    return found | {"syntax": "def double(x:\n", "empty": "", "binary": "\0\1\2"}


@pytest.fixture
def lay(tmp_path: Path, sources: dict[str, str]) -> Callable[[int], Path]:
    """Return a function that makes a folder of so many submissions, of all kinds."""

    def make(count: int) -> Path:
        folder = tmp_path / "class"
        kinds = list(sources.items())
        for number in range(count):
            kind, source = kinds[number % len(kinds)]
            student = folder / f"s{number:03}-{kind}"
            student.mkdir(parents=True)
            (student / "toy.py").write_text(f"{source}\n# {number}\n")
        return folder

    return make


def run(line: list[str], **options) -> subprocess.CompletedProcess[str]:
    return subprocess.run(line, capture_output=True, text=True, timeout=PLENTY_S, check=False, **options)


def exported(folder: Path) -> bytes:
    line = [str(DLGRADE), "gradebook", "export", str(folder)]
    return subprocess.run(line, capture_output=True, timeout=PLENTY_S, check=True).stdout


def points(folder: Path) -> dict[str, tuple[str, float | None]]:
    with Gradebook(folder / NAME) as book:
        return {row.student.key: (row.status, row.points) for row in book.rows()}


def processes_of(pid: int) -> list[int]:
    """The processes of a session or below one that was started by a process, by what /proc says."""
    found = {pid}
    while True:
        more = {child for child, parent in _parents().items() if parent in found} | found
        if more == found:
            return sorted(found - {pid})
        found = more


def _parents() -> dict[int, int]:
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue
    return parents


def wait_until_gone(pids: list[int]) -> list[int]:
    for _ in range(100):
        left = [pid for pid in pids if _is_running(pid)]
        if not left:
            return []
        time.sleep(0.1)
    return left


def _is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that takes all temporary files, so that one left behind is seen."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


def test_a_class_gets_the_points_that_each_would_get_alone(
    lay: Callable[[int], Path],
    command: Callable[..., list[str]],
    course: SimpleNamespace,
    scratch: Path,
) -> None:
    """Right ones, wrong ones, broken ones: as `check` grades them; and nothing is left on the machine."""
    folder = lay(13)
    done = run(command(folder))
    assert done.returncode == 0, done.stderr
    found = points(folder)
    for student in sorted(folder.iterdir()):
        if not student.is_dir() or student.name.endswith("binary"):
            continue
        alone = check("90", student / "toy.py", exercises=course.exercises, solutions=course.solutions)
        assert found[student.name] == ("passed" if alone.passed else "failed", alone.points)
        with Gradebook(folder / NAME) as book:
            report = next(row.report for row in book.rows() if row.student.key == student.name)
        assert [(t.id, t.status, t.message, t.diagnosis) for t in report.tests] == [
            (t.id, t.status, t.message, t.diagnosis) for t in alone.tests
        ]
    assert found["s012-binary"][0] == "refused"
    assert list(scratch.iterdir()) == []
    assert sorted(path.name for path in folder.iterdir() if path.is_file()) == [NAME]


def test_a_second_run_grades_only_what_is_new(
    lay: Callable[[int], Path], command: Callable[..., list[str]]
) -> None:
    """And it says so; the exported gradebook is the same, byte for byte."""
    folder = lay(6)
    run(command(folder))
    before = exported(folder)
    (folder / "late").mkdir()
    (folder / "late" / "toy.py").write_text("x = 1\n")
    done = run(command(folder))
    assert "7 submissions" in done.stdout
    assert "6 had not changed" in done.stdout
    assert set(before.splitlines()) < set(exported(folder).splitlines())


@pytest.mark.slow
def test_killed_at_any_moment_it_goes_on_and_nothing_is_twice_or_missing(
    lay: Callable[[int], Path], command: Callable[..., list[str]], tmp_path: Path
) -> None:
    """kill -9 at 20 random moments, and after that the CSV is that of an undisturbed run, byte for byte."""
    folder = lay(60)
    undisturbed = tmp_path / "undisturbed.sqlite"
    began = time.monotonic()
    assert run(command(folder, "--gradebook", undisturbed)).returncode == 0
    took = time.monotonic() - began
    rng = random.Random(7)
    killed, seen = 0, 0
    for _ in range(20):
        process = subprocess.Popen(
            command(folder), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        try:
            # Most of them in the middle of the grading; the start, which takes as long, is hit as well.
            process.wait(rng.uniform(0.0, took / 3) + rng.choice((0.0, 1.0)))
        except subprocess.TimeoutExpired:
            below = processes_of(process.pid)
            process.kill()
            process.wait()
            killed += 1
            assert wait_until_gone(below) == []
        if (folder / NAME).is_file():
            with Gradebook(folder / NAME, writing=True) as book:
                now = len(list(book.rows()))
            assert now >= seen
            seen = now
    assert killed >= 5
    done = run(command(folder))
    assert done.returncode == 0, done.stderr
    assert exported(folder) == exported(undisturbed)
    with Gradebook(folder / NAME) as book:
        assert {row.attempts for row in book.rows()} == {1}
    assert sorted(path.name for path in folder.iterdir() if path.is_file()) == [NAME]


@pytest.mark.slow
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_run_ends_cleanly_and_says_what_is_kept(
    number: int, status: int, lay: Callable[[int], Path], command: Callable[..., list[str]], scratch: Path
) -> None:
    """Ctrl-C and SIGTERM: a sentence, an exit status, and no process or file left."""
    folder = lay(60)
    process = subprocess.Popen(
        command(folder, "--jobs", 2), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    until = time.monotonic() + PLENTY_S
    while time.monotonic() < until:
        time.sleep(0.05)
        if (folder / NAME).is_file() and len(points_while_running(folder)) >= 3:
            break
    below = processes_of(process.pid)
    assert below
    process.send_signal(number)
    out, err = process.communicate(timeout=PLENTY_S)
    assert process.returncode == status, err
    assert "Every verdict so far is kept" in err
    assert "Traceback" not in err
    assert out == ""
    assert wait_until_gone(below) == []
    assert list(scratch.iterdir()) == []
    kept = len(points(folder))
    assert 3 <= kept < 60
    assert f"{kept} had not changed" in run(command(folder)).stdout


def points_while_running(folder: Path) -> dict[str, object]:
    from dlgrade.errors import GradebookError

    try:
        return dict(points(folder))
    except GradebookError:  # the tables are being made
        return {}


def test_a_full_disk_ends_in_a_sentence_and_the_next_run_goes_on(
    lay: Callable[[int], Path], command: Callable[..., list[str]]
) -> None:
    """The gradebook may not grow beyond a few KiB: exit status 3, what was written is there and kept."""
    folder = lay(13)

    def small_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (96 * 1024, resource.RLIM_INFINITY))

    done = run(command(folder), preexec_fn=small_files)
    assert done.returncode == 3, done.stdout + done.stderr
    assert "cannot be written: the disk is full or broken" in done.stderr
    assert "fault of dlgrade" not in done.stderr
    assert "Traceback" not in done.stderr
    kept = len(points(folder))
    assert kept < 13
    done = run(command(folder))
    assert done.returncode == 0, done.stderr
    assert f"{kept} had not changed" in done.stdout or kept == 0
    assert len(points(folder)) == 13


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to mount a small file system")
def test_a_disk_that_is_really_full_is_no_different(
    lay: Callable[[int], Path], command: Callable[..., list[str]], tmp_path: Path
) -> None:
    """A tmpfs of 200 KiB: the same sentence; with more room it goes on."""
    folder = lay(26)
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=160k", "tmpfs", disk], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"no tmpfs can be mounted here: {mounted.stderr.decode().strip()}")
    try:
        done = run(command(folder, "--gradebook", disk / "g.sqlite"))
        assert done.returncode == 3, done.stdout + done.stderr
        assert "the disk is full" in done.stderr
        subprocess.run(["mount", "-o", "remount,size=20m", disk], check=True)
        done = run(command(folder, "--gradebook", disk / "g.sqlite"))
        assert done.returncode == 0, done.stderr
        with Gradebook(disk / "g.sqlite") as book:
            assert len(list(book.rows())) == 26
    finally:
        subprocess.run(["umount", disk], check=True)


def test_a_torn_archive_grades_nothing_and_the_whole_one_goes_on(
    lay: Callable[[int], Path], command: Callable[..., list[str]], tmp_path: Path
) -> None:
    """One sentence and exit status 2; nobody is graded by half of what they handed in."""
    folder = lay(4)
    path = tmp_path / "class.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        archive.add(folder, "class")
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    done = run(command(path))
    assert done.returncode == 2
    sentence = "Error: class.tar.gz is torn, or no archive: get it again, and run the command again.\n"
    assert done.stderr == sentence
    path.write_bytes(whole)
    assert run(command(path)).returncode == 0
    assert len(points(tmp_path)) == 4


def test_the_cli_shows_and_exports_what_was_graded(
    lay: Callable[[int], Path], command: Callable[..., list[str]], tmp_path: Path
) -> None:
    """`gradebook show`, one student's report, each format, and what is not there."""
    folder = lay(5)
    assert run(command(folder)).returncode == 0

    def book(*words: object) -> subprocess.CompletedProcess[str]:
        return run([str(DLGRADE), "gradebook", *map(str, words)])

    assert "5 students" in book("show", folder).stdout
    assert "A toy with one of everything" in book("show", folder, "--student", "s000-reference").stdout
    assert book("show", folder, "--student", "nobody").returncode == 2
    assert "there is exercise90_toy" in book("show", folder, "--exercise", "3").stderr
    for form in ("csv", "json", "canvas", "junit"):
        target = tmp_path / "out" / form
        assert book("export", folder, "--format", form, "--output", target).returncode == 0
        assert target.read_bytes() == book("export", folder, "--format", form).stdout.encode()
    assert book("export", folder, "--format", "gradescope", "--output", tmp_path / "gs").returncode == 0
    assert len(list((tmp_path / "gs").rglob("results.json"))) == 5
    assert book("export", folder, "--format", "gradescope").returncode == 2
    assert book("show", tmp_path).returncode == 3


def test_the_commands_of_the_page_do_what_it_says(
    checkout: Path, submissions: Path, tmp_path: Path
) -> None:
    """docs/batch.md, line by line, over a class of three."""
    for student, file in {"ada": "right", "bob": "wrong_by_two", "eve": "hostile"}.items():
        (tmp_path / "submissions" / student).mkdir(parents=True)
        source = (submissions / "exercise03" / f"{file}.py").read_text()
        (tmp_path / "submissions" / student / "backprop.py").write_text(source)
    page = (checkout / "docs" / "batch.md").read_text()
    lines = re.findall(r"^\$ (.*)$", page, re.MULTILINE)
    assert len(lines) == 3
    environment = os.environ | {"PATH": f"{DLGRADE.parent}{os.pathsep}{os.environ['PATH']}"}
    for line in lines:
        options = {"cwd": tmp_path, "env": environment, "capture_output": True, "timeout": PLENTY_S}
        done = subprocess.run(line, shell=True, check=False, **options)
        assert done.returncode == 0, f"{line}\n{done.stdout!r}\n{done.stderr!r}"
    assert (tmp_path / "canvas.csv").read_text().splitlines()[0].endswith(",Backprop (4711)")
    assert {key: amount for key, (_, amount) in points(tmp_path / "submissions").items()} == {
        "ada": 10.0,
        "bob": 7.5,
        "eve": 0.0,
    }
