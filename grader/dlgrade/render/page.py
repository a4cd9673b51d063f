"""A page of text for a terminal: paragraphs, rows and quotations, in its width, colours and encoding.

Every string passes `visible` on its way in and becomes a rich ``Text``, so neither an escape sequence nor
rich's own markup is ever interpreted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.cells import cell_len, set_cell_size
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from dlgrade.render.sheet import Sheet
from dlgrade.render.visible import LONGEST, LONGEST_CODE, holds, kept, short

NARROWEST = 24
WIDEST = 92
"""Columns of prose: points should not stand a metre away from their titles."""


class Page:
    """Text that is laid out as it is added.

    Parameters
    ----------
    width
        Columns of the terminal.
    color
        Whether ANSI colours are written; only the 16 that a terminal's theme chooses.
    encoding
        What the page will be encoded with; it never holds a character that this has not.
    """

    def __init__(self, width: int = 80, color: bool = False, encoding: str = "utf-8") -> None:
        self.width = min(max(width, NARROWEST), WIDEST)
        self.color = color
        self.encoding = encoding
        self._sheet = Sheet(self.width, color)

    def __str__(self) -> str:
        return str(self._sheet)

    def __len__(self) -> int:
        return self._sheet.file.getvalue().count("\n")

    def blank_copy(self) -> Page:
        """Return an empty page of the same kind."""
        return Page(self.width, self.color, self.encoding)

    def add(self, other: Page) -> None:
        """Append what stands on another page."""
        self._sheet.file.write(other._sheet.file.getvalue())

    def text(self, value: str, style: str = "", *, longest: int = LONGEST) -> Text:
        """Return one line in one style, cut after so many characters."""
        ellipsis = self.glyph("…", "...")
        return Text(short(value, longest, encoding=self.encoding, ellipsis=ellipsis), style)

    def cut(self, value: str, columns: int) -> Text:
        """Return one line that takes at most so many columns."""
        whole = self.text(value)
        # `text` may have cut it already, at a length where combining characters take no room.
        if cell_len(whole.plain) <= columns:
            return whole
        end = self.glyph("…", "...")
        return Text(set_cell_size(whole.plain, max(columns - len(end), 1)).rstrip() + end)

    def glyph(self, fine: str, plain: str) -> str:
        """Return a character, or what stands for it where the encoding has none."""
        return fine if holds(self.encoding, fine) else plain

    def blank(self) -> None:
        """Leave a line free."""
        self._sheet.file.write("\n")

    def put(self, *parts: Text, indent: int = 0) -> None:
        """Add a paragraph, wrapped."""
        self._sheet.console.print(Padding(Text.assemble(*parts), (0, 0, 0, indent)))

    def prose(self, value: str, style: str = "", *, indent: int = 0, most: int = 6) -> None:
        """Add somebody's text, wrapped, at most so many of its own lines."""
        for line in self.excerpt(value, most=most, style=style):
            self.put(line, indent=indent)

    def code(self, value: str, *, indent: int = 0, most: int = 16) -> None:
        """Add source, its lines never broken, so that it can be copied."""
        for line in self._kept(value, most):
            text = self.text(" " * indent + line, "cyan", longest=LONGEST_CODE)
            self._sheet.console.print(text, no_wrap=True, overflow="ignore", crop=False)

    def quote(self, value: str, *, most: int, tail: bool = False, columns: int | None = None) -> Text:
        """Return somebody's lines, each cut at the edge and behind a bar, so that none passes for ours."""
        bar = self.glyph("│", "|")
        room = (columns or self.width) - 2
        kept = self._kept(value, most, tail=tail)
        return Text("\n").join(Text.assemble((f"{bar} ", "dim"), self.cut(line, room)) for line in kept)

    def excerpt(self, value: str, *, most: int, style: str = "") -> list[Text]:
        """Return somebody's lines, at most so many of them."""
        return [self.text(line, style) for line in self._kept(value, most)]

    def rows(
        self, rows: Iterable[Sequence[Text]], *, indent: int = 0, gap: int = 2, last_right: bool = False
    ) -> None:
        """Add a table without rules; its last column is wrapped, or with `last_right` the one before."""
        table = Table.grid(padding=(0, gap, 0, 0), pad_edge=False, expand=last_right)
        listed = [tuple(row) for row in rows]
        columns = len(listed[0]) if listed else 0
        wide = columns - 2 if last_right else columns - 1
        for index in range(columns):
            right = last_right and index == columns - 1
            table.add_column(
                no_wrap=index != wide,
                overflow="fold",
                justify="right" if right else "left",
                ratio=1 if last_right and index == wide else None,
            )
        for row in listed:
            table.add_row(*row)
        if listed:
            self._sheet.console.print(Padding(table, (0, 0, 0, indent)))

    def _kept(self, value: str, most: int, *, tail: bool = False) -> list[str]:
        return kept(value, most, tail=tail, ellipsis=self.glyph("…", "..."))
