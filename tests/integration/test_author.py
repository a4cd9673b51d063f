"""The author's tools, from a new exercise to its certificate, and on a pack of somebody else's."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest

from dlgrade import catalog, content
from dlgrade.authoring import lint, scaffold
from dlgrade.authoring.course import Place, places

PACK = Path(__file__).resolve().parents[1] / "pack"
SIGNALS = PACK / "dlgrade_signals"

SHIPPED = catalog.exercises() if content.solutions_dir() is not None else ()

Run = Callable[..., subprocess.CompletedProcess[str]]

needs_libcst = pytest.mark.skipif(find_spec("libcst") is None, reason="needs the extra 'author'")


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Scaffold an exercise."""
    scaffold.new("entropy", tmp_path / "exercises", tmp_path / "solutions")
    (found,) = places((), tmp_path, None)
    return found


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def advice(place: Place) -> list[str]:
    return [f"{Path(finding.file).name}: {finding.advice}" for finding in lint.lint(place)]


@pytest.mark.slow
def test_a_scaffold_passes_lint_and_check_as_it_is(dlgrade: Run, tmp_path: Path) -> None:
    """`author new`, then `author lint`, then `check`: of the starter and of the reference."""
    made = dlgrade("author", "new", "entropy")
    assert made.returncode == 0, made.stderr
    exercise, solution = map(Path, made.stdout.split())
    assert (exercise.parent, solution.parent) == (Path("exercises"), Path("solutions"))
    linted = dlgrade("author", "lint", "--exercises", ".")
    assert (linted.returncode, linted.stderr) == (0, "")
    assert linted.stdout.startswith("Nothing to do in exercise")
    for file, status in ((exercise, 1), (solution, 0)):
        checked = dlgrade("check", "entropy", "--exercises", ".", "--file", file / "entropy.py")
        assert checked.returncode == status, checked.stdout + checked.stderr


def test_what_a_scaffold_holds_is_graded_in_both_directions(place: Place) -> None:
    """There is nothing to do in it."""
    assert advice(place) == []


def test_each_direction_has_its_findings(place: Place) -> None:
    """A mistake that is right, one that loses more than it says, a variant that is wrong."""
    mistakes, variants = place.solution / "mistakes", place.solution / "variants"
    head = '"""Is it?\n\nLoses: {}\n"""\n\n\n'
    (mistakes / "right.py").write_text(head.format("double") + "def double(x):\n    return x * 2\n")
    (mistakes / "triple.py").write_text(head.format("loads") + "def double(x):\n    return x * 3\n")
    (variants / "half.py").write_text("def double(x):\n    return x / 2\n")
    found = advice(place)
    assert "right.py: does not lose double; strengthen the suite." in found
    assert "triple.py: does not lose loads; strengthen the suite." in found
    assert any(line.startswith("triple.py: loses double too; say so after 'Loses:'") for line in found)
    assert any(line.startswith("half.py: is right and does not earn everything") for line in found)


def test_a_starter_that_does_something_is_told(place: Place) -> None:
    """It earns nothing, and every function is still to do; the examples fail beside it."""
    starter = place.exercise.entry_path
    change(starter, 'raise NotImplementedError("TODO: twice x")', "return 2 * x")
    assert advice(place) == [
        'entropy.py: `double` is not called still to do; raise NotImplementedError("TODO: ...").',
        "entropy.py: the starter earns 10 points; it should earn none.",
        "test_examples.py: passes beside the starter; test something.",
    ]


def test_wrong_numbers_are_told(place: Place) -> None:
    """In the statement, and in the visible examples."""
    change(place.exercise.exercise_dir / "README.md", "-5.", "-4.")
    change(place.exercise.examples_path, "-5.0", "-4.0")
    first, second = advice(place)
    assert first.startswith("README.md: line ")
    assert "`double(np.array([1.0, -2.5]))` gives array([ 2., -5.]); write that" in first
    assert second.startswith("test_examples.py: fails beside the reference (1 failed")


def test_marks_that_the_manifest_does_not_know_are_told(place: Place) -> None:
    """A test of no criterion stops the suite; one about no function is a finding."""
    suite = place.solution / "test_hidden.py"
    change(suite, '@criterion("double")', '@criterion("double", "triple")')
    assert any("is about `triple`, which no criterion names" in line for line in advice(place))
    change(suite, '@criterion("double", "triple")', '@criterion("triple")')
    (line,) = advice(place)
    assert line.startswith("test_hidden.py: the suite cannot be run: ")
    assert "belongs to no criterion of the manifest" in line


def test_two_runs_that_differ_are_told(place: Place) -> None:
    """A suite's messages depend on nothing but the file."""
    suite = place.solution / "test_hidden.py"
    fails = "    check.that(False, str(np.random.default_rng().random()))\n"
    change(suite, "    # Another road", f"{fails}    # Another road")
    found = advice(place)
    assert any(line.startswith("entropy.py: two runs give two reports") for line in found)


def test_a_file_that_is_no_python_is_told(place: Place) -> None:
    """The lint goes no further than that."""
    place.reference.write_text("def double(x:\n")
    (line,) = advice(place)
    assert line.startswith("entropy.py: is no Python: ")


@pytest.mark.parametrize("exercise", SHIPPED, ids=lambda exercise: exercise.name)
def test_the_shipped_exercises_have_nothing_to_do_at_rest(exercise: catalog.Exercise) -> None:
    """Files, signatures, hints, and the numbers of each statement; both directions are tested elsewhere."""
    (shipped,) = places((exercise.folder,), None, None)
    assert [str(finding) for finding in lint.at_rest(shipped)] == []


@needs_libcst
@pytest.mark.slow
def test_the_packs_certificate_is_what_would_be_written_again(dlgrade: Run, tmp_path: Path) -> None:
    """Lint, certify and check work on exercises of others; a certificate that is out of date is shown."""
    course = tmp_path / "course"
    shutil.copytree(SIGNALS, course)
    linted = dlgrade("author", "lint", "--exercises", course)
    assert (linted.returncode, linted.stdout) == (0, "Nothing to do in exercise50.\n")
    same = dlgrade("author", "certify", "50", "--check", "--exercises", course)
    assert (same.returncode, same.stdout) == (0, "exercise50: certified.\n")
    solution = course / "solutions" / "exercise50_moving_average"
    (solution / "variants" / "plain_python.py").unlink()
    (solution / "equivalent.toml").write_text(
        '[[equivalent]]\nfunction = "moving_average"\nline = "x"\nchange = "1 -> 2"\nreason = "Gone."\n'
    )
    other = dlgrade("author", "certify", "50", "--check", "--exercises", course)
    assert other.returncode == 1
    assert "there is no mutant moving_average, `x`, 1 -> 2; take it out." in other.stdout
    assert "-| `plain_python` | 10 |" in other.stdout


@needs_libcst
@pytest.mark.slow
def test_a_suite_that_catches_little_is_told_so(place: Place, dlgrade: Run) -> None:
    """Mutants that survive are listed, and so is what nobody needs to catch once it has a reason."""
    suite = place.solution / "test_hidden.py"
    change(suite, "check.close(student.double(x), x + x,", "check.close(student.double(x) * 0, x * 0,")
    change(place.solution / "mistakes" / "squared_instead_of_doubled.py", "x**2", "None")
    where = ("--exercises", place.exercise.exercise_dir.parent)
    certified = dlgrade("author", "certify", *where)
    assert certified.returncode == 1
    assert "`return 2.0 * x`: the mutant 2.0 -> 3.0 survives" in certified.stdout
    assert "nobody says why" in (place.solution / "CERTIFICATE.md").read_text()


@pytest.mark.slow
@pytest.mark.skipif(find_spec("hatchling") is None, reason="needs hatchling")
def test_a_pack_that_pip_installed_is_found(dlgrade: Run, tmp_path: Path) -> None:
    """Its exercise is listed, shown and checked like dlgrade's own."""
    source, site = tmp_path / "source", tmp_path / "site"
    shutil.copytree(PACK, source, ignore=shutil.ignore_patterns("__pycache__"))
    options = ("--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check")
    command = [sys.executable, "-m", "pip", "install", *options, "--target", site, source]
    subprocess.run(list(map(str, command)), check=True, capture_output=True)
    listed = dlgrade("list", PYTHONPATH=str(site))
    line = r"exercise50 +moving_average +10 points +what is slow in a noisy signal \[signals\]"
    assert re.search(line, listed.stdout)
    assert dlgrade("show", "moving", PYTHONPATH=str(site)).stdout.startswith("# Moving averages")
    variant = SIGNALS / "solutions" / "exercise50_moving_average" / "variants" / "cumulative.py"
    checked = dlgrade("check", "50", "--file", variant, PYTHONPATH=str(site))
    assert checked.returncode == 0, checked.stdout + checked.stderr
