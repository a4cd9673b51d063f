"""An exercise as a notebook: how it is written, and how its examples import what stands in its cells."""

from __future__ import annotations

import ast
import importlib.abc
import importlib.machinery
import importlib.util
import json
import linecache
import sys
from collections.abc import Sequence
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from dlgrade import submission, workplace
from dlgrade.catalog import Exercise

_WORDS = """\
# {title}

{about} What is asked for stands in README.md beside this notebook.

Write one function after the other, and run the last cell, `%check`: it says what is right so far. `%hint`, in
a cell of its own, gives a hint; in a terminal, `dlgrade check {id}` grades what was saved."""

_KERNEL = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}

_CONFTEST = '''\
"""Lets test_{name}.py import the functions of {notebook}."""

from pathlib import Path

from dlgrade.learning import notebooks

notebooks.make_importable(Path(__file__).parent)
'''


def written(exercise: Exercise) -> bytes:
    """Return the starter of an exercise as a notebook, one function a cell; each time the same bytes."""
    import jupytext  # type: ignore[import-untyped]

    made = jupytext.reads(exercise.entry_path.read_text(encoding="utf-8"), fmt="py:light")
    about = ast.get_docstring(ast.parse(made.cells[0].source)) or ""
    words = _WORDS.format(title=exercise.title, about=" ".join(about.split()), id=exercise.id)
    cells: list[dict[str, Any]] = [{"cell_type": "markdown", "metadata": {}, "source": words}]
    for source in ("%load_ext dlgrade", *(cell.source for cell in made.cells[1:]), "%check"):
        code: dict[str, Any] = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": []}
        cells.append(code | {"source": source})
    named = [{"id": f"{exercise.id}-{number}"} | cell for number, cell in enumerate(cells)]
    metadata = {"dlgrade": {"exercise": exercise.folder}, **_KERNEL}
    notebook = {"cells": named, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode()


def sources(data: bytes) -> list[str] | None:
    """Return the text of each cell of a notebook; None if it is none."""
    try:
        cells = json.loads(data)["cells"]
        texts = [cell["source"] for cell in cells]
        return ["".join(text).rstrip() for text in texts]
    except (ValueError, KeyError, TypeError):
        return None


def conftest(exercise: Exercise) -> str:
    """Return what lies beside a notebook, so that pytest can run its examples."""
    return _CONFTEST.format(name=exercise.name, notebook=workplace.notebook(exercise))


def make_importable(folder: Path) -> None:
    """Let the notebooks of a folder be imported by their names; a .py of that name comes first."""
    sys.meta_path.append(_Finder(folder))


class _Finder(importlib.abc.MetaPathFinder):
    """Finds the notebooks of one folder, after everything else was asked."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Find a notebook of that name."""
        del target
        file = self._folder / f"{name}.ipynb"
        if path is not None or not file.is_file():
            return None
        return importlib.util.spec_from_loader(name, _Loader(file), origin=str(file))


class _Loader(importlib.abc.InspectLoader):
    """Runs the cells of a notebook, whose lines a traceback can show."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def get_source(self, fullname: str) -> str:
        """Return the cells as one text of Python."""
        read = submission.read(self._file, f"{fullname}.py")
        if read.problem is not None:
            raise ImportError(read.problem.message, name=fullname, path=str(self._file))
        return read.source

    def get_code(self, fullname: str) -> CodeType:
        """Compile them."""
        source = self.get_source(fullname)
        linecache.cache[str(self._file)] = len(source), None, source.splitlines(True), str(self._file)
        compiled: Any = compile(source, str(self._file), "exec", dont_inherit=True)
        return compiled  # type: ignore[no-any-return]

    def is_package(self, fullname: str) -> bool:
        """Say that it is none."""
        del fullname
        return False
