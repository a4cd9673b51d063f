"""The teacher's command over a class: everything that was handed in, into a gradebook."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from dlgrade.cli.ending import Interrupted, print_out
from dlgrade.cli.options import exercises_option, solutions_option
from dlgrade.render import output

if TYPE_CHECKING:
    from dlgrade.batch.decider import Decider
    from dlgrade.batch.intake import Intake
    from dlgrade.batch.running import Source, Tally
    from dlgrade.catalog import Exercise

_NOTES_SHOWN = 12
_CHANGES_SHOWN = 50


class Terminated(Interrupted):
    """SIGTERM."""

    exit_code = 143  # 128 and its number


@click.command(short_help="Grade what a class handed in.")
@click.argument("submissions", type=click.Path(path_type=Path))
@click.option("--exercise", required=True, help="The exercise that all of them are for.")
@click.option(
    "--gradebook",
    type=click.Path(path_type=Path),
    help="The gradebook's file. Without it: gradebook.sqlite in the folder of the submissions, or beside the "
    "archive.",
)
@click.option("--regrade", is_flag=True, help="Grade what has not changed as well.")
@click.option("--jobs", type=click.IntRange(1, 1024), help="How many at a time. Without it: one a core.")
@click.option(
    "--isolation",
    type=click.IntRange(1, 3),
    default=2,
    show_default=True,
    help="The level that is required: 3 namespaced, 2 kernel-restricted, 1 process and limits.",
)
@click.option(
    "--assignment",
    metavar="NAME",
    help="The folder below each student's that is meant, as in nbgrader's submitted/. Without it: one that "
    "is called like the exercise, if there is one.",
)
@click.option(
    "--scheduler", metavar="ADDRESS", help="Grade on the workers of a Dask scheduler, as tcp://host:8786."
)
@exercises_option
@solutions_option
@click.option("--no-color", is_flag=True, help="Write no colours, whatever the terminal can do.")
def grade(
    submissions: Path,
    exercise: str,
    gradebook: Path | None,
    regrade: bool,
    jobs: int | None,
    isolation: int,
    assignment: str | None,
    scheduler: str | None,
    exercises: Path | None,
    solutions: Path | None,
    no_color: bool,
) -> None:
    """Grade all SUBMISSIONS of a class for one exercise, into a gradebook.

    SUBMISSIONS is a folder with a folder or a file for each student, or an archive (.zip, .tar.gz) of one;
    what Moodle, Canvas and Gradescope give out is recognised, packed or unpacked, and so is nbgrader's
    submitted/. A file goes by the exercise's name for it; one that is called otherwise counts if it is the
    only one.

    Every verdict is in the gradebook before the next is waited for. Whatever ends the command, run it again
    and it goes on: what has not changed is not graded twice, unless the suite has, or --regrade asks for it.

    \b
    Examples:
      dlgrade grade submissions --exercise exercise03
      dlgrade grade moodle.zip --exercise backprop
      dlgrade grade course/submitted --exercise 3 --assignment week5
      dlgrade grade submissions --exercise 3 --regrade --jobs 4
      dlgrade grade submissions --exercise 3 --scheduler tcp://head:8786

    The exit status is 0 if everybody has a verdict, whatever it is, 1 if a fault of ours left somebody
    without, 2 if there is no such exercise or the submissions cannot be read, 3 if the gradebook cannot be
    written or dlgrade itself failed, 130 after Ctrl-C.
    """  # noqa: D301, click reads a backspace
    from dlgrade import catalog
    from dlgrade.batch import decider, intake
    from dlgrade.batch.gradebook import Gradebook
    from dlgrade.batch.running import Run
    from dlgrade.batch.spool import Spool
    from dlgrade.render.meter import Meter

    meant = catalog.find(exercise, exercises)
    by = decider.decider(meant, solutions)
    path = gradebook or _beside(submissions)
    source = _source(meant, by, exercises, solutions, isolation, jobs, scheduler)
    color = output.colored(no_color)
    with _ended_by_signals(path), Spool() as spool:
        found = intake.read(submissions, meant, spool, assignment)
        with Gradebook(path, writing=True) as book, Meter(meant.id, color=color) as meter:
            tally = Run(book, meant, by, spool, source, regrade, meter).over(found.handed)
    print_out(_told(meant, found, tally, path, regrade), color)
    click.get_current_context().exit(1 if tally.error else 0)


def _source(
    exercise: Exercise,
    by: Decider,
    exercises: Path | None,
    solutions: Path | None,
    isolation: int,
    jobs: int | None,
    scheduler: str | None,
) -> Source:
    """Choose the machines that grade."""
    if scheduler is not None:
        from dlgrade.batch import cluster

        return cluster.workers(
            scheduler, exercise.id, by, exercises=exercises, solutions=solutions, level=isolation
        )
    from dlgrade.batch import local

    return local.lanes(exercise.id, exercises=exercises, solutions=solutions, level=isolation, count=jobs)


def _beside(submissions: Path) -> Path:
    from dlgrade.batch.gradebook import NAME

    return (submissions if submissions.is_dir() else submissions.parent) / NAME


@contextlib.contextmanager
def _ended_by_signals(path: Path) -> Iterator[None]:
    """Make Ctrl-C and SIGTERM ends that are clean, and say what is kept."""
    kept = f"Every verdict so far is kept in {str(path)!r}; run the same command again to go on."
    before = None
    if threading.current_thread() is threading.main_thread():
        before = signal.signal(signal.SIGTERM, _terminated)
    try:
        yield
    except _TerminatedError:
        raise Terminated(f"Ended. {kept}") from None
    except KeyboardInterrupt:
        raise Interrupted(f"Interrupted. {kept}") from None
    finally:
        if before is not None:
            signal.signal(signal.SIGTERM, before)


class _TerminatedError(BaseException):
    """SIGTERM has come; it passes by all that catches ordinary exceptions."""


def _terminated(*_: object) -> NoReturn:
    raise _TerminatedError


def _told(exercise: Exercise, found: Intake, tally: Tally, path: Path, regrade: bool) -> str:
    """Say what was done, in a few lines."""
    from dlgrade.render.meter import counts
    from dlgrade.render.page import Page

    page = Page(output.width(), False, output.encoding())
    head = f"{exercise.id} {exercise.name} · {tally.total} submissions ({found.platform})"
    page.put(page.text(head))
    unchanged = f"; {tally.unchanged} had not changed" if tally.unchanged else ""
    page.put(page.text(f"{counts(tally)}{unchanged}"), indent=2)
    for note in found.notes[:_NOTES_SHOWN]:
        page.put(page.text(f"note: {note}"), indent=2)
    if len(found.notes) > _NOTES_SHOWN:
        page.put(page.text(f"note: and {len(found.notes) - _NOTES_SHOWN} more of these"), indent=2)
    for key, old, new in tally.changed[:_CHANGES_SHOWN] if regrade or tally.changed else ():
        page.put(page.text(f"changed: {key} {_points(old)} → {_points(new)}"), indent=2)
    page.put(page.text(f"gradebook: {path}"), indent=2)
    return str(page)


def _points(points: float | None) -> str:
    return "–" if points is None else f"{points:g}"
