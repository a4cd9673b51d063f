"""Measure dlgrade beside what it is compared with, and how long each exercise takes; prints Markdown tables.

Run by ``make bench``. Commands take turns, so that a noise of the machine hits all alike;
what counts are the ratios of the medians, and of the exercises the seconds themselves.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from autograding import classroom_table, measure_classroom
from grade import grade_table
from watching import measure_watching, watching_table

from dlgrade import catalog, content
from dlgrade.grading import Grader
from dlgrade.running import Run

ROOT = Path(__file__).resolve().parents[2]
BASELINE = Path(__file__).with_name("plain_pytest.py")
EXERCISE = ROOT / "exercises" / "exercise03_backprop"
RIGHT = ROOT / "tests" / "submissions" / "exercise03" / "right.py"
DLGRADE = str(Path(sys.executable).with_name("dlgrade"))
# As on a learner's machine, where Python keeps what it has compiled.
PLAIN = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


@dataclass(frozen=True)
class Row:
    """One comparison: what is measured, what with, and how large the ratio may be."""

    what: str
    against: str
    limit: float


LIMITS_S = {f"exercise{number:02}": 3.0 for number in range(6)} | {"exercise06": 10.0, "exercise07": 25.0}
"""How long grading the reference of an exercise may take, the import of torch included."""


def timed(command: Sequence[str], cwd: Path, environment: dict[str, str]) -> float:
    """Run a command and return its seconds; one that fails stops the benchmark."""
    start = time.perf_counter()
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, check=False)
    seconds = time.perf_counter() - start
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout.decode()}{done.stderr.decode()}")
    return seconds


def commands(folder: Path) -> dict[str, Callable[[], float]]:
    """The commands, by the names that the table gives them."""
    state = {"DLGRADE_STATE": str(folder / "state")}
    kept = PLAIN | state | {"XDG_CACHE_HOME": str(folder / "kept")}
    check = [DLGRADE, "check", "exercise03", "--file", str(folder / "backprop.py")]
    python = sys.executable

    def first_time() -> float:
        shutil.rmtree(folder / "fresh", ignore_errors=True)
        return timed(check, folder, PLAIN | state | {"XDG_CACHE_HOME": str(folder / "fresh")})

    return {
        "plain pytest": lambda: timed([python, "-m", "pytest", "-q", "-p", "no:cacheprovider"], folder, kept),
        "check exercise03, first time": first_time,
        "check exercise03, answers kept": lambda: timed(check, folder, kept),
        "import torch": lambda: timed([python, "-c", "import torch"], folder, kept),
        "import click": lambda: timed([python, "-c", "import click"], folder, kept),
        "dlgrade list": lambda: timed([DLGRADE, "list"], folder, kept),
        "dlgrade hint": lambda: timed([DLGRADE, "hint", "exercise03"], folder, kept),
        "dlgrade --help": lambda: timed([DLGRADE, "--help"], folder, kept),
    }


ROWS = (
    Row("check exercise03, first time", "plain pytest", 0.8),
    Row("check exercise03, answers kept", "import torch", 0.4),
    Row("dlgrade list", "import click", 2.5),
    Row("dlgrade hint", "import click", 2.5),
    Row("dlgrade --help", "import click", 2.5),
)


def call_cost(calls: int = 2000) -> float:
    """Seconds of one call with small arguments across the socket, all layers on."""
    from dlgrade.sandbox.launcher import Zygote
    from dlgrade.sandbox.limits import Limits
    from dlgrade.sandbox.session import Session

    zygote = Zygote(["numpy"], [], Limits())
    session = Session(zygote, "def f(w, x):\n    return w * x\n", "f.py", ["numpy"], 10.0, 10.0)
    try:
        session.load()
        start = time.perf_counter()
        for _ in range(calls):
            session.call("f", (0.5, 2.0), {})
        return (time.perf_counter() - start) / calls
    finally:
        session.close()
        zygote.close()


def medians(todo: dict[str, Callable[[], float]], repeats: int) -> dict[str, float]:
    """The median seconds of every command; the first round warms the disk and does not count."""
    taken: dict[str, list[float]] = {key: [] for key in todo}
    for turn in range(repeats + 1):
        for key, run in todo.items():
            seconds = run()
            if turn:
                taken[key].append(seconds)
    return {key: statistics.median(values) for key, values in taken.items()}


def measure(repeats: int) -> dict[str, float]:
    """Measure the comparisons."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copy(RIGHT, folder / "backprop.py")
        shutil.copy(EXERCISE / "test_examples.py", folder)
        shutil.copy(BASELINE, folder / "test_autograd.py")
        return medians(commands(folder), repeats)


def reference(exercise_id: str) -> Path:
    """Find the reference of an exercise."""
    exercise = catalog.find(exercise_id)
    return exercise.solution_dir(ROOT / "solutions") / exercise.entry


def measure_exercises(repeats: int) -> dict[str, float]:
    """Measure how long the reference of each exercise takes, with no answers kept and with all of them."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)

        def graded(exercise_id: str, kept: Path, *, forget: bool) -> float:
            if forget:
                shutil.rmtree(kept, ignore_errors=True)
            check = [DLGRADE, "check", exercise_id, "--file", str(reference(exercise_id))]
            state = {"DLGRADE_STATE": str(folder / "state")}
            return timed(check, folder, PLAIN | state | {"XDG_CACHE_HOME": str(kept)})

        todo: dict[str, Callable[[], float]] = {}
        for each in LIMITS_S:
            todo[f"{each}, first time"] = partial(graded, each, folder / "fresh", forget=True)
            todo[f"{each}, answers kept"] = partial(graded, each, folder / "kept", forget=False)
        return medians(todo, repeats)


def table(medians: dict[str, float], call_s: float, repeats: int) -> str:
    """The results as Markdown."""
    lines = ["| what | median | beside it | median | ratio | goal |", "|---|---|---|---|---|---|"]
    for row in ROWS:
        ours, theirs = medians[row.what], medians[row.against]
        lines.append(
            f"| `{row.what}` | {ours:.3f} s | {row.against} | {theirs:.3f} s "
            f"| {ours / theirs:.2f} | ≤ {row.limit:g} |"
        )
    lines.append(f"| a call across the socket | {call_s * 1e6:.0f} µs | | | | ≤ 150 µs |")
    return "\n".join([*lines, "", f"Medians of {repeats}, in turns, {machine()}."])


def exercise_table(medians: dict[str, float], repeats: int) -> str:
    """How long each exercise takes, as Markdown."""
    lines = ["| reference of | first time | answers kept | goal |", "|---|---|---|---|"]
    for each, limit_s in LIMITS_S.items():
        first, kept = medians[f"{each}, first time"], medians[f"{each}, answers kept"]
        lines.append(f"| {each} | {first:.1f} s | {kept:.1f} s | ≤ {limit_s:g} s |")
    return "\n".join([*lines, "", f"`dlgrade check`, medians of {repeats}, in turns, {machine()}."])


def measure_explanations(every: int) -> dict[str, list[float]]:
    """Measure what the explanation adds to the check of a wrong file, for every so many mistakes."""
    taken: dict[str, list[float]] = {}
    explained = Run._explained

    def clocked(self: Run, *args: Any) -> Any:
        start = time.perf_counter()
        try:
            return explained(self, *args)
        finally:
            taken.setdefault(self.exercise.id, []).append(time.perf_counter() - start)

    Run._explained = clocked  # type: ignore[method-assign]
    with tempfile.TemporaryDirectory() as name:
        for exercise_id in [each for each in LIMITS_S if LIMITS_S[each] == 3.0]:
            exercise = catalog.find(exercise_id)
            mistakes = content.modules(exercise.solution_dir(ROOT / "solutions") / "mistakes")
            file = Path(name) / exercise.entry
            with Grader(exercise_id) as grader:
                for mistake in mistakes[::every]:
                    file.write_text(f"{reference(exercise_id).read_text()}\n\n{mistake.read_text()}")
                    grader.check(file)
    Run._explained = explained  # type: ignore[method-assign]
    return taken


def explanation_table(taken: dict[str, list[float]]) -> str:
    """What explanations add, as Markdown."""
    lines = ["| explaining a mistake of | median | longest | mistakes | goal |", "|---|---|---|---|---|"]
    for exercise_id, seconds in taken.items():
        median = statistics.median(seconds)
        lines.append(
            f"| {exercise_id} | {median:.2f} s | {max(seconds):.2f} s | {len(seconds)} | ≤ 0.5 s |"
        )
    return "\n".join([*lines, "", f"Added to a check that fails, {machine()}."])


def machine() -> str:
    """What it was measured on, and how busy that was."""
    system = f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    return f"on {os.cpu_count()} cores (load {os.getloadavg()[0]:.1f}), {system}; {time.strftime('%Y-%m-%d')}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=7)
    parts = ("comparisons", "exercises", "explanations", "classroom", "grade", "watch")
    parser.add_argument("--only", choices=parts)
    words = parser.parse_args()
    if words.only in (None, "comparisons"):
        call_s = statistics.median(call_cost() for _ in range(words.repeats))
        print(table(measure(words.repeats), call_s, words.repeats), flush=True)
    if words.only in (None, "explanations"):
        print(f"\n{explanation_table(measure_explanations(every=9))}", flush=True)
    if words.only in (None, "exercises"):
        repeats = min(3, words.repeats)  # these take seconds, and a noise shows less
        print(f"\n{exercise_table(measure_exercises(repeats), repeats)}", flush=True)
    if words.only in (None, "classroom"):
        print(f"\n{classroom_table(measure_classroom(), machine())}", flush=True)
    if words.only in (None, "grade"):
        print(f"\n{grade_table()}\n\nMeasured {machine()}.", flush=True)
    if words.only in (None, "watch"):
        print(f"\n{watching_table(measure_watching(words.repeats), machine())}", flush=True)


if __name__ == "__main__":
    main()
