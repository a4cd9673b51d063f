"""A hint as text. Without rich, which takes longer to import than all the rest of `dlgrade hint`."""

from __future__ import annotations

import textwrap

import click

from dlgrade.catalog import Exercise
from dlgrade.hinting import Advice
from dlgrade.render.visible import holds, lines, visible

NARROWEST = 24
WIDEST = 92
"""Columns of prose, as in a report."""

_FOUND_LINES = 6


def render(
    advice: Advice, exercise: Exercise, *, width: int = 80, color: bool = False, encoding: str = "utf-8"
) -> str:
    """Return what there is to say as text.

    Parameters
    ----------
    width
        Columns of the terminal.
    color
        Whether to colour the text with ANSI escape sequences.
    encoding
        What the text will be encoded with.

    Returns
    -------
    str
        Lines, the last one ended too.
    """
    page = _Page(min(max(width, NARROWEST), WIDEST), color, encoding)
    criterion = advice.criterion
    about = exercise.title if criterion is None else criterion.title
    page.put(f"{exercise.id} {exercise.name} · {about}", bold=True)
    for remark in advice.remarks:
        page.put(remark, fg="yellow")
    if advice.found:
        page.blank()
        page.put("From the last check", bold=True)
        for found in advice.found:
            page.item(page.glyph("→", "->"), found)
    if advice.hints:
        page.blank()
        one = f"Hint {advice.hints[0][0]} of {advice.total}"
        page.put(f"All {advice.total} hints" if len(advice.hints) > 1 else one, bold=True)
        for number, hint in advice.hints:
            page.item(f"{number}." if len(advice.hints) > 1 else "", hint)
    page.blank()
    for number, (command, does) in enumerate(advice.ways):
        page.way("next" if number == 0 else "", command, does)
    return page.said


class _Page:
    """Text that is wrapped as it is added."""

    def __init__(self, width: int, color: bool, encoding: str) -> None:
        self._width, self._color, self._encoding = width, color, encoding
        self.said = ""

    def glyph(self, fine: str, plain: str) -> str:
        return fine if holds(self._encoding, fine) else plain

    def blank(self) -> None:
        self.said += "\n"

    def put(self, text: str, **style: object) -> None:
        for line in self._wrapped(text):
            self.said += f"{self._styled(line, **style)}\n"

    def item(self, mark: str, text: str) -> None:
        indent = "  " + (f"{mark} " if mark else "")
        later = " " * len(indent)
        kept = lines(text)[:_FOUND_LINES]
        for number, line in enumerate(kept):
            for each in self._wrapped(line, indent if number == 0 else later, later):
                self.said += f"{each}\n"

    def way(self, label: str, command: str, does: str) -> None:
        first, *others = self._wrapped(f"{command} {does}", " " * 6, " " * 6)
        # A command that is broken over two lines stays without a colour.
        first = first[6:].replace(command, self._styled(command, fg="cyan"), 1)
        self.said += f"{self._styled(f'{label:<6}', dim=True)}{first}\n"
        self.said += "".join(f"{line}\n" for line in others)

    def _wrapped(self, text: str, first: str = "", later: str = "") -> list[str]:
        shown = " ".join(visible(line, self._encoding) for line in lines(text))
        return textwrap.wrap(
            shown,
            self._width,
            initial_indent=first,
            subsequent_indent=later,
            break_on_hyphens=False,
        )

    def _styled(self, text: str, **style: object) -> str:
        return click.style(text, **style) if self._color and text else text  # type: ignore[arg-type]
