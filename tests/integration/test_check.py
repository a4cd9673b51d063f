"""`dlgrade check` from end to end, on files as learners hand them in."""

from __future__ import annotations

import json
import os
import pty
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import dlgrade
from dlgrade import catalog, content, report
from dlgrade.errors import CatalogError, SandboxError, SubmissionError
from dlgrade.grading import check
from dlgrade.report import Report
from dlgrade.sandbox import layers
from dlgrade.workplace import locate

Dlgrade = Callable[..., subprocess.CompletedProcess[str]]
MORE_OF_THE_SUITE = """
from toy_values import VALUE

from dlgrade.suite import check, criterion


@criterion("add")
def test_more(student):
    check.that(False, f"the value is {VALUE}")
"""


@pytest.fixture
def toy(course: SimpleNamespace) -> str:
    """The source of the toy exercise's reference."""
    return (course.solutions / "exercise90_toy" / "toy.py").read_text()


@pytest.fixture
def grade(course: SimpleNamespace, tmp_path: Path) -> Callable[..., Report]:
    """Return a function that grades a source, or bytes, as the toy exercise."""

    def run(source: str | bytes, name: str = "toy.py", **options: Any) -> Report:
        file = tmp_path / name
        file.write_bytes(source if isinstance(source, bytes) else source.encode())
        return check("90", file, exercises=course.exercises, solutions=course.solutions, **options)

    return run


def message(found: Report, criterion: str) -> str:
    """The message of the first failing test of a criterion."""
    return next(
        test.message or "" for test in found.tests if test.criterion == criterion and test.status == "failed"
    )


def points(found: Report) -> dict[str, float]:
    """The points by criterion."""
    return {criterion.id: criterion.points for criterion in found.criteria if criterion.max_points}


# Files that cannot be read at all: usage.


def test_a_missing_file_is_usage(dlgrade: Dlgrade, tmp_path: Path) -> None:
    """No such file: exit status 2 and a sentence with the name."""
    done = dlgrade("check", "03", "--file", "nowhere.py")
    assert done.returncode == 2
    assert "nowhere.py" in done.stderr
    assert "Traceback" not in done.stderr


def test_nothing_to_check_says_where_it_looked(dlgrade: Dlgrade) -> None:
    """Without --file and without a file, the sentence says where it was looked for."""
    done = dlgrade("check", "backprop")
    assert done.returncode == 2
    assert "backprop.py is neither in exercise03_backprop/ nor in this folder" in done.stderr
    assert "--file" in done.stderr


@pytest.mark.parametrize(
    ("content_", "word"),
    [(b"\x7fELF\0\0\0\1" * 100, "no text file"), (b"#" * (50 << 20), "limit")],
    ids=["binary", "50 MB"],
)
def test_a_file_that_is_no_source_is_usage(
    content_: bytes, word: str, dlgrade: Dlgrade, tmp_path: Path
) -> None:
    """A binary file and one of 50 MB are refused at once, with exit status 2 and a sentence."""
    (tmp_path / "backprop.py").write_bytes(content_)
    done = dlgrade("check", "03")
    assert done.returncode == 2, done.stdout
    assert word in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_is_usage(dlgrade: Dlgrade, tmp_path: Path) -> None:
    """A folder in place of a file: exit status 2 and a sentence."""
    done = dlgrade("check", "03", "--file", str(tmp_path))
    assert done.returncode == 2
    assert "folder" in done.stderr or "directory" in done.stderr


@pytest.mark.parametrize("word", ["exercise99", "zzz", "exercise"])
def test_an_exercise_that_is_not_there_is_usage(word: str, dlgrade: Dlgrade) -> None:
    """An unknown and an ambiguous exercise: exit status 2 and a sentence."""
    done = dlgrade("check", word)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_an_unknown_criterion_is_usage(dlgrade: Dlgrade, submissions: Path) -> None:
    """--only with a criterion that is not there names those that are."""
    done = dlgrade("check", "03", "--file", submissions / "exercise03" / "right.py", "--only", "nonsense")
    assert done.returncode == 2
    assert "backward" in done.stderr


# Files that are a verdict as a whole.


def test_an_empty_file_is_a_verdict(grade: Callable[..., Report]) -> None:
    """An empty file gets no points and is told that it is empty."""
    found = grade("")
    assert found.points == 0
    assert "empty" in message(found, "loads")
    assert found.exit_code() == 1


def test_a_syntax_error_is_a_verdict_with_its_line(grade: Callable[..., Report]) -> None:
    """A syntax error names its line and shows where in it."""
    found = grade("def double(x):\n    return 2 * (x\n\n\ndef add(a, b):\n    return a + b\n")
    assert found.points == 0
    assert "line 2" in message(found, "loads")
    loads = next(test for test in found.tests if test.criterion == "loads")
    assert "^" in (loads.traceback or "")
    assert "return 2 * (x" in (loads.traceback or "")
    assert found.exit_code() == 1


def test_an_import_error_costs_what_depends_on_it(grade: Callable[..., Report], toy: str) -> None:
    """A package that is not there costs the functions that use it, not the others."""
    source = toy + "\nimport not_a_package\n\n\ndef add(a, b):\n    return not_a_package.add(a, b)\n"
    found = grade(source)
    assert points(found)["add"] == 0
    assert points(found)["double"] == 2.0
    assert not found.passed
    assert "not_a_package" in message(found, "by_hand")


def test_a_module_of_the_standard_library_that_is_missing_costs_what_depends_on_it(
    grade: Callable[..., Report], toy: str
) -> None:
    """A name that its module does not have fails `loads` at its line; the rest counts."""
    found = grade("from math import nonsense\n" + toy)
    assert found.points == 10.0
    assert not found.passed
    assert "line 1" in message(found, "loads")
    assert "nonsense" in message(found, "loads")


def test_a_statement_that_raises_costs_what_depends_on_it(grade: Callable[..., Report], toy: str) -> None:
    """An exception at the top level fails `loads` with its line; functions below it count."""
    found = grade("answer = 1 / 0\n" + toy)
    assert found.points == 10.0
    assert not found.passed
    assert "ZeroDivisionError at line 1" in message(found, "loads")


def test_importing_torch_costs_one_criterion_and_the_functions_that_use_it(
    grade: Callable[..., Report], toy: str
) -> None:
    """Importing torch fails `by_hand`; only the function that uses it earns nothing."""
    found = grade("import torch\n" + toy + "\n\ndef add(a, b):\n    return float(torch.tensor(a) + b)\n")
    assert {key for key, amount in points(found).items() if amount == 0} == {"add"}
    assert "torch" in message(found, "by_hand")
    assert "torch" in message(found, "add")


@pytest.mark.parametrize(
    "code",
    [
        "import torch",
        "import torch.nn.functional as F",
        "from torch import nn",
        "import importlib; importlib.import_module('torch')",
        "__import__('torch')",
        "import scipy",
        "from scipy import special",
        "import autograd.numpy as anp",
        "import jax",
        "name = 'to' + 'rch'; __import__(name)",
    ],
)
def test_every_way_to_import_what_is_ruled_out_fails_by_hand(
    code: str, grade: Callable[..., Report], toy: str
) -> None:
    """Each way of importing fails the criterion by itself, and costs nothing else where it is not used."""
    found = grade(toy + f"\n\ndef unused():\n    {code}\n" if ";" not in code else f"{code}\n{toy}")
    assert found.points == 10.0
    failed = {test.criterion for test in found.tests if test.status == "failed"}
    assert failed == {"by_hand"}


# The same source in other clothes.


@pytest.mark.parametrize(
    "dress",
    [
        lambda source: b"\xef\xbb\xbf" + source.encode(),
        lambda source: source.replace("\n", "\r\n").encode(),
        lambda source: source.replace("\n", "\r").encode(),
        lambda source: ("# -*- coding: latin-1 -*-\n# \xe9\n" + source).encode("latin-1"),
        lambda source: ("# %% [markdown]\n# Text\n# %%\n" + source).encode(),
    ],
    ids=["BOM", "CRLF", "CR", "latin-1", "percent cells"],
)
def test_the_same_source_in_other_clothes_earns_the_same(
    dress: Callable[[str], bytes], grade: Callable[..., Report], toy: str
) -> None:
    """BOM, line ends, encodings and cell marks change nothing."""
    found = grade(dress(toy))
    assert found.passed, [test.message for test in found.tests if test.status != "passed"]


def notebook(*cells: str) -> str:
    """A notebook with these code cells."""
    made = [
        {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": cell}
        for cell in cells
    ]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": made})


def test_a_notebook_earns_the_same(grade: Callable[..., Report], toy: str) -> None:
    """A notebook with magics gets the same points, and the report says what was left out."""
    found = grade(notebook("%matplotlib inline\nimport numpy as np", toy, "!ls"), "toy.ipynb")
    assert found.passed
    assert any("%matplotlib" in note for note in found.notes)


def test_a_mistake_in_a_notebook_is_placed_by_its_cell(grade: Callable[..., Report], toy: str) -> None:
    """A traceback from a notebook names the cell and the line in it."""
    found = grade(notebook(toy, "def add(a, b):\n    return 1 / 0"), "toy.ipynb")
    failed = next(test for test in found.tests if test.criterion == "add")
    assert "cell 2, line 2" in (failed.traceback or "")


# The report.


def test_the_learners_traceback_has_only_the_learners_frames(grade: Callable[..., Report], toy: str) -> None:
    """A traceback shows lines of the learner's file with their text, and no frame of ours."""
    found = grade(toy + "\n\ndef half(x):\n    return x / 0\n\n\ndef add(a, b):\n    return half(a)\n")
    failed = next(test for test in found.tests if test.criterion == "add")
    assert failed.traceback is not None
    assert "in add" in failed.traceback
    assert "return x / 0" in failed.traceback
    assert "ZeroDivisionError" in failed.traceback
    assert "worker" not in failed.traceback


def test_what_is_printed_stands_beside_its_test(grade: Callable[..., Report], toy: str) -> None:
    """The prints of a call are in the result of the test that made it, and in no other's."""
    found = grade(toy + "\n\ndef add(a, b):\n    print('adding')\n    return a + b\n")
    printed = {test.criterion for test in found.tests if "adding" in test.output}
    assert printed == {"add"}
    assert found.passed


def test_output_is_kept_up_to_64_kib(grade: Callable[..., Report], toy: str) -> None:
    """Of one test's output the first 64 KiB are kept."""
    found = grade(toy + "\n\ndef add(a, b):\n    print('x' * 10_000)\n    return a + b\n")
    assert found.passed
    assert max(len(test.output) for test in found.tests) == 64 * 1024


def test_a_counterexample_is_small_and_runs(grade: Callable[..., Report], toy: str, tmp_path: Path) -> None:
    """A mistake for negative numbers only is shown by one small call that can be run as it stands."""
    wrong = "\n\ndef double(x):\n    return np.where(x < 0, x, 2 * x)\n"
    found = grade(toy + wrong)
    failed = next(test for test in found.tests if test.criterion == "double")
    assert failed.counterexample is not None
    assert "np.array([[0.0, -1.0]])" in failed.counterexample.code
    done = subprocess.run(
        [sys.executable, "-c", failed.counterexample.code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[[ 0. -1.]]"
    assert failed.counterexample.returned == "[[ 0., -1.]]"
    assert failed.counterexample.expected == "[[ 0., -2.]]"


def test_json_on_stdout_is_the_schema(dlgrade: Dlgrade, submissions: Path) -> None:
    """--format json prints the report and nothing else, in the documented order of keys."""
    done = dlgrade(
        "check", "03", "--file", submissions / "exercise03" / "wrong_by_two.py", "--format", "json"
    )
    assert done.returncode == 1
    found = report.decode(done.stdout.encode())
    assert found.schema == 1
    assert list(json.loads(done.stdout))[:4] == ["schema", "dlgrade", "exercise", "name"]
    assert found.exercise == "exercise03"
    assert found.points == 7.5


@pytest.mark.parametrize(
    ("name", "status", "amount"), [("right", 0, 10.0), ("wrong_by_two", 1, 7.5), ("hostile", 1, 0.0)]
)
def test_the_three_shipped_submissions(
    name: str, status: int, amount: float, dlgrade: Dlgrade, submissions: Path
) -> None:
    """What `make try` shows: right earns all, wrong by two loses one criterion, hostile gets nothing."""
    done = dlgrade(
        "check", "backprop", "--file", submissions / "exercise03" / f"{name}.py", "--format", "json"
    )
    assert done.returncode == status, done.stderr
    assert json.loads(done.stdout)["points"] == amount


def test_the_usual_mistake_fits_on_a_screen(dlgrade: Dlgrade, submissions: Path) -> None:
    """The report of the usual mistake has at most forty lines, without colours in a pipe."""
    done = dlgrade("check", "3", "--file", submissions / "exercise03" / "wrong_by_two.py")
    assert len(done.stdout.splitlines()) <= 40
    assert "\x1b" not in done.stdout
    assert "from backprop import backward" in done.stdout


def test_only_one_criterion(grade: Callable[..., Report], toy: str) -> None:
    """--only runs one criterion and reports on that one alone."""
    found = grade(toy, only="add")
    assert found.scope == "criterion"
    assert points(found) == {"add": 1.0}
    assert found.passed


def test_what_needs_a_failed_criterion_is_skipped_with_the_reason(
    grade: Callable[..., Report], toy: str
) -> None:
    """A criterion that needs another is skipped where that one failed, and says so."""
    found = grade(toy + "\n\ndef double(x):\n    return x\n")
    skipped = [test for test in found.tests if test.status == "skipped"]
    assert {test.criterion for test in skipped} == {"twice"}
    assert all("double" in (test.message or "") for test in skipped)


def test_points_are_shared_out_by_weight(grade: Callable[..., Report], toy: str) -> None:
    """A criterion with weights gives each function its share."""
    found = grade(toy + "\n\ndef split(x):\n    return x, {'whole': x}\n")
    assert points(found)["counter"] == pytest.approx(1.5)


# Where files are looked for, and from where it is called.


def test_the_file_is_found_in_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """exercises/<folder>/<entry> comes first, then the working directory, and a notebook will do."""
    monkeypatch.chdir(tmp_path)
    exercise = catalog.find("3")
    with pytest.raises(SubmissionError):
        locate(exercise)
    Path("backprop.ipynb").touch()
    assert locate(exercise) == Path("backprop.ipynb")
    Path("backprop.py").touch()
    assert locate(exercise) == Path("backprop.py")
    Path("exercises/exercise03_backprop").mkdir(parents=True)
    Path("exercises/exercise03_backprop/backprop.py").touch()
    assert locate(exercise) == Path("exercises/exercise03_backprop/backprop.py")


def test_from_python(submissions: Path) -> None:
    """`from dlgrade import check` grades and returns the report."""
    found = dlgrade.check("exercise03", submissions / "exercise03" / "right.py")
    assert found.passed
    assert found.exit_code() == 0


def test_as_a_module_with_hostile_files_beside_it(tmp_path: Path, submissions: Path) -> None:
    """`python -m dlgrade` does not import a numpy.py, pytest.py or click.py of the working directory."""
    for name in ("numpy.py", "pytest.py", "click.py", "conftest.py", "sitecustomize.py", "torch.py"):
        (tmp_path / name).write_text(f"open({str(tmp_path / 'ran')!r}, 'w').write({name!r})")
    shutil.copy(submissions / "exercise03" / "right.py", tmp_path / "backprop.py")
    command = [sys.executable, "-m", "dlgrade", "check", "03"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert not (tmp_path / "ran").exists()


# What is kept back.


def test_without_solutions_only_the_examples_run(
    dlgrade: Dlgrade, submissions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without solutions the visible examples run, and the report says that this is all."""
    monkeypatch.delenv("DLGRADE_SOLUTIONS", raising=False)
    monkeypatch.setattr(content, "solutions_dir", lambda override=None: None)
    found = check("3", submissions / "exercise03" / "right.py")
    assert found.scope == "examples"
    assert found.max_points == 0.0
    assert found.passed
    assert len(found.tests) > 4
    wrong = check("3", submissions / "exercise03" / "wrong_by_two.py")
    assert not wrong.passed
    assert any("backward" in test.id and test.status == "failed" for test in wrong.tests)


def test_solutions_elsewhere_are_found(
    course: SimpleNamespace, toy: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DLGRADE_SOLUTIONS says where the suites lie; a folder without the suite is named."""
    (tmp_path / "toy.py").write_text(toy)
    alone = tmp_path / "alone" / "exercises"
    shutil.copytree(course.exercises, alone)
    monkeypatch.setenv("DLGRADE_SOLUTIONS", str(course.solutions))
    assert check("90", tmp_path / "toy.py", exercises=alone).passed
    monkeypatch.setenv("DLGRADE_SOLUTIONS", str(tmp_path))
    with pytest.raises(CatalogError, match=r"test_hidden\.py"):
        check("90", tmp_path / "toy.py", exercises=alone)


def test_nothing_of_the_solutions_is_left_with_the_learner(
    grade: Callable[..., Report], toy: str, tmp_path: Path
) -> None:
    """A check leaves no file beside the learner's."""
    grade(toy)
    assert [path.name for path in tmp_path.iterdir()] == ["toy.py"]


# Isolation, and our own faults.


def test_the_report_says_which_layers_are_on(grade: Callable[..., Report], toy: str) -> None:
    """Each layer stands in the report as on or with the reason why it is not."""
    found = grade(toy)
    assert found.isolation.level == layers.level(found.isolation.layers)
    assert {"limits", "landlock", "seccomp", "bubblewrap"} <= set(found.isolation.layers)
    assert all(found.isolation.layers.values())


def test_isolation_that_is_required_and_missing_is_an_error(grade: Callable[..., Report], toy: str) -> None:
    """A level that cannot be had stops the check before anything is graded."""
    with pytest.raises(SandboxError, match="level 4 is required"):
        grade(toy, level=4)


def test_a_fault_of_the_suite_is_ours(course: SimpleNamespace, toy: str, tmp_path: Path) -> None:
    """A suite that raises is an error of ours: exit status 3, no point lost by the learner's doing."""
    solutions = tmp_path / "solutions"
    shutil.copytree(course.solutions, solutions)
    suite = solutions / "exercise90_toy" / "test_hidden.py"
    suite.write_text(suite.read_text().replace("math.fsum([a, b])", "math.fsum([a, None])"))
    (tmp_path / "toy.py").write_text(toy)
    found = check("90", tmp_path / "toy.py", exercises=course.exercises, solutions=solutions)
    assert {test.criterion for test in found.tests if test.status == "error"} == {"add"}
    assert found.exit_code() == 3


def test_a_suite_that_cannot_be_collected_is_ours(course: SimpleNamespace, toy: str, tmp_path: Path) -> None:
    """A suite with a syntax error stops the check with our own error, and charges nobody."""
    solutions = tmp_path / "solutions"
    shutil.copytree(course.solutions, solutions)
    (solutions / "exercise90_toy" / "test_hidden.py").write_text("def test_(:\n")
    (tmp_path / "toy.py").write_text(toy)
    with pytest.raises(dlgrade.errors.ManifestError):
        check("90", tmp_path / "toy.py", exercises=course.exercises, solutions=solutions)


def test_a_criterion_without_a_test_is_ours(course: SimpleNamespace, toy: str, tmp_path: Path) -> None:
    """Points that no test decides are the author's fault, not a gift."""
    solutions = tmp_path / "solutions"
    shutil.copytree(course.solutions, solutions)
    suite = solutions / "exercise90_toy" / "test_hidden.py"
    suite.write_text(suite.read_text().replace('@criterion("add")', '@criterion("double")'))
    (tmp_path / "toy.py").write_text(toy)
    with pytest.raises(dlgrade.errors.ManifestError, match="'add'"):
        check("90", tmp_path / "toy.py", exercises=course.exercises, solutions=solutions)


def test_a_suite_may_lie_in_several_files(course: SimpleNamespace, toy: str, tmp_path: Path) -> None:
    """Files called like test_hidden_more.py belong to the suite; all can import what lies beside them.

    Two courses whose modules have equal names do not mix.
    """
    (tmp_path / "toy.py").write_text(toy)
    outcomes = []
    for name, value in (("one", 1), ("other", 2)):
        solutions = tmp_path / name
        shutil.copytree(course.solutions, solutions)
        folder = solutions / "exercise90_toy"
        (folder / "toy_values.py").write_text(f"VALUE = {value}\n")
        (folder / "test_hidden_more.py").write_text(MORE_OF_THE_SUITE)
        found = check("90", tmp_path / "toy.py", exercises=course.exercises, solutions=solutions)
        outcomes.append({test.id: test.message for test in found.tests}["test_more"])
        assert not found.ours
    assert outcomes == ["the value is 1", "the value is 2"]


def test_two_tests_of_one_name_are_ours(course: SimpleNamespace, toy: str, tmp_path: Path) -> None:
    """Tests that a report could not tell apart stop the check."""
    solutions = tmp_path / "solutions"
    shutil.copytree(course.solutions, solutions)
    folder = solutions / "exercise90_toy"
    shutil.copy(folder / "test_hidden.py", folder / "test_hidden_again.py")
    (tmp_path / "toy.py").write_text(toy)
    with pytest.raises(dlgrade.errors.ManifestError, match="have the name test_"):
        check("90", tmp_path / "toy.py", exercises=course.exercises, solutions=solutions)


# --debug


def test_debug_stops_at_a_breakpoint(toy: str, submissions: Path, tmp_path: Path) -> None:
    """Under --debug a breakpoint() opens the debugger on the terminal, in the learner's frame."""
    source = (submissions / "exercise03" / "right.py").read_text()
    (tmp_path / "backprop.py").write_text(
        source + "\n\ndef sgd_step(param, grad, lr):\n    breakpoint()\n    return param - lr * grad\n"
    )
    script = Path(sys.executable).with_name("dlgrade")
    main, terminal = pty.openpty()
    process = subprocess.Popen(
        [script, "check", "3", "--debug", "--only", "sgd_step"],
        cwd=tmp_path,
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        start_new_session=True,
    )
    os.close(terminal)
    try:
        seen = read_until(main, "(Pdb)")
        assert "sgd_step" in seen
        os.write(main, b"p lr\n")
        assert "0.1" in read_until(main, "(Pdb)")
        os.write(
            main,
            b"import pdb, sys; pdb.set_trace = lambda *a, **k: None; sys.breakpointhook = pdb.set_trace\n",
        )
        read_until(main, "(Pdb)")
        os.write(main, b"c\n")
        seen = read_until(main, "nothing was kept apart", "not recorded")
        assert process.wait(30) == 0, seen
    finally:
        process.kill()
        process.wait()
        os.close(main)


def read_until(fd: int, *words: str, limit_s: float = 60.0) -> str:
    """Read from a terminal until one of the words has come."""
    seen, deadline = "", time.monotonic() + limit_s
    while not any(word in seen for word in words):
        ready, _, _ = select.select([fd], [], [], max(0.0, deadline - time.monotonic()))
        assert ready, f"waited for {words}, saw: {seen}"
        try:
            seen += os.read(fd, 4096).decode(errors="replace")
        except OSError:
            break
    return seen
