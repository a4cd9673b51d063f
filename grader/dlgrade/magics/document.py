"""The notebook that a kernel belongs to: where its file is, and what stands on the screen by now.

A kernel is not told what it is the kernel of, and a file is as old as its last save. So the file is looked
for where front ends say that it is, and cells that were run since it was saved count as they were run.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dlgrade.errors import SubmissionError
from dlgrade.hinting import ago
from dlgrade.magics.session import Ran
from dlgrade.submission import files

_MOST = 50
"""Notebooks of a folder that are looked into."""


@dataclass(frozen=True)
class Document:
    """A notebook to be graded.

    Attributes
    ----------
    path
        Its file; None where there is none, or none was found.
    cells
        Its code cells as they are to be graded; None where the file counts as it is.
    phrase
        What it is, for the report's second line.
    remarks
        What else is to be said of it.
    exercise
        What its metadata call the exercise.
    """

    path: Path | None
    cells: tuple[dict[str, Any], ...] | None
    phrase: str
    remarks: tuple[str, ...] = ()
    exercise: str | None = None


def find(names: Mapping[str, Any], runs: Sequence[Ran], folder: Path) -> Path | None:
    """Find the file of the notebook that a kernel runs, or None.

    Parameters
    ----------
    names
        The kernel's: VS Code leaves the file's name there.
    runs
        What was run; tells a notebook that is executed by a program among those in its folder.
    folder
        The kernel's working directory.
    """
    for said in (names.get("__vsc_ipynb_file__"), os.environ.get("JPY_SESSION_NAME")):
        if isinstance(said, str) and said:
            # JupyterLab gives the path below the server's own folder; the kernel runs in the notebook's.
            for path in (Path(said), folder / Path(said).name):
                if path.suffix == ".ipynb" and path.is_file():
                    return path
    sources = {_plain(each.source) for each in runs}
    fitting = [path for path in sorted(folder.glob("*.ipynb"))[:_MOST] if sources <= _sources(path)]
    return fitting[0] if sources and len(fitting) == 1 else None


def read(path: Path, runs: Sequence[Ran], since: float) -> Document:
    """Read a notebook's file, and put in what was run after it was saved.

    Parameters
    ----------
    since
        From when on the times of runs are known.

    Raises
    ------
    SubmissionError
        If the file cannot be read.
    """
    data = files.fetch(path)
    saved = path.stat().st_mtime
    phrase = f"{path.name} as saved {_ago(saved, time.time())}"
    notebook = _notebook(data)
    cells = list(_code_cells(notebook))
    known = {_plain(_source(cell)) for cell in cells}
    exercise = _exercise(notebook)
    code = [each for each in runs if each.has_code]
    later = [each for each in code if each.at is not None and each.at > saved]
    unsure = [each for each in code if each.at is None and saved < since and _plain(each.source) not in known]
    remarks = (_UNSURE,) if unsure else ()
    changed, added = _since(cells, later)
    if not changed and not added:
        return Document(path, None, phrase, remarks, exercise)
    if changed:
        phrase += f", with {_cells(changed)} as run since"
    if added:
        phrase += f", and {_cells(added)} run since that {'is' if added == 1 else 'are'} not in it yet"
    return Document(path, tuple(cells), phrase, remarks, exercise)


def of_session(runs: Sequence[Ran]) -> Document:
    """Make a notebook of what was run, where no file is known."""
    cells = tuple(_cell(each.source) for each in runs if each.has_code)
    phrase = f"the {_cells(len(cells))} run in this session, as no notebook's file was found"
    return Document(None, cells, phrase)


def encode(cells: Sequence[dict[str, Any]]) -> bytes:
    """Return a notebook's file that holds these code cells."""
    whole = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells)}
    return json.dumps(whole).encode()


_UNSURE = (
    "Cells that were run before dlgrade was loaded are not in the file as it was saved. If they count, save "
    "the notebook and run this again."
)


def _since(cells: list[dict[str, Any]], later: Sequence[Ran]) -> tuple[int, int]:
    """Bring cells up to date with later runs; return how many were changed and how many were added."""
    by_id: dict[str | None, dict[str, Any]] = {cell["id"]: cell for cell in cells if _has_id(cell)}
    known = {_plain(_source(cell)) for cell in cells}
    changed: dict[str | None, str] = {}
    added: dict[str, dict[str, Any]] = {}
    for run in later:
        if run.cell_id in by_id:
            changed[run.cell_id] = run.source
        elif _plain(run.source) not in known:
            # The last run of a cell that is known by its id replaces those before, else all of them count.
            key = run.cell_id or run.source
            added.pop(key, None)
            added[key] = _cell(run.source)
    different = [key for key, source in changed.items() if _plain(_source(by_id[key])) != _plain(source)]
    for cell_id in different:
        by_id[cell_id]["source"] = changed[cell_id]
    cells.extend(added.values())
    return len(different), len(added)


def _has_id(cell: dict[str, Any]) -> bool:
    return isinstance(cell.get("id"), str)


def _sources(path: Path) -> set[str]:
    try:
        return {_plain(_source(cell)) for cell in _code_cells(_notebook(files.fetch(path)))}
    except SubmissionError:
        return set()


def _notebook(data: bytes) -> dict[str, Any]:
    """Return a notebook, empty where it is none: who grades the file says what is wrong with it."""
    try:
        notebook = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return notebook if isinstance(notebook, dict) else {}


def _code_cells(notebook: dict[str, Any]) -> Iterator[dict[str, Any]]:
    cells = notebook.get("cells")
    for cell in cells if isinstance(cells, list) else ():
        if isinstance(cell, dict) and cell.get("cell_type") == "code":
            yield {**cell, "outputs": []}


def _exercise(notebook: dict[str, Any]) -> str | None:
    metadata = notebook.get("metadata")
    ours = metadata.get("dlgrade") if isinstance(metadata, dict) else None
    exercise = ours.get("exercise") if isinstance(ours, dict) else None
    return exercise if isinstance(exercise, str) else None


def _cell(source: str) -> dict[str, Any]:
    return {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": [], "source": source}


def _source(cell: dict[str, Any]) -> str:
    source = cell.get("source")
    if isinstance(source, list):
        return "".join(line for line in source if isinstance(line, str))
    return source if isinstance(source, str) else ""


def _plain(source: str) -> str:
    return "\n".join(source.split("\r\n")).strip()


def _cells(count: int) -> str:
    return "1 cell" if count == 1 else f"{count} cells"


def _ago(then: float, now: float) -> str:
    if now - then < 60:
        return f"{max(int(now - then), 0)} s ago"
    return ago(datetime.fromtimestamp(then, UTC), datetime.fromtimestamp(now, UTC))
