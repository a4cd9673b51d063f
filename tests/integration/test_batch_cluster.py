"""`dlgrade grade --scheduler`: the same gradebook from other machines, whatever becomes of these."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from dlgrade.batch.gradebook import NAME, Gradebook
from dlgrade.batch.records import Row

pytest.importorskip("distributed", reason="Dask.distributed is not installed: pip install 'dlgrade[cluster]'")

DLGRADE = Path(sys.executable).with_name("dlgrade")
PLENTY_S = 240

pytestmark = pytest.mark.slow


@pytest.fixture
def lay(tmp_path: Path, course: SimpleNamespace) -> Callable[[int], Path]:
    """Return a function that makes a folder of so many submissions, every third of them wrong."""
    reference = (course.solutions / "exercise90_toy" / "toy.py").read_text()

    def make(count: int) -> Path:
        folder = tmp_path / "class"
        for number in range(count):
            student = folder / f"s{number:03}"
            student.mkdir(parents=True)
            wrong = "" if number % 3 else "\n\ndef add(a, b):\n    return a - b\n"
            (student / "toy.py").write_text(f"{reference}{wrong}\n# {number}\n")
        return folder

    return make


def workers(count: int, folder: Path) -> Any:
    """A scheduler and so many workers, each a process of its own under a nanny."""
    from distributed import LocalCluster

    return LocalCluster(
        n_workers=count,
        threads_per_worker=1,
        processes=True,
        dashboard_address=None,
        local_directory=str(folder / "dask"),
        silence_logs=50,
    )


def run(line: list[str], **options) -> subprocess.CompletedProcess[str]:
    return subprocess.run(line, capture_output=True, text=True, timeout=PLENTY_S, check=False, **options)


def exported(gradebook: Path) -> bytes:
    line = [str(DLGRADE), "gradebook", "export", str(gradebook)]
    return subprocess.run(line, capture_output=True, timeout=PLENTY_S, check=True).stdout


def rows(gradebook: Path) -> list[Row]:
    with Gradebook(gradebook) as book:
        return list(book.rows())


def compared(row: Row) -> tuple[object, ...]:
    """All of a row that does not say when, and on which machine, it was made."""
    report = row.report
    assert report is not None
    tests = [(test.id, test.status, test.message, test.diagnosis) for test in report.tests]
    return (row.student, row.file, row.content, row.decider, row.status, row.points, row.attempts, tests)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[object]:
    """A scheduler and two workers, each a process of its own under a nanny."""
    with workers(2, tmp_path) as made:
        yield made


def worker_pids(cluster) -> list[int]:
    return [worker.pid for worker in cluster.workers.values()]


def test_the_gradebook_is_the_local_one_row_for_row(
    lay: Callable[[int], Path], command: Callable[..., list[str]], cluster, tmp_path: Path
) -> None:
    """The same files on a cluster and here: the same rows, and the same CSV to the byte."""
    folder = lay(12)
    here, there = tmp_path / "here.sqlite", tmp_path / "there.sqlite"
    assert run(command(folder, "--gradebook", here)).returncode == 0
    done = run(command(folder, "--gradebook", there, "--scheduler", cluster.scheduler_address))
    assert done.returncode == 0, done.stderr
    assert exported(there) == exported(here)
    assert list(map(compared, rows(there))) == list(map(compared, rows(here)))


def test_a_worker_that_is_killed_costs_nobody_anything(
    lay: Callable[[int], Path], command: Callable[..., list[str]], cluster, tmp_path: Path
) -> None:
    """kill -9 of a worker in the middle: its nanny makes another, and everybody has their verdict."""
    folder = lay(40)
    there = folder / NAME
    process = subprocess.Popen(
        command(folder, "--scheduler", cluster.scheduler_address),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    wait_for(lambda: there.is_file() and len(rows(there)) >= 4)
    os.kill(worker_pids(cluster)[0], signal.SIGKILL)
    _, err = process.communicate(timeout=PLENTY_S)
    assert process.returncode == 0, err
    found = rows(there)
    assert len(found) == 40
    assert {row.status for row in found} == {"passed", "failed"}
    assert {row.attempts for row in found} == {1}
    here = tmp_path / "here.sqlite"
    assert run(command(folder, "--gradebook", here)).returncode == 0
    assert exported(there) == exported(here)


def wait_for(what: Callable[[], bool]) -> None:
    from dlgrade.errors import GradebookError

    until = time.monotonic() + PLENTY_S
    while time.monotonic() < until:
        with contextlib.suppress(GradebookError):  # the tables are being made
            if what():
                return
        time.sleep(0.05)
    raise AssertionError("it did not happen")


def test_a_submission_that_ends_two_workers_is_recorded_as_such(
    lay: Callable[[int], Path],
    command: Callable[..., list[str]],
    cluster,
) -> None:
    """It has no points and no blame, its neighbours have their verdicts, and a later run tries it again."""
    folder = lay(12)
    (folder / "s005" / "toy.py").write_text("# the bringer of death\n")
    killer = Killer(cluster, "s005", b"the bringer of death")
    done = run(command(folder, "--scheduler", cluster.scheduler_address))
    killer.stop()
    assert done.returncode == 1, done.stdout + done.stderr
    found = {row.student.key: row for row in rows(folder / NAME)}
    assert found["s005"].status == "error"
    assert found["s005"].points is None
    assert found["s005"].message == "the worker that graded it was lost, 2 times in a row"
    assert {row.status for key, row in found.items() if key != "s005"} == {"passed", "failed"}
    assert len(found) == 12
    done = run(command(folder, "--scheduler", cluster.scheduler_address))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "11 had not changed" in done.stdout


class Killer:
    """Ends the worker that grades a student's file: no learner's code can, a lack of memory may."""

    def __init__(self, cluster, student: str, mark: bytes) -> None:
        self._cluster, self._student, self._mark = cluster, student, mark
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._lurk, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._thread.join()

    def _lurk(self) -> None:
        root = Path(tempfile.gettempdir())
        while not self._over.is_set():
            for path in root.glob("dlgrade-batch-*/toy.py"):
                with contextlib.suppress(OSError):
                    if self._mark in path.read_bytes():
                        self._kill()
                        shutil.rmtree(path.parent, ignore_errors=True)
            time.sleep(0.002)

    def _kill(self) -> None:
        for key, task in list(self._cluster.scheduler.tasks.items()):
            if f"-{self._student}-" in str(key) and task.processing_on is not None:
                address = task.processing_on.address
                for nanny in self._cluster.workers.values():
                    if nanny.worker_address == address:
                        os.kill(nanny.pid, signal.SIGKILL)


def test_workers_may_join_and_leave(
    lay: Callable[[int], Path], command: Callable[..., list[str]], tmp_path: Path
) -> None:
    """With none there it waits; one joins, a second joins, the first leaves, and all is graded."""
    folder = lay(40)
    with workers(0, tmp_path) as made:
        process = subprocess.Popen(
            command(folder, "--scheduler", made.scheduler_address),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        time.sleep(2.0)
        assert process.poll() is None
        made.scale(1)
        wait_for(lambda: (folder / NAME).is_file() and len(rows(folder / NAME)) >= 3)
        made.scale(2)
        wait_for(lambda: len(rows(folder / NAME)) >= 12)
        made.scale(1)
        _, err = process.communicate(timeout=PLENTY_S)
        assert process.returncode == 0, err
    assert len(rows(folder / NAME)) == 40
    assert {row.status for row in rows(folder / NAME)} == {"passed", "failed"}


def test_a_worker_with_another_suite_ends_the_run_with_its_name(
    lay: Callable[[int], Path], command: Callable[..., list[str]], cluster
) -> None:
    """Nobody is graded by what the gradebook does not say."""
    folder = lay(2)
    line = command(folder, "--scheduler", cluster.scheduler_address)
    script = f"""
import sys
from pathlib import Path
from dlgrade.batch import decider
real = decider.decider
def other(*words):
    import dataclasses
    return dataclasses.replace(real(*words), suite="0" * 32, torch="1.0")
decider.decider = other
sys.argv[1:] = {line[1:]!r}
from dlgrade import cli
cli.main()
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=PLENTY_S, check=False
    )
    assert done.returncode == 3
    assert "cannot grade: it would grade by suite" in done.stderr
    assert "not 1.0: install the same on all machines" in done.stderr
    assert rows(folder / NAME) == []


def test_a_scheduler_that_is_not_there_is_said_in_a_sentence(
    lay: Callable[[int], Path], command: Callable[..., list[str]]
) -> None:
    """Exit status 3 after some seconds, and no pages of Dask's."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    done = run(command(lay(1), "--scheduler", f"tcp://127.0.0.1:{port}"))
    assert done.returncode == 3
    assert done.stderr.startswith(f"Error: The scheduler tcp://127.0.0.1:{port} cannot be reached: ")
    assert len(done.stderr.splitlines()) == 1


@pytest.fixture
def two_hosts() -> Iterator[tuple[str, str]]:
    """Two network namespaces with a cable between them: 10.73.51.1 and 10.73.51.2."""
    if os.geteuid() != 0:
        pytest.skip("needs root, to make network namespaces")
    if shutil.which("ip") is None:
        pytest.skip("needs the command ip, of iproute2")
    one, two = f"dlgrade-a{os.getpid()}", f"dlgrade-b{os.getpid()}"
    steps = [
        f"netns add {one}",
        f"netns add {two}",
        f"link add dlga0 netns {one} type veth peer name dlgb0 netns {two}",
        f"-n {one} addr add 10.73.51.1/24 dev dlga0",
        f"-n {two} addr add 10.73.51.2/24 dev dlgb0",
        *(f"-n {name} link set {device} up" for name, device in ((one, "dlga0"), (two, "dlgb0"))),
        *(f"-n {name} link set lo up" for name in (one, two)),
    ]
    try:
        for step in steps:
            done = subprocess.run(["ip", *step.split()], capture_output=True, text=True, check=False)
            if done.returncode:
                pytest.skip(f"no network namespaces here: {done.stderr.strip()}")
        yield one, two
    finally:
        for name in (one, two):
            subprocess.run(["ip", "netns", "del", name], capture_output=True, check=False)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Return a function that starts one of Dask's processes, which ends with the test."""
    started = []

    def starting(tool: str, *words: str, before: Sequence[str] = ()) -> subprocess.Popen[bytes]:
        line = [*before, sys.executable, "-m", f"distributed.cli.dask_{tool}", *words]
        with (tmp_path / f"{tool}{len(started)}.log").open("wb") as log:
            options = {"stdout": log, "stderr": log, "cwd": tmp_path, "start_new_session": True}
            started.append(subprocess.Popen(line, **options))
        return started[-1]

    yield starting
    for process in reversed(started):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
    for process in started:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(15)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def test_two_hosts_grade_one_class(
    two_hosts: tuple[str, str],
    lay: Callable[[int], Path],
    command: Callable[..., list[str]],
    start: Callable[..., subprocess.Popen[bytes]],
    tmp_path: Path,
) -> None:
    """A scheduler and a worker on one, a worker on the other, talking over a network: the same gradebook."""
    folder = lay(16)
    here = tmp_path / "here.sqlite"
    assert run(command(folder, "--gradebook", here)).returncode == 0
    inside = [["ip", "netns", "exec", host] for host in two_hosts]
    scheduler = "tcp://10.73.51.1:8786"
    start("scheduler", "--host", "10.73.51.1", "--port", "8786", "--no-dashboard", before=inside[0])
    for before, address in zip(inside, ("10.73.51.1", "10.73.51.2"), strict=True):
        options = ["--host", address, "--nthreads", "1", "--no-dashboard"]
        start("worker", scheduler, *options, "--local-directory", str(tmp_path / address), before=before)
    done = run([*inside[1], *command(folder, "--scheduler", scheduler)])
    assert done.returncode == 0, done.stdout + done.stderr
    assert exported(folder / NAME) == exported(here)


def test_a_scheduler_that_is_lost_loses_no_verdict(
    lay: Callable[[int], Path],
    command: Callable[..., list[str]],
    start: Callable[..., subprocess.Popen[bytes]],
    tmp_path: Path,
) -> None:
    """kill -9 of the scheduler: a sentence, exit status 3, and on this machine it goes on where it was."""
    folder = lay(40)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    scheduler = start("scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard")
    start("worker", address, "--nthreads", "2", "--no-dashboard", "--local-directory", str(tmp_path / "dask"))
    process = subprocess.Popen(
        command(folder, "--scheduler", address), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    wait_for(lambda: (folder / NAME).is_file() and len(rows(folder / NAME)) >= 4)
    scheduler.kill()
    _, err = process.communicate(timeout=PLENTY_S)
    assert process.returncode == 3, err
    assert f"Error: The scheduler {address} was lost; every verdict so far is kept." in err
    assert "Traceback" not in err
    kept = len(rows(folder / NAME))
    assert 4 <= kept < 40
    done = run(command(folder))
    assert done.returncode == 0, done.stderr
    assert f"{kept} had not changed" in done.stdout


def test_the_commands_of_the_page_do_what_it_says(
    checkout: Path,
    submissions: Path,
    start: Callable[..., subprocess.Popen[bytes]],
    tmp_path: Path,
) -> None:
    """docs/cluster.md: a scheduler, a worker and the command, with this machine as the head."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
    folder = tmp_path / "submissions" / "ada"
    folder.mkdir(parents=True)
    (folder / "backprop.py").write_text((submissions / "exercise03" / "right.py").read_text())
    page = (checkout / "docs" / "cluster.md").read_text()
    lines = [line.partition("#")[0] for line in re.findall(r"^\$ (.*)$", page, re.MULTILINE)]
    lines = [line.replace("tcp://head:8786", f"tcp://127.0.0.1:{port}").strip() for line in lines]
    by_word = {words[1]: words for line in lines if (words := line.split())[0] in ("dask", "dlgrade")}
    assert set(by_word) == {"scheduler", "worker", "grade"}
    start("scheduler", *by_word["scheduler"][2:], "--host", "127.0.0.1", "--port", port, "--no-dashboard")
    start("worker", *by_word["worker"][2:], "--no-dashboard", "--local-directory", str(tmp_path / "dask"))
    done = run([str(DLGRADE), *by_word["grade"][1:]], cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert [row.points for row in rows(tmp_path / "submissions" / NAME)] == [10.0]
