"""How long nbgrader takes for a class, in its own way and with dlgrade; called by `run.py`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

import classroom  # noqa: E402 - the tests' own helper lies beside them

STUDENTS = 20
ASSIGNMENT = "exercise03_backprop"
SOLUTION = ROOT / "solutions" / ASSIGNMENT
NBGRADER = [sys.executable, "-m", "nbgrader"]
DLGRADE = [sys.executable, "-m", "dlgrade", "nbgrader"]
WAYS = {
    "nbgrader's own way": [*NBGRADER, "autograde", ASSIGNMENT],
    "with dlgrade's line": [*NBGRADER, "autograde", ASSIGNMENT],
    "dlgrade nbgrader autograde --jobs 2": [*DLGRADE, "autograde", ASSIGNMENT, "--jobs", "2"],
}
GOALS = {"with dlgrade's line": 8, "dlgrade nbgrader autograde --jobs 2": 20}


def measure_classroom() -> dict[str, float]:
    """Measure the seconds that a class takes in each way, nbgrader's own start included."""
    taken = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        classroom.shelf = folder / "shelf"
        course = _class(folder / "class")
        for way, command in WAYS.items():
            copy = folder / "copy"
            shutil.copytree(course.root, copy)
            if way == "nbgrader's own way":
                classroom.Course(copy).make_plain()
            taken[way] = _timed(command, copy)
            scores = classroom.Course(copy).scores(ASSIGNMENT)
            assert len(scores) == STUDENTS
            shutil.rmtree(copy)
    return taken


def classroom_table(taken: dict[str, float], machine: str) -> str:
    """The result as Markdown."""
    plain = taken["nbgrader's own way"]
    lines = [f"| autograding {STUDENTS} submissions of exercise03 | all | each | throughput | goal |"]
    lines.append("|---|---|---|---|---|")
    for way, seconds in taken.items():
        goal = f"≥ {GOALS[way]} ×" if way in GOALS else ""
        lines.append(
            f"| {way} | {seconds:.1f} s | {seconds / STUDENTS:.2f} s | {plain / seconds:.1f} × | {goal} |"
        )
    return "\n".join([*lines, "", f"One run each, half of them right and half wrong, {machine}."])


def _class(root: Path) -> classroom.Course:
    course = classroom.Course.released(root, "exercise03")
    right = (SOLUTION / "backprop.py").read_text()
    variants = [right, *(path.read_text() for path in sorted((SOLUTION / "variants").glob("*.py")))]
    mistakes = [f"{right}\n\n{path.read_text()}" for path in sorted((SOLUTION / "mistakes").glob("*.py"))]
    for number in range(STUDENTS):
        half = number // 2
        source = mistakes[11 * half % len(mistakes)] if number % 2 else variants[half % len(variants)]
        course.submit(f"student{number:02}", "exercise03", course.filled("exercise03", source))
    return course


def _timed(command: list[str], cwd: Path) -> float:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    start = time.perf_counter()
    subprocess.run(command, cwd=cwd, env=os.environ | {"PATH": path}, capture_output=True, check=True)
    return time.perf_counter() - start
