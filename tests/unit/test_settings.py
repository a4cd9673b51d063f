"""What a teacher settles for a class, where it is looked for, and what it cannot say."""

import pytest

from dlgrade import settings
from dlgrade.errors import SettingsError
from dlgrade.settings import Classroom


def write(folder, text):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "dlgrade.toml").write_text(text, encoding="utf-8")


def test_without_a_file_nothing_is_settled(tmp_path):
    """Hints are given, and nobody has decided about solutions."""
    assert settings.read(tmp_path).classroom == Classroom(solutions=None, hints=True)


@pytest.mark.parametrize("solutions", ["after-passing", "never", "always"])
def test_the_file_decides_about_solutions_and_hints(tmp_path, solutions):
    """Both keys of the table are read."""
    write(tmp_path, f'[classroom]\nsolutions = "{solutions}"\nhints = false\n')
    assert settings.read(tmp_path).classroom == Classroom(solutions=solutions, hints=False)


def test_the_nearest_file_above_counts(tmp_path):
    """A course's file holds in all its folders, unless one of them has its own."""
    write(tmp_path, "[classroom]\nhints = false\n")
    write(tmp_path / "b", "[classroom]\nhints = true\n")
    below = tmp_path / "a" / "exercises"
    below.mkdir(parents=True)
    assert not settings.read(below).classroom.hints
    assert settings.read(tmp_path / "b").classroom.hints


def test_the_environment_names_a_file_that_comes_first(tmp_path, monkeypatch):
    """DLGRADE_SETTINGS counts wherever one works."""
    write(tmp_path, "[classroom]\nhints = true\n")
    write(tmp_path / "lab", "[classroom]\nhints = false\n")
    monkeypatch.setenv("DLGRADE_SETTINGS", str(tmp_path / "lab" / "dlgrade.toml"))
    assert not settings.read(tmp_path).classroom.hints
    monkeypatch.setenv("DLGRADE_SETTINGS", str(tmp_path / "nowhere.toml"))
    with pytest.raises(SettingsError, match=r"names the file '.*nowhere\.toml', which does not exist"):
        settings.read(tmp_path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[classroom]\nhint = false\n", "classroom: contains unknown field 'hint'"),
        ("[class]\nhints = false\n", "contains unknown field 'class'"),
        ('[classroom]\nsolutions = "sometimes"\n', "classroom.solutions: invalid enum value 'sometimes'"),
        ('[classroom]\nhints = "no"\n', "classroom.hints: expected 'bool', got text"),
        ("[classroom\n", "line 1"),
        ("\xff", "not UTF-8"),
    ],
)
def test_what_the_file_cannot_say_is_told_with_what_it_can(tmp_path, text, said):
    """One sentence names the file and the key, the next one says which there are."""
    (tmp_path / "dlgrade.toml").write_bytes(text.encode("latin-1"))
    with pytest.raises(SettingsError) as caught:
        settings.read(tmp_path)
    message = str(caught.value)
    assert str(tmp_path / "dlgrade.toml") in message
    assert said in message
    assert '"after-passing", "never" or "always"' in message


def test_a_command_that_would_refuse_is_withheld():
    """A report does not advise what a class has ruled out."""
    assert Classroom().withheld == set()
    assert Classroom(solutions="after-passing").withheld == set()
    assert Classroom(solutions="never", hints=False).withheld == {"hint", "solution"}
