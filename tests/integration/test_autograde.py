"""A class of nbgrader's, autograded in three ways: plainly, by dlgrade's preprocessor, and many at a time."""

from __future__ import annotations

import copy
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from dlgrade.warm import Lane

nbformat = pytest.importorskip("nbformat")
pytest.importorskip("nbgrader")

pytestmark = pytest.mark.slow

WORD = "exercise03"
ASSIGNMENT = "exercise03_backprop"
SILENT: Any = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
WEIGHED = ("forward", "backward", "sgd_step", "numerical_gradient", "mlp_loss", "mlp_gradients")

FORGERIES = {
    "says_ten": "print('10.0')\n10.0",
    "patches_dlgrade": (
        "try:\n    import dlgrade.classroom.plain as plain\n    plain.points = lambda *words: 10.0\n"
        "except ImportError:\n    pass"
    ),
    "replaces_ipython": "def get_ipython():\n    return None\nInteractiveShell = None",
    "edits_the_gradebook": (
        "import glob, os\n"
        "for path in glob.glob('/**/gradebook.db', recursive=True) + ['@ROOT@/gradebook.db']:\n"
        "    try:\n        open(path, 'r+b').write(b'x' * 4096)\n    except OSError:\n        pass"
    ),
    "edits_a_neighbour": (
        "try:\n    open('@ROOT@/submitted/right_0/exercise03_backprop/backprop.ipynb', 'w').write('{}')\n"
        "except OSError:\n    pass"
    ),
    "shell_and_magics": (
        "!rm -rf @ROOT@/submitted/right_0\n%cd @ROOT@\n%autosave 0\nfiles = !ls\n"
        "%timeit -n1 -r1 1 + 1\nget_ipython().system('rm -rf @ROOT@/gradebook.db')"
    ),
    "a_bash_cell": "%%bash\nrm -rf @ROOT@/gradebook.db @ROOT@/submitted/right_0",
    "raises": "raise SystemExit('10.0')",
    "imports_dlgrade": "from dlgrade.classroom.plain import points",
    "unlinks_itself": "import os\ntry:\n    os.unlink('backprop.ipynb')\nexcept OSError:\n    pass",
}
"""Cells before the others of a right notebook: what they try does nothing, so it earns everything."""

ENDINGS = {
    "exits": "import os\nos._exit(0)",
    "never_ends": "while True:\n    pass",
}
"""Cells before the others of a right notebook with which nothing of it can be run, so it earns nothing."""


class Handed:
    """The class: what each student handed in, as the tests want it, and what they know of it."""

    def __init__(self, course: Any, classroom: ModuleType, checkout: Path) -> None:
        self.course = course
        self.classroom = classroom
        self.expected: dict[str, float | None] = {}
        solutions = checkout / "solutions" / ASSIGNMENT
        self.right = (solutions / "backprop.py").read_text()
        variants = sorted((solutions / "variants").glob("*.py"))
        for number, path in enumerate([solutions / "backprop.py", *variants[:4]]):
            self.hand_in(f"right_{number}", course.filled(WORD, path.read_text()), 10.0)
        for path in sorted((solutions / "mistakes").glob("*.py"))[::11]:
            self.hand_in(f"wrong_{path.stem}", course.filled(WORD, f"{self.right}\n\n{path.read_text()}"))
        self._odd_ones()
        self._hostile_ones()

    def hand_in(self, student: str, notebook: Any, expected: float | None = None, **more: str) -> Path:
        """Hand in, and remember the points that it should get, if that is known without grading it."""
        if expected is not None:
            self.expected[student] = expected
        path: Path = self.course.submit(student, WORD, notebook, **more)
        return path

    def new(self, edits: dict[str, Any] | None = None) -> Any:
        """Return a right notebook with changes."""
        return self.classroom.changed(self.course.filled(WORD, self.right), edits or {})

    def _odd_ones(self) -> None:
        self.hand_in("empty", self.course.release(WORD), 0.0)
        broken = self.new({"forward-solution": "def forward(w, x, b, y_true:"})
        self.hand_in("broken", broken, 0.0)
        half = self.classroom.changed(self.course.release(WORD), {"sgd_step-solution": SGD})
        self.hand_in("one_function_only", half)
        late = self.hand_in("late", self.new(), 10.0)
        late.with_name("timestamp.txt").write_text("2027-01-01 00:00:00.000000 UTC")
        self.hand_in("edited_tests", self.new({"sgd_step-test": "1.0", "backward-test": "100.0"}), 10.0)
        self.hand_in("wrong_with_edited_tests", self.classroom.changed(
            self.course.filled(WORD, self.right.replace("param - lr", "param + lr")), {"sgd_step-test": "1.0"}
        ), 9.0)
        twice = self.new()
        twice.cells.append(copy_of(twice, "sgd_step-test"))
        self.hand_in("test_twice", twice, 10.0)
        solved_twice = self.new()
        solved_twice.cells.append(copy_of(solved_twice, "sgd_step-solution"))
        self.hand_in("solution_twice", solved_twice, 10.0)

    def _hostile_ones(self) -> None:
        for name, source in (FORGERIES | ENDINGS).items():
            notebook = self.new()
            text = source.replace("@ROOT@", str(self.course.root))
            notebook.cells.insert(3, nbformat.v4.new_code_cell(text))
            self.hand_in(f"hostile_{name}", notebook, 10.0 if name in FORGERIES else 0.0)


def copy_of(notebook: Any, ending: str) -> Any:
    """Return a copy of a cell, as Jupyter makes it: with all its metadata, and an id of its own."""
    cell = next(cell for cell in notebook.cells if ending in str(cell.metadata))
    return nbformat.v4.new_code_cell(cell.source, metadata=copy.deepcopy(cell.metadata))


SGD = "def sgd_step(param, grad, lr=0.01):\n    return param - lr * grad"


@pytest.fixture(scope="module")
def handed(classroom: ModuleType, checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Handed:
    """Return the class; tests copy its folder."""
    course = classroom.Course.released(tmp_path_factory.mktemp("autograde") / "class", WORD)
    return Handed(course, classroom, checkout)


@pytest.fixture(scope="module")
def by_check(handed: Handed) -> dict[str, dict[str, float]]:
    """Return what a check of each file that was handed in gives, by student and criterion."""
    found = {}
    with Lane(WORD) as lane:
        for folder in sorted((handed.course.root / "submitted").iterdir()):
            report = lane.check(folder / ASSIGNMENT / "backprop.ipynb").report
            assert report is not None, folder
            found[folder.name] = {each.id: each.points for each in report.criteria if each.max_points}
    return found


@pytest.fixture
def copied(handed: Handed, tmp_path: Path) -> Any:
    """Return a copy of the class's course."""
    shutil.copytree(handed.course.root, tmp_path / "class")
    return handed.classroom.Course(tmp_path / "class")


def untouched(folder: Path) -> dict[str, bytes]:
    """Return the content of every file of a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_class_has_at_least_thirty_submissions_of_every_kind(
    handed: Handed, by_check: dict[str, dict[str, float]]
) -> None:
    """And those whose points are known beforehand have these by `dlgrade check`."""
    assert len(by_check) >= 30
    assert {student: sum(by_check[student].values()) for student in handed.expected} == handed.expected
    wrong = [sum(points.values()) for student, points in by_check.items() if student.startswith("wrong_")]
    assert len(wrong) >= 10
    assert max(wrong) < 10


def test_nbgrader_with_dlgrades_preprocessor_gives_the_points_of_check(
    copied: Any, by_check: dict[str, dict[str, float]]
) -> None:
    """No kernel is started, every score is that of a check, and nobody reaches what is not theirs."""
    before = untouched(copied.root / "submitted")
    done = copied.nbgrader("autograde", ASSIGNMENT)
    assert "Execut" not in done.stderr
    assert copied.scores(WORD) == by_check
    assert untouched(copied.root / "submitted") == before
    cell = next(
        cell for cell in copied.autograded("wrong_with_edited_tests", WORD).cells
        if cell.metadata.get("nbgrader", {}).get("grade_id", "").endswith("sgd_step-test")
    )
    report, points = cell.outputs
    assert points.output_type == "execute_result"
    assert points.data == {"text/plain": "0.0"}
    assert "One step of gradient descent" in report.data["text/html"]
    assert "uphill" in report.data["text/plain"]


def test_many_at_a_time_it_gives_the_points_of_check(
    copied: Any, by_check: dict[str, dict[str, float]]
) -> None:
    """The gradebook is the same; a second run has nothing to do; feedback shows the reports."""
    before = untouched(copied.root / "submitted")
    done = copied.dlgrade("autograde", ASSIGNMENT, "--jobs", "2")
    assert f"{len(by_check)} graded" in done.stdout
    assert "Warning" not in done.stderr
    assert copied.scores(WORD) == by_check
    assert untouched(copied.root / "submitted") == before
    assert sorted(path.name for path in (copied.root / "autograded").iterdir()) == sorted(by_check)
    again = copied.dlgrade("autograde", ASSIGNMENT)
    assert f"0 graded, 0 of them with all points, {len(by_check)} graded before." in again.stdout
    copied.nbgrader("generate_feedback", ASSIGNMENT, "--student", "wrong_with_edited_tests")
    page = (copied.root / "feedback/wrong_with_edited_tests" / ASSIGNMENT / "backprop.html").read_text()
    assert "uphill" in page
    assert not list((copied.root / ".dlgrade").glob("autograding*"))


def test_nbgraders_own_way_gives_the_points_of_check(
    copied: Any, by_check: dict[str, dict[str, float]]
) -> None:
    """Of those who do not attack the kernel that they run in: there, plain nbgrader believes them."""
    for folder in (copied.root / "submitted").iterdir():
        if folder.name.startswith("hostile_"):
            shutil.rmtree(folder)
    config = copied.root / "nbgrader_config.py"
    ours = "autograde_with_dlgrade(c"
    config.write_text(config.read_text().replace(f"{ours})", f"{ours}, kernel=True)"))
    copied.nbgrader("autograde", ASSIGNMENT)
    assert copied.scores(WORD) == {
        student: points for student, points in by_check.items() if not student.startswith("hostile_")
    }


def test_deleted_test_cells_are_put_back_and_renamed_notebooks_are_told(copied: Any, handed: Handed) -> None:
    """A deleted test counts as if it were there; a notebook by another name is not graded, which is said."""
    shutil.rmtree(copied.root / "submitted")
    handed_in = {
        "one_gone": handed.new({"backward-test": None}),
        "all_gone": handed.new({f"{each}-test": None for each in WEIGHED}),
        "with_its_solution": handed.new({"sgd_step-test": None, "sgd_step-solution": None}),
    }
    no_test = handed.new()
    for cell in no_test.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id", "").endswith("backward-test"):
            cell.metadata.nbgrader["grade"] = False
    handed_in["no_test_any_more"] = no_test
    for student, notebook in handed_in.items():
        copied.submit(student, WORD, notebook)
    copied.submit("renamed", WORD, handed.new(), name="backprop-1.ipynb")
    os.mkfifo(copied.submit("a_pipe", WORD, b"").with_name("pipe"))
    (copied.root / "submitted/a_pipe" / ASSIGNMENT / "pipe").replace(
        copied.root / "submitted/a_pipe" / ASSIGNMENT / "backprop.ipynb"
    )
    with copied.submit("too_large", WORD, b"").open("r+b") as file:
        file.truncate(65 << 20)
    done = copied.dlgrade("autograde", ASSIGNMENT, ok=False)
    assert done.returncode == 1
    assert re.search(r"renamed +backprop-1\.ipynb: not a notebook of this assignment", done.stdout)
    assert re.search(r"a_pipe +backprop\.ipynb is no ordinary file", done.stdout)
    assert re.search(r"too_large +backprop\.ipynb is 68 MB, the limit is 64 MiB", done.stdout)
    full = {"forward": 1.5, "backward": 2.5, "sgd_step": 1.0, "numerical_gradient": 2.0, "mlp_loss": 1.0,
            "mlp_gradients": 2.0}
    assert copied.scores(WORD) == {
        "one_gone": full, "all_gone": full, "with_its_solution": full | {"sgd_step": 0.0},
        "no_test_any_more": full,
    }


def test_odd_submissions_cost_nobody_else_anything(copied: Any, handed: Handed) -> None:
    """Metadata of any kind are graded as what they are; what cannot be converted is said in a sentence."""
    shutil.rmtree(copied.root / "submitted")
    for number, odd in enumerate((["a list"], None, {"grade": True}, {"grade_id": [1], "locked": True})):
        notebook = handed.new()
        cell = nbformat.v4.new_code_cell("10.0")
        cell.metadata["nbgrader"] = odd
        notebook.cells.append(cell)
        copied.submit(f"odd_{number}", WORD, notebook)
    for student in ("ada", "*", "two\nlines", "late", "linked", "torn"):
        copied.submit(student, WORD, handed.new())
    folder = {path.name: path / ASSIGNMENT for path in (copied.root / "submitted").iterdir()}
    (folder["linked"] / "data.txt").symlink_to(copied.root / "gradebook.db")
    (folder["torn"] / "backprop.ipynb").write_text('{"cells": [')
    done = copied.dlgrade("autograde", ASSIGNMENT, ok=False)
    assert done.returncode == 1
    said = " ".join(done.stdout.split())
    assert "* no name for a student's folder, to nbgrader" in said
    assert "two\\nlines no name for a student's folder" in said
    assert "linked data.txt is a link to elsewhere" in said
    assert "torn backprop.ipynb is no notebook, not being JSON" in said
    graded = {student: sum(points.values()) for student, points in copied.scores(WORD).items()}
    assert graded == dict.fromkeys(("ada", "late", "odd_0", "odd_1", "odd_2", "odd_3"), 10.0)

    (folder["late"] / "timestamp.txt").write_text("yesterday")
    again = copied.dlgrade("autograde", ASSIGNMENT, ok=False)
    assert re.search(r"timestamp\.txt\s+says\s+no\s+time", again.stdout)
    assert "0 graded, 0 of them with all points, 5 graded before, 5 without a grade." in again.stdout


def test_killed_at_any_moment_it_goes_on_where_it_was(
    copied: Any, handed: Handed, by_check: dict[str, dict[str, float]]
) -> None:
    """Whatever is in autograded/ is whole and in the gradebook; nothing is lost, and no process stays."""
    for folder in (copied.root / "submitted").iterdir():
        if not folder.name.startswith(("right_", "wrong_", "empty", "broken")):
            shutil.rmtree(folder)
    mine = {path.name for path in (copied.root / "submitted").iterdir()}
    command = [sys.executable, "-m", "dlgrade", "nbgrader", "autograde", ASSIGNMENT, "--jobs", "2"]
    seen = set()
    for killed in range(30):
        running = subprocess.Popen(command, cwd=copied.root, **SILENT)
        there = copied.root / "autograded"
        # Some are killed before the first is done, some in the middle of one.
        until = time.monotonic() + 60
        while running.poll() is None and time.monotonic() < until:
            now = {path.name for path in there.iterdir()} if there.is_dir() else set()
            if len(now) > len(seen) + killed % 3:
                break
            time.sleep(0.01)
        time.sleep(0.02 * (killed % 5))
        running.send_signal(signal.SIGKILL)
        running.wait()
        seen = {path.name for path in there.iterdir()} if there.is_dir() else set()
        scores = copied.scores(WORD)
        assert {student: scores[student] for student in seen} == {each: by_check[each] for each in seen}
        if seen == mine:
            break
    assert seen == mine
    copied.dlgrade("autograde", ASSIGNMENT)
    assert copied.scores(WORD) == {each: by_check[each] for each in mine}


def test_two_runs_on_one_course_do_not_meet(copied: Any) -> None:
    """The second one says so, and writes nothing."""
    command = [sys.executable, "-m", "dlgrade", "nbgrader", "autograde", ASSIGNMENT]
    first = subprocess.Popen(command, cwd=copied.root, **SILENT)
    try:
        deadline = time.monotonic() + 60
        while not (copied.root / ".dlgrade" / "autograding").is_dir() and time.monotonic() < deadline:
            time.sleep(0.02)
        second = copied.dlgrade("autograde", ASSIGNMENT, ok=False)
        assert second.returncode == 2
        assert "Another `dlgrade nbgrader autograde` is at work on this course." in second.stderr
    finally:
        first.send_signal(signal.SIGINT)
        first.wait()


def test_regrading_shows_what_changes_before_it_writes(copied: Any, handed: Handed) -> None:
    """Without a yes nothing is written; with it, the gradebook has the new points, and manual grades stay."""
    shutil.rmtree(copied.root / "submitted")
    copied.submit("ada", WORD, handed.new())
    copied.submit("bob", WORD, handed.new())
    copied.dlgrade("autograde", ASSIGNMENT)
    wrong = handed.classroom.changed(handed.new(), {"sgd_step-solution": SGD.replace("- lr", "+ lr")})
    copied.submit("bob", WORD, wrong)
    manual(copied, "ada", "forward", 0.25)

    refused = copied.dlgrade("autograde", ASSIGNMENT, "--regrade", ok=False)
    assert "bob  10 → 9 of 10" in refused.stdout
    assert "The points of 1 change, those of 1 do not." in refused.stdout
    assert copied.scores(WORD)["bob"]["sgd_step"] == 1.0

    done = copied.dlgrade("autograde", ASSIGNMENT, "--regrade", "--yes")
    assert "bob  10 → 9 of 10" in done.stdout
    assert copied.scores(WORD)["bob"]["sgd_step"] == 0.0
    assert manual(copied, "ada", "forward") == 0.25


def manual(course: Any, student: str, criterion: str, score: float | None = None) -> float | None:
    """Read, or set, a manual score as the formgrader does."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course.root / 'gradebook.db'}") as gradebook:
        grade = gradebook.find_grade(f"{ASSIGNMENT}-{criterion}-test", "backprop", ASSIGNMENT, student)
        if score is not None:
            grade.manual_score = score
            gradebook.db.commit()
        found: float | None = grade.manual_score
        return found


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nothing"], "This course's gradebook has no assignment 'nothing' (it has exercise03_backprop)"),
        ([ASSIGNMENT, "--student", "nobody"], "Nothing was handed in for exercise03_backprop by nobody."),
        ([ASSIGNMENT, "--course", "elsewhere"], "'elsewhere' is no course of nbgrader's"),
    ],
    ids=["no_assignment", "no_student", "no_course"],
)
def test_what_is_not_there_is_told_in_a_sentence(copied: Any, words: list[str], said: str) -> None:
    """And nothing is written."""
    before = untouched(copied.root)
    done = copied.dlgrade("autograde", *words, ok=False)
    assert done.returncode == 2
    assert said in done.stderr
    after = untouched(copied.root)
    assert {name: data for name, data in after.items() if not name.startswith(".dlgrade")} == before


@pytest.mark.parametrize("show", ["full", "hints", "points"])
def test_the_teacher_chooses_how_much_is_shown(copied: Any, handed: Handed, show: str) -> None:
    """Values only with `full`, the mistake with `full` and `hints`, points always."""
    shutil.rmtree(copied.root / "submitted")
    wrong = handed.classroom.changed(handed.new(), {"sgd_step-solution": SGD.replace("- lr", "+ lr")})
    copied.submit("bob", WORD, wrong)
    config = copied.root / "nbgrader_config.py"
    config.write_text(f"{config.read_text()}\nc.Grade.show = {show!r}\n")
    copied.dlgrade("autograde", ASSIGNMENT)
    text = str([cell.outputs for cell in copied.autograded("bob", WORD).cells if cell.cell_type == "code"])
    assert ("came back" in text) == (show == "full")
    assert ("uphill" in text) == (show != "points")
    assert "One step of gradient descent" in text
    assert copied.scores(WORD)["bob"]["sgd_step"] == 0.0


def test_a_fault_of_ours_gives_no_points_and_no_autograded_folder(
    copied: Any, handed: Handed, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A suite that is not there is nobody's mistake: the student is named, and stays ungraded."""
    shutil.rmtree(copied.root / "submitted")
    copied.submit("ada", WORD, handed.new())
    monkeypatch.setenv("DLGRADE_SOLUTIONS", str(tmp_path))
    done = copied.dlgrade("autograde", ASSIGNMENT, ok=False)
    assert done.returncode != 0
    assert "fault" in done.stdout + done.stderr or "has no suite" in done.stdout + done.stderr
    assert not list(copied.root.glob("autograded/*"))
    assert copied.scores(WORD) == {}
