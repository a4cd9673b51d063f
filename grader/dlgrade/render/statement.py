"""The statement of an exercise, Markdown, set for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions
from rich.markdown import Heading, Markdown, MarkdownElement, TableElement
from rich.table import Column, Table
from rich.text import Text
from rich.theme import Theme

from dlgrade.render.sheet import Sheet

WIDEST = 100
"""Columns; longer lines are hard to read on."""

NARROWEST = 40
"""Columns; on a narrower terminal lines break once more, but no column of a table is left out."""

NARROW = 8
"""Cells up to which a column of a table holds numbers or names, which are not to be broken."""

# The terminal's own colours without a background, which would be a black box on a light screen.
_THEME = Theme(
    {
        "markdown.h1": "bold",
        "markdown.h2": "bold",
        "markdown.h3": "bold",
        "markdown.h4": "bold",
        "markdown.code": "cyan",
        "markdown.item.bullet": "none",
        "markdown.item.number": "none",
        "markdown.table.border": "dim",
        "markdown.table.header": "bold",
    }
)


def render(markdown: str, *, width: int = 80, color: bool = False) -> str:
    """Return the text of a Markdown document as a terminal shows it.

    Parameters
    ----------
    markdown
        A statement; it is ours, not a learner's.
    width
        Columns of the terminal.
    color
        Whether to use ANSI escape sequences.
    """
    sheet = Sheet(min(max(width, NARROWEST), WIDEST), color, _THEME)
    sheet.console.print(_Statement(markdown, code_theme="ansi_light", hyperlinks=False))
    return str(sheet)


class _Heading(Heading):
    """A heading at the left, whatever its level."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        text = self.text.copy()
        text.justify = "left"
        yield text


class _Table(TableElement):
    """A table that breaks what is too long for its column, where rich would leave it out."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Any]:
        for part in super().__rich_console__(console, options):
            if isinstance(part, Table):
                _fold(part, options.max_width)
            yield part


class _Statement(Markdown):
    elements: ClassVar[dict[str, type[MarkdownElement]]] = {
        **Markdown.elements,
        "heading_open": _Heading,
        "table_open": _Table,
    }


def _fold(table: Table, room: int) -> None:
    widths = [_widest(column) for column in table.columns]
    # Narrow columns stay whole if the others keep a readable width beside them.
    needed = sum(min(width, 2 * NARROW) + 2 for width in widths)
    for column, width in zip(table.columns, widths, strict=True):
        column.overflow = "fold"
        column.no_wrap = width <= NARROW and needed <= room


def _widest(column: Column) -> int:
    return max(cell_len(str(cell)) for cell in (column.header, *column.cells))
