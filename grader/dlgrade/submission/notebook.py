"""The code cells of a Jupyter notebook, read as plain JSON."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from dlgrade.errors import SubmissionError
from dlgrade.submission.model import printable


class _Cell(msgspec.Struct):
    cell_type: str
    source: str | list[str] = ""
    input: str | list[str] = ""  # what version 3 calls the source
    metadata: Any = None

    @property
    def is_teachers(self) -> bool:
        """Whether nbgrader calls it a test or read-only: no part of what the learner wrote."""
        of_nbgrader = self.metadata.get("nbgrader") if isinstance(self.metadata, dict) else None
        if not isinstance(of_nbgrader, dict) or of_nbgrader.get("solution") is True:
            return False
        return of_nbgrader.get("grade") is True or of_nbgrader.get("locked") is True


class _Worksheet(msgspec.Struct):
    cells: list[_Cell] = []


class _Notebook(msgspec.Struct):
    nbformat: int
    cells: list[_Cell] = []
    worksheets: list[_Worksheet] = []


def code_cells(data: bytes, name: str) -> dict[int, str]:
    r"""Return the code of each code cell that is the learner's, lines ended by ``\n``.

    The keys are numbers that count every code cell that is not blank from 1, as Jupyter does in "Run All".
    Left out are the cells that nbgrader's metadata call tests or read-only: a learner who says so of a cell
    of their own takes it out of what is graded.

    Raises
    ------
    SubmissionError
        If this is no notebook.
    """
    try:
        # The standard library's parser, not msgspec's: Jupyter writes NaN into outputs, and half characters.
        notebook = msgspec.convert(json.loads(data), _Notebook)
    except RecursionError:
        raise SubmissionError(f"{name} is no notebook: its JSON is nested too deeply.") from None
    except msgspec.ValidationError as error:
        raise SubmissionError(f"{name} is JSON, but no notebook: {printable(str(error))}.") from None
    except ValueError as error:
        raise SubmissionError(f"{name} is no notebook, not being JSON: {printable(str(error))}.") from None
    cells = notebook.cells + [cell for sheet in notebook.worksheets for cell in sheet.cells]
    codes = [(cell, _text(cell.source) or _text(cell.input)) for cell in cells if cell.cell_type == "code"]
    counted = enumerate(((cell, code) for cell, code in codes if code.strip()), 1)
    return {number: code for number, (cell, code) in counted if not cell.is_teachers}


def _text(source: str | list[str]) -> str:
    text = source if isinstance(source, str) else "".join(source)
    return text.replace("\r\n", "\n").replace("\r", "\n")
