"""Points for a test cell that nbgrader executes in a kernel, in its own way.

The learner's cells have run in the same kernel before, so whoever wants to can forge what comes out, which is
why dlgrade's preprocessor has no kernel. The verdict itself is the one that `dlgrade check` gives: the
notebook's file is graded in another process, once for all of its test cells.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from pathlib import Path
from typing import Any, NamedTuple

from dlgrade.classroom import alone, testcell
from dlgrade.classroom.testcell import Graded
from dlgrade.errors import DlgradeError, UngradedError
from dlgrade.manifest import RESERVED

EXECUTION_VARIABLE = "NBGRADER_EXECUTION"
"""In which nbgrader says why it executes a notebook: autograde or validate."""

_known: dict[tuple[str, str], alone.Outcome] = {}


class _Cell(NamedTuple):
    notebook: Path
    worth: float


def points(exercise: str, criterion: str) -> float:
    """Return what the notebook in the kernel's folder earns for one criterion.

    Returns
    -------
    float
        From 0 to what the test cell is worth by its metadata; never anything that nbgrader would take for
        full points.

    Raises
    ------
    UngradedError
        If there is no verdict. While nbgrader autogrades, the kernel is ended instead: an error in the cell
        would count as 0, and so nbgrader reports the submission as failed and keeps no score of it.
    """
    try:
        return _points(Graded(exercise, criterion))
    except (DlgradeError, OSError, KeyboardInterrupt) as error:
        reason = "it was interrupted." if isinstance(error, KeyboardInterrupt) else error
        why = f"dlgrade did not grade {exercise}'s {criterion}: {reason}"
        if os.environ.get(EXECUTION_VARIABLE) == "autograde":
            _end_the_kernel(why)
        raise UngradedError(why) from None


def validate(exercise: str, criterion: str) -> None:
    """Fail where `nbgrader validate` runs the cell and not all points are earned; elsewhere do nothing.

    The hidden part is not in the learners' version, and without this every notebook would pass there.

    Raises
    ------
    AssertionError
        If there are points to earn yet.
    UngradedError
        If there is no verdict.
    """
    if os.environ.get(EXECUTION_VARIABLE) != "validate":
        return
    cell = _find(Graded(exercise, criterion))
    report = _outcome(exercise, cell.notebook).report
    if report is not None and report.scope == "examples":
        complete = report.passed  # without the hidden suite they say what they can
    else:
        complete = points(exercise, criterion) == cell.worth
    if not complete:
        raise AssertionError("There is something to do yet: %check says what.")


def _points(graded: Graded) -> float:
    cell = _find(graded)
    outcome = _outcome(graded.exercise, cell.notebook)
    _print_plainly()
    if outcome.report is None:
        _print(str(outcome.refused))
        return 0.0
    report = outcome.report
    if report.scope != "suite":
        raise UngradedError("the hidden suite is not on this machine.")
    found = next((each for each in report.criteria if each.id == graded.criterion), None)
    if found is None:
        raise UngradedError(f"there is no criterion {graded.criterion!r}.")
    if found.status == "error":
        ours = next((test.message for test in report.tests if test.status == "error"), None)
        raise UngradedError(f"dlgrade itself failed. {ours or ''}".strip())
    earned = testcell.scaled(found.points, found.max_points, cell.worth)
    _print(f"{found.title}: {earned:g} of {cell.worth:g} points")
    for test in report.tests:
        if test.criterion in (graded.criterion, *RESERVED) and test.status != "passed":
            _print(f"✗ {test.title}", test.message, test.diagnosis)
    return earned


def _find(graded: Graded) -> _Cell:
    """Find the notebook that holds the cell, in the folder in which the kernel was started."""
    folder = Path(getattr(_shell(), "starting_dir", None) or Path.cwd())
    found = [cell for path in sorted(folder.glob("*.ipynb")) for cell in _cells(path, graded)]
    # A copy may lie beside the notebook, by another name; nbgrader grades the one that is called as it was.
    named = [cell for cell in found if cell.notebook.stem == _stem(graded.exercise)]
    meant = list(dict.fromkeys(named or found))
    if len(meant) == 1:
        return meant[0]
    how_many = "no notebook with" if not meant else "more than one notebook or value for"
    raise UngradedError(f"{folder} has {how_many} its test cell.")


def _stem(exercise: str) -> str:
    from dlgrade import catalog

    return Path(catalog.find(exercise).entry).stem


def _cells(path: Path, graded: Graded) -> list[_Cell]:
    """Return a notebook's test cells for a criterion; what is no notebook has none."""
    try:
        cells = json.loads(path.read_bytes())["cells"]
        told = [(cell["metadata"].get("nbgrader", {}), "".join(cell["source"])) for cell in cells]
        return [
            _Cell(path, float(of_nbgrader["points"]))
            for of_nbgrader, source in told
            if of_nbgrader.get("grade") is True and testcell.graded_by(source) == graded
        ]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return []


def _outcome(exercise: str, notebook: Path) -> alone.Outcome:
    """Return the outcome of a notebook, which the first test cell of a kernel waits for."""
    key = exercise, hashlib.sha256(notebook.read_bytes()).hexdigest()
    if key not in _known:
        _known[key] = alone.grade(exercise, notebook)
    return _known[key]


def _shell() -> Any:
    """Return IPython's shell, or None outside of it."""
    get_ipython = getattr(sys.modules.get("IPython"), "get_ipython", None)
    return None if get_ipython is None else get_ipython()


def _print_plainly() -> None:
    """Take back a learner's `%precision`: nbgrader reads the points as they are printed."""
    formatter = getattr(getattr(_shell(), "display_formatter", None), "formatters", {}).get("text/plain")
    if formatter is not None:
        formatter.float_precision = ""


def _end_the_kernel(why: str) -> None:
    """Leave the reason on nbgrader's own stderr; what is printed would be lost with the kernel."""
    try:
        nbgraders = sys.stderr.fileno()
    except OSError:  # a kernel that has left the descriptor as it was
        nbgraders = 2
    os.write(nbgraders, f"\n{why}\n".encode())
    os._exit(1)


def _print(*texts: str | None) -> None:
    """Print to stdout, which has no part in the grade; stderr has."""
    from dlgrade.render.visible import lines, visible

    rows = [visible(line) for text in texts if text for line in lines(text)]
    sys.stdout.write("".join(f"{row}\n" for row in rows))
