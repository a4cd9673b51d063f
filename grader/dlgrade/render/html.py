"""A report as HTML: for a notebook's cell, for one test's cell in nbgrader's feedback, and as a whole page.

What it holds may come from a learner's code. The templates escape every string, and each passes `visible`
first, so that neither markup nor control characters nor marks that turn the direction of a line are ever
obeyed. Nothing is fetched from elsewhere and nothing runs.
"""

from __future__ import annotations

import base64
from collections.abc import Collection, Sequence
from functools import cache
from pathlib import Path

import jinja2
from markupsafe import Markup, escape

from dlgrade.catalog import Exercise
from dlgrade.hinting import Advice
from dlgrade.pictures.model import Drawing
from dlgrade.render import outline
from dlgrade.render.outline import Hints, Outline, Show
from dlgrade.render.steps import Door
from dlgrade.render.visible import LONGEST_CODE, kept, short
from dlgrade.report import Report, Status

_MARKS: dict[Status, tuple[str, str]] = {
    "passed": ("✓", "passed"),
    "failed": ("✗", "failed"),
    "error": ("!", "not judged"),
    "skipped": ("–", "not checked"),
}
_PROSE, _CODE = 6, 40
"""Lines of a message, and of a snippet."""

_CODE_SPAN = Markup('<code style="padding:0;border:0;color:inherit;background:transparent">{}</code>')


def fragment(
    report: Report,
    *,
    show: Show = "full",
    hints: Hints | None = None,
    withheld: Collection[str] = (),
    door: Door = "notebook",
) -> str:
    """Return the report as a piece of HTML for a page of somebody else's.

    Parameters
    ----------
    report
        What a check found.
    show, hints, withheld, door
        As for `outline.outline`.
    """
    said = outline.outline(report, show=show, hints=hints, withheld=withheld, door=door)
    return _laid_out(said, level=3)


def criterion_fragment(
    report: Report, criterion_id: str, *, show: Show = "full", hints: Hints | None = None
) -> str:
    """Return what a report says of one criterion, for a page of somebody else's.

    Parameters
    ----------
    criterion_id
        The criterion's.
    show, hints
        As for `outline.of_criterion`.

    Raises
    ------
    CatalogError
        If the report knows no such criterion.
    """
    said = outline.of_criterion(report, criterion_id, show=show, hints=hints)
    return _laid_out(said, level=3, own=(criterion_id,))


def page(
    report: Report,
    *,
    show: Show = "full",
    hints: Hints | None = None,
    withheld: Collection[str] = (),
    door: Door = "shell",
    drawings: Sequence[Drawing] = (),
) -> str:
    """Return the report as a page that needs nothing beside it.

    Parameters
    ----------
    report, show, hints, withheld, door
        As for `fragment`.
    drawings
        The pictures that stand below it.
    """
    said = outline.outline(report, show=show, hints=hints, withheld=withheld, door=door)
    title = f"{said.exercise} {said.name}: {said.total}"
    whole = _templates().get_template("page.html.j2")
    below = pictures(drawings, level=2) if drawings else ""
    return whole.render(title=title, fragment=Markup(_laid_out(said, level=1) + below))


def pictures(drawings: Sequence[Drawing], *, level: int = 3) -> str:
    """Return pictures as a piece of HTML; each is an image, so that nothing in it is ever run.

    Parameters
    ----------
    drawings
        The pictures, and what stands in the place of those that could not be drawn.
    level
        Of the heading.
    """
    template = _templates().get_template("pictures.html.j2")
    return template.render(drawings=drawings, level=level).strip() + "\n"


def hint(advice: Advice, exercise: Exercise) -> str:
    """Return a hint, and what comes before it, as a piece of HTML."""
    template = _templates().get_template("hint.html.j2")
    return template.render(advice=advice, exercise=exercise).strip() + "\n"


def notice(sentence: str) -> str:
    """Return one sentence, such as why there is no report, as a piece of HTML."""
    return _templates().get_template("notice.html.j2").render(sentence=sentence).strip() + "\n"


def _laid_out(said: Outline, *, level: int, own: tuple[str, ...] = ()) -> str:
    """Fill the template; `own` is the criterion that stands alone."""
    template = _templates().get_template("report.html.j2")
    return template.render(said=said, level=level, own=own, marks=_MARKS).strip() + "\n"


@cache
def _templates() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "plain": short,
        "line": _line,
        "prose": _prose,
        "quote": _quote,
        "source": _source,
        "source_of": _source_of,
    }
    return environment


def _prose(text: str) -> list[Markup]:
    return [_line(line) for line in kept(text, _PROSE)]


def _line(text: str) -> Markup:
    """Return one line; what stands between backticks, a name, is code."""
    parts = short(text).split("`")
    if len(parts) % 2 == 0:
        return escape("`".join(parts))
    return Markup("").join(
        _CODE_SPAN.format(part) if at % 2 else escape(part) for at, part in enumerate(parts)
    )


def _quote(text: str, most: int, tail: bool = False) -> str:
    return "\n".join(short(line) for line in kept(text, most, tail=tail))


def _source(text: str) -> str:
    return "\n".join(short(line, LONGEST_CODE) for line in kept(text, _CODE))


def _source_of(svg: str) -> str:
    """Return what an image is loaded from: itself."""
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"
