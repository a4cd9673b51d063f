"""The commands that make and remake a learner's files: init, start and reset."""

from __future__ import annotations

from pathlib import Path

import click

from dlgrade.cli.ending import print_out
from dlgrade.cli.options import empty_page, exercises_option
from dlgrade.render import output


@click.command(short_help="Make a folder with all exercises, to work in.")
@click.argument("directory", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.option("--notebooks", is_flag=True, help="Make notebooks (.ipynb) to write in, not Python files.")
@exercises_option
def init(directory: Path | None, notebooks: bool, exercises: Path | None) -> None:
    """Make a folder DIR with all exercises, to work in; without DIR it is this one, if it is empty.

    Each exercise gets a folder with its statement (README.md), the file to write in, and examples that
    `pytest` runs there, those of one exercise or from above those of all.

    What lies in DIR already stays as it is: run it again after an update, and only new exercises are added.

    \b
    Examples:
      dlgrade init deep-learning
      dlgrade init .
      dlgrade init deep-learning --notebooks
    """  # noqa: D301, click reads a backspace
    from dlgrade import catalog
    from dlgrade.learning import folder
    from dlgrade.render.learning import begun

    every = catalog.exercises(exercises)
    root = folder.chosen(directory, every)
    placed = [folder.place(each, root, as_notebook=notebooks) for each in every]
    print_out(begun(placed, root, empty_page()), output.colored())


@click.command(short_help="Put one exercise into your folder, and say which file to open.")
@click.argument("exercise")
@click.option("--notebook", is_flag=True, help="Make a notebook (.ipynb) to write in, not a Python file.")
@exercises_option
def start(exercise: str, notebook: bool, exercises: Path | None) -> None:
    """Put an EXERCISE into your folder where it is missing, and say which file to open.

    Your folder is the nearest one, from here upwards, that holds an exercise; if there is none, it is this
    one. Whatever is there already stays as it is.

    \b
    Examples:
      dlgrade start exercise03
      dlgrade start backprop --notebook
    """  # noqa: D301, click reads a backspace
    from dlgrade import catalog, workplace
    from dlgrade.learning import folder
    from dlgrade.render.learning import started

    meant = catalog.find(exercise, exercises)
    root = workplace.home((meant, *catalog.exercises(exercises))) or Path()
    placed = folder.place(meant, root, as_notebook=notebook)
    print_out(started(placed, empty_page()), output.colored())


@click.command(short_help="Begin a file anew; the old one is kept.")
@click.argument("exercise")
@click.option(
    "--file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Your file, .py or .ipynb. Without it: where `check` looks.",
)
@exercises_option
def reset(exercise: str, file: Path | None, exercises: Path | None) -> None:
    """Begin your file for an EXERCISE anew, from the starter.

    What you had is kept first, in the folder backups/ beside the file, under the time of day. Your points and
    hints are not forgotten.

    \b
    Examples:
      dlgrade reset exercise03
      dlgrade reset 3 --file ~/homework/backprop.ipynb
    """  # noqa: D301, click reads a backspace
    from datetime import datetime

    from dlgrade import catalog, workplace
    from dlgrade.learning import folder
    from dlgrade.render.learning import begun_anew

    meant = catalog.find(exercise, exercises)
    done = folder.reset(meant, file or workplace.locate(meant), datetime.now())
    print_out(begun_anew(done, empty_page()), output.colored())

