"""Statements set for a terminal: nothing is lost, and no screen is too light for them."""

import re

import pytest

from dlgrade import catalog
from dlgrade.render import statement


def test_a_statement_keeps_every_number_of_its_tables():
    """What is too long for a column is broken, where rich would leave it out."""
    names = [f"column{number}" for number in range(12)]
    table = "\n".join("|" + "|".join(row) + "|" for row in (names, ["---"] * 12, ["0.015625"] * 12))
    shown = statement.render(f"# Title\n\n{table}\n", width=60)
    assert "…" not in shown
    assert re.sub(r"\s", "", shown).count("5") >= 24


def test_a_statement_is_plain_without_colours_and_sets_no_background():
    """Headings, code and lists use the terminal's own colours, or none."""
    text = "# Title\n\n`code` and **bold**\n\n- a list\n\n```python\nx = 1\n```\n"
    assert "\x1b" not in statement.render(text)
    assert not re.search(r"\x1b\[[0-9;]*4[0-7]", statement.render(text, color=True))


@pytest.mark.parametrize("width", [30, 80, 200])
@pytest.mark.parametrize("exercise", catalog.exercises(), ids=lambda exercise: exercise.id)
def test_every_number_of_a_statement_is_shown(exercise, width):
    """Whatever the width, each digit of the statement's source is on the screen."""
    source = exercise.statement()
    shown = statement.render(source, width=width)
    for digit in "2345678":
        assert shown.count(digit) >= source.count(digit)
