"""Points for a test cell in a kernel, given the verdict of another process."""

import json
import subprocess
from types import SimpleNamespace

import pytest

from dlgrade import grading
from dlgrade.classroom import alone, plain, testcell
from dlgrade.classroom.testcell import Graded
from dlgrade.errors import UngradedError
from dlgrade.report import CriterionResult, Isolation, Report, TestResult


def outcome(earned=0.0, *, status="failed", scope="suite", **changes):
    """Return an outcome in which `backward` earned something of 3 points."""
    test = TestResult("t", "backward", "backward", "dw is right", status, "dL/dw is \x1b[1m3", "Which sign?")
    report = Report(
        dlgrade="0", exercise="exercise03", name="backprop", title="B", file="f", scope=scope, points=earned,
        max_points=10.0, passed=status == "passed", tests=(test,), seeds={}, isolation=Isolation(3, {}),
        criteria=(CriterionResult("backward", "Backward", earned, 3.0, status),),
    )  # fmt: skip
    return alone.Outcome(**{"report": report, **changes})


def cell(criterion="backward", worth=3, **changes):
    """Return a test cell of nbgrader's as JSON."""
    source = testcell.source("# Points.", Graded("exercise03", criterion))
    told = {"grade": True, "solution": False, "locked": True, "points": worth, **changes}
    return {"cell_type": "code", "source": source.splitlines(True), "metadata": {"nbgrader": told}}


@pytest.fixture
def kernel(tmp_path, monkeypatch):
    """Return a kernel's folder with backprop.ipynb in it, and a `graded` to be set: no process is made."""
    kernel = SimpleNamespace(folder=tmp_path, graded=outcome(), asked=[])

    def grade(exercise, file):
        kernel.asked.append(file.name)
        if isinstance(kernel.graded, BaseException):
            raise kernel.graded
        return kernel.graded

    def write(*cells, name="backprop.ipynb"):
        (tmp_path / name).write_text(json.dumps({"cells": cells}))

    kernel.write = write
    write(cell())
    monkeypatch.setattr(plain, "_known", {})
    monkeypatch.setattr(plain, "_shell", lambda: SimpleNamespace(starting_dir=str(tmp_path)))
    monkeypatch.setattr(alone, "grade", grade)
    monkeypatch.delenv(plain.EXECUTION_VARIABLE, raising=False)
    return kernel


@pytest.mark.parametrize(
    ("earned", "worth", "points"),
    [(3.0, 3, 3.0), (1.0, 3, 1.0), (2.0, 7.5, 5.0), (0.0, 3, 0.0), (3.0, 0, 0.0)],
)
def test_points_are_a_plain_float_that_nbgrader_can_read(kernel, earned, worth, points):
    """Scaled to what the cell is worth by its metadata; its repr is what a kernel shows."""
    kernel.graded = outcome(earned)
    kernel.write(cell(worth=worth))
    found = plain.points("exercise03", "backward")
    assert type(found) is float
    assert (found, float(repr(found))) == (points, points)


def test_what_is_printed_is_safe_and_says_why(kernel, capsys):
    """The failed test of this criterion stands there with its diagnosis, and no escape sequence works."""
    plain.points("exercise03", "backward")
    out, err = capsys.readouterr()
    assert out == "Backward: 0 of 3 points\n✗ dw is right\ndL/dw is \\x1b[1m3\nWhich sign?\n"
    assert err == ""


def test_a_file_is_graded_once_for_all_its_cells(kernel):
    """And again when it has changed."""
    for _ in range(3):
        plain.points("exercise03", "backward")
    assert kernel.asked == ["backprop.ipynb"]
    kernel.write(cell(), cell("forward"))
    plain.points("exercise03", "backward")
    assert len(kernel.asked) == 2


def test_a_refused_file_earns_nothing(kernel, capsys):
    """What cannot be read at all is the learner's to mend, and the reason is shown."""
    kernel.graded = alone.Outcome(refused="backprop.ipynb is 9 MB.")
    assert plain.points("exercise03", "backward") == 0.0
    assert "9 MB" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("graded", "why"),
    [
        (outcome(status="error"), "dlgrade itself failed. dL/dw"),
        (outcome(scope="examples"), "the hidden suite is not on this machine"),
        (UngradedError("the grader ended with status -9."), "ended with status -9"),
        (OSError("no memory"), "no memory"),
        (KeyboardInterrupt(), "it was interrupted"),
    ],
)
def test_a_fault_of_ours_is_no_grade(kernel, monkeypatch, graded, why):
    """It is an error in the cell; where nbgrader autogrades, the kernel ends, so that no score is kept."""
    kernel.graded = graded
    with pytest.raises(UngradedError, match=why):
        plain.points("exercise03", "backward")
    said = []
    monkeypatch.setenv(plain.EXECUTION_VARIABLE, "autograde")
    monkeypatch.setattr(plain.os, "write", lambda descriptor, text: said.append(text.decode()))
    monkeypatch.setattr(plain.os, "_exit", lambda status: said.append(status))
    with pytest.raises(UngradedError):
        plain.points("exercise03", "backward")
    assert why in said[0]
    assert said[1] == 1


def test_a_criterion_that_there_is_not_is_no_grade(kernel):
    """The teacher's cell is wrong, not the learner's code."""
    kernel.write(cell("sideways"))
    with pytest.raises(UngradedError, match="no criterion 'sideways'"):
        plain.points("exercise03", "sideways")


def test_copies_beside_the_notebook_do_not_count(kernel):
    """The one that is called like the exercise's file is meant; one that was renamed is found as well."""
    kernel.write(cell(worth=9), name="backprop-Copy1.ipynb")
    kernel.graded = outcome(3.0)
    assert plain.points("exercise03", "backward") == 3.0
    (kernel.folder / "backprop.ipynb").unlink()
    assert plain.points("exercise03", "backward") == 9.0


def test_it_must_be_clear_which_notebook_is_meant(kernel):
    """None, or two that are called otherwise: no grade, and the sentence names the folder."""
    (kernel.folder / "backprop.ipynb").rename(kernel.folder / "one.ipynb")
    kernel.write(cell(), name="two.ipynb")
    with pytest.raises(UngradedError, match="more than one"):
        plain.points("exercise03", "backward")
    for file in kernel.folder.glob("*.ipynb"):
        file.write_text("no notebook")
    with pytest.raises(UngradedError, match=f"{kernel.folder} has no notebook"):
        plain.points("exercise03", "backward")


def test_validation_fails_until_everything_is_right(kernel, monkeypatch):
    """Elsewhere the line does nothing; without the hidden suite the visible examples decide."""
    plain.validate("exercise03", "backward")
    assert not kernel.asked
    monkeypatch.setenv(plain.EXECUTION_VARIABLE, "validate")
    tries = {"part": outcome(2.0), "all": outcome(3.0), "examples": outcome(scope="examples")}
    tries["good examples"] = outcome(scope="examples", status="passed")
    for name, graded in tries.items():
        monkeypatch.setattr(plain, "_known", {})
        kernel.graded = graded
        if name in ("all", "good examples"):
            plain.validate("exercise03", "backward")
        else:
            with pytest.raises(AssertionError, match="something to do"):
                plain.validate("exercise03", "backward")


def test_another_process_gives_the_verdict_of_check(submissions, tmp_path, monkeypatch):
    """The report is the same; variables of Python's in this process do not reach that one."""
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    (tmp_path / "numpy.py").write_text("1 / 0")
    file = sorted((submissions / "exercise03").glob("*.py"))[0]
    found, expected = alone.grade("exercise03", file).report, grading.check("exercise03", file)
    assert found.criteria == expected.criteria
    assert [test.message for test in found.tests] == [test.message for test in expected.tests]


def test_what_cannot_be_graded_in_the_other_process_is_told(tmp_path, monkeypatch):
    """A file that cannot be read is refused; anything else is our fault, with its reason."""
    assert "no file" in alone.grade("exercise03", tmp_path / "none.py").refused
    with pytest.raises(UngradedError, match="no exercise 'exercise99'"):
        alone.grade("exercise99", tmp_path / "none.py")
    died = subprocess.CompletedProcess([], -9, stdout=b"", stderr=b"")
    monkeypatch.setattr(alone.subprocess, "run", lambda *_, **__: died)
    with pytest.raises(UngradedError, match="ended with status -9"):
        alone.grade("exercise03", tmp_path / "none.py")
