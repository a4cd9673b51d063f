"""A gradebook on a terminal: who has what, how the points are spread, and what was hard."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from rich.text import Text

from dlgrade.batch.exports.table import by_exercise
from dlgrade.batch.records import Row
from dlgrade.render.page import Page

_MARKS = {
    "passed": ("✓", "+", "green"),
    "failed": ("✗", "x", "red"),
    "refused": ("✗", "x", "red"),
    "missing": ("–", "-", "yellow"),
    "error": ("!", "!", "magenta"),
}
_BAR = 40
_BINS = 10


def render(rows: Iterable[Row], *, width: int = 80, color: bool = False, encoding: str = "utf-8") -> str:
    """Return the overview of every exercise that there are rows for."""
    page = Page(width, color, encoding)
    for number, (exercise, listed) in enumerate(by_exercise(rows).items()):
        if number:
            page.blank()
        _exercise(page, exercise, listed)
    return str(page)


def _exercise(page: Page, exercise: str, rows: Sequence[Row]) -> None:
    page.put(page.text(exercise, "bold"), page.text(f"  {len(rows)} {_students(len(rows))}"))
    page.blank()
    page.rows([_line(page, row) for row in rows], indent=2)
    page.blank()
    page.put(page.text(_summary(rows)))
    for row in rows:
        if row.message:
            page.put(page.text(f"{row.student.key}: ", "bold"), page.text(row.message), indent=2)
    points = [row.points for row in rows if row.points is not None]
    if points:
        page.blank()
        page.put(page.text("Points", "bold"))
        page.rows(_histogram(page, points, max(row.max_points for row in rows)), indent=2)
    if shares := _shares(rows):
        page.blank()
        page.put(page.text("Criteria passed", "bold"))
        page.rows(_share_lines(page, shares), indent=2)


def _students(count: int) -> str:
    return "student" if count == 1 else "students"


def _line(page: Page, row: Row) -> tuple[Text, ...]:
    fine, plain, style = _MARKS[row.status]
    points = "–" if row.points is None else f"{row.points:g} / {row.max_points:g}"
    known = row.student.name if row.student.name and row.student.name not in row.student.key else ""
    return (
        page.text(page.glyph(fine, plain), style),
        page.cut(row.student.key, 36),
        page.cut(known, 24),
        page.text(points),
        page.text("late" if row.late else "", "yellow"),
        page.cut(row.file, max(page.width - 54, 20)),
    )


def _summary(rows: Sequence[Row]) -> str:
    found: Counter[str] = Counter(row.status for row in rows)
    counts = ", ".join(f"{found[status]} {status}" for status in _MARKS if found[status])
    points = sorted(row.points for row in rows if row.points is not None)
    if not points:
        return counts
    middle = (points[(len(points) - 1) // 2] + points[len(points) // 2]) / 2
    return f"{counts}; mean {sum(points) / len(points):.2f}, median {middle:g} points"


def _histogram(page: Page, points: Sequence[float], most: float) -> list[tuple[Text, ...]]:
    """Count in tenths of all points; whoever has all of them is in the last."""
    bins = Counter(min(int(each / most * _BINS), _BINS - 1) for each in points)
    tallest = max(bins.values())
    block = page.glyph("█", "#")
    lines: list[tuple[Text, ...]] = []
    for number in range(_BINS):
        low, high = (most * edge / _BINS for edge in (number, number + 1))
        bar = block * round(bins[number] / tallest * _BAR)
        lines.append(
            (page.text(f"{low:g}–{high:g}"), page.text(bar, "cyan"), page.text(str(bins[number] or "")))
        )
    return lines


def _shares(rows: Sequence[Row]) -> dict[str, tuple[str, int, int]]:
    """Return for each criterion its title, and how many of how many have passed it."""
    shares: dict[str, tuple[str, int, int]] = {}
    for row in rows:
        report = row.report
        for each in () if report is None else report.criteria:
            title, passed, total = shares.get(each.id, (each.title, 0, 0))
            shares[each.id] = (title, passed + (each.status == "passed"), total + 1)
    return shares


def _share_lines(page: Page, shares: dict[str, tuple[str, int, int]]) -> list[tuple[Text, ...]]:
    block, rest = page.glyph("█", "#"), page.glyph("░", ".")
    lines: list[tuple[Text, ...]] = []
    for title, passed, total in shares.values():
        full = round(passed / total * 20)
        lines.append(
            (
                page.text(block * full + rest * (20 - full), "cyan"),
                page.text(f"{passed / total:4.0%}"),
                page.cut(title, max(page.width - 32, 20)),
            )
        )
    return lines
