"""Measure `dlgrade grade` over synthetic classes of exercise03; prints Markdown tables.

Run by ``make bench``, and alone as ``python tests/benchmarks/grade.py --students 5000``. check50 and otter
are measured beside it where they are installed: here, or where the folder ``BENCH_TOOLS`` has their programs.
"""

from __future__ import annotations

import argparse
import contextlib
import cProfile
import os
import pstats
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from dlgrade.grading import Grader
from dlgrade.invoking import Collected

ROOT = Path(__file__).resolve().parents[2]
BASELINE = Path(__file__).with_name("plain_pytest.py")
EXERCISE = ROOT / "exercises" / "exercise03_backprop"
HANDED_IN = ROOT / "tests" / "submissions" / "exercise03"
DLGRADE = str(Path(sys.executable).with_name("dlgrade"))
RIGHT = (HANDED_IN / "right.py").read_text()
WRONG = (HANDED_IN / "wrong_by_two.py").read_text()
TOOLS = Path(os.environ.get("BENCH_TOOLS", str(Path(sys.executable).parent)))
BINARY = "\0"  # refused before anything is run: what is left is the way there and back


def lay(folder: Path, count: int, *sources: str) -> Path:
    """Make a class in which the sources take turns, and no two files are the same."""
    for number in range(count):
        student = folder / f"s{number:05}"
        student.mkdir(parents=True)
        (student / "backprop.py").write_text(f"{sources[number % len(sources)]}\n# {number}\n")
    return folder


def grade(folder: Path, *more: str) -> float:
    """Grade a class and return the seconds, the start of the graders included."""
    start = time.perf_counter()
    done = subprocess.run(
        [DLGRADE, "grade", str(folder), "--exercise", "exercise03", *more], capture_output=True, check=False
    )
    if done.returncode != 0:
        raise SystemExit(f"dlgrade grade failed:\n{done.stdout.decode()}{done.stderr.decode()}")
    return time.perf_counter() - start


@dataclass(frozen=True)
class Moment:
    """How far a run had come, when, and how much memory it held."""

    done: int
    seconds: float
    mib: float


def watched(folder: Path) -> list[Moment]:
    """Grade a class, and look at it a few times a second."""
    line = [DLGRADE, "grade", str(folder), "--exercise", "exercise03"]
    start = time.perf_counter()
    seen = []
    with subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None:
            with contextlib.suppress(sqlite3.Error):
                seen.append(Moment(_done(folder), time.perf_counter() - start, _mib(process.pid)))
            time.sleep(0.2)
    return [moment for moment in seen if moment.done]


def _done(folder: Path) -> int:
    with contextlib.closing(sqlite3.connect(f"file:{folder / 'gradebook.sqlite'}?mode=ro", uri=True)) as book:
        return int(book.execute("SELECT count(*) FROM verdicts").fetchone()[0])


def _mib(pid: int) -> float:
    """The memory of a process and all below it, what they share divided among them."""
    total = 0
    for each in {pid, *_below(pid)}:
        with contextlib.suppress(OSError, IndexError):
            rollup = Path(f"/proc/{each}/smaps_rollup").read_text()
            total += int(rollup.split("Pss:")[1].split()[0])
    return total / 1024


def _below(pid: int) -> Iterator[int]:
    for tasks in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            for child in tasks.read_text().split():
                yield int(child)
                yield from _below(int(child))


def around(moments: Sequence[Moment], count: int, share: float = 0.2) -> float:
    """The median memory about when so many were done."""
    near = [each.mib for each in moments if abs(each.done - count) <= max(share * count, 20)]
    return statistics.median(near) if near else float("nan")


def pace(moments: Sequence[Moment], low: int, high: int) -> float:
    """Seconds a submission between two counts."""
    first = next(each for each in moments if each.done >= low)
    last = next((each for each in moments if each.done >= high), moments[-1])
    return (last.seconds - first.seconds) / max(last.done - first.done, 1)


def pytest_loop(repeats: int) -> float:
    """Median seconds of a pytest process for one submission, as a loop over a class would start them."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "backprop.py").write_text(RIGHT)
        shutil.copy(EXERCISE / "test_examples.py", folder)
        shutil.copy(BASELINE, folder / "test_autograd.py")
        line = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
        return _median(line, folder, repeats)


def check50_loop(repeats: int) -> float | None:
    """The same of check50, where it is installed: one check that runs the visible examples."""
    tool = TOOLS / "check50"
    if not tool.is_file():
        return None
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "backprop.py").write_text(RIGHT)
        (folder / "checks").mkdir()
        (folder / "checks" / ".cs50.yml").write_text("check50: true\n")
        (folder / "checks" / "__init__.py").write_text(
            "import check50\n\n\n@check50.check()\ndef passes():\n"
            '    """the tests pass"""\n'
            f"    check50.run({sys.executable!r} + ' -m pytest -q -p no:cacheprovider').exit(0)\n"
        )
        shutil.copy(EXERCISE / "test_examples.py", folder)
        return _median([str(tool), "--dev", "checks"], folder, repeats)


OTTER_TEST = '''
from otter.test_files import test_case

OK_FORMAT = False
name, points = "q1", 10


@test_case()
def test_the_worked_numbers(env):
    assert env["forward"](0.5, 2.0, 0.5, 1.0)[0] == 1.5
'''
OTTER_RUN = """
import time
from otter.api import grade_submission
for _ in range(%d):
    start = time.perf_counter()
    assert grade_submission("backprop.py", "autograder.zip", quiet=True).total == 10
    print("took", time.perf_counter() - start)
"""


def otter_loop(repeats: int) -> float | None:
    """The same of otter's API, in one process for all and with one small test, where it is installed."""
    tool = TOOLS / "otter"
    if not tool.is_file():
        return None
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "backprop.py").write_text(RIGHT)
        (folder / "tests").mkdir()
        (folder / "tests" / "q1.py").write_text(OTTER_TEST)
        line = [str(tool), "generate", "-t", "tests", "-o", "autograder.zip"]
        subprocess.run(line, cwd=folder, capture_output=True, check=True)
        line = [str(tool.with_name("python")), "-c", OTTER_RUN % (repeats + 1)]
        done = subprocess.run(line, cwd=folder, capture_output=True, check=True, text=True)
    taken = [float(said.split()[1]) for said in done.stdout.splitlines() if said.startswith("took ")]
    return statistics.median(taken[1:])


def _median(line: Sequence[str], folder: Path, repeats: int) -> float:
    taken = []
    for _ in range(repeats + 1):
        start = time.perf_counter()
        subprocess.run(line, cwd=folder, capture_output=True, check=True)
        taken.append(time.perf_counter() - start)
    return statistics.median(taken[1:])


def dask_overhead(count: int, repeats: int) -> float | None:
    """Seconds that Dask adds to a submission: files that are refused at once, in turns with the local way."""
    try:
        from distributed import LocalCluster
    except ImportError:
        return None
    cores = os.cpu_count() or 1
    with (
        tempfile.TemporaryDirectory() as name,
        LocalCluster(
            n_workers=cores,
            threads_per_worker=1,
            processes=True,
            dashboard_address=None,
            silence_logs=50,
            local_directory=name,
        ) as cluster,
    ):
        folder = lay(Path(name) / "class", count, BINARY)
        few = lay(Path(name) / "few", cores, BINARY)
        here, there = [], []
        for _ in range(repeats):
            # The start of the graders is taken off: what is left is what each submission costs.
            here.append(grade(folder, "--regrade") - grade(few, "--regrade"))
            to = ("--regrade", "--scheduler", cluster.scheduler_address)
            there.append(grade(folder, *to) - grade(few, *to))
        return (statistics.median(there) - statistics.median(here)) / (count - cores)


def rates(count: int, repeats: int) -> str:
    """Compare with what a loop over a class would take."""
    cores = os.cpu_count() or 1
    lines = ["| a class of exercise03 | a second | a second and core | against a loop of pytest | goal |"]
    lines.append("|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as name:
        alone = pytest_loop(repeats)
        for what, sources in (("all right", (RIGHT,)), ("one in four wrong", (RIGHT, RIGHT, RIGHT, WRONG))):
            folder = lay(Path(name) / what, count, *sources)
            seconds = grade(folder)
            rate = count / seconds
            lines.append(
                f"| `dlgrade grade`, {count}, {what} | {rate:.1f} | {rate / cores:.1f} "
                f"| {rate * alone:.0f} × | ≥ 12 a second on two cores, ≥ 25 × |"
            )
    lines.append(f"| plain pytest, one process each | {1 / alone:.2f} | {1 / alone:.2f} | 1 × | |")
    for tool, took in (
        ("check50, one process each", check50_loop(repeats)),
        ("otter, one process for all", otter_loop(repeats)),
    ):
        if took is None:
            lines.append(f"| {tool} | not installed here | | | |")
        else:
            lines.append(f"| {tool} | {1 / took:.2f} | {1 / took:.2f} | {alone / took:.1f} × | |")
    return "\n".join(lines)


def flatness(students: int) -> str:
    """Say whether memory and cost stay the same over a class."""
    with tempfile.TemporaryDirectory() as name:
        moments = watched(lay(Path(name) / "class", students, RIGHT))
    early, late = around(moments, 100), around(moments, min(1000, students), 0.1)
    first, last = pace(moments, 20, 120), pace(moments, students - 200, students)
    lines = ["| over a class of " + f"{students:,} | early | late | change | goal |", "|---|---|---|---|---|"]
    lines.append(
        f"| memory of all processes, at the 100th and the {min(1000, students):,}th "
        f"| {early:.0f} MiB | {late:.0f} MiB | {late / early - 1:+.1%} | ± 5 % |"
    )
    lines.append(
        f"| seconds a submission, the first 100 and the last 200 "
        f"| {first:.3f} s | {last:.3f} s | {last / first - 1:+.1%} | flat |"
    )
    return "\n".join(lines)


PARTS = {
    "waiting for the learner's process": ("method 'poll'", "select.select"),
    "the channel: encoding, sending, receiving": ("/dlgrade/wire/", "_socket.socket", "/sandbox/session"),
    "pytest: collecting, fixtures, hooks": ("/_pytest/", "/pluggy/"),
    "the suite: drawing, comparing, kept answers": ("/dlgrade/suite/", "/numpy/", "numpy."),
    "reading the file, what is ruled out": ("/submission/", "/sourcecheck/", "/ast.py", "compile"),
}
"""What a grader is busy with, by words in the names of its functions."""


def profile(checks: int = 20) -> str:
    """Say where the time of one submission goes, in a grader that holds its suite, as each lane's does."""
    each, seen = 0.0, cProfile.Profile()

    def measure() -> None:
        nonlocal each
        for _ in range(2):
            grader.check(file)
        start = time.perf_counter()
        for _ in range(checks):
            grader.check(file)
        each = (time.perf_counter() - start) / checks
        seen.runcall(lambda: [grader.check(file) for _ in range(checks)])

    with tempfile.TemporaryDirectory() as name, Grader("exercise03", level=2) as grader:
        file = Path(name) / "backprop.py"
        file.write_text(RIGHT)
        assert grader.suite_dir is not None
        grader.collected = Collected(grader.suite_dir / "test_hidden.py", grader.exercise.entry)
        grader.collected.hold(measure)
    taken = dict.fromkeys([*PARTS, "all else"], 0.0)
    for (path, _, function), (_, _, own, *_) in pstats.Stats(seen).stats.items():  # type: ignore[attr-defined]
        label = f"{path} {function}"
        part = next((part for part, words in PARTS.items() if any(w in label for w in words)), "all else")
        taken[part] += own
    whole = sum(taken.values())
    lines = [f"| one check in a warm grader: {each * 1e3:.0f} ms | share |", "|---|---|"]
    lines += [f"| {part} | {own / whole:.0%} |" for part, own in sorted(taken.items(), key=lambda x: -x[1])]
    return "\n".join(lines)


def grade_table(students: int = 1100, repeats: int = 5) -> str:
    """Measure all of it, as Markdown."""
    overhead = dask_overhead(200, 3)
    dask = "What Dask adds was not measured: Dask.distributed is not installed."
    if overhead is not None:
        dask = f"Dask adds {overhead * 1e3:.1f} ms to a submission (goal: ≤ 10 ms)."
    return "\n\n".join([rates(200, repeats), flatness(students), profile(), dask])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--students", type=int, default=1100)
    parser.add_argument("--repeats", type=int, default=5)
    words = parser.parse_args()
    print(grade_table(words.students, words.repeats))


if __name__ == "__main__":
    main()
