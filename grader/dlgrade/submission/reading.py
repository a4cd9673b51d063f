"""From a path to a `Submission`."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from dlgrade.submission import files, notebook, text
from dlgrade.submission.ipython import clean_cell, clean_file
from dlgrade.submission.model import Place, Problem, Submission, where
from dlgrade.submission.syntax import error_in, excerpt, problem_of

NOTES_MAX = 20

# A notebook's JSON can hold them; Python text cannot.
_IMPOSSIBLE = re.compile("[\0\ud800-\udfff]")

_Read = tuple[str, tuple[Place, ...] | None, list[str], Problem | None]


def read(path: Path, entry: str) -> Submission:
    """Read a learner's file: .py, plain or in percent cells, or .ipynb.

    Parameters
    ----------
    path
        The file; a link is followed.
    entry
        The name under which the exercise knows the file, such as ``backprop.py``.

    Returns
    -------
    Submission
        Its `problem` says why it cannot be run, if so.

    Raises
    ------
    SubmissionError
        If it cannot be read at all: it is missing, a folder, too large, binary, no notebook ...
    """
    data = files.fetch(path)
    read_as = _read_notebook if path.suffix.lower() == ".ipynb" else _read_python
    source, lines, notes, problem = read_as(data, path)
    return Submission(
        path=files.shown_path(path),
        filename=entry,
        # What holds half a character is not run, but it is shown and sent.
        source=source.encode("utf-8", "replace").decode("utf-8"),
        content_sha256=_digest(data, path),
        lines=lines,
        notes=_bounded(notes),
        problem=problem,
    )


def digest(path: Path) -> str:
    """Return the `content_sha256` of a file without looking at what its code says.

    Raises
    ------
    SubmissionError
        If it cannot be read at all.
    """
    return _digest(files.fetch(path), path)


def _digest(data: bytes, path: Path) -> str:
    if path.suffix.lower() == ".ipynb" and data.strip():
        # A notebook's file changes whenever it is run, by its outputs.
        cells = notebook.code_cells(data, files.shown_name(path))
        data = "\0".join(cells.values()).encode("utf-8", "surrogatepass")
    return hashlib.sha256(data).hexdigest()


def _read_python(data: bytes, path: Path) -> _Read:
    name = files.shown_name(path)
    source, problem = text.decode(data, name)
    if problem:
        return source, None, [], problem
    code, left_out, error = clean_file(source)
    notes = [f"line {line}: {note}" for line, note in left_out]
    return code, None, notes, _problem(error, code, name, None)


def _read_notebook(data: bytes, path: Path) -> _Read:
    name = files.shown_name(path)
    cells = notebook.code_cells(data, name) if data.strip() else {}
    source = "".join(map(_ended, cells.values()))
    size = len(source.encode("utf-8", "replace"))
    if size > files.CODE_LIMIT:
        raise files.too_large(path, size)
    lines = tuple(Place(n, line) for n, cell in cells.items() for line in range(1, _count(cell) + 1))
    if broken := _IMPOSSIBLE.search(source):
        return source, lines, [], _impossible(source, broken.start(), name, lines)
    cleaned = {number: clean_cell(cell) for number, cell in cells.items()}
    source = "".join(_ended(one.code) for one in cleaned.values())
    notes = [f"cell {n}: {note}" for n, one in cleaned.items() for _, note in one.left_out]
    before = 0
    for one in cleaned.values():
        if one.error:
            return source, lines, notes, problem_of(one.error, source, name, lines, before)
        before += _count(one.code)
    return source, lines, notes, _problem(error_in(source), source, name, lines)


def _problem(
    error: Exception | None, source: str, name: str, lines: tuple[Place, ...] | None
) -> Problem | None:
    if error:
        return problem_of(error, source, name, lines)
    if all(not row or row.startswith("#") for row in map(str.strip, source.split("\n"))):
        return Problem("empty", f"{name} is empty: write the exercise's functions into it, and save it")
    return None


def _impossible(source: str, at: int, name: str, lines: tuple[Place, ...]) -> Problem:
    line = source.count("\n", 0, at) + 1
    column = at - source.rfind("\n", 0, at)
    row, caret = excerpt(source.split("\n")[line - 1], column)
    what = "a zero character" if source[at] == "\0" else "half a character"
    message = f"{name}, {where(line, lines)}, holds {what}, which no Python text can: type that line anew"
    return Problem("encoding", message, line, column, row, caret)


def _ended(cell: str) -> str:
    return cell if cell.endswith("\n") else cell + "\n"


def _count(cell: str) -> int:
    return _ended(cell).count("\n")


def _bounded(notes: list[str]) -> tuple[str, ...]:
    if len(notes) <= NOTES_MAX:
        return tuple(notes)
    return (*notes[:NOTES_MAX], f"{len(notes) - NOTES_MAX} more lines of IPython's were left out")
