"""A hint as text."""

from __future__ import annotations

from dlgrade.catalog import Exercise
from dlgrade.hinting import Advice
from dlgrade.render.plain import Plain


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
    page = Plain(width, color, encoding)
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
