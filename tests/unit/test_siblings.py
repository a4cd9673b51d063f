"""What a suite may import from beside it, for how long, and what that can never stand for."""

from __future__ import annotations

import importlib
import queue
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from dlgrade import siblings

Folder = Callable[..., Path]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Return a function that makes a folder with modules, from their names and sources."""

    def make(name: str, **sources: str) -> Path:
        made = tmp_path / name
        made.mkdir()
        for stem, source in sources.items():
            (made / f"{stem}.py").write_text(source)
        return made

    return make


def test_a_helper_is_imported_by_its_name_and_forgotten_afterwards(folder: Folder) -> None:
    """A module beside the suite can be imported, also by another one, until the suite has run."""
    here = folder("one", toy_helper="import toy_more\nVALUE = toy_more.VALUE", toy_more="VALUE = 7")
    path, finders = list(sys.path), list(sys.meta_path)
    with siblings.importable(here):
        assert importlib.import_module("toy_helper").VALUE == 7
    assert not {"toy_helper", "toy_more"} & set(sys.modules)
    assert (sys.path, sys.meta_path) == (path, finders)
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("toy_helper")


def test_all_is_as_it_was_after_an_error(folder: Folder) -> None:
    """Where the suite raises, nothing of it is left either."""
    here = folder("one", toy_helper="import toy_missing")
    finders = list(sys.meta_path)
    with pytest.raises(ModuleNotFoundError), siblings.importable(here):
        importlib.import_module("toy_helper")
    assert sys.meta_path == finders
    assert "toy_helper" not in sys.modules


def test_equal_names_in_two_folders_do_not_mix(folder: Folder) -> None:
    """Each of two suites gets its own helper, one after the other and one inside the other."""
    one, other = folder("one", toy_helper="VALUE = 1"), folder("other", toy_helper="VALUE = 2")
    seen = []
    for here in (one, other, one):
        with siblings.importable(here):
            seen.append(importlib.import_module("toy_helper").VALUE)
    assert seen == [1, 2, 1]
    with siblings.importable(one):
        first = importlib.import_module("toy_helper")
        with siblings.importable(other):
            assert importlib.import_module("toy_helper").VALUE == 2
        assert importlib.import_module("toy_helper") is first


def test_a_relative_folder_is_forgotten_too(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder named from the working directory is the same folder."""
    here = folder("one", toy_helper="")
    monkeypatch.chdir(here.parent)
    with siblings.importable(Path(here.name)):
        importlib.import_module("toy_helper")
    assert "toy_helper" not in sys.modules


def test_a_helper_never_stands_for_an_installed_module(folder: Folder) -> None:
    """A file with the name of a standard or installed module is not found by that name."""
    here = folder("one", queue="", plistlib="VALUE = 1", msgspec="")
    plistlib = sys.modules.pop("plistlib", None)
    try:
        with siblings.importable(here):
            assert importlib.import_module("queue") is queue
            assert not hasattr(importlib.import_module("plistlib"), "VALUE")
            assert hasattr(importlib.import_module("msgspec"), "Struct")
    finally:
        sys.modules.update({} if plistlib is None else {"plistlib": plistlib})


def test_nothing_in_the_working_directory_stands_for_a_helper(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A learner's file of a helper's name is not run in its place, even if it was imported before."""
    here, learner = folder("one", toy_helper="VALUE = 1"), folder("learner", toy_helper="VALUE = 2")
    monkeypatch.syspath_prepend(str(learner))
    with siblings.importable(here):
        assert importlib.import_module("toy_helper").VALUE == 1
    try:
        mine = importlib.import_module("toy_helper")
        with siblings.importable(here):
            assert importlib.import_module("toy_helper").VALUE == 1
        assert sys.modules["toy_helper"] is mine
    finally:
        sys.modules.pop("toy_helper", None)


def test_a_part_of_a_package_is_not_a_helper(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """`toy_package.toy_helper` is the package's own module."""
    here, elsewhere = folder("one", toy_helper="VALUE = 1"), folder("elsewhere")
    package = elsewhere / "toy_package"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "toy_helper.py").write_text("VALUE = 2")
    monkeypatch.syspath_prepend(str(elsewhere))
    with siblings.importable(here):
        assert importlib.import_module("toy_package.toy_helper").VALUE == 2
    for name in ("toy_package", "toy_package.toy_helper"):
        sys.modules.pop(name, None)


def test_a_stand_in_is_imported_instead_of_a_file(folder: Folder) -> None:
    """What stands for a file is what its name gives, and only while the suite runs."""
    here, stand_in, before = folder("one", toy=""), ModuleType("toy"), ModuleType("toy")
    sys.modules["toy"] = before
    try:
        with siblings.importable(here, {"toy": stand_in}):
            assert importlib.import_module("toy") is stand_in
        assert sys.modules["toy"] is before
    finally:
        del sys.modules["toy"]
