"""Exercises of others: found by entry point, or by a path."""

import sys
from pathlib import Path

import pytest

from dlgrade import catalog, content, packs
from dlgrade.authoring import scaffold
from dlgrade.errors import CatalogError

PACK = Path(__file__).resolve().parents[1] / "pack" / "dlgrade_signals"


def install(folder: Path, name: str, value: str) -> None:
    """Do what pip does for an entry point: leave a dist-info folder on the path."""
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[{packs.GROUP}]\n{name} = {value}\n")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder on the path; what is imported from it is forgotten afterwards."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    before = set(sys.modules)
    yield folder
    for name in set(sys.modules) - before:
        del sys.modules[name]


@pytest.fixture
def signals(site: Path) -> Path:
    """Install the pack of the tests."""
    (site / "dlgrade_signals").symlink_to(PACK)
    install(site, "signals", "dlgrade_signals")
    return site


def test_an_installed_pack_is_found(signals: Path):
    """Its exercises come after dlgrade's own, and say where they are from."""
    every = catalog.exercises()
    assert [each.id for each in every if each.pack == "signals"] == ["exercise50"]
    assert every[-1].pack == "signals"
    assert catalog.find("moving").exercise_dir.resolve().is_relative_to(PACK)


def test_the_suites_of_a_pack_lie_beside_its_exercises(signals: Path):
    """No option is needed."""
    exercise = catalog.find("50")
    assert exercise.solutions() == (PACK / "solutions").resolve()


def test_solutions_of_the_environment_are_for_those_that_they_hold(
    signals: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    """DLGRADE_SOLUTIONS, meant for dlgrade's own, does not hide those of a pack."""
    monkeypatch.setenv(content.SOLUTIONS_VARIABLE, str(tmp_path))
    exercise = catalog.find("50")
    assert exercise.solutions() == (PACK / "solutions").resolve()
    (tmp_path / exercise.folder).mkdir()
    assert exercise.solutions() == tmp_path.resolve()


def test_without_a_pack_only_dlgrades_own_are_listed():
    """An environment without packs has none."""
    assert all(each.pack == "" for each in catalog.exercises())
    assert packs.installed() == ()


def test_an_entry_may_be_a_function(site: Path):
    """It returns the folder that holds exercises/."""
    (site / "elsewhere.py").write_text(f"def where():\n    return {str(PACK)!r}\n")
    install(site, "elsewhere", "elsewhere:where")
    assert [pack.name for pack in packs.installed()] == ["elsewhere"]
    assert catalog.find("50").pack == "elsewhere"


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (None, "does not say where its exercises lie: ModuleNotFoundError"),
        ("def where():\n    raise OSError('no')\n", "does not say where its exercises lie: OSError: no"),
        ("def where():\n    return '/nowhere'\n", "there is no folder '/nowhere/exercises'"),
    ],
)
def test_a_broken_pack_is_named(site: Path, source: str | None, words: str):
    """Who installed it can uninstall it."""
    if source is not None:
        (site / "broken.py").write_text(source)
    install(site, "broken", "broken:where")
    with pytest.raises(CatalogError, match=r"The pack 'broken' \(broken:where\)") as caught:
        catalog.exercises()
    assert words in str(caught.value)


def test_one_id_in_two_packs_is_an_error_that_names_both(signals: Path, tmp_path: Path):
    """By id and by name; --exercises says which is meant."""
    other = tmp_path / "other"
    scaffold.new("entropy", other / "exercises", other / "solutions")
    (made,) = (other / "exercises").iterdir()
    made.rename(made.with_name("exercise50_entropy"))
    (signals / "other.py").write_text(f"def where():\n    return {str(other)!r}\n")
    install(signals, "other", "other:where")
    for word in ("50", "entropy", "moving_average"):
        with pytest.raises(CatalogError) as caught:
            catalog.find(word)
        for part in ("exercise50 is in more than one pack", "of signals", "of other", "--exercises"):
            assert part in str(caught.value)
    assert catalog.find("50", other).name == "entropy"
    assert catalog.find("50", PACK).name == "moving_average"
    assert catalog.find("3").pack == ""


@pytest.mark.parametrize("inner", ["", "exercises"])
def test_a_path_is_that_of_the_exercises_or_of_the_folder_above(inner: str):
    """Both mean the same."""
    assert [each.id for each in catalog.exercises(PACK / inner)] == ["exercise50"]


def test_a_path_that_is_not_there_is_an_error(tmp_path: Path):
    """Other exercises than were meant are not listed."""
    with pytest.raises(CatalogError, match="--exercises names the folder"):
        catalog.exercises(tmp_path / "missing")
