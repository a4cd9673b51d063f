"""What a lint says of an exercise's pictures."""

from collections.abc import Callable
from pathlib import Path

import pytest

from dlgrade.authoring import illustrations, layout, scaffold
from dlgrade.authoring.course import Place, places

GOOD = '''
from dlgrade.pictures import picture
from dlgrade.suite import check


@picture("A line")
def line(student, canvas):
    """What to look for."""
    (axes,) = canvas.axes()
    axes.plot([check.number(student.entropy([0.5, 0.5]), name="entropy")])
    return "A line."
'''


@pytest.fixture
def said(tmp_path: Path) -> Callable[[str], list[str]]:
    """Return a function that lints a scaffolded exercise with these pictures."""
    scaffold.new("entropy", tmp_path / "exercises", tmp_path / "solutions")
    (place,) = places((), tmp_path, None)
    name = place.exercise.functions[0]
    (place.solution / place.exercise.entry).write_text(f"def {name}(*args, **kwargs):\n    return 1.0\n")

    def lint(source: str) -> list[str]:
        (place.solution / "pictures.py").write_text(source.replace("student.entropy", f"student.{name}"))
        found = [each.advice for each in illustrations.findings(place)]
        assert not [each for each in layout.findings(place) if "named by nobody" in each.advice]
        return found

    return lint


def test_an_exercise_need_not_have_pictures(tmp_path: Path):
    """Nothing is asked then, and nothing is run."""
    scaffold.new("entropy", tmp_path / "exercises", tmp_path / "solutions")
    place: Place
    (place,) = places((), tmp_path, None)
    assert list(illustrations.findings(place)) == []


def test_good_pictures_are_as_they_should_be(said):
    """Drawn of the reference, checked, with a caption and an alt text."""
    assert said(GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('    """What to look for."""\n', "", "has no caption"),
        ('"A line."', '""', "has no alt text"),
        ("What to look for.", "Look. " * 100, "the caption has 599 characters; cut it to 400"),
        ("check.number(", "check.integer(", "by a fault of dlgrade's own"),
        ("[0.5, 0.5]", "[0.5, 0.5]), student.nothing(", "`nothing` is missing"),
        (
            "(axes,) = ",
            "canvas.notes.append('Gone.')\n    (axes,) = ",
            "has a note, though the file is right",
        ),
        ('@picture("A line")\n', "", "has no picture"),
        (
            "from dlgrade.suite import check",
            "import nowhere_to_be_found",
            "cannot be run: ModuleNotFoundError",
        ),
    ],
)
def test_what_is_wrong_with_pictures_is_found(said, old, new, told):
    """Each in a sentence that says what to do."""
    assert told in " ".join(said(GOOD.replace(old, new)))


def test_a_value_that_was_not_checked_is_found(said):
    """What returns None must not make drawing fail, and a starter has nothing to draw."""
    unchecked = GOOD.replace(
        'check.number(student.entropy([0.5, 0.5]), name="entropy")', "1 + student.entropy(1)"
    )
    (advice,) = said(unchecked)
    assert advice.startswith(
        "'A line' of a file whose functions return None: There is no picture, by a fault"
    )
    (advice,) = said(GOOD.replace("student.entropy([0.5, 0.5])", "1.0"))
    assert advice == "'A line' is drawn of the starter; draw what the learner's functions return."
