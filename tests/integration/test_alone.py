"""Learning alone, as it is typed: from an empty folder to a passed exercise, its quiz, and its recap."""

from __future__ import annotations

import csv
import fcntl
import json
import os
import pty
import select
import shutil
import signal
import subprocess
import sys
import termios
from collections.abc import Callable
from pathlib import Path

import pytest

from dlgrade import catalog
from dlgrade.progress import Book

Learner = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def learner(dlgrade: Learner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Learner:
    """Return `dlgrade`, run in an empty folder; of its user nothing is known."""
    (tmp_path / "work").mkdir()
    monkeypatch.setenv("DLGRADE_STATE", str(tmp_path / "state"))
    return lambda *words, **options: dlgrade(*words, **({"cwd": tmp_path / "work"} | options))


@pytest.fixture
def solution() -> Callable[[str], str]:
    """Return a function that gives the text of a reference; without solutions here, skip."""

    def text(word: str) -> str:
        exercise = catalog.find(word)
        where = exercise.solutions()
        if where is None:
            pytest.skip("needs the solutions")
        return (exercise.solution_dir(where) / exercise.entry).read_text(encoding="utf-8")

    return text


def joined(done: subprocess.CompletedProcess[str]) -> str:
    """Return stdout with its line breaks taken out."""
    assert done.stderr == ""
    return " ".join(done.stdout.split())


def test_from_an_empty_folder_to_the_first_passed_exercise(
    learner: Learner, tmp_path: Path, solution: Callable[[str], str]
):
    """Each command names the next one, and each of these works."""
    assert "dlgrade init deep-learning makes a folder" in joined(learner("next"))
    made = learner("init", "deep-learning")
    assert made.returncode == 0
    assert "deep-learning/exercise03_backprop/backprop.py" in made.stdout
    assert "cd deep-learning" in made.stdout
    work = tmp_path / "work" / "deep-learning"
    assert "Write in exercise00_celsius/celsius.py" in joined(learner("next", cwd=work))
    assert "dlgrade show exercise00" in learner("next", cwd=work).stdout
    assert learner("check", "0", cwd=work).returncode == 1
    assert "dlgrade hint exercise00" in joined(learner("next", cwd=work))
    (work / "exercise00_celsius" / "celsius.py").write_text(solution("0"))
    assert "has changed since it was checked" in joined(learner("next", cwd=work))
    assert learner("check", "0", cwd=work / "exercise03_backprop").returncode == 0
    step = joined(learner("next", cwd=work))
    assert "exercise01 perceptron" in step
    assert "also dlgrade quiz exercise00 asks 4 questions" in step
    listed = learner("list", cwd=work).stdout.splitlines()
    assert listed[0].split()[2:4] == ["10/10", "points"]
    assert len(listed) == len(catalog.exercises())
    assert "1 of 8 exercises passed, 10 of 80 points. 2 checks" in joined(learner("progress", cwd=work))


def test_init_again_adds_what_is_missing_and_changes_nothing(learner: Learner, tmp_path: Path):
    """In a folder that is a learner's; elsewhere it has to be named."""
    work = tmp_path / "work"
    assert learner("init").returncode == 0
    mine = work / "exercise03_backprop" / "backprop.py"
    mine.write_text("mine")
    shutil.rmtree(work / "exercise04_kaiming")
    again = joined(learner("init"))
    assert again.startswith("1 exercise in this folder: exercise04_kaiming/kaiming.py")
    assert "7 others were there already and stayed as before" in again
    assert mine.read_text() == "mine"
    assert "nothing was changed" in joined(learner("init"))
    # Untouched starters make way for notebooks; work does not.
    assert "1 other was there already" in joined(learner("init", "--notebooks"))
    assert [path.name for path in mine.parent.iterdir() if path.suffix == ".ipynb"] == []
    assert (work / "exercise04_kaiming" / "kaiming.ipynb").is_file()
    assert not (work / "exercise04_kaiming" / "kaiming.py").exists()
    assert mine.read_text() == "mine"
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "thesis.tex").write_text("")
    refused = learner("init", cwd=tmp_path / "other")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "'thesis.tex' for one" in refused.stderr
    assert [path.name for path in (tmp_path / "other").iterdir()] == ["thesis.tex"]


def test_one_exercise_as_a_notebook(learner: Learner, tmp_path: Path):
    """`start` puts it there, `check` and `hint` find it, `reset` keeps it."""
    started = joined(learner("start", "backprop", "--notebook"))
    assert "exercise03_backprop/backprop.ipynb is ready: open it" in started
    file = tmp_path / "work" / "exercise03_backprop" / "backprop.ipynb"
    report = json.loads(learner("check", "3", "--format", "json").stdout)
    assert (report["file"], report["points"]) == ("exercise03_backprop/backprop.ipynb", 0.0)
    assert "The forward pass" in learner("hint", "3").stdout
    assert "is there already, and stayed as it was" in joined(learner("start", "3"))
    assert "is as it was given: there is nothing to reset" in joined(learner("reset", "3"))
    text = file.read_text().replace("TODO", "later")
    file.write_text(text)
    done = joined(learner("reset", "3"))
    (backup,) = (file.parent / "backups").iterdir()
    assert f"is kept as exercise03_backprop/backups/{backup.name}." in done
    assert backup.read_text() == text


def test_quiz_in_a_pipe(learner: Learner, tmp_path: Path):
    """The questions are listed, --answer answers, and the exit status says whether all was right."""
    listed = learner("quiz", "3")
    assert listed.returncode == 0
    assert "5 of 5 · twice_the_batch" in listed.stdout
    assert "dlgrade quiz exercise03 --answer one_step=ANSWER" in joined(listed)
    right = learner("quiz", "3", "--answer", "one_step=0.48")
    assert right.returncode == 0
    assert "✓ Right. 0.5 − 0.01 · 2.0 = 0.48" in right.stdout
    wrong = learner("quiz", "3", "--answer", "one_step=0.52", "--answer", "dead_neuron=0")
    assert wrong.returncode == 1
    assert "uphill" in wrong.stdout
    assert "print(backward(" in wrong.stdout
    none = learner("quiz", "3", "--answer", "one_step=up", "--answer", "dead_neuron=7")
    assert (none.returncode, none.stdout) == (2, "")
    answers = Book(tmp_path / "state").record("exercise03_backprop").answers
    assert {key: each.given for key, each in answers.items()} == {"one_step": "0.52", "dead_neuron": "0"}
    assert len(json.loads(learner("quiz", "3", "--format", "json").stdout)["questions"]) == 4
    assert "1 of 1 · why_central" in learner("quiz", "3", "--question", "why_central").stdout
    unknown = learner("quiz", "3", "--question", "no")
    assert unknown.returncode == 2
    assert "it has one_step, dead_neuron" in unknown.stderr


def in_a_terminal(words: list[str], cwd: Path, typed: list[tuple[str, str]]) -> tuple[str, int]:
    """Run `dlgrade` in a terminal; wait for each text and then type; return all that was shown."""
    ours, theirs = pty.openpty()
    script = Path(sys.executable).with_name("dlgrade")
    environment = os.environ | {"TERM": "dumb", "COLUMNS": "80"}
    process = subprocess.Popen(
        [script, *words],
        cwd=cwd,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environment,
        start_new_session=True,
        # Ctrl-C is the terminal's; no other thread is there to be in the way.
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509
    )
    os.close(theirs)
    said, waiting, seen = b"", list(typed), 0
    try:
        while select.select([ours], [], [], 60)[0]:
            try:
                data = os.read(ours, 65536)
            except OSError:  # how Linux says that nobody holds the other end
                break
            if not data:
                break
            said += data
            while waiting and waiting[0][0].encode() in said[seen:]:
                awaited, answer = waiting.pop(0)
                seen = said.index(awaited.encode(), seen) + len(awaited.encode())
                os.write(ours, answer.encode())
        return said.decode().replace("\r\n", "\n"), process.wait(timeout=60)
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def test_quiz_in_a_terminal(learner: Learner, tmp_path: Path):
    """One after the other; what is no answer is asked again, Enter skips, q stops, wrong ones come back."""
    typed = [
        ("1 of 5", "up\n"),
        ("'up' is no number", "0.52\n"),
        ("2 of 5", "\n"),
        ("3 of 5", "3,01\n"),
        ("4 of 5", "q\n"),
    ]
    said, status = in_a_terminal(["quiz", "3"], tmp_path / "work", typed)
    assert status == 1
    assert "That is uphill" in said
    assert "✓ Right. (1.1³ − 0.9³)" in said
    assert "5 of 5" not in said
    assert "1 of 5 are answered rightly" in said
    said, status = in_a_terminal(["quiz", "3"], tmp_path / "work", [("1 of 4", "\x04")])
    assert (status, "1 of 4 · one_step" in said) == (0, True)
    said, status = in_a_terminal(["quiz", "3"], tmp_path / "work", [("Your answer", "\x03")])
    assert status == 130
    assert "Interrupted" in said


def test_a_list_in_a_terminal_says_what_is_next(learner: Learner, tmp_path: Path):
    """Below the exercises; in a pipe it does not."""
    said, status = in_a_terminal(["list"], tmp_path / "work", [])
    assert status == 0
    assert "\nnext  dlgrade init deep-learning makes a folder with all exercises" in said
    assert "next" not in learner("list").stdout


def test_recap(learner: Learner, tmp_path: Path, solution: Callable[[str], str]):
    """Nothing before it is passed; then one function again, graded by itself with other numbers."""
    work = tmp_path / "work"
    assert "Nothing has been passed yet" in joined(learner("recap"))
    assert learner("recap", "3").returncode == 2
    assert learner("recap", "--check").returncode == 2
    learner("start", "3")
    mine = work / "exercise03_backprop" / "backprop.py"
    mine.write_text(solution("3"))
    usual = json.loads(learner("check", "3", "--format", "json").stdout)
    assert usual["passed"]
    assert "Nothing is due: exercise03 backprop comes back in" in joined(learner("recap"))
    begun = joined(learner("recap", "3", "--function", "sgd_step"))
    assert "in recap/exercise03_sgd_step.py from line" in begun
    file = work / "recap" / "exercise03_sgd_step.py"
    todo = learner("recap", "--check")
    assert todo.returncode == 1
    assert "Still to do: sgd_step" in todo.stdout
    assert "It was begun just now: write sgd_step in recap/" in joined(learner("recap"))
    stub = 'raise NotImplementedError("TODO: return the parameter after one step")'
    text = file.read_text()
    assert stub in text
    file.write_text(text.replace(stub, "return param + lr * grad"))
    wrong = learner("recap", "--check", cwd=work / "exercise03_backprop")
    assert wrong.returncode == 1
    assert "dlgrade hint" not in wrong.stdout
    # The other functions are not graded: they were passed, and are not what is asked for.
    file.write_text(text.replace(stub, "return param - lr * grad").replace("def backward(", "def other("))
    right = learner("recap", "--check")
    assert right.returncode == 0
    assert "You can still do it. exercise03 comes back in" in joined(right)
    (done,) = Book(tmp_path / "state").record("exercise03_backprop").recaps
    assert (done.function, done.outcome, done.tries) == ("sgd_step", "passed", 1)
    assert Book(tmp_path / "state").record("exercise03_backprop").checks == 1
    assert "last: sgd_step, passed" in learner("recap", "--list").stdout
    learner("recap", "3")
    assert "is given up for now" in joined(learner("recap", "--give-up"))
    assert learner("recap", "--give-up").returncode == 2


def test_progress_is_exported(learner: Learner, tmp_path: Path):
    """Everything as JSON, what happened as CSV; another suffix is refused."""
    assert json.loads(learner("progress", "--export", "-").stdout)["exercises"] == {}
    assert not (tmp_path / "state").exists()
    learner("start", "0")
    learner("check", "0")
    learner("hint", "0")
    learner("quiz", "0", "--answer", "gradient_b=-82")
    assert learner("progress", "--export", "all.json").stdout == "Written to all.json.\n"
    found = json.loads((tmp_path / "work" / "all.json").read_text())
    mine = found["exercises"]["exercise00_celsius"]
    assert found["schema"] == 1
    assert [each["points"] for each in mine["checks"]] == [0.0]
    assert {each["criterion"] for each in mine["checks"][0]["criteria"]} >= {"loads", "by_hand", "predict"}
    assert mine["answers"][0]["right"] is True
    learner("progress", "--export", "all.csv")
    rows = list(csv.DictReader((tmp_path / "work" / "all.csv").open(newline="")))
    assert sorted(row["event"] for row in rows) == ["answer", "check", "hint"]
    refused = learner("progress", "--export", "all.xlsx")
    assert refused.returncode == 2
    assert "neither in .json nor in .csv" in refused.stderr
    assert learner("progress", "--export", "no/all.csv").returncode == 2


@pytest.mark.parametrize("words", [["list"], ["next"], ["progress"], ["quiz", "3"], ["recap"]])
def test_no_command_fails_for_a_file_of_a_newer_dlgrade(learner: Learner, tmp_path: Path, words: list[str]):
    """One sentence on stderr, and the file stays as it is."""
    import sqlite3

    Book(tmp_path / "state").next_hint("exercise03_backprop", "forward", 3)
    path = tmp_path / "state" / "progress.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = path.read_bytes()
    done = learner(*words)
    assert done.returncode == 0
    assert done.stderr.count("\n") == 1
    assert "was written by a newer dlgrade (format 99)" in done.stderr
    assert path.read_bytes() == before


def test_a_check_that_is_killed_leaves_the_book_whole(
    learner: Learner, tmp_path: Path, solution: Callable[[str], str]
):
    """At whatever moment: what was there is there, and the next check is remembered."""
    work = tmp_path / "work"
    (work / "celsius.py").write_text(solution("0"))
    assert learner("check", "0").returncode == 0
    script = Path(sys.executable).with_name("dlgrade")
    for delay in (0.05, 0.3, 0.5, 0.7):
        process = subprocess.Popen([script, "check", "0"], cwd=work, stdout=subprocess.DEVNULL)
        try:
            process.wait(timeout=delay)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
    book = Book(tmp_path / "state")
    count = book.record("exercise00_celsius").checks
    assert count >= 1
    assert book.notices == []
    assert learner("check", "0").returncode == 0
    assert book.record("exercise00_celsius").checks == count + 1
