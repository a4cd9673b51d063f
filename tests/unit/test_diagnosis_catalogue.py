"""What is known of an exercise beforehand: its mistakes, and the author's clues."""

from pathlib import Path

import pytest

from dlgrade.diagnosis import catalogue, clues
from dlgrade.errors import ManifestError

MISTAKE = '''"""You walked uphill. Which way does
the gradient point?

Loses: sgd_step, train
"""

import numpy as np


def helper(x):
    return x


class Step:
    def __call__(self):
        pass
'''


def test_a_mistake_is_a_sentence_the_criteria_it_loses_and_code(tmp_path: Path):
    """All three stand in one file."""
    path = tmp_path / "uphill.py"
    path.write_text(MISTAKE)
    mistake = catalogue.read(path)
    assert mistake.name == "uphill"
    assert mistake.sentence == "You walked uphill. Which way does the gradient point?"
    assert mistake.loses == {"sgd_step", "train"}
    assert mistake.names == ("helper", "Step")
    assert mistake.source == MISTAKE


@pytest.mark.parametrize(
    "text", ["", "x = 1\n", '"""A sentence."""\n', '"""\n\nLoses: a\n"""\n', "# A comment.\n" + MISTAKE]
)
def test_a_file_without_a_sentence_or_its_criteria_is_the_authors_error(tmp_path: Path, text: str):
    """The error names the file."""
    path = tmp_path / "torn.py"
    path.write_text(text)
    with pytest.raises(ManifestError, match=r"mistakes/torn\.py"):
        catalogue.read(path)


def test_names_of_values_and_defaults_are_read_from_the_reference():
    """What its functions return by name, and what may be left out."""
    source = (
        "def f(x, lr=0.1, *, axis=-1, rng=None, key=len):\n    loss, grads = x\n    return loss, {'W': 1}\n"
    )
    assert clues.returned_names(source) == {"f": ("loss", None)}
    assert clues.defaults(source) == {"f": {"lr": 0.1, "axis": -1, "rng": None}}


def test_clues_are_optional(tmp_path: Path):
    """An exercise without them is explained all the same."""
    assert clues.read(tmp_path) == clues.Clues()
    (tmp_path / "clues.py").write_text('LINKS = {"f": ("a", "b")}\nNOT_REPLAYED = ("slow",)\n')
    found = clues.read(tmp_path)
    assert found.links == {"f": ("a", "b")}
    assert found.not_replayed == {"slow"}
