"""Which exercises there are, and which one a word means."""

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from dlgrade import catalog
from dlgrade.errors import CatalogError, ManifestError

MANIFEST = """
title = "A title"
summary = "a summary"
entry = "{name}.py"
tools = ["numpy"]
[[criteria]]
id = "all"
title = "All of it"
points = 10
functions = ["f", "g"]
hints = ["Read it again."]
"""
FOLDERS = (
    "exercise01_perceptron",
    "exercise03_backprop",
    "exercise05_dropout",
    "exercise08_gradient_flow",
    "exercise10_experiments",
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a folder of exercises."""
    for folder in FOLDERS:
        name = folder.partition("_")[2]
        (tmp_path / folder).mkdir()
        (tmp_path / folder / f"{name}.py").touch()
        (tmp_path / folder / "README.md").write_text(f"# {name}: 0.5 → 0.3\n", encoding="utf-8")
        (tmp_path / folder / "exercise.toml").write_text(MANIFEST.format(name=name), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    "word",
    [
        "exercise03",
        "03",
        "3",
        "backprop",
        "exercise03_backprop",
        "exercise3",
        "back",
        "b",
        "exercise03_b",
        "BackProp",
        " 3 ",
        "exercises/exercise03_backprop/",
        "exercise03-backprop",
    ],
)
def test_a_word_that_means_one_exercise_finds_it(root: Path, word: str):
    assert catalog.find(word, root).id == "exercise03"


def test_a_number_is_a_number_before_it_is_a_prefix(root: Path):
    assert catalog.find("1", root).name == "perceptron"
    assert catalog.find("10", root).name == "experiments"
    assert catalog.find("exercise10", root).name == "experiments"


def test_a_name_may_have_several_words(root: Path):
    assert catalog.find("gradient-flow", root).name == "gradient_flow"


def test_an_ambiguous_word_says_between_which(root: Path):
    with pytest.raises(CatalogError) as caught:
        catalog.find("exercise0", root)
    assert str(caught.value) == (
        "'exercise0' may mean exercise01 (perceptron), exercise03 (backprop), exercise05 (dropout) "
        "or exercise08 (gradient_flow)."
    )


def test_an_unknown_word_names_what_is_close_and_what_there_is(root: Path):
    with pytest.raises(CatalogError) as caught:
        catalog.find("dropuot", root)
    assert str(caught.value) == (
        "There is no exercise 'dropuot'. Did you mean exercise05 (dropout)? Exercises: "
        "exercise01 (perceptron), exercise03 (backprop), exercise05 (dropout), exercise08 (gradient_flow), "
        "exercise10 (experiments)."
    )


@pytest.mark.parametrize("word", ["", "  ", "/", "07", "exercise", "../exercise03_backprop/../x", "*", "e\0"])
def test_a_word_that_means_no_single_exercise_is_refused(root: Path, word: str):
    with pytest.raises(CatalogError):
        catalog.find(word, root)


def test_a_catalogue_without_exercises_says_so(tmp_path: Path):
    assert catalog.exercises(tmp_path) == ()
    with pytest.raises(CatalogError, match="there are none at all"):
        catalog.find("3", tmp_path)


def test_exercises_come_by_number(root: Path):
    assert [each.folder for each in catalog.exercises(root)] == list(FOLDERS)
    assert [each.number for each in catalog.exercises(root)] == [1, 3, 5, 8, 10]


def test_what_is_no_exercise_is_not_listed(root: Path):
    for name in ("__pycache__", ".pytest_cache", "notes", "exercise4_x", "exercise04_Kaiming"):
        (root / name).mkdir()
    # What an uninstalled exercise leaves behind.
    (root / "exercise04_kaiming" / "__pycache__").mkdir(parents=True)
    (root / "exercise06_training").touch()
    assert len(catalog.exercises(root)) == len(FOLDERS)


def test_two_exercises_of_one_number_are_told_apart_by_name(root: Path):
    (root / "exercise03_backprop").rename(root / "exercise05_backprop")
    assert catalog.find("backprop", root).id == "exercise05"
    with pytest.raises(CatalogError, match=r"'5' may mean exercise05 \(backprop\) or exercise05 \(dropout\)"):
        catalog.find("5", root)


def test_a_broken_manifest_does_not_keep_others_from_being_found(root: Path):
    (root / "exercise01_perceptron" / "exercise.toml").write_text("title = 3", encoding="utf-8")
    assert catalog.find("backprop", root).number == 3
    with pytest.raises(ManifestError, match=r"exercise01_perceptron/exercise\.toml: title: expected text"):
        catalog.exercises(root)


def test_an_exercise_knows_its_files_and_its_points(root: Path):
    exercise = catalog.find("backprop", root)
    folder = root / "exercise03_backprop"
    assert exercise.exercise_dir == folder
    assert exercise.entry_path == folder / "backprop.py"
    assert exercise.examples_path == folder / "test_examples.py"
    assert exercise.solution_dir(Path("solutions")) == Path("solutions/exercise03_backprop")
    assert exercise.statement() == "# backprop: 0.5 → 0.3\n"
    assert (exercise.points, exercise.functions) == (10.0, ("f", "g"))


def test_a_criterion_is_found_by_id_or_refused_with_those_there_are(root: Path):
    exercise = catalog.find("backprop", root)
    assert exercise.criterion("all").points == 10.0
    with pytest.raises(CatalogError, match=r"exercise03 has no criterion 'some'; it has all\."):
        exercise.criterion("some")


def test_a_missing_statement_is_an_error(root: Path):
    (root / "exercise03_backprop" / "README.md").unlink()
    with pytest.raises(ManifestError, match=r"exercise03_backprop/README.md is missing\."):
        catalog.find("3", root).statement()


def test_a_folder_with_another_name_is_no_exercise(root: Path):
    (root / "exercise03_backprop").rename(root / "backprop")
    with pytest.raises(ManifestError, match="is named like exercise03_backprop"):
        catalog.load(root / "backprop")


def test_the_shipped_exercises_are_right():
    shipped = catalog.exercises()
    assert {"perceptron", "softmax", "backprop"} <= {exercise.name for exercise in shipped}
    for exercise in shipped:
        assert exercise.points == pytest.approx(10.0), exercise.folder
        assert exercise.statement().startswith("# "), exercise.folder


def test_the_course_of_the_tests_is_right(course: SimpleNamespace):
    (toy,) = catalog.exercises(course.exercises)
    assert (toy.id, toy.points, toy.limits.call_s) == ("exercise90", 10.0, 1.0)


def test_the_catalogue_imports_nothing_heavy():
    script = """
import sys
from dlgrade import catalog
catalog.exercises()
heavy = {"torch", "numpy", "pytest", "_pytest", "hypothesis", "rich"} & set(sys.modules)
assert not heavy, heavy
"""
    subprocess.run([sys.executable, "-c", script], check=True)
