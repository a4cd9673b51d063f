"""What a test cell grades, and how many points it gives."""

import math

import pytest

from dlgrade.classroom import testcell
from dlgrade.classroom.testcell import Graded


def test_a_cell_says_what_it_grades():
    """What is written is what is read, also of the part that learners see."""
    text = testcell.source("# Points.", Graded("exercise03", "backward"))
    assert testcell.graded_by(text) == Graded("exercise03", "backward")
    seen = text[: text.index(testcell.BEGIN)]
    assert testcell.graded_by(seen) == Graded("exercise03", "backward")
    assert "points(" not in seen


@pytest.mark.parametrize(
    "text",
    ["", "assert f(2) == 4", "points(", "points(1, 2)", "points('a')", "x.points('a', 'b')", "((" * 9999],
)
def test_other_cells_are_not_ours(text):
    """Teachers may have test cells of their own; broken ones are nobody's."""
    assert testcell.graded_by(text) is None


@pytest.mark.parametrize(
    ("earned", "of", "worth", "points"),
    [
        (2.5, 2.5, 2.5, 2.5),
        (2.5, 2.5, 7, 7.0),
        (0.1, 0.3, 0.3, 0.1),
        (0, 1, 3, 0.0),
        (1, 3, 1e9, 1e9 / 3),
        (0.5, 1, 0, 0.0),
        (1.0 + 1e-12, 1.0, 1.0, 1.0),
        (-1, 1, 1, 0.0),
        (math.nan, 1, 1, 0.0),
        (1, 1, math.inf, 0.0),
        (1, 0, 1, 0.0),
    ],
)
def test_points_are_a_share_of_what_the_cell_is_worth(earned, of, worth, points):
    """A plain float from 0 to the cell's points: nbgrader gives all of them for anything odd."""
    found = testcell.scaled(earned, of, worth)
    assert type(found) is float
    assert found == pytest.approx(points)
    assert 0 <= found <= (worth if math.isfinite(worth) else 0)
