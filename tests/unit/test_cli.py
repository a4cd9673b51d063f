"""The command line: what is asked of the grader, where it is written, and how the process ends."""

import bdb
import json
import os
import shlex
import subprocess
import sys
import webbrowser
from pathlib import Path
from types import ModuleType, SimpleNamespace

import click
import pytest
from click.testing import CliRunner

from dlgrade import catalog, cli
from dlgrade import report as reports
from dlgrade.errors import (
    CatalogError,
    DatasetError,
    DlgradeError,
    GivenDataError,
    ManifestError,
    OracleError,
    SandboxError,
    SettingsError,
    SubmissionError,
    WireError,
)
from dlgrade.pictures import Absent, Picture
from dlgrade.render import html, json_report, output, terminal

STUB = """
import sys, types
from dlgrade import cli
from dlgrade.report import Isolation, Report
def check(exercise, file=None, **options):
    return Report(dlgrade="0.1.0", exercise="exercise03", name="backprop", title="Backprop",
        file="backprop.py", scope="suite", points=0.0, max_points=10.0, passed=False, criteria=(), tests=(),
        isolation=Isolation(2, {}), seeds={}, notes=("dL/dw → é ✓",) * 5000)
sys.modules["dlgrade.grading"] = types.SimpleNamespace(check=check)
cli.main()
"""


def a_report(status="passed", **fields):
    """Return a report of one test with one criterion."""
    test = reports.TestResult("test_it", "all", "f", "It holds.", status, **fields)
    points = 10.0 if status == "passed" else 0.0
    return reports.Report(
        dlgrade="0.1.0",
        exercise="exercise03",
        name="backprop",
        title="Backprop by hand",
        file="backprop.py",
        scope="suite",
        points=points,
        max_points=10.0,
        passed=status == "passed",
        criteria=(reports.CriterionResult("all", "All of it", points, 10.0, status),),
        tests=(test,),
        isolation=reports.Isolation(2, {"limits": "on"}),
        seeds={"test_it": 7},
    )


@pytest.fixture
def grader(monkeypatch):
    """Put a grader in the place of the real one: it keeps what it was asked, and does what it is told."""
    told = SimpleNamespace(report=a_report(), raises=None, prints="", asked=[], drawings=())

    def check(*words, **options):
        told.asked.append((words, options))
        print(told.prints, end="")
        if told.raises is not None:
            raise told.raises
        return told.report

    modules = ModuleType("dlgrade.grading"), ModuleType("dlgrade.pictures.drawing")
    modules[0].check = check
    modules[1].check = lambda *words, **options: (check(*words, **options), told.drawings)
    for module in modules:
        monkeypatch.setitem(sys.modules, module.__name__, module)
    return told


def run(*words, **options):
    return CliRunner().invoke(cli.commands, [str(word) for word in words], **options)


def process(*words, **options):
    """Run the command line in a process of its own, with a grader that fails every file."""
    return subprocess.run(
        [sys.executable, "-c", STUB, *words], stderr=subprocess.PIPE, check=False, **options
    )


def test_the_grader_is_asked_for_what_the_words_say(grader):
    """Each option reaches the grader under its own name."""
    run("check", "3")
    run("check", "backprop", "--file", "a.py", "--only", "backward", "--debug", "--solutions", "kept")
    run("check", "7", "--data", "fashion-mnist")
    run("check", "7", "--no-record")
    nothing = {
        "only": None,
        "debug": False,
        "exercises": None,
        "solutions": None,
        "data": None,
        "record": True,
        "copy_of": None,
    }
    assert grader.asked == [
        (("3", None), nothing),
        (
            ("backprop", Path("a.py")),
            nothing | {"only": "backward", "debug": True, "solutions": Path("kept")},
        ),
        (("7", None), nothing | {"data": "fashion-mnist"}),
        (("7", None), nothing | {"record": False}),
    ]


def test_the_report_is_written_to_stdout(grader):
    """What the renderer made is what is printed, and stderr stays empty."""
    grader.report = a_report("failed", message="It is twice too large.")
    done = run("check", "3")
    assert done.stdout == terminal.render(grader.report)
    assert done.stderr == ""


def test_the_exit_code_is_the_reports(grader):
    """0 everything right, 1 something to fix, 3 our own error."""
    codes = []
    for status in ("passed", "failed", "skipped", "error"):
        grader.report = a_report(status)
        codes.append(run("check", "3").exit_code)
    assert codes == [0, 1, 1, 3]


def test_json_is_all_that_is_written_with_format_json(grader):
    """Whatever is printed while grading goes to stderr, so that stdout is one JSON document."""
    grader.prints = "a stray line\n"
    done = run("check", "3", "--format", "json")
    assert done.stdout_bytes == json_report.render(grader.report)
    assert "a stray line" in done.stderr
    assert json.loads(done.stdout)["schema"] == 1


def test_a_page_is_written_beside_the_report(grader, tmp_path):
    """With --html the same report is a file for a browser, and stdout is as without it."""
    grader.report = a_report("failed", message="<b>too large</b>")
    done = run("check", "3", "--html", tmp_path / "report.html")
    assert done.stdout == terminal.render(grader.report)
    assert done.stderr == f"The report is in {tmp_path / 'report.html'} too.\n"
    assert done.exit_code == 1
    assert (tmp_path / "report.html").read_text(encoding="utf-8") == html.page(grader.report)


def test_a_page_has_the_pictures(grader, tmp_path, monkeypatch):
    """`report` writes it where it is told, or beside what is remembered, and says where on stdout."""
    monkeypatch.setenv("DLGRADE_STATE", str(tmp_path))
    grader.drawings = (Picture("A title", "A caption.", "To be seen.", "<svg/>"), Absent("No", "None."))
    usual = tmp_path / "reports" / "exercise03.html"
    for words, page in ((("--to", tmp_path / "a.html"), tmp_path / "a.html"), ((), usual)):
        done = run("report", "3", *words)
        assert (done.stdout, done.exit_code) == (f"{page}\n", 0)
        assert page.read_text(encoding="utf-8") == html.page(grader.report, drawings=grader.drawings)
    assert grader.asked[-1] == (("3", None), {"exercises": None, "solutions": None, "record": True})


@pytest.mark.parametrize("there_is_one", [True, False])
def test_a_page_is_opened_in_a_browser(grader, tmp_path, monkeypatch, there_is_one):
    """With --open; where there is none, that is said, and it is no failure."""
    asked = []
    monkeypatch.setattr(webbrowser, "open", lambda address: asked.append(address) or there_is_one)
    done = run("report", "3", "--to", tmp_path / "a b.html", "--open")
    assert asked == [f"file://{tmp_path}/a%20b.html"]
    assert (done.exit_code, "No browser" in done.stderr) == (0, not there_is_one)


def test_a_report_overwrites_nobodys_code(grader):
    """A page has the name of a page."""
    done = run("report", "3", "--to", "backprop.py")
    assert (done.exit_code, done.stderr.count("\n")) == (2, 1)
    assert grader.asked == []


@pytest.mark.parametrize("name", ["backprop.py", "no-such-folder/report.html"])
def test_a_page_that_cannot_be_written_is_one_sentence(grader, tmp_path, monkeypatch, name):
    """Nobody's code is overwritten by a report, and a folder that is missing is said to be."""
    monkeypatch.chdir(tmp_path)
    Path("backprop.py").write_text("mine")
    done = run("check", "3", "--html", name)
    assert done.exit_code == 2
    assert done.stderr.startswith("Error: ")
    assert done.stderr.count("\n") == 1
    assert Path("backprop.py").read_text() == "mine"


def test_json_stays_alone_when_our_own_error_is_reported(grader):
    """Without a report there is nothing on stdout, not even a brace."""
    grader.raises = RuntimeError("no")
    assert run("check", "3", "--format", "json").stdout == ""


@pytest.mark.parametrize("error", [CatalogError, SubmissionError, GivenDataError, SettingsError])
def test_what_does_not_exist_is_a_usage_error(grader, error):
    """No such exercise, criterion or file: one sentence on stderr, exit code 2."""
    grader.raises = error("There is no file 'x.py'.")
    done = run("check", "3")
    assert (done.exit_code, done.stdout, done.stderr) == (2, "", "Error: There is no file 'x.py'.\n")


@pytest.mark.parametrize(
    "words",
    [
        ["chek"],
        ["check"],
        ["check", "3", "4"],
        ["check", "3", "--format", "xml"],
        ["check", "3", "--fast"],
        [],
    ],
)
def test_words_that_are_no_command_are_a_usage_error(grader, words):
    """What click refuses ends with 2 too, and nothing is graded."""
    assert run(*words).exit_code == 2
    assert grader.asked == []


@pytest.mark.parametrize(
    "error",
    [
        ManifestError("exercise03: the points are not numbers."),
        DatasetError("iris has another checksum."),
        SandboxError("The worker could not be started."),
        WireError("no message"),
        OracleError("Two roads part."),
        DlgradeError("something"),
        ZeroDivisionError("division by zero"),
        AssertionError(),
        RecursionError("maximum recursion depth exceeded"),
        MemoryError(),
        OSError(28, "No space left on device"),
        BrokenPipeError(32, "Broken pipe"),
        EOFError(),
        SystemExit(0),
        SystemExit("bye"),
        GeneratorExit(),
        click.Abort(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_any_other_way_out_is_our_own_error(grader, error):
    """Whatever the grader raises but usage is ours: exit code 3, never a verdict, never a traceback."""
    grader.raises = error
    done = run("check", "3")
    assert (done.exit_code, done.stdout) == (3, "")
    assert "This is a fault of dlgrade's, not of yours, and nothing was graded." in done.stderr
    assert "DLGRADE_TRACEBACK=1" in done.stderr
    assert "Please report it to " in done.stderr
    assert "Traceback" not in done.stderr


def test_our_own_error_says_what_happened(grader):
    """The type and the first line of a surprise are named; an error of ours speaks for itself."""
    grader.raises = ZeroDivisionError("division by zero\nmore")
    assert run("check", "3").stderr.startswith(
        "Error in dlgrade itself: ZeroDivisionError: division by zero\nThis is"
    )
    grader.raises = SandboxError("The worker could not be started.")
    assert run("check", "3").stderr.startswith("Error in dlgrade itself: The worker could not be started.\n")


def test_the_traceback_is_shown_on_request(grader, monkeypatch):
    """DLGRADE_TRACEBACK=1 adds the traceback; 0 or nothing does not."""
    grader.raises = ZeroDivisionError("division by zero")
    for value, shown in (("1", True), ("0", False), ("", False)):
        monkeypatch.setenv("DLGRADE_TRACEBACK", value)
        assert ("Traceback (most recent call last)" in run("check", "3").stderr) == shown


def test_an_error_is_shown_and_not_obeyed(grader):
    """A file's name with escape sequences does not reach the terminal as such."""
    grader.raises = SubmissionError("There is no file '\x1b[31m\u202ex.py'.")
    assert run("check", "3").stderr == "Error: There is no file '\\x1b[31m\\u202ex.py'.\n"


@pytest.mark.parametrize("error", [KeyboardInterrupt(), bdb.BdbQuit()], ids=["Ctrl-C", "debugger"])
def test_an_interruption_is_no_verdict(grader, error):
    """Ctrl-C, and leaving the debugger, end with 130 and one line."""
    grader.raises = error
    done = run("check", "3")
    assert (done.exit_code, done.stdout, done.stderr) == (130, "", "Interrupted: there is no verdict.\n")


def test_a_fault_of_the_renderer_is_ours(grader, monkeypatch):
    """An exception after grading is an error of ours like any other."""
    monkeypatch.setattr(terminal, "render", lambda *_, **__: 1 / 0)
    assert run("check", "3").exit_code == 3


@pytest.mark.parametrize(
    ("tty", "environment", "words", "colored"),
    [
        (True, {"TERM": "xterm"}, [], True),
        (False, {"TERM": "xterm"}, [], False),
        (True, {"TERM": "dumb"}, [], False),
        (True, {"TERM": "xterm", "NO_COLOR": "1"}, [], False),
        (True, {"TERM": "xterm", "NO_COLOR": ""}, [], True),
        (False, {"TERM": "xterm", "FORCE_COLOR": "1"}, [], True),
        (True, {"TERM": "xterm", "FORCE_COLOR": ""}, [], False),
        (True, {"TERM": "xterm", "NO_COLOR": "1", "FORCE_COLOR": "1"}, [], False),
        (True, {"TERM": "xterm"}, ["--no-color"], False),
        (False, {"TERM": "xterm", "FORCE_COLOR": "1"}, ["--no-color"], False),
    ],
)
def test_colours_are_for_terminals_and_for_those_who_want_them(
    grader, monkeypatch, tty, environment, words, colored
):
    """A terminal has colours unless NO_COLOR, TERM=dumb or --no-color; a pipe only with FORCE_COLOR."""
    monkeypatch.setattr(output, "interactive", lambda: tty)
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    done = run("check", "3", *words, env=environment)
    assert ("\x1b[" in done.stdout) == colored


def test_the_page_is_as_wide_as_the_terminal(grader, monkeypatch):
    """COLUMNS, or the terminal itself, says how wide."""
    done = run("check", "3", env={"COLUMNS": "40"})
    assert done.stdout == terminal.render(grader.report, width=40)


def test_list_names_every_exercise():
    """One line each: id, name, points and what it is about."""
    done = run("list")
    assert done.exit_code == 0
    assert [line.split()[:2] for line in done.stdout.splitlines()] == [
        [each.id, each.name] for each in catalog.exercises()
    ]
    for each in catalog.exercises():
        assert f"{each.points:g} points  {each.summary}\n" in done.stdout


def test_show_writes_the_statement_as_it_is_into_a_pipe():
    """In a pipe the statement is its Markdown source."""
    done = run("show", "3")
    assert done.stdout == catalog.find("3").statement()


def test_show_sets_the_statement_on_a_terminal(monkeypatch):
    """On a terminal the headings are no longer marked with number signs."""
    monkeypatch.setattr(output, "interactive", lambda: True)
    done = run("show", "3", env={"TERM": "xterm"})
    assert not any(line.startswith("#") for line in done.stdout.splitlines())
    assert "\x1b[1m" in done.stdout
    assert "\x1b" not in run("show", "3", "--no-color", env={"TERM": "xterm"}).stdout


@pytest.mark.parametrize("words", [["show", "99"], ["show", "nothing-like-it"]])
def test_show_of_no_exercise_is_a_usage_error(words):
    """A word that means no exercise ends with 2 and says which there are."""
    done = run(*words)
    assert done.exit_code == 2
    assert "exercise03" in done.stderr


def test_version_is_one_line():
    """--version names dlgrade's version and Python's."""
    done = run("--version")
    assert done.exit_code == 0
    assert done.stdout.startswith("dlgrade ")
    assert done.stdout.endswith(f"(Python {sys.version.split()[0]})\n")


@pytest.mark.parametrize(
    "words",
    [
        ["--help"],
        ["check", "--help"],
        *([verb, "-h"] for verb in ("list", "show", "hint", "solution", "report")),
    ],
)
def test_help_has_examples_that_the_command_line_takes(grader, words):
    """Each example of a help text is accepted by the parser, and no line is wider than a terminal."""
    shown = run(*words).stdout
    examples = [line.strip() for line in shown.splitlines() if line.startswith("    dlgrade ")]
    assert examples
    for example in examples:
        command = example.partition("   ")[0].partition(" > ")[0].partition(" | ")[0]
        _, verb, *rest = shlex.split(command)
        # A command keeps the help option of its first context, so this one has to know of -h as well.
        parent = click.Context(cli.commands, **cli.commands.context_settings)
        cli.commands.commands[verb].make_context(verb, rest, parent=parent)
    assert max(map(len, shown.splitlines())) <= 80


def test_the_help_names_every_exit_code():
    """What scripts need stands in the help."""
    shown = run("--help").stdout
    for line in ("  0    ", "  1    ", "  2    ", "  3    ", "  130  "):
        assert line in shown


def test_list_and_help_import_nothing_heavy():
    """Neither NumPy, torch, pytest nor rich is paid for by a list or a help text."""
    script = """
import contextlib, io, sys
from dlgrade import cli
for words in (["list"], ["--help"], ["check", "--help"]):
    with contextlib.redirect_stdout(io.StringIO()):
        cli.commands.main(words, standalone_mode=False)
print(sorted({"numpy", "torch", "pytest", "rich", "hypothesis", "dlgrade.grading"} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("encoding", ["ascii", "cp437", "cp1252", "utf-8"])
@pytest.mark.parametrize("words", [["check", "3"], ["list"], ["show", "3"]])
def test_no_encoding_of_stdout_is_too_small(words, encoding):
    """Texts with signs that a terminal's encoding lacks are written all the same."""
    environment = os.environ | {"PYTHONIOENCODING": encoding}
    done = process(*words, stdout=subprocess.PIPE, env=environment)
    assert done.stderr == b""
    assert done.stdout.decode(encoding)
    assert done.returncode == (1 if "check" in words else 0)


def test_a_reader_that_goes_away_changes_no_verdict():
    """`dlgrade check 3 | head -1` says nothing on stderr, and the exit code is the report's."""
    for form in ("text", "json"):
        reader, writer = os.pipe()
        os.close(reader)
        done = process("check", "3", "--format", form, stdout=writer)
        os.close(writer)
        assert (done.returncode, done.stderr) == (1, b"")


def test_a_closed_stdout_changes_no_verdict():
    """Without a standard output the exit code is still the report's."""
    command = shlex.join([sys.executable, "-c", STUB, "check", "3"])
    done = subprocess.run(["sh", "-c", f"{command} >&-"], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (1, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("words", [["check", "3"], ["check", "3", "--format", "json"], ["list"], ["--help"]])
def test_a_full_disk_is_said_to_be_one(words):
    """A report that cannot be written is no verdict: exit code 3 and one sentence."""
    with Path("/dev/full").open("w") as full:
        done = process(*words, stdout=full)
    assert done.returncode == 3
    assert done.stderr == b"Error: stdout cannot be written to: No space left on device.\n"
