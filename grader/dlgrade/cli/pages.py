"""Pages for a browser: checking with pictures, and writing the page."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dlgrade.cli.ending import Usage
from dlgrade.render.visible import visible

if TYPE_CHECKING:
    from dlgrade.pictures import Drawing
    from dlgrade.report import Report

SUFFIXES = (".html", ".htm")


def named(page: Path | None, option: str) -> None:
    """Refuse a name that no page has, such as that of the learner's own file.

    Raises
    ------
    Usage
        With the sentence.
    """
    if page is not None and page.suffix.lower() not in SUFFIXES:
        raise Usage(f"Error: {str(page)!r} is no name for a page: give {option} one such as report.html.")


def checked(
    exercise: str, file: Path | None, *, pictures: bool, **how: Any
) -> tuple[Report, tuple[Drawing, ...]]:
    """Grade one file, and draw its pictures if they are wanted; nothing is imported for them else.

    Parameters
    ----------
    exercise, file, **how
        As for `dlgrade.grading.check`.
    """
    if pictures:
        from dlgrade.pictures.drawing import check as check_and_draw

        return check_and_draw(exercise, file, **how)
    from dlgrade.grading import check

    return check(exercise, file, **how), ()


def write(report: Report, drawings: Sequence[Drawing], page: Path, withheld: Collection[str]) -> None:
    """Write a report and its pictures as a page.

    Raises
    ------
    Usage
        If the file cannot be written.
    """
    from dlgrade.render import html

    put(page, html.page(report, withheld=withheld, drawings=drawings).encode())


def put(file: Path, data: bytes) -> None:
    """Write a file that was asked for.

    Raises
    ------
    Usage
        If it cannot be written.
    """
    try:
        file.write_bytes(data)
    except OSError as error:
        raise Usage(f"Error: {str(file)!r} cannot be written: {error.strerror}.") from error


def tell(page: Path) -> None:
    """Say on stderr where a page is."""
    click.echo(f"The report is in {visible(str(page))} too.", err=True)
