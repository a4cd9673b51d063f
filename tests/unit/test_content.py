"""Where content lies: beside the package, in it, or where one is told."""

from pathlib import Path

import pytest

from dlgrade import content
from dlgrade.errors import CatalogError


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Pretend that the package lies in a checkout without any content."""
    package = tmp_path / "checkout" / "grader" / "dlgrade"
    package.mkdir(parents=True)
    monkeypatch.setattr(content, "_PACKAGE", package)
    return package


def test_in_a_checkout_content_stands_beside_the_grader(package: Path):
    for name in ("exercises", "solutions", "datasets"):
        (package.parent.parent / name).mkdir()
    assert content.exercises_dir() == package.parent.parent / "exercises"
    assert content.solutions_dir() == package.parent.parent / "solutions"
    assert content.datasets_dir() == package.parent.parent / "datasets"


def test_an_installed_package_carries_its_content(package: Path):
    (package / "_content" / "exercises").mkdir(parents=True)
    (package.parent.parent / "solutions").mkdir()
    assert content.exercises_dir() == package / "_content" / "exercises"
    assert content.solutions_dir() is None


def test_an_installation_without_exercises_says_so(package: Path):
    with pytest.raises(CatalogError, match="has no exercises"):
        content.exercises_dir()
    with pytest.raises(CatalogError, match="has no datasets"):
        content.datasets_dir()


def test_solutions_may_be_kept_back(package: Path):
    assert content.solutions_dir() is None


def test_a_named_folder_comes_before_the_environment_and_that_before_the_one_beside(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    beside, variable, named = package.parent.parent / "solutions", tmp_path / "variable", tmp_path / "named"
    for folder in (beside, variable, named):
        folder.mkdir()
    assert content.solutions_dir() == beside
    monkeypatch.setenv("DLGRADE_SOLUTIONS", str(variable))
    assert content.solutions_dir() == variable
    assert content.solutions_dir(named) == named


def test_an_empty_variable_names_nothing(package: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DLGRADE_SOLUTIONS", "")
    assert content.solutions_dir() is None


def test_a_named_folder_that_is_not_there_is_an_error_and_not_a_lack(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (package.parent.parent / "solutions").mkdir()
    with pytest.raises(CatalogError, match=r"--solutions names .*/nowhere', which does not exist\."):
        content.solutions_dir(tmp_path / "nowhere")
    monkeypatch.setenv("DLGRADE_SOLUTIONS", str(tmp_path / "nowhere"))
    with pytest.raises(CatalogError, match="DLGRADE_SOLUTIONS names"):
        content.solutions_dir()


def test_a_relative_folder_is_made_absolute(package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "kept").mkdir()
    monkeypatch.chdir(tmp_path)
    assert content.solutions_dir(Path("kept")) == (tmp_path / "kept").resolve()


def test_files_are_listed_by_name(tmp_path: Path):
    for name in ("b.py", "a.py", "_private.py", ".hidden.py", "notes.txt"):
        (tmp_path / name).touch()
    for name in ("folder", "odd.py", "__pycache__", ".pytest_cache"):
        (tmp_path / name).mkdir()
    assert [path.name for path in content.modules(tmp_path)] == ["a.py", "b.py"]
    assert [path.name for path in content.folders(tmp_path)] == ["folder", "odd.py"]


def test_a_folder_that_is_not_there_lists_nothing(tmp_path: Path):
    assert content.modules(tmp_path / "mistakes") == ()
    assert content.folders(tmp_path / "exercises") == ()


def test_no_verdict_depends_on_pictures(tmp_path):
    """What is drawn is a module like others, but neither a kept answer nor a grade changes with it."""
    for name in ("pictures.py", "test_hidden.py", "toy.py"):
        (tmp_path / name).write_text("")
    assert [path.name for path in content.suite_modules(tmp_path)] == ["test_hidden.py", "toy.py"]
    assert content.PICTURES in {path.name for path in content.modules(tmp_path)}
