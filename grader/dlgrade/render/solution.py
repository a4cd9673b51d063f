"""A solution beside the learner's code, function by function: in two columns where both fit, else in one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.padding import Padding
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from dlgrade.catalog import Exercise
from dlgrade.comparison import Part
from dlgrade.render.sheet import Sheet
from dlgrade.render.visible import holds, lines, visible
from dlgrade.solution import Solution

NARROWEST = 24
NARROW = 60
"""Columns of a terminal below which a name and its sentence do not fit beside each other."""

COLUMNS_FROM = 100
"""Columns of a terminal from which on two of source may stand side by side."""

GAP = 3
NOTHING = Text("(not defined)", "dim")


def render(
    exercise: Exercise,
    solution: Solution,
    parts: Sequence[Part],
    others: Sequence[Solution],
    *,
    remarks: Sequence[str] = (),
    yours: str | None = None,
    width: int = 80,
    color: bool = False,
    encoding: str = "utf-8",
) -> str:
    """Return a solution as text.

    Parameters
    ----------
    parts
        What is shown, one function after the other.
    others
        The variants there are, to be named at the end.
    remarks
        Sentences to begin with.
    yours
        The name of the learner's file; None where there is none to compare with.
    width
        Columns of the terminal. Source is never broken, so that it can be copied.
    color, encoding
        As for a report.
    """
    page = _Page(width, color, encoding)
    page.line(f"{exercise.id} {exercise.name} · {exercise.title}", "bold")
    for sentence in (*remarks, solution.about):
        if sentence:
            page.line(sentence, "" if sentence == solution.about else "yellow")
    for part in parts:
        page.part(part, solution.name, yours)
    if others:
        page.line("")
        page.line("Other right ways to write it:", "bold")
        page.listing(others)
        command = f"dlgrade solution {exercise.id} --variant {others[0].name}"
        page.line(f"{command} shows one of them beside your code.", "dim")
    return page.said()


def render_list(
    exercise: Exercise,
    variants: Sequence[Solution],
    *,
    width: int = 80,
    color: bool = False,
    encoding: str = "utf-8",
) -> str:
    """Return the names of the variants, each with what is particular about it."""
    page = _Page(width, color, encoding)
    if variants:
        page.listing(variants)
    else:
        page.line(f"{exercise.id} has no variants.")
    return page.said()


@dataclass(frozen=True)
class _Block:
    """One side's source of a function; None where that side does not define it."""

    heading: Text
    code: Text | None

    @property
    def width(self) -> int:
        rows = [self.heading.plain, *(self.code or NOTHING).plain.split("\n")]
        return max(cell_len(row) for row in rows)


class _Page:
    """Text that is laid out as it is added."""

    def __init__(self, width: int, color: bool, encoding: str) -> None:
        self._width = max(width, NARROWEST)
        self._encoding = encoding
        self._sheet = Sheet(self._width, color)

    def said(self) -> str:
        return str(self._sheet)

    def line(self, text: str, style: str = "") -> None:
        self._sheet.console.print(Text(visible(text, self._encoding), style))

    def listing(self, variants: Sequence[Solution]) -> None:
        names = [Text(each.name, "cyan") for each in variants]
        told = [Text(visible(each.about, self._encoding)) for each in variants]
        if self._width < NARROW:
            for name, about in zip(names, told, strict=True):
                self._sheet.console.print(Padding(name, (0, 0, 0, 2)), Padding(about, (0, 0, 0, 4)))
            return
        table = Table.grid(padding=(0, 2, 0, 0), pad_edge=False)
        for name, about in zip(names, told, strict=True):
            table.add_row(name, about)
        self._sheet.console.print(Padding(table, (0, 0, 0, 2)))

    def part(self, part: Part, name: str, yours: str | None) -> None:
        title = part.name or "what else is defined"
        blocks = [_Block(self._heading(title, name), self._syntax(part.theirs))]
        if yours is not None:
            blocks.append(_Block(self._heading(title, f"your {yours}"), self._syntax(part.yours)))
        if part.name is None:
            blocks = [block for block in blocks if block.code is not None]
        # The second column begins in the middle, unless one of the two needs more.
        start = max(blocks[0].width + GAP, min(self._width // 2, self._width - blocks[-1].width))
        if len(blocks) == 2 and self._width >= COLUMNS_FROM and start + blocks[1].width <= self._width:
            self._side_by_side(blocks, start)
        else:
            self._one_below_the_other(blocks)

    def _side_by_side(self, blocks: Sequence[_Block], start: int) -> None:
        table = Table.grid(pad_edge=False)
        table.add_column(width=start, no_wrap=True)
        table.add_column(width=self._width - start, no_wrap=True)
        table.add_row(*(block.heading for block in blocks))
        table.add_row(*(block.code or NOTHING for block in blocks))
        self.line("")
        self._sheet.console.print(table)

    def _one_below_the_other(self, blocks: Sequence[_Block]) -> None:
        for block in blocks:
            self.line("")
            self._sheet.console.print(block.heading)
            for line in (block.code or NOTHING).split("\n", allow_blank=True):
                self._sheet.console.print(line, no_wrap=True, overflow="ignore", crop=False)

    def _heading(self, title: str, where: str) -> Text:
        rule = "──" if holds(self._encoding, "──") else "--"
        side = visible(f" · {where}", self._encoding)
        return Text.assemble((f"{rule} ", "dim"), (visible(title, self._encoding), "bold"), (side, "dim"))

    def _syntax(self, code: str | None) -> Text | None:
        if code is None:
            return None
        shown = "\n".join(visible(line, self._encoding) for line in lines(code))
        highlighted = Syntax(shown, "python", theme="ansi_light", background_color="default").highlight(shown)
        highlighted.rstrip()
        return highlighted
