"""Every exercise in both directions: what is right earns everything, what is wrong loses exactly its own."""

from __future__ import annotations

import atexit
import functools
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

import msgspec
import pytest

from dlgrade import catalog, content
from dlgrade.catalog import Exercise
from dlgrade.diagnosis import catalogue
from dlgrade.grading import Grader
from dlgrade.report import Report

SOLUTIONS = content.solutions_dir()
if SOLUTIONS is None:
    pytest.skip("the solutions are not on this machine", allow_module_level=True)
EXERCISES = catalog.exercises()
TORCH_SAMPLE = 14


@dataclass(frozen=True)
class Known:
    """One file beside a reference: a mistake or a variant."""

    exercise: Exercise
    path: Path

    def __str__(self) -> str:
        return f"{self.exercise.name}-{self.path.stem}"

    @property
    def loses(self) -> set[str]:
        """The criteria that the docstring of a mistake names."""
        found = re.search(r"^Loses: (.*)$", self.path.read_text(), re.M)
        assert found is not None, f"{self.path} does not say what it loses"
        return set(found[1].replace(".", "").split(", "))


def sampled() -> list[Any]:
    """List the mistakes: all of an exercise in NumPy, some of one in torch, which takes seconds a file.

    The others are marked `exhaustive` and run by ``make mistakes``.
    """
    listed = []
    for exercise in EXERCISES:
        mine = [each for each in known("mistakes") if each.exercise == exercise]
        mine.sort(key=lambda each: crc32(each.path.name.encode()))
        some = len(mine) if "torch" not in exercise.tools else TORCH_SAMPLE
        listed += mine[:some]
        listed += [pytest.param(each, marks=pytest.mark.exhaustive) for each in mine[some:]]
    return listed


def known(kind: str) -> list[Known]:
    """List the mistakes or the variants of all exercises."""
    return [
        Known(exercise, path)
        for exercise in EXERCISES
        for path in content.modules(exercise.solution_dir(SOLUTIONS) / kind)
    ]


@functools.cache
def grader(exercise_id: str) -> Grader:
    """Keep one warm grader for each exercise: hundreds of files are graded here."""
    made = Grader(exercise_id)
    atexit.register(made.close)
    return made


def once(exercise: Exercise, path: Path) -> Report:
    """Grade a file; an error of ours is never a verdict."""
    report = timeless(grader(exercise.id).check(path))
    assert not report.ours, [test.message for test in report.tests if test.status == "error"]
    return report


def twice(exercise: Exercise, path: Path) -> Report:
    """Grade a file twice and return the report, which must not depend on when."""
    first, second = once(exercise, path), once(exercise, path)
    assert first == second
    return first


def timeless(report: Report) -> Report:
    """Take the seconds out of a report: they alone may differ between two runs."""
    tests = tuple(msgspec.structs.replace(test, seconds=0.0) for test in report.tests)
    return msgspec.structs.replace(report, seconds=0.0, tests=tests)


def all_points(report: Report) -> bool:
    """Whether a report is one of a right file, down to each test."""
    return report.passed and report.points == report.max_points == 10.0


def complaints(report: Report) -> list[str]:
    """What went wrong, for the test's own message."""
    return [f"{test.id}: {test.message}" for test in report.tests if test.status != "passed"]


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)
def test_the_reference_earns_everything(exercise: Exercise) -> None:
    """The reference gets all points, twice alike."""
    report = twice(exercise, exercise.solution_dir(SOLUTIONS) / exercise.entry)
    assert all_points(report), complaints(report)


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)
def test_the_starter_earns_nothing(exercise: Exercise) -> None:
    """The starter gets no point, and each of its functions is said to be still to do."""
    report = twice(exercise, exercise.entry_path)
    assert report.points == 0.0
    assert {test.function for test in report.tests if test.todo} == set(exercise.functions)


@pytest.mark.parametrize("variant", known("variants"), ids=str)
def test_a_variant_earns_everything(variant: Known) -> None:
    """A right file that was written differently gets all points, twice alike."""
    report = twice(variant.exercise, variant.path)
    assert all_points(report), complaints(report)


@pytest.mark.parametrize("mistake", sampled(), ids=str)
def test_a_mistake_loses_exactly_its_criteria(mistake: Known, tmp_path: Path) -> None:
    """The reference with one mistake loses the criteria that the mistake names, and no other."""
    reference = mistake.exercise.solution_dir(SOLUTIONS) / mistake.exercise.entry
    file = tmp_path / mistake.exercise.entry
    file.write_text(f"{reference.read_text()}\n\n{mistake.path.read_text()}")
    again = crc32(mistake.path.name.encode()) % 4 == 0
    report = twice(mistake.exercise, file) if again else once(mistake.exercise, file)
    lost = {criterion.id for criterion in report.criteria if criterion.status != "passed"}
    assert lost == mistake.loses, complaints(report)
    assert not report.passed
    assert_explained_by_itself(mistake, report)


def assert_explained_by_itself(mistake: Known, report: Report) -> None:
    """A mistake may be explained by numbers, or not at all; but where one is named, it is among them."""
    own = catalogue.read(mistake.path).sentence
    others = {each.sentence for each in catalogue.mistakes(mistake.path.parent.parent)} - {own}
    for said in filter(None, (test.diagnosis for test in report.tests)):
        assert own in said or not any(other in said for other in others), said


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)
def test_there_are_enough_mistakes_and_variants(exercise: Exercise) -> None:
    """Each exercise has at least ten mistakes and four variants, each mistake with a tutor's sentence."""
    mistakes = [each for each in known("mistakes") if each.exercise == exercise]
    assert len(mistakes) >= 10
    assert len([each for each in known("variants") if each.exercise == exercise]) >= 4
    for mistake in mistakes:
        sentence = mistake.path.read_text().removeprefix('"""').split("\n\nLoses:")[0]
        assert sentence.rstrip().endswith(("?", ".", "!")), mistake.path.name


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)
def test_plain_pytest_passes_in_the_folder_of_a_solved_exercise(exercise: Exercise, tmp_path: Path) -> None:
    """The visible examples pass under plain pytest beside a solved file, and fail beside the starter."""
    shutil.copy(exercise.examples_path, tmp_path)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly"]
    shutil.copy(exercise.entry_path, tmp_path)
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode == 1
    shutil.copy(exercise.solution_dir(SOLUTIONS) / exercise.entry, tmp_path)
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)
def test_the_points_of_an_exercise_are_ten(exercise: Exercise) -> None:
    """Each exercise is worth ten points, and each criterion has three hints or more."""
    assert exercise.points == 10.0
    assert all(len(criterion.hints) >= 3 for criterion in exercise.criteria)
