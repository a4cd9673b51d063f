"""A page of prose for a terminal, without rich, which takes longer to import than most commands take."""

from __future__ import annotations

import textwrap

import click

from dlgrade.render.visible import holds, lines, visible

NARROWEST = 24
WIDEST = 92
"""Columns of prose, as in a report."""

_ITEM_LINES = 6


class Plain:
    """Text that is wrapped as it is added.

    Parameters
    ----------
    width
        Columns of the terminal.
    color
        Whether to colour the text with ANSI escape sequences.
    encoding
        What the text will be encoded with.

    Attributes
    ----------
    said
        Lines, the last one ended too.
    """

    def __init__(self, width: int = 80, color: bool = False, encoding: str = "utf-8") -> None:
        self._width = min(max(width, NARROWEST), WIDEST)
        self.color, self.encoding = color, encoding
        self.said = ""

    def glyph(self, fine: str, plain: str) -> str:
        """Return a character, or what stands for it where the encoding has none."""
        return fine if holds(self.encoding, fine) else plain

    def blank(self) -> None:
        """Leave a line free."""
        self.said += "\n"

    def put(self, text: str, **style: object) -> None:
        """Add a paragraph."""
        for line in self._wrapped(text):
            self.said += f"{self._styled(line, **style)}\n"

    def item(self, mark: str, text: str, **style: object) -> None:
        """Add somebody's text, indented behind a mark, at most so many of its own lines."""
        indent = "  " + (f"{mark} " if mark else "")
        later = " " * len(indent)
        for number, line in enumerate(lines(text)[:_ITEM_LINES]):
            for each in self._wrapped(line, indent if number == 0 else later, later):
                self.said += f"{self._styled(each, **style)}\n"

    def line(self, text: str, **style: object) -> None:
        """Add a line as it is, however long."""
        self.said += f"{self._styled(visible(text, self.encoding), **style)}\n"

    def code(self, text: str, *, indent: int = 4) -> None:
        """Add source, its lines never broken, so that it can be copied."""
        for line in lines(text):
            shown = self._styled(visible(line, self.encoding), fg="cyan")
            self.said += f"{' ' * indent}{shown}\n" if line.strip() else "\n"

    def way(self, label: str, command: str, does: str) -> None:
        """Add a command to go on with, behind a label, and what it does."""
        first, *others = self._wrapped(f"{command} {does}", " " * 6, " " * 6)
        # A command that is broken over two lines stays without a colour.
        first = first[6:].replace(command, self._styled(command, fg="cyan"), 1)
        self.said += f"{self._styled(f'{label:<6}', dim=True)}{first}\n"
        self.said += "".join(f"{line}\n" for line in others)

    def _wrapped(self, text: str, first: str = "", later: str = "") -> list[str]:
        shown = " ".join(visible(line, self.encoding) for line in lines(text))
        return textwrap.wrap(
            shown,
            self._width,
            initial_indent=first,
            subsequent_indent=later,
            break_on_hyphens=False,
        )

    def _styled(self, text: str, **style: object) -> str:
        return click.style(text, **style) if self.color and text else text  # type: ignore[arg-type]
