"""A report as text for a terminal: what holds, the first thing wrong with the rest, and what to do next.

What fits on a screen is told in full; of the rest there is a line each.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from rich.text import Text

from dlgrade.render import outline
from dlgrade.render.faults import Fault
from dlgrade.render.outline import Hints, Outline, Row, Show
from dlgrade.render.page import Page
from dlgrade.render.steps import Door
from dlgrade.report import Report, Status

SCREEN = 40
"""Lines that a report should not exceed for the sake of one more failure told in full."""

FOOT = 5
"""Lines that are kept free for the end."""

_MARKS: dict[Status, tuple[str, str, str]] = {
    "passed": ("✓", "ok", "green"),
    "failed": ("✗", "x", "red"),
    "error": ("!", "!", "yellow"),
    "skipped": ("–", "-", "dim"),
}
_VERDICTS = {"right": "green", "partly": "yellow", "wrong": "red"}


def render(
    report: Report,
    *,
    width: int = 80,
    color: bool = False,
    encoding: str = "utf-8",
    withheld: Collection[str] = (),
    show: Show = "full",
    hints: Hints | None = None,
    door: Door = "shell",
) -> str:
    """Return the report as text.

    Parameters
    ----------
    report
        What a check found. Texts in it may come from the learner's code; control characters and the like are
        shown escaped.
    width
        Columns of the terminal.
    color
        Whether to colour the text with ANSI escape sequences.
    encoding
        What the text will be encoded with; where it has no ✓, words stand for the marks.
    withheld, show, hints, door
        As for `outline.outline`.

    Returns
    -------
    str
        Lines, the last one ended too.
    """
    page = Page(width, color, encoding)
    said = outline.outline(report, show=show, hints=hints, withheld=withheld, door=door)
    _head(page, said)
    _rows(page, said)
    _todo(page, said)
    _faults(page, said.faults)
    _unchecked(page, said)
    _hints(page, said)
    _foot(page, said)
    return str(page)


def criterion(
    report: Report,
    criterion_id: str,
    *,
    show: Show = "full",
    hints: Hints | None = None,
    width: int = 80,
    color: bool = False,
    encoding: str = "utf-8",
) -> str:
    """Return what a report says of one criterion as text, all of it however long.

    Parameters
    ----------
    criterion_id
        The criterion's.
    show, hints
        As for `outline.of_criterion`.
    width, color, encoding
        As for `render`.

    Raises
    ------
    CatalogError
        If the report knows no such criterion.
    """
    page = Page(width, color, encoding)
    said = outline.of_criterion(report, criterion_id, show=show, hints=hints)
    _notice(page, said)
    _rows(page, said)
    _todo(page, said)
    for fault in said.faults:
        page.blank()
        _tell(page, fault)
    _unchecked(page, said)
    _hints(page, said)
    return str(page).lstrip("\n")


def _head(page: Page, said: Outline) -> None:
    name = Text.assemble(page.text(said.exercise, "bold"), " ", page.text(said.name, "bold"))
    total = page.text(said.total, f"bold {_VERDICTS[said.verdict]}")
    page.rows([(name, total)], last_right=True)
    page.put(page.text(said.about, "dim"))
    _notice(page, said)


def _notice(page: Page, said: Outline) -> None:
    if said.notice:
        page.blank()
        page.put(page.text(said.notice, "yellow"))


def _rows(page: Page, said: Outline) -> None:
    if said.rows:
        page.blank()
        page.rows([_row(page, row) for row in said.rows], indent=2, gap=1, last_right=True)


def _row(page: Page, row: Row) -> tuple[Text, Text, Text]:
    style = "bold" if row.earned and row.status != "passed" else ""
    return _mark(page, row.status), page.text(row.title), page.text(row.earned, style)


def _mark(page: Page, status: Status) -> Text:
    fine, plain, style = _MARKS[status]
    # All or none: a column of ✗ and ok would be a riddle.
    return Text(fine if page.glyph("✓✗–", "") else plain, style)


def _todo(page: Page, said: Outline) -> None:
    if said.todo:
        page.blank()
        page.put(page.text("Still to do: ", "bold"), page.text(", ".join(said.todo)))


def _faults(page: Page, faults: Sequence[Fault]) -> None:
    brief: list[Fault] = []
    for index, fault in enumerate(faults):
        block = page.blank_copy()
        _tell(block, fault)
        others = len(brief) + len(faults) - index - 1
        needed = 1 + len(block) + (2 + others if others else 0)
        # The first is told in full whatever it takes.
        if index == 0 or len(page) + needed <= SCREEN - FOOT:
            page.blank()
            page.add(block)
        else:
            brief.append(fault)
    _tell_briefly(page, brief)


def _tell(page: Page, fault: Fault) -> None:
    if fault.heading:
        function = f" · {fault.function}" if fault.function else ""
        page.put(page.text(fault.heading, "bold"), page.text(function))
    sentence = Text("\n").join(page.excerpt(fault.sentence, most=6))
    page.rows([(_mark(page, fault.status), sentence)], indent=2, gap=1)
    if fault.apology:
        page.put(page.text(fault.apology, "yellow"), indent=4)
    if fault.message:
        page.prose(fault.message, indent=4)
    if fault.diagnosis:
        arrow = page.text(page.glyph("→", "->"), "yellow")
        page.rows([(arrow, page.text(fault.diagnosis, "yellow"))], indent=4, gap=1)
    if fault.traceback:
        page.put(page.quote(fault.traceback, most=10, tail=True, columns=page.width - 4), indent=4)
    _show_call(page, fault)
    if fault.more:
        page.put(page.text(fault.more, "dim"), indent=4)


def _show_call(page: Page, fault: Fault) -> None:
    if fault.code is not None:
        page.blank()
        page.code(fault.code, indent=8)
        page.blank()
    rows = [
        (page.text(label, "dim"), Text("\n").join(page.excerpt(value, most=6)))
        for label, value in fault.values
    ]
    if fault.printed:
        quoted = page.quote(fault.printed, most=4, columns=page.width - 4 - 11)
        rows.append((page.text("printed", "dim"), quoted))
    page.rows(rows, indent=4)


def _tell_briefly(page: Page, faults: list[Fault]) -> None:
    """Give a line to each of the faults that there is no room for."""
    if not faults:
        return
    rows = []
    # The id is what --only takes.
    names = [page.text(", ".join(fault.ids)) for fault in faults]
    room = page.width - max(name.cell_len for name in names) - 6
    for fault, name in zip(faults, names, strict=True):
        line = page.cut(fault.brief, room) if room > 20 else page.text(fault.brief)
        rows.append((_mark(page, fault.status), name, line))
    page.blank()
    page.put(page.text("Also", "bold"))
    page.rows(rows, indent=2, gap=1)


def _unchecked(page: Page, said: Outline) -> None:
    for names, reason in said.unchecked:
        page.blank()
        page.put(page.text("Not checked: " if names else "Not checked", "bold"), page.text(names))
        page.prose(reason, indent=4)


def _hints(page: Page, said: Outline) -> None:
    for title, hints in said.hints:
        page.blank()
        page.put(page.text("Hints: " if title else "Hints", "bold"), page.text(title))
        numbered = [
            (page.text(f"{number}.", "dim"), page.text(hint)) for number, hint in enumerate(hints, start=1)
        ]
        page.rows(numbered, indent=2, gap=1)


def _foot(page: Page, said: Outline) -> None:
    rows = [("isolation", page.text(said.isolation, "dim"))] if said.isolation else []
    rows += [("note", page.text(note)) for note in said.notes]
    if said.next:
        rows.append(("next", _steps(page, said)))
    if rows:
        page.blank()
        page.rows([(page.text(label, "dim"), value) for label, value in rows])


def _steps(page: Page, said: Outline) -> Text:
    each = [
        Text.assemble(page.text(step.command, "cyan"), " " if step.command else "", page.text(step.does))
        for step in said.next
    ]
    return Text("; ").join(each).append(".")
