"""The scaffold of a new exercise."""

from pathlib import Path

import pytest

from dlgrade import catalog
from dlgrade.authoring import scaffold
from dlgrade.errors import CatalogError


def test_a_new_exercise_gets_the_number_after_every_other(tmp_path: Path):
    """It meets neither dlgrade's own nor its neighbours."""
    highest = max(exercise.number for exercise in catalog.exercises())
    first, _ = scaffold.new("convexity", tmp_path / "exercises", tmp_path / "solutions")
    second, _ = scaffold.new("entropy", tmp_path / "exercises", tmp_path / "solutions")
    assert first.name == f"exercise{highest + 1:02}_convexity"
    assert second.name == f"exercise{highest + 2:02}_entropy"


def test_both_folders_hold_one_file_for_each_role(tmp_path: Path):
    """Statement, manifest, starter, examples; reference, suite, clues, a mistake and a variant."""
    exercise, solution = scaffold.new("moving-average", tmp_path / "exercises", tmp_path / "solutions")
    assert {path.name for path in exercise.iterdir()} == {
        "README.md",
        "exercise.toml",
        "moving_average.py",
        "test_examples.py",
    }
    assert {path.relative_to(solution).as_posix() for path in solution.rglob("*.py")} == {
        "moving_average.py",
        "test_hidden.py",
        "clues.py",
        "mistakes/squared_instead_of_doubled.py",
        "variants/entry_by_entry.py",
    }
    assert catalog.find("moving_average", tmp_path).points == 10.0


@pytest.mark.parametrize("slug", ["", "9lives", "a b", "../x", "é"])
def test_a_slug_that_is_no_module_is_refused(slug: str, tmp_path: Path):
    """The learner's file is called so, and is imported by that name."""
    with pytest.raises(CatalogError, match="is no name for an exercise"):
        scaffold.new(slug, tmp_path / "exercises", tmp_path / "solutions")
    assert list(tmp_path.iterdir()) == []


def test_an_exercise_is_not_written_over(tmp_path: Path):
    """A second one of that name, in the same folder, is refused."""
    scaffold.new("entropy", tmp_path / "exercises", tmp_path / "solutions")
    with pytest.raises(CatalogError, match="called 'entropy' already"):
        scaffold.new("entropy", tmp_path / "exercises", tmp_path / "solutions")
