"""The author's commands: what they print, and how the process ends."""

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from dlgrade import cli
from dlgrade.authoring import lint, scaffold
from dlgrade.authoring.finding import Finding


def run(*words):
    return CliRunner().invoke(cli.commands, [str(word) for word in words])


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Scaffold an exercise."""
    scaffold.new("entropy", tmp_path / "exercises", tmp_path / "solutions")
    return tmp_path


def test_new_prints_both_folders(tmp_path: Path):
    """The solutions lie beside the exercises, unless they are asked for elsewhere."""
    done = run("author", "new", "entropy", "--exercises", tmp_path / "a" / "exercises")
    assert done.exit_code == 0
    exercise, solution = map(Path, done.stdout.split())
    assert exercise.parent == tmp_path / "a" / "exercises"
    assert solution.parent == tmp_path / "a" / "solutions"
    assert (solution / "entropy.py").is_file()
    kept = tmp_path / "kept"
    done = run("author", "new", "more", "--exercises", exercise.parent, "--solutions", kept)
    assert (kept / Path(done.stdout.split()[1]).name / "more.py").is_file()


def test_a_bad_name_is_a_usage_error(tmp_path: Path):
    """Nothing is written."""
    done = run("author", "new", "9", "--exercises", tmp_path / "exercises")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "no name for an exercise" in done.stderr


@pytest.mark.parametrize("found", [[], [Finding("a/b.py", "is wrong; mend it."), Finding("c", "too.")]])
def test_lint_prints_a_line_for_each_finding(course: Path, monkeypatch: pytest.MonkeyPatch, found):
    """The exit status says whether there is one."""
    monkeypatch.setattr(lint, "lint", lambda place, tell: found)
    done = run("author", "lint", "--exercises", course)
    assert done.exit_code == (1 if found else 0)
    if found:
        assert done.stdout == "a/b.py: is wrong; mend it.\nc: too.\n"
    else:
        assert done.stdout.startswith("Nothing to do in exercise")


@pytest.mark.parametrize("command", ["lint", "certify"])
def test_a_broken_manifest_is_a_finding(course: Path, command: str):
    """It is the author's, so it is told and not called a fault of dlgrade's."""
    if command == "certify":
        pytest.importorskip("libcst")
    (manifest,) = course.glob("exercises/*/exercise.toml")
    manifest.write_text("title = 3\n")
    done = run("author", command, "--exercises", course)
    assert done.exit_code == 1
    assert done.stdout.startswith(f"{manifest.parent.name}/exercise.toml: ")
    assert done.stderr == ""


@pytest.mark.parametrize("command", ["lint", "certify"])
def test_what_does_not_exist_is_a_usage_error(course: Path, command: str):
    """No such exercise, no such folder."""
    if command == "certify":
        pytest.importorskip("libcst")
    for words in (("nothing", "--exercises", course), ("--exercises", course / "missing")):
        assert run("author", command, *words).exit_code == 2


def test_mutants_need_libcst(course: Path, monkeypatch: pytest.MonkeyPatch):
    """Who has it not is told how to get it."""
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    done = run("author", "certify", "--exercises", course)
    assert done.exit_code == 2
    assert "pip install 'dlgrade[author]'" in done.stderr


def test_the_help_imports_nothing_heavy():
    """Neither the grader nor LibCST is paid for by a help text."""
    script = """
import contextlib, io, sys
from dlgrade import cli
for words in (["--help"], ["author", "--help"], ["author", "lint", "--help"]):
    with contextlib.redirect_stdout(io.StringIO()):
        cli.commands.main(words, standalone_mode=False)
heavy = {"numpy", "torch", "pytest", "rich", "libcst", "msgspec", "dlgrade.grading", "dlgrade.authoring"}
print(sorted(heavy & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("words", [[], ["new"], ["lint"], ["certify"]])
def test_help_has_examples_and_fits_a_terminal(words: list[str]):
    """No line is wider than a terminal."""
    shown = run("author", *words, "--help").stdout
    assert "  dlgrade author " in shown
    assert max(map(len, shown.splitlines())) <= 80
