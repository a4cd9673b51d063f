"""What a lint sees without running anything."""

from collections.abc import Callable
from pathlib import Path

import pytest

from dlgrade.authoring import layout, scaffold
from dlgrade.authoring.course import Place, places
from dlgrade.errors import CatalogError


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Scaffold an exercise."""
    scaffold.new("entropy", tmp_path / "exercises", tmp_path / "solutions")
    (found,) = places((), tmp_path, None)
    return found


@pytest.fixture
def said(place: Place) -> Callable[[], list[str]]:
    """Return a function that lints the exercise as it is then."""

    def lint() -> list[str]:
        (again,) = places((), place.exercise.exercise_dir.parent, None)
        return [f"{Path(finding.file).name}: {finding.advice}" for finding in layout.findings(again)]

    return lint


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_the_scaffold_is_as_it_should_be(said: Callable[[], list[str]]):
    """There is nothing to do in it."""
    assert said() == []


def test_a_file_that_nobody_names_is_found(place: Place, said: Callable[[], list[str]]):
    """In each of the folders; what tools leave behind does not count."""
    for folder, name in (
        (place.exercise.exercise_dir, "notes.txt"),
        (place.solution, "helper.py"),
        (place.solution / "mistakes", "old.txt"),
        (place.exercise.exercise_dir, ".DS_Store"),
    ):
        (folder / name).write_text("")
    (place.solution / "__pycache__").mkdir()
    assert [line.partition(":")[0] for line in said()] == ["notes.txt", "helper.py", "old.txt"]


def test_a_module_that_the_suite_uses_is_named_by_it(place: Place, said: Callable[[], list[str]]):
    """By an import, by an import of an import, or as a file that is read."""
    (place.solution / "entropy_cases.py").write_text("import entropy_more\n")
    (place.solution / "entropy_more.py").write_text("SOURCE = open('entropy_lab.py').read()\n")
    (place.solution / "entropy_lab.py").write_text("")
    (place.solution / "test_hidden_more.py").write_text("from entropy_cases import x\n")
    assert said() == []


def test_hints_and_points_are_counted(place: Place, said: Callable[[], list[str]]):
    """Three hints for a criterion, ten points for an exercise."""
    toml = place.exercise.exercise_dir / "exercise.toml"
    change(toml, '    "What is twice as much?",\n', "")
    change(toml, "points = 10.0", "points = 9.5")
    assert said() == [
        "exercise.toml: double has 2 hints; give it 3, from vague to concrete.",
        "exercise.toml: the points sum to 9.5; make them 10.",
    ]


@pytest.mark.parametrize("signature", ["double(y)", "double(x, n=2)", "double(*, x)", "double(x=1)"])
def test_another_signature_is_told(place: Place, said: Callable[[], list[str]], signature: str):
    """Names, kinds and defaults of the parameters are those of the reference."""
    change(place.exercise.entry_path, "double(x)", signature)
    (line,) = said()
    assert f"`{signature}` is `double(x)` in the reference" in line


def test_annotations_are_no_part_of_a_signature(place: Place, said: Callable[[], list[str]]):
    """A starter may say of which type a parameter is."""
    change(place.exercise.entry_path, "double(x)", "double(x: np.ndarray) -> np.ndarray")
    assert said() == []


def test_a_starter_without_docstrings_is_told(place: Place, said: Callable[[], list[str]]):
    """The file and each function say what is asked for."""
    place.exercise.entry_path.write_text("class A:\n    def f(self): ...\n\n\ndef double(x): ...\n")
    assert [line.partition(" has no docstring")[0] for line in said()] == [
        "entropy.py: the file",
        "entropy.py: `A`",
        "entropy.py: `A.f`",
        "entropy.py: `double`",
    ]


def test_a_mistake_without_a_sentence_is_told(place: Place, said: Callable[[], list[str]]):
    """The file is named, with what it should begin with."""
    (place.solution / "mistakes" / "new.py").write_text("def double(x): return x\n")
    assert said() == [
        "new.py: mistakes/new.py: it begins with a sentence, an empty line and 'Loses: CRITERION, ...'."
    ]


def test_a_function_that_is_not_there_is_told(place: Place, said: Callable[[], list[str]]):
    """What the manifest names is defined in starter and reference."""
    change(place.reference, "def double", "def triple")
    assert said() == ["entropy.py: there is no `double`, which the manifest names; define it."]


def test_an_exercise_without_its_solution_is_no_place(place: Place, tmp_path: Path):
    """What a lint needs is said at once."""
    (place.solution / "test_hidden.py").unlink()
    with pytest.raises(CatalogError, match=r"has no exercise\d\d_entropy/test_hidden\.py"):
        places((), tmp_path, None)
