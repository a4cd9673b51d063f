"""Where a learner's file is looked for, and which of two is meant."""

from pathlib import Path

import pytest

from dlgrade import catalog, workplace
from dlgrade.errors import SubmissionError


@pytest.fixture
def exercise():
    return catalog.find("3")


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def put(path: str, text: str = "mine") -> Path:
    file = Path(path)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file


def test_it_is_found_from_a_folder_below(exercise, monkeypatch):
    """Who is in one exercise's folder can check another; the path is as it is reached from there."""
    put("exercise03_backprop/backprop.py")
    below = put("exercise04_kaiming/deep/kaiming.py").parent
    monkeypatch.chdir(below)
    assert workplace.find(exercise) == Path("../../exercise03_backprop/backprop.py")


def test_the_nearest_one_counts(exercise, monkeypatch):
    """A folder within a folder has its own."""
    put("exercise03_backprop/backprop.py")
    inner = put("inner/exercise03_backprop/backprop.py").parent.resolve()
    monkeypatch.chdir(inner.parent)
    assert workplace.find(exercise) == Path("exercise03_backprop/backprop.py")
    monkeypatch.chdir(inner)
    assert workplace.find(exercise) == Path("backprop.py")


def test_of_two_the_one_that_was_begun_is_meant(exercise):
    """Whoever writes in the notebook is not graded by the untouched starter beside it."""
    script = put("exercise03_backprop/backprop.py", exercise.entry_path.read_text())
    cells = put("exercise03_backprop/backprop.ipynb")
    assert workplace.find(exercise) == cells
    script.write_text("def forward(): ...\n")
    assert workplace.find(exercise) == script


def test_where_it_is_nowhere_the_way_to_begin_is_named(exercise):
    """The sentence has the command."""
    assert workplace.find(exercise) is None
    with pytest.raises(SubmissionError, match="`dlgrade start exercise03` puts it there"):
        workplace.locate(exercise)


def test_the_learners_folder_is_the_nearest_with_an_exercise(exercise, monkeypatch):
    """Of any exercise, from any folder in it; a checkout's is exercises/."""
    every = catalog.exercises()
    assert workplace.home(every) is None
    put("mine/exercise00_celsius/celsius.ipynb")
    monkeypatch.chdir("mine/exercise00_celsius")
    assert workplace.home(every) == Path("..")
    monkeypatch.chdir("..")
    assert workplace.home(every) == Path()
    put("../other/exercises/exercise00_celsius/celsius.py")
    assert workplace.home(every, Path("../other")).resolve() == Path("../other/exercises").resolve()


def test_a_file_far_away_keeps_its_whole_path(tmp_path):
    """A path with more dots than names tells nobody anything."""
    assert workplace.near(tmp_path / "a" / "b.py") == Path("a/b.py")
    assert workplace.near(Path("/etc/hostname")) == Path("/etc/hostname")
