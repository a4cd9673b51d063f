"""What a test cell grades, and how many points it gives: the same for every way of autograding.

A test cell says what it grades by the calls in it, ``points("exercise03", "backward")``. Its grade_id is
free, and how many points it is worth is up to its own metadata, which nbgrader lets a teacher change.
"""

from __future__ import annotations

import ast
import math
from typing import NamedTuple

BEGIN, END = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"

_CALLS = ("points", "validate")


class Graded(NamedTuple):
    """What a test cell grades: an exercise by its id, and one of its criteria."""

    exercise: str
    criterion: str


def source(visible: str, graded: Graded) -> str:
    """Write a test cell: what learners see of it, and the hidden part that nbgrader's Execute runs."""
    what = f'("{graded.exercise}", "{graded.criterion}")'
    return f"""\
{visible}
from dlgrade.classroom.plain import validate

validate{what}
{BEGIN}
from dlgrade.classroom.plain import points

points{what}
{END}"""


def graded_by(source: str) -> Graded | None:
    """Return what a cell grades, or None if it is no test cell of dlgrade's; nothing of it is run."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _CALLS:
            words = [each.value for each in node.args if isinstance(each, ast.Constant)]
            match words:
                case [str(exercise), str(criterion)]:
                    return Graded(exercise, criterion)
    return None


def scaled(earned: float, of: float, worth: float) -> float:
    """Return the points that a cell gives: a plain float in [0, worth], and `worth` itself for all of them.

    Parameters
    ----------
    earned, of
        The criterion's points, and how many it has by its manifest.
    worth
        How many the cell has.
    """
    if not (earned > 0 < of and 0 < worth < math.inf):  # nor NaN
        return 0.0
    return float(worth) if earned >= of else min(float(earned) / of * worth, float(worth))
