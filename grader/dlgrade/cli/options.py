"""Options that several commands have."""

from __future__ import annotations

from pathlib import Path

import click

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
