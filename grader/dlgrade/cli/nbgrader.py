"""The commands of a teacher whose class is run with nbgrader."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from dlgrade.cli.ending import Usage, print_out
from dlgrade.render import output

if TYPE_CHECKING:
    from dlgrade.classroom.summary import Outcome
    from dlgrade.warm import Lanes

_FOLDER = click.Path(path_type=Path, file_okay=False)


@click.group(short_help="Exercises as assignments of nbgrader.")
def nbgrader() -> None:
    """Use exercises as assignments of nbgrader: make the course, autograde it, export its grades.

    nbgrader's own commands do the rest: generate_assignment, release_assignment, collect, generate_feedback.

    \b
    Examples:
      dlgrade nbgrader init my-course                    every exercise as an assignment
      dlgrade nbgrader autograde exercise03_backprop     grade what was handed in
      dlgrade nbgrader export --canvas canvas.csv        scores for Canvas' gradebook
    """  # noqa: D301, click reads a backspace


@nbgrader.command(short_help="Write a course that nbgrader accepts.")
@click.argument("course_dir", type=_FOLDER)
@click.argument("exercise", nargs=-1)
@click.option("--force", is_flag=True, help="Write notebooks anew that were changed by hand.")
def init(course_dir: Path, exercise: tuple[str, ...], force: bool) -> None:
    """Write the course COURSE_DIR with each EXERCISE as an assignment, or with all of them.

    nbgrader_config.py is written if there is none. source/ gets the teacher's notebook of each exercise, with
    the reference in it; nbgrader makes the learners' version of that. If a notebook was changed since it was
    written, nothing is done, unless --force says otherwise.

    \b
    Examples:
      dlgrade nbgrader init my-course
      dlgrade nbgrader init my-course exercise03 kaiming
    """  # noqa: D301, click reads a backspace
    _require("jupytext")
    from dlgrade import catalog
    from dlgrade.classroom import course

    named = {found.folder: found for found in map(catalog.find, exercise)}
    chosen = list(named.values()) or list(catalog.exercises())
    done = course.init(course_dir, chosen, force=force)
    print_out("".join(f"{each.path}: {_STATES[each.state]}\n" for each in done))
    if done[0].state == "kept":
        print_out(f"\n{course.CONFIG} is your own; these lines are needed in it:\n\n{course.NEEDED}")
    print_out(f"\nNext, in {course_dir}: nbgrader generate_assignment {chosen[0].folder}\n")


@nbgrader.command(short_help="Grade what a class handed in, many at a time.")
@click.argument("assignment")
@click.option("--course", type=_FOLDER, default=Path(), help="The course's folder, if not this one.")
@click.option("--student", "students", multiple=True, metavar="ID", help="Only this one; may be repeated.")
@click.option("--jobs", type=click.IntRange(1), help="Files graded at a time; one for each core by default.")
@click.option("--force", is_flag=True, help="Autograde again what was autograded before.")
@click.option(
    "--regrade",
    is_flag=True,
    help="The same, but show whose points change, and ask, before anything is written.",
)
@click.option("--yes", is_flag=True, help="With --regrade: write without asking.")
def autograde(
    assignment: str,
    course: Path,
    students: tuple[str, ...],
    jobs: int | None,
    force: bool,
    regrade: bool,
    yes: bool,
) -> None:
    """Autograde what was handed in for ASSIGNMENT, with scores and reports where nbgrader looks for them.

    It does what `nbgrader autograde` does, without a kernel: a notebook's code is graded in a process that
    cannot touch the grade, several notebooks at a time, and one process writes the gradebook. What was graded
    before is skipped, unless a later submission is there; ended half-way, it goes on where it was.

    Manual grades stay. `nbgrader generate_feedback` and the formgrader show the reports.

    \b
    Examples:
      dlgrade nbgrader autograde exercise03_backprop
      dlgrade nbgrader autograde exercise03_backprop --student ada --force
      dlgrade nbgrader autograde exercise03_backprop --regrade      after a suite was mended

    The exit status is 0 if everything that was handed in is graded, and 1 if something is not.
    """  # noqa: D301, click reads a backspace
    _require("nbgrader")
    with _started(course, assignment, jobs) as lanes:
        from dlgrade.classroom.autograde import LOG, ClassRun
        from dlgrade.classroom.summary import Tally, as_changes, as_summary
        from dlgrade.render.meter import Meter

        color, width = output.colored(), output.width()
        run = ClassRun(course, assignment, students=students, jobs=jobs, force=force or regrade, lanes=lanes)

        def permit(changes: list[Outcome]) -> bool:
            print_out(as_changes(changes, width=width, color=color), color)
            return yes or click.confirm("Write these points into the gradebook?", err=True)

        with run.opened() as submissions, Meter(assignment, color=color) as meter:
            tally = Tally(len(submissions))
            for outcome in run.graded(submissions, permit if regrade else None):
                tally.count(outcome)
                meter(tally)
    print_out(as_summary(tally, course / LOG, width=width, color=color), color)
    click.get_current_context().exit(1 if tally.error else 0)


@contextlib.contextmanager
def _started(course: Path, assignment: str, jobs: int | None) -> Iterator[Lanes]:
    """Start what will grade the class, since it warms up while nbgrader is imported, which takes as long."""
    from dlgrade import catalog
    from dlgrade.classroom import marking
    from dlgrade.classroom.course import CONFIG
    from dlgrade.warm import Lanes

    with Lanes(jobs, level=marking.LEVEL) as lanes:
        likely = [each.id for each in catalog.exercises() if each.folder == assignment]
        if (course / CONFIG).is_file():
            for exercise in likely:
                lanes.prepare(exercise)
        yield lanes


@nbgrader.command(short_help="Write grades for another gradebook.")
@click.argument("assignment", nargs=-1)
@click.option("--course", type=_FOLDER, default=Path(), help="The course's folder, if not this one.")
@click.option(
    "--canvas",
    type=click.File("wb", lazy=True),
    metavar="FILE",
    required=True,
    help="The CSV for Canvas' gradebook to import; - writes it to stdout.",
)
@click.option("--title", help="What Canvas calls the assignment, for one alone, as in 'Backprop (4711)'.")
def export(assignment: tuple[str, ...], course: Path, canvas: BinaryIO, title: str | None) -> None:
    """Write the scores of each ASSIGNMENT, or of all, as a file that Canvas' gradebook imports.

    Manual grades count and late penalties are taken off, as in `nbgrader export`, which writes nbgrader's own
    CSV. Students are found by their ids, as logins. Who handed in nothing, or waits for a manual grade, is
    left blank, and Canvas leaves those cells as they are.

    \b
    Examples:
      dlgrade nbgrader export --canvas canvas.csv
      dlgrade nbgrader export exercise03_backprop --canvas canvas.csv --title "Backprop (4711)"
    """  # noqa: D301, click reads a backspace
    _require("nbgrader")
    from dlgrade.classroom import canvas as exporting

    if title is not None and len(assignment) != 1:
        raise Usage("Error: --title is for one assignment: name it.")
    data, waiting = exporting.export(course, assignment, title)
    canvas.write(data)
    for row in waiting:
        who = f"{row.student.key}'s {row.exercise}"
        click.echo(f"{who} waits for a manual grade, and was left out.", err=True)


_STATES = {"written": "written", "unchanged": "as it should be", "kept": "left as it is"}


def _require(module: str) -> None:
    from importlib.util import find_spec

    if find_spec(module) is None:
        raise Usage(f"Error: this needs {module}, which is missing: pip install 'dlgrade[classroom]'.")
