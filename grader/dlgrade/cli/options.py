"""What several commands have: options, a page to write on, and what is said of the file that remembers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dlgrade.render import output

if TYPE_CHECKING:
    from dlgrade.progress import Book
    from dlgrade.render.plain import Plain

exercises_option = click.option(
    "--exercises",
    metavar="PATH",
    type=click.Path(path_type=Path),
    help="The folder of somebody's exercises, or one that holds exercises/ and solutions/. Without it: "
    "dlgrade's own and those of the packs that are installed.",
)

solutions_option = click.option(
    "--solutions",
    metavar="PATH",
    type=click.Path(path_type=Path),
    help="The folder of the hidden suites, if they do not lie beside the exercises.",
)


def empty_page(no_color: bool = False) -> Plain:
    """Return an empty page for the terminal that there is."""
    from dlgrade.render.plain import Plain

    return Plain(output.width(), output.colored(no_color), output.encoding())


def tell(book: Book) -> None:
    """Say on stderr what is wrong with what is remembered."""
    from dlgrade.render.visible import visible

    for notice in book.notices:
        click.echo(f"Note: {visible(notice)}", err=True)
