"""The code cells of a Jupyter notebook, read as plain JSON."""

from __future__ import annotations

import json

import msgspec

from dlgrade.errors import SubmissionError
from dlgrade.submission.model import printable


class _Cell(msgspec.Struct):
    cell_type: str
    source: str | list[str] = ""
    input: str | list[str] = ""  # what version 3 calls the source


class _Worksheet(msgspec.Struct):
    cells: list[_Cell] = []


class _Notebook(msgspec.Struct):
    nbformat: int
    cells: list[_Cell] = []
    worksheets: list[_Worksheet] = []


def code_cells(data: bytes, name: str) -> list[str]:
    r"""Return the code of each code cell that is not blank, lines ended by ``\n``.

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
    codes = [_text(cell.source) or _text(cell.input) for cell in cells if cell.cell_type == "code"]
    return [code for code in codes if code.strip()]


def _text(source: str | list[str]) -> str:
    text = source if isinstance(source, str) else "".join(source)
    return text.replace("\r\n", "\n").replace("\r", "\n")
