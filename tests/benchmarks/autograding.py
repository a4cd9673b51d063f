"""How long nbgrader takes for a class, in its own way and with dlgrade; called by `run.py`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

import classroom  # noqa: E402 - the tests' own helper lies beside them

STUDENTS = 20
ASSIGNMENT = "exercise03_backprop"
SOLUTION = ROOT / "solutions" / ASSIGNMENT
NBGRADER = [sys.executable, "-m", "nbgrader"]
DLGRADE = [sys.executable, "-m", "dlgrade", "nbgrader"]
PLAIN = "nbgrader's own way"
WAYS = {
    PLAIN: [*NBGRADER, "autograde", ASSIGNMENT],
    "with dlgrade's line": [*NBGRADER, "autograde", ASSIGNMENT],
    "dlgrade nbgrader autograde --jobs 2": [*DLGRADE, "autograde", ASSIGNMENT, "--jobs", "2"],
}
OTHER = {PLAIN: 4}
"""The size of a second class, by which a submission is told from the start; 60 where nothing is said."""

GOALS = {"with dlgrade's line": 8, "dlgrade nbgrader autograde --jobs 2": 20}


@dataclass(frozen=True)
class Taken:
    """Seconds for the class, all starts included, and for each more submission."""

    all_s: float
    more_s: float


def measure_classroom() -> dict[str, Taken]:
    """Measure what a class takes in each way."""
    taken = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        classroom.shelf = folder / "shelf"
        courses = {size: _class(folder / f"class{size}", size) for size in {STUDENTS, 60, *OTHER.values()}}
        for way, command in WAYS.items():
            other = OTHER.get(way, 60)
            all_s, other_s = (
                _autograded(courses[size], folder / "copy", way, command) for size in (STUDENTS, other)
            )
            taken[way] = Taken(all_s, (other_s - all_s) / (other - STUDENTS))
    return taken


def _autograded(course: classroom.Course, copy: Path, way: str, command: list[str]) -> float:
    shutil.copytree(course.root, copy)
    if way == PLAIN:
        classroom.Course(copy).make_plain()
    seconds = _timed(command, copy)
    assert len(classroom.Course(copy).scores(ASSIGNMENT)) == len(list((copy / "submitted").iterdir()))
    shutil.rmtree(copy)
    return seconds


def classroom_table(taken: dict[str, Taken], machine: str) -> str:
    """The result as Markdown."""
    plain = taken[PLAIN]
    lines = [f"| autograding exercise03 | {STUDENTS} in all | throughput | each more | throughput | goal |"]
    lines.append("|---|---|---|---|---|---|")
    for way, each in taken.items():
        goal = f"≥ {GOALS[way]} ×" if way in GOALS else ""
        lines.append(
            f"| {way} | {each.all_s:.1f} s | {plain.all_s / each.all_s:.1f} × "
            f"| {each.more_s:.3f} s | {plain.more_s / each.more_s:.1f} × | {goal} |"
        )
    said = "Half are right and half wrong. All starts are included; each more is by the difference"
    return "\n".join([*lines, "", f"{said} to a class of another size. Measured {machine}."])


def _class(root: Path, size: int) -> classroom.Course:
    course = classroom.Course.released(root, "exercise03")
    right = (SOLUTION / "backprop.py").read_text()
    variants = [right, *(path.read_text() for path in sorted((SOLUTION / "variants").glob("*.py")))]
    mistakes = [f"{right}\n\n{path.read_text()}" for path in sorted((SOLUTION / "mistakes").glob("*.py"))]
    for number in range(size):
        half = number % STUDENTS // 2
        source = mistakes[11 * half % len(mistakes)] if number % 2 else variants[half % len(variants)]
        # No two are the same to the letter: a verdict on one would be the other's.
        filled = course.filled("exercise03", f"# {number}\n{source}")
        course.submit(f"student{number:02}", "exercise03", filled)
    return course


def _timed(command: list[str], cwd: Path) -> float:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    start = time.perf_counter()
    subprocess.run(command, cwd=cwd, env=os.environ | {"PATH": path}, capture_output=True, check=True)
    return time.perf_counter() - start
