"""Verdicts on notebooks: asked for one by one, made ahead of that, and never those of another notebook."""

import json
from collections import deque
from pathlib import Path

import pytest

from dlgrade.classroom import ahead, marking
from dlgrade.classroom.marking import AHEAD_MAX, Marker, Notebook, ask
from dlgrade.errors import LaneError
from dlgrade.warm import Job, Verdict

EXERCISE = "exercise03"


class FakeLanes:
    """Two lanes; what they are given is done in the order in which it came, as soon as it is waited for."""

    def __init__(self, level: int) -> None:
        self.begun: list[str] = []
        self.at_work: deque[Job] = deque()
        self.broken = False
        self.faulty: set[str] = set()
        self.prepared = 0

    @property
    def has_room(self) -> bool:
        return len(self.at_work) < 2

    @property
    def has_verdict(self) -> bool:
        return bool(self.at_work)

    def prepare(self, exercise: str, count: int) -> None:
        assert exercise == EXERCISE
        self.prepared += count

    def begin(self, exercise: str, job: Job) -> None:
        if self.broken:
            raise LaneError("a warm grader could not be started: it fell ill")
        code = code_of(job.file.read_bytes())
        self.begun.append(code)
        self.at_work.append(job)

    def finish(self) -> Verdict:
        job = self.at_work.popleft()
        code = code_of(job.file.read_bytes())
        if code in self.faulty:
            return Verdict(job.key, fault=code)
        return Verdict(job.key, refused=code)

    def close(self) -> None:
        self.at_work.clear()


def notebook(code: str, **more: object) -> bytes:
    cell = {"cell_type": "code", "source": code, "metadata": {}, "outputs": [], "execution_count": None}
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": more, "cells": [cell]}).encode()


def code_of(content: bytes) -> str:
    return str(json.loads(content)["cells"][0]["source"])


@pytest.fixture
def marker(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(marking, "Lanes", FakeLanes)
    made = Marker(2)
    yield made
    made.close()


def said(marker: Marker, code: str) -> str | None:
    return marker.verdict(EXERCISE, notebook(code), "backprop.ipynb").refused


def expected(*codes: str) -> list[Notebook]:
    return [Notebook(EXERCISE, "backprop.ipynb", notebook(code)) for code in codes]


def test_each_notebook_gets_its_own_verdict_whatever_was_made_ahead(marker):
    """Those whose code is what was expected are graded once, the others as they are when they are asked."""
    marker.expect(1, expected("b", "c", "d", "e"))
    asked = ["a", "b", "c changed", "d", "e"]
    assert [said(marker, code) for code in asked] == asked
    assert sorted(marker._lanes.begun) == sorted(["a", "b", "c", "c changed", "d", "e"])


def test_the_same_code_is_graded_once(marker):
    """Starters that nobody touched are many."""
    marker.expect(1, expected(*["starter"] * 20, "x"))
    assert [said(marker, code) for code in ["starter"] * 21 + ["x"]] == ["starter"] * 21 + ["x"]
    assert sorted(marker._lanes.begun) == ["starter", "x"]


def test_it_looks_ahead_only_so_far(marker):
    """A large class is not graded before its first notebook has been written down."""
    marker.expect(1, expected(*(f"s{number}" for number in range(500))))
    for number in range(400):
        assert said(marker, f"s{number}") == f"s{number}"
        assert len(marker._lanes.begun) <= number + 1 + AHEAD_MAX + 1
    assert len(marker._known) <= 64
    assert len(list(Path(marker._folder.name).iterdir())) <= 2


def test_what_was_changed_does_not_stop_the_look_ahead(marker):
    """Also where no notebook at all is as it was expected."""
    marker.expect(1, expected(*(f"s{number}" for number in range(50))))
    for number in range(50):
        said(marker, f"other {number}")
    assert {f"s{number}" for number in range(50)} <= set(marker._lanes.begun)


def test_what_is_expected_is_told_once_a_run(marker):
    """Told again, it begins anew only for another run."""
    for run in (1, 1, 2, 2):
        marker.expect(run, expected("a", "b", "c"))
        assert said(marker, f"first of {run}") == f"first of {run}"
    assert [said(marker, code) for code in "abc"] == ["a", "b", "c"]
    assert sorted(marker._lanes.begun) == ["a", "b", "c", "first of 1", "first of 2"]


def test_no_more_graders_are_started_than_there_are_notebooks(marker):
    """On a machine of many cores one submission needs one."""
    marker.expect(1, expected())
    assert said(marker, "a") == "a"
    assert marker._lanes.prepared == 0
    marker.expect(2, expected("b"))
    assert marker._lanes.prepared == 2


def test_a_fault_is_tried_again_and_not_kept(marker):
    """What went wrong on our side once need not do so again."""
    marker._lanes.faulty.add("a")
    assert marker.verdict(EXERCISE, notebook("a"), "backprop.ipynb").fault == "a"
    marker._lanes.faulty.clear()
    assert said(marker, "a") == "a"


def test_lanes_that_cannot_be_started_ahead_are_no_fault_of_this_notebook(marker):
    """It has its verdict; the next one is told, when it is asked for."""
    marker.expect(1, expected("b"))
    begin = marker._lanes.begin

    def once(exercise: str, job: Job) -> None:
        begin(exercise, job)
        marker._lanes.broken = True

    marker._lanes.begin = once
    assert said(marker, "a") == "a"
    with pytest.raises(LaneError, match="fell ill"):
        said(marker, "b")


def test_a_verdict_is_known_by_the_learners_code_the_exercise_and_the_name():
    """Outputs and metadata change nothing; code, its cell, the exercise and the name do."""
    one = ask(EXERCISE, "a.ipynb", notebook("x = 1"))
    assert one == ask(EXERCISE, "a.ipynb", notebook("x = 1", kernelspec={"name": "python3"}))
    others = [
        ask(EXERCISE, "a.ipynb", notebook("x = 2")),
        ask(EXERCISE, "b.ipynb", notebook("x = 1")),
        ask("exercise02", "a.ipynb", notebook("x = 1")),
        ask(EXERCISE, "a.ipynb", b"no notebook"),
    ]
    moved = json.loads(notebook("x = 1"))
    before = dict(moved["cells"][0], source="# the teacher's", metadata={"nbgrader": {"locked": True}})
    moved["cells"].insert(0, before)
    others.append(ask(EXERCISE, "a.ipynb", json.dumps(moved).encode()))
    assert len({one, *others}) == 6


class Course:
    """The paths of a course, as nbgrader gives them."""

    assignment_id = "backprop"
    submitted_directory, autograded_directory = "submitted", "autograded"

    def __init__(self, root: Path) -> None:
        self.root = root

    def format_path(self, step: str, student: str, assignment: str, escape: bool = False) -> str:
        root = str(self.root).replace(".", r"\.") if escape else str(self.root)
        return f"{root}/{step}/{student}/{assignment}"


class Converter:
    """nbgrader's converter, as far as it knows what was handed in."""

    force = False

    def __init__(self, root: Path) -> None:
        self.coursedir = Course(root)
        self.assignments: dict[str, list[str]] = {}

    def hand_in(self, student: str, name: str, content: bytes) -> None:
        folder = Path(self.coursedir.format_path("submitted", student, "backprop"))
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
        self.assignments.setdefault(str(folder), []).append(str(folder / name))


def test_what_comes_next_is_what_nbgrader_will_come_to(tmp_path):
    """The students after this one, in nbgrader's order, without those that it will leave out."""
    converter = Converter(tmp_path)
    for student in ("d", "a", "c", "b", "e", "f"):
        converter.hand_in(student, "backprop.ipynb", notebook(student))
    converter.hand_in("c", "notes.ipynb", notebook("of c's own"))
    (tmp_path / "autograded" / "d" / "backprop").mkdir(parents=True)
    fifo = Path(converter.assignments[str(tmp_path / "submitted" / "e" / "backprop")][0])
    fifo.unlink()
    fifo.mkdir()
    names = {"backprop": [EXERCISE]}
    assert [code_of(each.content) for each in ahead.upcoming(converter, "b", names)] == ["c", "f"]
    converter.force = True
    assert [code_of(each.content) for each in ahead.upcoming(converter, "b", names)] == ["c", "d", "f"]
    assert list(ahead.upcoming(converter, "nobody", names)) == []
    assert list(ahead.upcoming(converter, "f", names)) == []
