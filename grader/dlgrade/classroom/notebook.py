"""From an exercise to the instructor's notebook, by way of a text in the percent format."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dlgrade import manifest
from dlgrade.catalog import Criterion, Exercise
from dlgrade.classroom import testcell
from dlgrade.classroom.examples import Examples, examples
from dlgrade.classroom.merging import Piece, merged
from dlgrade.classroom.testcell import Graded

if TYPE_CHECKING:
    from nbformat import NotebookNode

_FENCE = re.compile(r" {0,3}(```|~~~)")
_METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}

_HOW_IT_WORKS = """\
## How this notebook works

- Below the statement there is a cell for each thing to write. Write where it says `YOUR CODE HERE`, in \
place of the line below that raises `NotImplementedError`.
- Where the statement speaks of `{entry}`, it means these cells. All cells that you can edit are graded \
together, from top to bottom, as if they were that file. You may add cells of your own; take out again what \
raises an error.
- The examples below each function are the visible ones, which `pytest` would run. They are not graded: run \
their cell, and if nothing happens they hold.
- In place of `dlgrade check {id}`, run `%check`, in the last cell or in one of your own. It grades what is \
written in the cells, says what is right and what is wrong, and changes nothing. Save the notebook first: \
cells that were not run since then count as they were saved. `%hint` gives the next hint.
- Cells that say how many points something is worth are filled in when your notebook is graded. Leave them."""

_YOUR_CODE = "## Your code\n\nImports come first. Helpers may go wherever you want them."
_CHECK = "## Check your work\n\nSave the notebook, then run this cell."


@dataclass(frozen=True)
class _Cell:
    """One cell; `name` makes its grade_id.

    Attributes
    ----------
    kind
        ``"text"`` and ``"code"`` are read-only, ``"solution"`` is the learner's, ``"test"`` gives points.
    """

    kind: str
    name: str
    text: str
    points: float | None = None


def instructors(exercise: Exercise, reference: str) -> NotebookNode:
    """Make the instructor's notebook of an exercise.

    Parameters
    ----------
    reference
        The text of its reference solution.

    Raises
    ------
    ManifestError
        If the reference does not fit the starter.
    """
    import jupytext  # type: ignore[import-untyped]

    text = _percent(exercise, list(_cells(exercise, reference)))
    notebook: NotebookNode = jupytext.reads(text, fmt="py:percent")
    notebook.metadata.pop("jupytext", None)
    notebook.metadata.update(_METADATA, dlgrade={"exercise": exercise.folder})
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    for cell in notebook.cells:
        # jupytext draws ids at random; what is made twice is to be the same.
        cell["id"] = hashlib.sha256(cell.metadata.nbgrader.grade_id.encode()).hexdigest()[:8]
    return notebook


def _cells(exercise: Exercise, reference: str) -> Iterator[_Cell]:
    pieces = merged(manifest.read_text(exercise.entry_path), reference)
    order = [piece.name for piece in pieces if piece.name]
    visible = _examples(exercise, order, reference)
    title, *sections = _sections(exercise.statement())
    how = _HOW_IT_WORKS.format(entry=exercise.entry, id=exercise.id)
    yield _Cell("text", "statement", title)
    yield _Cell("text", "how-it-works", how)
    yield _Cell("code", "load", "%load_ext dlgrade")
    yield from (_Cell("text", _slug("statement", section), section) for section in sections)
    yield _Cell("text", "your-code", _YOUR_CODE)
    for number, piece in enumerate(pieces):
        if not piece.name:
            below = next((later.name for later in pieces[number:] if later.name), "last")
            yield _Cell("solution", f"{below}-helpers" if number else "imports", piece.text)
            continue
        yield _Cell("text", f"{piece.name}-points", _heading(exercise, piece))
        yield _Cell("solution", f"{piece.name}-solution", piece.text)
        yield from _visible(visible, piece.name)
        about = [each for each in exercise.criteria if max(each.functions, key=order.index) == piece.name]
        yield from (_test(exercise, criterion) for criterion in about)
    yield _Cell("text", "check-your-work", _CHECK)
    yield _Cell("code", "check", "%check")


def _examples(exercise: Exercise, order: list[str], reference: str) -> Examples:
    if not exercise.examples_path.is_file():
        return Examples("")
    source = manifest.read_text(exercise.examples_path)
    return examples(source, exercise.entry.removesuffix(".py"), order, reference)


def _visible(visible: Examples, name: str) -> Iterator[_Cell]:
    """Yield the examples that go beside a function, the first time after what all of them need."""
    if name not in visible.beside:
        return
    if visible.common and name == next(iter(visible.beside)):
        yield _Cell("code", "examples", f"# What the examples need.\n{visible.common}")
    text = f"# Examples: if nothing happens, they hold.\n{visible.beside[name]}"
    yield _Cell("code", f"{name}-examples", text)


def _sections(statement: str) -> list[str]:
    """Split a statement at its headings of the second level."""
    sections: list[list[str]] = [[]]
    fence = ""
    for line in statement.strip().split("\n"):
        mark = _FENCE.match(line)
        if mark and fence in ("", mark[1]):
            fence = "" if fence else mark[1]
        if line.startswith("## ") and not fence:
            sections.append([])
        sections[-1].append(line)
    return ["\n".join(lines).strip() for lines in sections]


def _slug(prefix: str, section: str) -> str:
    heading = section.partition("\n")[0]
    return f"{prefix}-{'-'.join(re.findall(r'[a-z0-9]+', heading.lower())) or 'section'}"


def _heading(exercise: Exercise, piece: Piece) -> str:
    about = [each for each in exercise.criteria if piece.name in each.functions]
    rows = [f"- {each.title}: {_points(each.points)}" for each in about]
    return "\n".join([f"### `{piece.name}`", "", *rows]).rstrip()


def _test(exercise: Exercise, criterion: Criterion) -> _Cell:
    visible = f"# {criterion.title}: {_points(criterion.points)}, given when your notebook is graded."
    text = testcell.source(visible, Graded(exercise.id, criterion.id))
    return _Cell("test", f"{criterion.id}-test", text, criterion.points)


def _points(number: float) -> str:
    return f"{number:g} point{'' if number == 1 else 's'}"


def _percent(exercise: Exercise, cells: list[_Cell]) -> str:
    """Write cells in the percent format."""
    parts: list[str] = []
    names: Counter[str] = Counter()
    for cell in cells:
        names[cell.name] += 1
        name = cell.name if names[cell.name] == 1 else f"{cell.name}-{names[cell.name]}"
        kind = " [markdown]" if cell.kind == "text" else ""
        text = cell.text
        if kind or text.startswith("%"):
            text = "\n".join(f"# {line}" if line else "#" for line in text.split("\n"))
        parts.append(f"# %%{kind} nbgrader={json.dumps(_nbgrader(exercise, cell, name))}\n{text}\n")
    return "\n".join(parts)


def _nbgrader(exercise: Exercise, cell: _Cell, name: str) -> dict[str, Any]:
    described: dict[str, Any] = {
        "grade": cell.kind == "test",
        "grade_id": f"{exercise.folder}-{name}",
        "locked": cell.kind != "solution",
        "schema_version": 3,
        "solution": cell.kind == "solution",
        "task": False,
    }
    return described if cell.points is None else {**described, "points": cell.points}
