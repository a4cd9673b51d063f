"""The starter with the reference in it."""

import ast
import re

import pytest

from dlgrade import catalog
from dlgrade.classroom.merging import BEGIN, END, merged
from dlgrade.errors import ManifestError

STARTER = '''"""Doc."""

import numpy as np


def double(x):
    """Twice x."""
    raise NotImplementedError("TODO: double it")


class Counter:
    """Counts."""

    def __init__(self, start):
        self.start = start
        raise NotImplementedError("TODO: begin")

    def up(self):
        """One more."""
        raise NotImplementedError("TODO: count")
'''

REFERENCE = '''"""Doc."""

import functools
import numpy as np

TWO = 2


# Twice, once.
@functools.cache
def double(x):
    """Return it."""
    # formula
    return TWO * x


class Counter:
    # Counts by heart.
    def __init__(self, start):
        self.start = start
        self.n = start

    step = 1

    def up(self):
        self.n += self.step
        return self.n


LAST = 3
'''


def released(text):
    """What nbgrader leaves, with an empty stub."""
    return re.sub(rf"^ *{BEGIN}\n(?:.*\n)*?^ *{END}\n?", "", text + "\n", flags=re.MULTILINE)


def test_what_remains_is_the_starter():
    """Without the regions every piece is a part of the starter, and together they are all of it."""
    left = "\n".join(released(piece.text) for piece in merged(STARTER, REFERENCE))
    assert ast.dump(ast.parse(left)) == ast.dump(ast.Module(ast.parse(STARTER).body[1:], []))


def test_the_whole_runs_as_the_reference_does():
    """Decorators, helpers, what __init__ does, class attributes: everything of the reference is there."""
    scope = {}
    exec("\n\n".join(piece.text for piece in merged(STARTER, REFERENCE)), scope)
    counter = scope["Counter"](5)
    assert (scope["double"](4), counter.up(), counter.up(), scope["LAST"]) == (8, 6, 7, 3)
    assert scope["double"].cache_info().currsize == 1


def test_helpers_stand_before_the_function_they_are_above():
    """Their cells come where the reference has them, imports first of all, what is left over last."""
    names = [piece.name for piece in merged(STARTER, REFERENCE)]
    assert names == ["", "", "double", "Counter", ""]


def test_a_todo_below_a_solution_is_never_reached():
    """A body that ends without a return gets one, since the TODO of the starter follows."""
    counter = next(piece for piece in merged(STARTER, REFERENCE) if piece.name == "Counter")
    begin = counter.text.split("def up")[0]
    assert "        self.n = start\n        return\n" in begin
    assert begin.count("self.start = start") == 1


def test_comments_go_with_what_they_are_about():
    """Those above a definition or a first statement are part of the solution."""
    text = "\n".join(piece.text for piece in merged(STARTER, REFERENCE))
    assert "    # Twice, once.\n    # formula\n    return TWO * x\n" in text
    assert "        # Counts by heart.\n        self.n = start" in text


def test_a_reference_without_a_function_is_refused():
    """The sentence says which one."""
    with pytest.raises(ManifestError, match="no Counter, which the starter has"):
        merged(STARTER, "def double(x):\n    return 2 * x\n")


@pytest.mark.parametrize("exercise", catalog.exercises(), ids=lambda exercise: exercise.id)
def test_every_exercises_starter_is_what_remains(exercise, checkout):
    """For the exercises there are, too."""
    starter = exercise.entry_path.read_text()
    reference = (checkout / "solutions" / exercise.folder / exercise.entry).read_text()
    left = "\n".join(released(piece.text) for piece in merged(starter, reference))
    assert ast.dump(ast.parse(left)) == ast.dump(ast.Module(ast.parse(starter).body[1:], []))
