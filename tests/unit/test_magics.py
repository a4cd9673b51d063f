"""%check and %hint: which notebook it is, what of it is graded, and what is shown instead of a traceback."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from dlgrade import hinting
from dlgrade.errors import MagicError, SandboxError, SubmissionError
from dlgrade.magics import apart, document
from dlgrade.magics.session import Ran, Session
from dlgrade.pictures import Absent, Picture
from dlgrade.pictures.model import encode
from dlgrade.report import Isolation, Report

SAVED = 1_000_000.0
"""When a notebook of these tests was saved."""


def cell(source: str | list[str], cell_id: str | None = None, **metadata: Any) -> dict[str, Any]:
    made = {"cell_type": "code", "metadata": metadata, "outputs": [], "source": source}
    return made if cell_id is None else made | {"id": cell_id}


@pytest.fixture
def notebook(tmp_path: Path):
    """Return a function that writes a notebook, saved at a known time, and returns its path."""

    def write(*cells: dict[str, Any], name: str = "backprop.ipynb", **metadata: Any) -> Path:
        path = tmp_path / name
        whole = {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": list(cells)}
        path.write_text(json.dumps(whole))
        os.utime(path, (SAVED, SAVED))
        return path

    return write


def sources(found: document.Document) -> list[str]:
    assert found.cells is not None
    return [each["source"] for each in found.cells]


def test_a_notebook_is_graded_as_it_was_saved(notebook):
    """Where nothing else was run since, its file counts as it is, and how old it is is said."""
    found = document.read(notebook(cell("a = 1")), [Ran("a = 1", at=SAVED + 1)], SAVED)
    assert found.cells is None
    assert re.fullmatch(r"backprop\.ipynb as saved \d+ days ago", found.phrase)
    assert found.remarks == ()


def test_seconds_matter_after_a_save(notebook):
    """A front end saves every two minutes, so somebody may ask."""
    path = notebook(cell("a = 1"))
    os.utime(path)
    assert re.fullmatch(r"backprop\.ipynb as saved \d s ago", document.read(path, [], SAVED).phrase)


def test_a_cell_that_was_run_since_counts_as_it_was_run(notebook):
    """The front end says which cell it was; the last run is the one that counts."""
    path = notebook(cell("a = 1", "x"), cell(["b = ", "2"], "y"), cell("c = 3", "z"))
    runs = [Ran("b = 20", "y", SAVED + 1), Ran("c = 3", "z", SAVED + 2), Ran("b = 200", "y", SAVED + 3)]
    found = document.read(path, runs, SAVED)
    assert sources(found) == ["a = 1", "b = 200", "c = 3"]
    assert found.phrase.endswith("ago, with 1 cell as run since")


def test_a_cell_that_was_run_before_the_save_does_not_count(notebook):
    """What was saved later is newer."""
    found = document.read(notebook(cell("a = 1", "x")), [Ran("a = 0", "x", SAVED - 1)], SAVED - 9)
    assert found.cells is None


def test_a_run_that_was_taken_back_is_no_change(notebook):
    """If the last run is what the file says, nothing differs."""
    runs = [Ran("a = 0", "x", SAVED + 1), Ran("a = 1", "x", SAVED + 2)]
    assert document.read(notebook(cell("a = 1", "x")), runs, SAVED).cells is None


def test_a_new_cell_comes_last(notebook):
    """What is not in the file yet overrides what is, as it did in the kernel; magics alone are no code."""
    runs = [
        Ran("b = 2", "new", SAVED + 1),
        Ran("%check", "newer", SAVED + 2),
        Ran("c = 3", None, SAVED + 3),
        Ran("b = 22", "new", SAVED + 4),
    ]
    found = document.read(notebook(cell("a = 1", "x")), runs, SAVED)
    assert sources(found) == ["a = 1", "c = 3", "b = 22"]
    assert found.phrase.endswith(", and 2 cells run since that are not in it yet")


def test_a_changed_cell_keeps_what_nbgrader_says_of_it(notebook):
    """A test cell that was changed is still a test cell, and is left out by who reads it."""
    locked = {"nbgrader": {"grade": True, "solution": False}}
    runs = [Ran("assert True", "t", SAVED + 1)]
    found = document.read(notebook(cell("assert f()", "t", **locked)), runs, SAVED)
    assert found.cells is not None
    assert found.cells[0]["metadata"] == locked


def test_runs_of_unknown_time_are_told_and_not_guessed(notebook):
    """What was run before dlgrade was loaded may be newer than the file or older."""
    path = notebook(cell("a = 1"))
    told = document.read(path, [Ran("a = 2")], SAVED + 5)
    assert told.cells is None
    assert "save the notebook and run this again" in told.remarks[0]
    assert document.read(path, [Ran("a = 1"), Ran("%pip list")], SAVED + 5).remarks == ()
    assert document.read(path, [Ran("a = 2")], SAVED - 5).remarks == ()


def test_without_a_file_the_session_is_graded():
    """All that was run, in this order, and that is said."""
    found = document.of_session([Ran("a = 1"), Ran("%check"), Ran("b = 2")])
    assert sources(found) == ["a = 1", "b = 2"]
    assert found.path is None
    assert "the 2 cells run in this session" in found.phrase


@pytest.mark.parametrize(
    "data", [b"", b"no JSON", b"[]", b'{"cells": 3}', b'{"cells": [1, {"cell_type": "code", "source": 5}]}']
)
def test_a_torn_notebook_is_left_to_who_grades_it(tmp_path, data):
    """Nothing is put into what cannot be read; the grader has the sentence for it."""
    path = tmp_path / "backprop.ipynb"
    path.write_bytes(data)
    assert document.read(path, [], SAVED).cells is None


def test_a_notebook_that_is_none_is_one_sentence(tmp_path):
    """A folder by that name, for one."""
    (tmp_path / "backprop.ipynb").mkdir()
    with pytest.raises(SubmissionError, match="is a folder"):
        document.read(tmp_path / "backprop.ipynb", [], SAVED)


def test_the_copy_is_a_notebook_that_is_read_as_one(tmp_path):
    """What is written for the grader has the cells in order."""
    from dlgrade import submission

    path = tmp_path / "copy.ipynb"
    path.write_bytes(document.encode([cell("a = 1"), cell("b = '\ud800é'")]))
    assert submission.read(path, "backprop.py").source.startswith("a = 1\n")


@pytest.mark.parametrize("word", ["exercise03", 3, None])
def test_the_metadata_say_which_exercise_it_is(notebook, word):
    """Where they hold a word; anything else is as if they held nothing."""
    found = document.read(notebook(dlgrade={"exercise": word}), [], SAVED)
    assert found.exercise == (word if isinstance(word, str) else None)
    assert document.read(notebook(dlgrade=[1]), [], SAVED).exercise is None


def test_the_file_is_where_the_front_end_says(notebook, tmp_path, monkeypatch):
    """JupyterLab names it in the environment, by a path below its own folder; VS Code among the names."""
    path = notebook()
    monkeypatch.setenv("JPY_SESSION_NAME", str(path))
    assert document.find({}, [], Path("/")) == path
    monkeypatch.setenv("JPY_SESSION_NAME", "course/backprop.ipynb")
    assert document.find({}, [], tmp_path) == path
    monkeypatch.delenv("JPY_SESSION_NAME")
    assert document.find({"__vsc_ipynb_file__": str(path)}, [], Path("/")) == path
    assert document.find({"__vsc_ipynb_file__": 5}, [], Path("/proc")) is None


def test_a_notebook_that_was_renamed_is_not_guessed(notebook, tmp_path, monkeypatch):
    """A kernel keeps the name under which it was started."""
    notebook(cell("a = 1"), name="new.ipynb")
    monkeypatch.setenv("JPY_SESSION_NAME", str(tmp_path / "old.ipynb"))
    assert document.find({}, [Ran("b = 2")], tmp_path) is None


def test_the_one_notebook_that_holds_what_was_run_is_it(notebook, tmp_path, monkeypatch):
    """nbclient runs a notebook in its folder and says nothing else."""
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    mine = notebook(cell("a = 1"), cell("%check"))
    notebook(cell("a = 2"), cell("%check"), name="other.ipynb")
    (tmp_path / "torn.ipynb").write_text("{")
    (tmp_path / "folder.ipynb").mkdir()
    assert document.find({}, [Ran("a = 1"), Ran("%check")], tmp_path) == mine
    assert document.find({}, [Ran("%check")], tmp_path) is None
    assert document.find({}, [], tmp_path) is None


class Events:
    def __init__(self) -> None:
        self.callbacks: dict[str, Any] = {}

    def register(self, name: str, callback: Any) -> None:
        self.callbacks[name] = callback


def test_a_session_has_what_was_run_and_by_which_cell():
    """Before it was there without time and cell, and then with both."""
    shell: Any = SimpleNamespace(
        history_manager=SimpleNamespace(input_hist_raw=["", "a = 1", "%load_ext dlgrade"]), events=Events()
    )
    session = Session(shell)
    info = SimpleNamespace(raw_cell="b = 2", cell_id="x")
    shell.events.callbacks["pre_run_cell"](info)
    before, load, run = session.runs
    assert (before, load) == (Ran("a = 1"), Ran("%load_ext dlgrade"))
    assert (run.source, run.cell_id) == ("b = 2", "x")
    assert run.at is not None
    assert run.at >= session.since


def test_what_is_no_python_was_not_run():
    """Of a cell whose place in the notebook is unknown only what ran counts, else one typo would cost all."""
    shell: Any = SimpleNamespace(history_manager=None, events=Events())
    session = Session(shell)
    for cell_id, error in ((None, SyntaxError()), ("x", SyntaxError()), (None, None)):
        shell.events.callbacks["pre_run_cell"](SimpleNamespace(raw_cell=f"{cell_id} (", cell_id=cell_id))
        shell.events.callbacks["post_run_cell"](SimpleNamespace(error_before_exec=error))
    assert [(each.cell_id, each.source) for each in session.runs] == [("x", "x ("), (None, "None (")]


class Grading:
    """Stands for a process that grades: says what it is told to."""

    def __init__(self, out: bytes = b"", err: bytes = b"") -> None:
        self.out, self.err = out, err
        self.command: list[str] = []

    def __call__(self, command: list[str], **_: Any) -> Any:
        self.command = command
        return SimpleNamespace(communicate=lambda: (self.out, self.err))


@pytest.mark.parametrize(
    ("complaint", "told"),
    [
        (b"Error: There is no exercise 'x'.\n", "There is no exercise 'x'."),
        (b"Traceback (most recent call last):\n  File\nImportError: no numpy\n", "ImportError: no numpy"),
        (b"", "The grading process ended without a word."),
    ],
)
def test_without_a_report_there_is_what_the_grader_said(monkeypatch, complaint, told):
    """One sentence, without what a terminal needs around it."""
    monkeypatch.setattr(subprocess, "Popen", Grading(err=complaint))
    with pytest.raises(MagicError, match=f"^{re.escape(told)}$"):
        apart.check("x", Path("backprop.ipynb"))


def test_the_grader_is_another_python_that_does_not_look_into_the_folder(monkeypatch, tmp_path):
    """What lies beside the notebook is the learner's."""
    grading = Grading(err=b"Error: no")
    monkeypatch.setattr(subprocess, "Popen", grading)
    with pytest.raises(MagicError):
        apart.check("exercise03", tmp_path / "c.ipynb", only="forward", copy_of=tmp_path / "b.ipynb")
    assert grading.command[:3] == [sys.executable, "-P", "-m"]
    words = " ".join(grading.command[3:])
    assert words == (
        f"dlgrade check exercise03 --format json --file {tmp_path}/c.ipynb "
        f"--only forward --copy-of {tmp_path}/b.ipynb"
    )


REPORT = Report(
    dlgrade="0.1.0",
    exercise="exercise03",
    name="backprop",
    title="Backprop by hand",
    file="/tmp/x.ipynb",
    scope="suite",
    points=10.0,
    max_points=10.0,
    passed=True,
    criteria=(),
    tests=(),
    isolation=Isolation(3, {"limits": "on"}),
    seeds={},
)


@pytest.fixture
def commands(notebook, tmp_path, monkeypatch):
    """Return the magics of a shell whose notebook is backprop.ipynb, and what they showed and graded."""
    pytest.importorskip("IPython", reason="needs IPython")
    from dlgrade.magics.commands import Commands

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DLGRADE_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("JPY_SESSION_NAME", str(notebook(cell("a = 1", "x"))))
    shell: Any = SimpleNamespace(history_manager=None, events=Events(), user_ns={}, kernel=None)
    made: Any = Commands(shell, Session(shell))
    made.shell, made.shown, made.graded = shell, [], []
    made._display = lambda data, raw: made.shown.append((data["text/html"], data["text/plain"]))

    def check(exercise: str, file: Path, **options: Any) -> Report:
        made.graded.append((exercise, file.read_bytes(), options))
        return REPORT

    monkeypatch.setattr(apart, "check", check)
    return made


def only_shown(commands: Any) -> str:
    """Return the one thing that was shown, as text; its HTML says the same."""
    ((rich, plain),) = commands.shown
    assert rich.startswith("<")
    return " ".join(plain.split())


def test_check_grades_the_notebook_and_shows_the_report(commands):
    """By the exercise that its name says; what was graded stands in the second line."""
    commands.check("")
    assert commands.graded[0][0] == "exercise03"
    assert commands.graded[0][2] == {"only": None, "drawings": None}
    said = only_shown(commands)
    assert "exercise03 backprop 10 of 10 points Backprop by hand · backprop.ipynb as saved" in said


def test_check_grades_a_copy_of_what_is_not_saved(commands, tmp_path):
    """It is remembered as a check of the notebook, and nothing of the copy is left."""
    commands.shell.events.callbacks["pre_run_cell"](SimpleNamespace(raw_cell="a = 2", cell_id="x"))
    commands.check("--only backward")
    ((_, data, options),) = commands.graded
    assert json.loads(data)["cells"][0]["source"] == "a = 2"
    assert options == {"only": "backward", "copy_of": tmp_path / "backprop.ipynb", "drawings": None}
    assert "with 1 cell as run since" in only_shown(commands)


def test_check_shows_pictures_if_it_is_asked_to(commands, monkeypatch):
    """The grading process writes them into a file, which is read as data and then deleted."""
    drawings = (Picture("A title", "A caption.", "To be <seen>.", "<svg/>"), Absent("Gone", "There is none."))
    asked = []

    def check(exercise: str, file: Path, **options: Any) -> Report:
        asked.append(options["drawings"])
        asked[0].write_bytes(encode(drawings))
        return REPORT

    monkeypatch.setattr(apart, "check", check)
    commands.check("--pictures")
    ((rich, plain),) = commands.shown
    assert 'alt="To be &lt;seen&gt;."' in rich
    assert "There is none." in rich
    assert "A title: To be <seen>." in plain
    assert not asked[0].exists()


def test_pictures_that_are_none_are_a_fault_of_ours(tmp_path):
    """What the grading process wrote is validated; that it wrote nothing means that there are none."""
    (tmp_path / "torn").write_bytes(b'[{"type": "picture"')
    with pytest.raises(SandboxError):
        apart.drawn(tmp_path / "torn")
    assert apart.drawn(tmp_path / "nothing") == ()


def test_check_takes_another_exercise_by_its_name(commands):
    """A word comes before what the notebook says."""
    commands.check("softmax")
    assert commands.graded[0][0] == "exercise02"


@pytest.mark.parametrize(
    "name", ["backprop-Copy1", "Backprop (2)", "exercise03_smith", "exercise03_backprop", "exercise03"]
)
def test_a_copy_of_a_notebook_is_of_the_same_exercise(commands, notebook, monkeypatch, name):
    """The name may go on after the exercise's."""
    monkeypatch.setenv("JPY_SESSION_NAME", str(notebook(name=f"{name}.ipynb")))
    commands.check("")
    assert commands.graded[0][0] == "exercise03"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("nonsense", "There is no exercise 'nonsense'."),
        ("--only", "--only: expected one argument. It is written %check [--only CRITERION] [--pictures] "),
        ("--color red", "unrecognized arguments: --color"),
        ("'backprop", "a quotation does not end."),
    ],
)
def test_a_wrong_line_is_one_sentence(commands, line, told):
    """No traceback in a learner's cell."""
    commands.check(line)
    assert told in only_shown(commands)
    assert commands.graded == []


def test_a_notebook_of_no_exercise_is_asked_for_one(commands, notebook, monkeypatch):
    """Nothing is guessed from a name such as Untitled."""
    monkeypatch.setenv("JPY_SESSION_NAME", str(notebook(name="Untitled.ipynb")))
    commands.check("")
    assert "Untitled.ipynb does not say which exercise it is: name it, as in %check" in only_shown(commands)


def test_an_interrupt_is_one_line(commands, monkeypatch):
    """IPython asks an exception how it is to be shown; the cells after this one are not run."""

    def interrupted(*_: Any, **__: Any) -> Report:
        raise KeyboardInterrupt

    monkeypatch.setattr(apart, "check", interrupted)
    with pytest.raises(KeyboardInterrupt) as caught:
        commands.check("")
    assert caught.value._render_traceback_() == ["Interrupted: there is no verdict."]


def test_nbgrader_grades_by_itself(commands, monkeypatch, capsys):
    """In the kernel that nbgrader executes a notebook in, nothing is graded and nothing goes to stderr."""
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    for magic in (commands.check, commands.hint):
        magic("")
        assert capsys.readouterr() == ("Nothing is graded here: that is nbgrader's turn now.\n", "")
    assert commands.graded == commands.shown == []


def test_a_terminal_has_no_notebook(commands):
    """There it is the session that is graded, and it has to be said which exercise it is."""
    del commands.shell.kernel
    commands.check("")
    assert "This session does not say which exercise it is" in only_shown(commands)
    commands.shown.clear()
    commands.shell.events.callbacks["pre_run_cell"](SimpleNamespace(raw_cell="a = 1", cell_id=None))
    commands.check("backprop")
    assert "the 1 cell run in this session" in only_shown(commands)


def test_hints_name_the_magics(commands):
    """What a terminal would call `dlgrade check exercise03` is `%check` here."""
    commands.hint("")
    said = only_shown(commands)
    assert "No check of exercise03 is remembered: %check finds out what is passed." in said
    assert "Hint 1 of" in said
    assert "dlgrade check" not in said
    commands.shown.clear()
    commands.hint("--criterion backward --all")
    said = only_shown(commands)
    assert "All 4 hints" in said
    assert "dlgrade show exercise03 shows the statement, with its worked numbers, in a terminal" in said


def test_a_class_may_have_no_hints(commands, tmp_path):
    """Its dlgrade.toml counts, for %hint and for what a report advises."""
    (tmp_path / "dlgrade.toml").write_text("[classroom]\nhints = false\n")
    commands.hint("")
    assert only_shown(commands) == "There are no hints for exercise03: so it was settled for this class."


def test_a_hint_is_no_html(commands, monkeypatch):
    """What the last check found may quote a learner's code."""
    advice = hinting.Advice(None, ("<script>",), ("<img \u202e>",), ((1, "<b>"),), 1, (("<i>", "<u>"),))
    monkeypatch.setattr(hinting, "advise", lambda *_, **__: advice)
    commands.hint("")
    ((rich, _),) = commands.shown
    assert "&lt;script&gt;" in rich
    assert "&lt;img \\u202e&gt;" in rich
    assert not re.search(r"<(script|img|b|i|u)\b", rich)


def test_a_notebook_that_was_only_run_has_not_changed(notebook, tmp_path):
    """Outputs are no part of what a hint rests on."""
    path = notebook(cell("a = 1"))
    before = hinting.digest_of(path)
    notebook(cell("a = 1") | {"outputs": [{"output_type": "stream", "name": "stdout", "text": "x"}]})
    assert hinting.digest_of(path) == before
    notebook(cell("a = 2"))
    assert hinting.digest_of(path) != before


def test_the_extension_is_loaded_when_it_is_asked_for():
    """`import dlgrade` imports neither the magics nor IPython."""
    script = (
        "import sys, dlgrade; print([name for name in sys.modules if name.startswith(('dlgrade.', 'IPy'))])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
