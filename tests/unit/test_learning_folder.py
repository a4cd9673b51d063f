"""A learner's folder: what is put there, and that nothing of theirs is lost."""

import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import nbformat
import pytest

from dlgrade import catalog
from dlgrade.errors import LearningError
from dlgrade.learning import folder, notebooks

NOW = datetime(2026, 3, 1, 15, 30, 0)


@pytest.fixture
def exercise():
    return catalog.find("3")


@pytest.fixture
def solved(exercise):
    return (exercise.solution_dir(exercise.solutions()) / exercise.entry).read_text()


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def names(path: Path) -> list[str]:
    return sorted(each.name for each in path.iterdir())


def in_cells(source: str) -> str:
    cell = {"cell_type": "code", "execution_count": None, "id": "a", "metadata": {}, "outputs": []}
    cells = [cell | {"source": source.splitlines(keepends=True)}]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def run_pytest(where: Path) -> str:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST")}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--no-header"]
    done = subprocess.run(command, cwd=where, env=environment, capture_output=True, text=True, check=False)
    return done.stdout.strip().splitlines()[-1]


def test_a_learner_gets_statement_starter_and_examples_and_nothing_else(exercise):
    """No manifest, which has hints and answers; and nothing of the solution."""
    placed = folder.place(exercise, Path("mine"))
    assert placed.made
    assert placed.file == Path("mine/exercise03_backprop/backprop.py")
    assert names(placed.file.parent) == ["README.md", "backprop.py", "test_backprop.py"]
    assert placed.file.read_bytes() == exercise.entry_path.read_bytes()


def test_what_is_there_stays(exercise):
    """A learner's file, and what they made of statement and examples; only what is missing is added."""
    placed = folder.place(exercise, Path())
    placed.file.write_text("mine")
    (placed.file.parent / "README.md").write_text("my notes")
    (placed.file.parent / "test_backprop.py").unlink()
    again = folder.place(exercise, Path())
    assert not again.made
    assert again.file.read_text() == "mine"
    assert (placed.file.parent / "README.md").read_text() == "my notes"
    assert (placed.file.parent / "test_backprop.py").is_file()


def test_whoever_has_begun_in_one_form_stays_with_it(exercise):
    """A file with work in it is the one to write in; an untouched one makes way for the other form."""
    placed = folder.place(exercise, Path())
    as_notebook = folder.place(exercise, Path(), as_notebook=True)
    assert as_notebook.made
    assert as_notebook.file.name == "backprop.ipynb"
    assert not placed.file.exists()
    assert folder.place(exercise, Path()).file == as_notebook.file
    as_notebook.file.unlink()
    placed.file.write_text("mine")
    kept = folder.place(exercise, Path(), as_notebook=True)
    assert (kept.file, kept.made) == (placed.file, False)
    assert placed.file.read_text() == "mine"


def test_a_notebook_is_valid_and_the_same_each_time(exercise):
    """One function a cell, the words first; a fresh one is known as such."""
    data = notebooks.written(exercise)
    assert data == notebooks.written(exercise)
    made = nbformat.reads(data.decode(), as_version=4)
    nbformat.validate(made)
    first, *rest = made.cells
    assert first.cell_type == "markdown"
    assert "dlgrade check exercise03" in first.source
    defined = [cell.source.split("(")[0] for cell in rest if cell.source.startswith("def ")]
    assert defined == [f"def {name}" for name in exercise.functions]
    assert (rest[0].source, rest[-1].source) == ("%load_ext dlgrade", "%check")
    assert made.metadata.dlgrade.exercise == "exercise03_backprop"


@pytest.mark.parametrize("data", [b"", b"[]", b'{"cells": 3}', b'{"cells": [{}]}', b"\xff"])
def test_what_is_no_notebook_has_no_cells(data):
    """It is then taken for a learner's own, and kept."""
    assert notebooks.sources(data) is None


def test_the_examples_pass_beside_a_solved_file_and_fail_beside_the_starter(exercise, solved):
    """In the exercise's own folder, and from above together with those of other exercises."""
    placed = folder.place(exercise, Path())
    assert "failed" in run_pytest(placed.file.parent)
    placed.file.write_text(solved)
    assert run_pytest(placed.file.parent).startswith("12 passed")
    folder.place(catalog.find("0"), Path())
    assert "12 passed" in run_pytest(Path())


def test_the_examples_of_a_notebook_run_too(exercise, solved):
    """They import what stands in its cells, IPython's lines left out."""
    placed = folder.place(exercise, Path(), as_notebook=True)
    assert names(placed.file.parent) == ["README.md", "backprop.ipynb", "conftest.py", "test_backprop.py"]
    assert "failed" in run_pytest(placed.file.parent)
    placed.file.write_text(in_cells(f"%matplotlib inline\n{solved}\n"))
    folder.place(catalog.find("0"), Path(), as_notebook=True)
    assert run_pytest(placed.file.parent).startswith("12 passed")
    assert "12 passed" in run_pytest(Path())
    placed.file.write_text(in_cells("def forward(:\n"))
    assert "error" in run_pytest(placed.file.parent)


@pytest.mark.parametrize("name", ["backprop.py", "backprop.ipynb"])
def test_a_reset_keeps_what_was_there(exercise, name):
    """Under the time of day, to the byte; twice in a second under two names."""
    placed = folder.place(exercise, Path(), as_notebook=name.endswith("ipynb"))
    given = placed.file.read_bytes()
    kept = []
    for text in ("first", "second"):
        placed.file.write_text(text)
        kept.append(folder.reset(exercise, placed.file, NOW).backup)
        assert placed.file.read_bytes() == given
    assert [path.read_text() for path in kept] == ["first", "second"]
    stem, _, suffix = name.partition(".")
    assert kept[0] == placed.file.parent / "backups" / f"{stem}-2026-03-01-153000.{suffix}"
    assert kept[1].name == f"{stem}-2026-03-01-153000-2.{suffix}"
    assert not [each for each in names(placed.file.parent) if each.endswith(".tmp")]


def test_an_untouched_file_needs_no_reset(exercise):
    """Also a notebook that Jupyter has only written anew."""
    placed = folder.place(exercise, Path(), as_notebook=True)
    made = json.loads(placed.file.read_text())
    made["metadata"]["kernelspec"]["display_name"] = "another"
    for cell in made["cells"]:
        cell["source"] = cell["source"].splitlines(keepends=True)
    placed.file.write_text(json.dumps(made))
    assert folder.reset(exercise, placed.file, NOW).backup is None
    assert not (placed.file.parent / "backups").exists()


def test_the_starter_itself_is_not_reset(exercise):
    """In a checkout it is what `check` finds."""
    with pytest.raises(LearningError, match="the starter itself"):
        folder.reset(exercise, exercise.entry_path, NOW)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_what_cannot_be_kept_is_not_reset(exercise):
    """The file is as it was, and the sentence says which folder is in the way."""
    placed = folder.place(exercise, Path())
    placed.file.write_text("mine")
    placed.file.parent.chmod(0o500)
    try:
        with pytest.raises(LearningError, match="Permission denied"):
            folder.reset(exercise, placed.file, NOW)
    finally:
        placed.file.parent.chmod(0o700)
    assert placed.file.read_text() == "mine"


def test_a_backup_that_fails_leaves_the_file_alone(exercise):
    """Here a file lies where the folder of the backups should be."""
    placed = folder.place(exercise, Path())
    placed.file.write_text("mine")
    (placed.file.parent / "backups").write_text("in the way")
    with pytest.raises(LearningError, match="backups"):
        folder.reset(exercise, placed.file, NOW)
    assert placed.file.read_text() == "mine"


def test_without_a_name_the_folder_has_to_be_empty_or_a_learners():
    """So that nobody's home fills with exercises; what is hidden does not count."""
    every = catalog.exercises()
    Path(".git").mkdir()
    assert folder.chosen(None, every) == Path()
    Path("photos").mkdir()
    with pytest.raises(LearningError, match=r"'photos' for one.*`dlgrade init \.`"):
        folder.chosen(None, every)
    assert folder.chosen(Path(), every) == Path()
    folder.place(every[0], Path())
    assert folder.chosen(None, every) == Path()


def test_a_file_is_no_folder():
    """The sentence says what to name instead."""
    Path("taken").write_text("")
    with pytest.raises(LearningError, match="'taken' is a file"):
        folder.chosen(Path("taken"), ())
    with pytest.raises(LearningError, match="taken"):
        folder.place(catalog.find("0"), Path("taken"))
