"""`dlgrade check`, `hint` and `solution` one after the other, as a learner types them in their folder."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import shutil
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from dlgrade import catalog
from dlgrade.progress import Book

Learner = Callable[..., subprocess.CompletedProcess[str]]
FACTOR = "what does the square leave behind"  # of the mistake that wrong_by_two.py makes


@pytest.fixture
def learner(dlgrade: Learner, tmp_path: Path, submissions: Path, monkeypatch: pytest.MonkeyPatch) -> Learner:
    """Return `dlgrade`, run beside a backprop.py that is wrong by a factor; of its user nothing is known."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.setenv("DLGRADE_STATE", str(tmp_path / "state"))
    shutil.copy(submissions / "exercise03" / "wrong_by_two.py", folder / "backprop.py")
    return lambda *words, **options: dlgrade(*words, **({"cwd": folder} | options))


def make_right(tmp_path: Path, submissions: Path) -> None:
    shutil.copy(submissions / "exercise03" / "right.py", tmp_path / "work" / "backprop.py")


def joined(done: subprocess.CompletedProcess[str]) -> str:
    """Return stdout with its line breaks taken out."""
    return " ".join(done.stdout.split())


def in_a_terminal(words: list[str], cwd: Path, columns: int) -> str:
    """Run `dlgrade` in a terminal of so many columns, and return what it wrote."""
    import fcntl
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    script = Path(sys.executable).with_name("dlgrade")
    environment = os.environ | {"TERM": "xterm"}
    process = subprocess.Popen([script, *words], cwd=cwd, stdout=theirs, stdin=theirs, env=environment)
    os.close(theirs)
    said = b""
    while select.select([ours], [], [], 60)[0]:
        try:
            data = os.read(ours, 65536)
        except OSError:  # how Linux says that nobody holds the other end
            break
        if not data:
            break
        said += data
    os.close(ours)
    process.wait(timeout=60)
    return said.decode().replace("\r\n", "\n")


def test_from_a_mistake_to_its_hints(learner: Learner):
    """The report names the command, which begins with the mistake, and each call gives one hint more."""
    report = learner("check", "3")
    assert "dlgrade hint exercise03 gives a hint" in joined(report)
    first, second = learner("hint", "3"), learner("hint", "3")
    hints = catalog.find("3").criterion("backward").hints
    for done, number in ((first, 1), (second, 2)):
        assert (done.returncode, done.stderr) == (0, "")
        assert FACTOR in joined(done).casefold()
        assert f"Hint {number} of {len(hints)}" in done.stdout
        assert " ".join(hints[number - 1].split()) in joined(done)
    everything = joined(learner("hint", "3", "--all"))
    assert all(" ".join(hint.split()) in everything for hint in hints)
    assert "have been shown" in learner("hint", "3").stdout


def test_a_hint_before_any_check_says_that_nothing_is_known(learner: Learner):
    """Nothing is graded on the way."""
    done = learner("hint", "3")
    assert "No check of exercise03 is remembered" in done.stdout
    assert "The forward pass of one neuron" in done.stdout


def test_a_changed_file_is_noticed(learner: Learner, tmp_path: Path):
    """One more line of it, and what the last check found may not hold."""
    learner("check", "3", "--only", "backward")
    with (tmp_path / "work" / "backprop.py").open("a") as file:
        file.write("\n# a thought\n")
    assert "backprop.py has changed since the last check, just now" in joined(
        learner("hint", "3", "--criterion", "backward")
    )


def test_what_is_not_to_be_recorded_is_not(learner: Learner, tmp_path: Path):
    """--no-record and --debug leave no trace."""
    learner("check", "3", "--no-record")
    learner("check", "3", "--debug")
    assert not (tmp_path / "state").exists()


def test_the_api_records_on_request_alone(tmp_path: Path, submissions: Path, monkeypatch: pytest.MonkeyPatch):
    """A script that grades a class remembers nothing of it."""
    from dlgrade.grading import check

    monkeypatch.setenv("DLGRADE_STATE", str(tmp_path / "state"))
    file = submissions / "exercise03" / "right.py"
    check("3", file, only="forward")
    assert not (tmp_path / "state").exists()
    check("3", file, only="forward", record=True)
    assert (tmp_path / "state" / "progress.sqlite").exists()


def test_a_check_that_cannot_be_remembered_is_a_check_all_the_same(learner: Learner, tmp_path: Path):
    """The verdict stands, a note says what is the matter, and JSON stays JSON."""
    (tmp_path / "state").write_text("in the way")
    done = learner("check", "3", "--format", "json")
    assert (done.returncode, done.stderr) == (1, "")
    (note,) = json.loads(done.stdout)["notes"]
    assert note.startswith("This could not be remembered: ")
    hint = learner("hint", "3")
    assert hint.returncode == 0
    assert hint.stderr.startswith("Note: ")
    assert "Hint 1 of 3" in hint.stdout


def test_a_torn_file_is_set_aside_in_one_line(learner: Learner, tmp_path: Path):
    """No command fails for it."""
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "progress.sqlite").write_text('{"version": 1, "exer')
    done = learner("hint", "3")
    assert done.returncode == 0
    assert done.stderr.count("\n") == 1
    assert "it was set aside as" in done.stderr


def test_the_solution_is_shown_once_everything_is_passed(learner: Learner, tmp_path: Path, submissions: Path):
    """Before, it is refused with what is missing; after, it stands beside the learner's functions."""
    learner("check", "3")
    refused = learner("solution", "3")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "backward was not at the last check; --spoil shows it all the same." in refused.stderr
    make_right(tmp_path, submissions)
    assert "dlgrade solution exercise03 shows the reference" in joined(learner("check", "3"))
    shown = learner("solution", "3")
    assert (shown.returncode, shown.stderr) == (0, "")
    for heading in ("── backward · reference\n", "── backward · your backprop.py\n"):
        assert heading in shown.stdout
    assert "\x1b" not in shown.stdout
    assert "plain_python" in learner("solution", "3", "--list").stdout
    assert "── backward · plain_python\n" in learner("solution", "3", "--variant", "plain_python").stdout


def test_on_a_wide_terminal_the_two_stand_side_by_side(learner: Learner, tmp_path: Path):
    """In colours, each function beside its own, and nothing wider than the terminal."""
    said = in_a_terminal(["solution", "3", "--spoil"], tmp_path / "work", 140)
    plain = re.sub(r"\x1b\[[\d;]*m", "", said)
    assert plain != said
    assert re.search(r"── forward · reference +── forward · your backprop\.py\n", plain)
    assert re.search(r"\ndef forward\(w, x, b, y_true\): +def forward\(w, x, b, y_true\):\n", plain)
    assert max(map(len, plain.splitlines())) <= 140


def test_spoiling_is_remembered_and_said(learner: Learner, tmp_path: Path):
    """It is shown again without being asked twice, and is not taken for a pass."""
    assert learner("solution", "3", "--spoil").returncode == 0
    again = learner("solution", "3")
    assert again.returncode == 0
    assert "Shown before everything was passed." in again.stdout
    record = Book(tmp_path / "state").record("exercise03_backprop")
    assert record.spoilt
    assert record.first_passed is None


def test_the_teachers_settings_decide(learner: Learner, tmp_path: Path, submissions: Path):
    """Above the folder one works in there is the course's dlgrade.toml."""
    settings = tmp_path / "dlgrade.toml"
    settings.write_text('[classroom]\nsolutions = "after-passing"\n')
    assert learner("solution", "3", "--spoil").returncode == 1
    settings.write_text('[classroom]\nsolutions = "never"\nhints = false\n')
    make_right(tmp_path, submissions)
    assert "dlgrade solution" not in learner("check", "3").stdout
    for words in (("solution", "3", "--spoil"), ("hint", "3")):
        done = learner(*words)
        assert (done.returncode, done.stdout) == (1, "")
        assert "settled for this class" in done.stderr
    settings.write_text('[classroom]\nsolutions = "always"\n')
    assert learner("solution", "3").returncode == 0
    settings.write_text("[classroom]\nhint = true\n")
    wrong = learner("hint", "3")
    assert wrong.returncode == 2
    assert "unknown field 'hint'" in wrong.stderr


def test_without_solutions_hints_are_given_by_the_examples(learner: Learner, tmp_path: Path):
    """A learner's machine has only the visible examples; they say which function is not right yet."""
    course = tmp_path / "course"
    exercise = catalog.find("3")
    shutil.copytree(exercise.exercise_dir, course / "exercises" / exercise.folder)
    where = ("--exercises", str(course))
    checked = learner("check", "3", *where)
    assert "dlgrade hint exercise03 gives a hint" in joined(checked)
    hint = learner("hint", "3", *where)
    assert "Only the visible examples could be run on this machine" in joined(hint)
    assert "The backward pass of one neuron" in hint.stdout
    gone = learner("solution", "3", *where)
    assert (gone.returncode, gone.stderr) == (1, "The solution of exercise03 is not on this machine.\n")


def test_a_notebook_is_compared_as_its_code(learner: Learner, tmp_path: Path):
    """Cells become the functions in them."""
    cell = {
        "cell_type": "code",
        "metadata": {},
        "outputs": [],
        "execution_count": None,
        "source": "def sgd_step(param, grad, lr):\n    return param - lr * grad  # mine",
    }
    notebook = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    file = tmp_path / "work" / "mine.ipynb"
    file.write_text(json.dumps(notebook))
    shown = learner("solution", "3", "--spoil", "--file", file).stdout
    mine = "def sgd_step(param, grad, lr):\n    return param - lr * grad  # mine\n"
    assert f"── sgd_step · your mine.ipynb\n{mine}" in shown
    assert "── forward · your mine.ipynb\n(not defined)\n" in shown


def test_a_file_that_is_no_python_leaves_the_reference_alone(learner: Learner, tmp_path: Path):
    """There is nothing to compare with, and that is said."""
    (tmp_path / "work" / "backprop.py").write_text("def forward(:\n")
    shown = learner("solution", "3", "--spoil")
    assert shown.returncode == 0
    assert "There is nothing to compare with: " in shown.stdout
    assert "your backprop.py" not in shown.stdout
    (tmp_path / "work" / "backprop.py").unlink()
    assert "Your backprop.py was not found" in learner("solution", "3").stdout


def test_a_hint_imports_nothing_heavy(tmp_path: Path):
    """`dlgrade hint` answers at once: without torch, pytest, NumPy and rich."""
    script = """
import contextlib, io, sys
from dlgrade import cli
with contextlib.redirect_stdout(io.StringIO()):
    cli.commands.main(["hint", "3"], standalone_mode=False)
heavy = {"numpy", "torch", "pytest", "rich", "hypothesis", "dlgrade.running", "dlgrade.submission"}
print(sorted(heavy & set(sys.modules)))
"""
    environment = os.environ | {"DLGRADE_STATE": str(tmp_path / "state")}
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "[]\n"
