"""What is known of a file that was handed in."""

from __future__ import annotations

from typing import Literal

import msgspec

Kind = Literal["syntax", "empty", "encoding", "too deep"]


class Place(msgspec.Struct, frozen=True):
    """Where a learner sees a line of a notebook.

    Attributes
    ----------
    cell
        Counted from 1 over the code cells that are not blank, as Jupyter numbers them in "Run All".
    line
        The line in that cell, counted from 1.
    """

    cell: int
    line: int

    def __str__(self) -> str:
        return f"cell {self.cell}, line {self.line}"


class Problem(msgspec.Struct, frozen=True):
    """Why a file cannot be run: a verdict, not a fault of ours.

    Attributes
    ----------
    message
        One sentence that names the file and the line, and says what to do.
    line, column
        Counted from 1, in `Submission.source`; None where no single place is to blame.
    text
        The source line, made printable and cut around the column; empty where there is none.
    caret
        What to print under `text`, in a font of fixed width: blanks, then carets.
    """

    kind: Kind
    message: str
    line: int | None = None
    column: int | None = None
    text: str = ""
    caret: str = ""


class Submission(msgspec.Struct, frozen=True, kw_only=True):
    r"""A learner's file as plain Python.

    Attributes
    ----------
    path
        The file that was read, as it can be shown.
    filename
        The name in tracebacks: the exercise's entry, such as ``backprop.py``.
    source
        Python text, lines ended by ``\n``; always encodable. Split it with ``split("\n")``: `str.splitlines`
        also splits at form feeds, which Python does not.
    content_sha256
        Of the file's bytes, of a notebook only of the learner's code; in hexadecimal.
    lines
        For a notebook the place of each line of `source`, else None.
    notes
        What was left out, one sentence each.
    problem
        None where `source` is Python.
    """

    path: str
    filename: str
    source: str
    content_sha256: str
    lines: tuple[Place, ...] | None = None
    notes: tuple[str, ...] = ()
    problem: Problem | None = None

    def where(self, line: int) -> str:
        """Say where a line of `source` is seen: ``line 12`` or ``cell 3, line 2``."""
        return where(line, self.lines)


def where(line: int, lines: tuple[Place, ...] | None) -> str:
    """Say where the learner sees a line, given the places of a notebook's lines."""
    if lines and 1 <= line <= len(lines):
        return str(lines[line - 1])
    return f"line {line}"


def printable(text: str, most: int = 200) -> str:
    """Return text that is safe to print on one line: no escapes, no direction marks, not endless.

    Each character stays one character, so that a caret below still points at the right one.
    """
    cut = text if len(text) <= most else text[: most - 1] + "…"
    return "".join(c if c.isprintable() else " " if c == "\t" else "\N{REPLACEMENT CHARACTER}" for c in cut)
