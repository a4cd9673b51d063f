"""The commands of an author of exercises: new, lint and certify."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dlgrade.cli.ending import Usage, print_out
from dlgrade.cli.options import exercises_option, solutions_option
from dlgrade.render import output

if TYPE_CHECKING:
    from dlgrade.authoring.course import Place

_FOLDER = click.Path(path_type=Path, file_okay=False)


@click.group(short_help="Write exercises: scaffold, lint, certify.")
def author() -> None:
    """Write exercises: scaffold both folders, lint them in both directions, certify the suite.

    \b
    Examples:
      dlgrade author new convexity     exercises/ and solutions/ of a new exercise
      dlgrade author lint convexity    everything that must hold of it
      dlgrade author certify convexity what its suite catches, in CERTIFICATE.md
    """  # noqa: D301, click reads a backspace


@author.command(short_help="Scaffold both folders of a new exercise.")
@click.argument("slug")
@click.option(
    "--exercises", type=_FOLDER, metavar="DIR", help="Where the learner's folder is made: exercises/."
)
@click.option(
    "--solutions", type=_FOLDER, metavar="DIR", help="Where the other one is made: solutions/ beside."
)
def new(slug: str, exercises: Path | None, solutions: Path | None) -> None:
    """Scaffold both folders of a new exercise called SLUG, under the next free number.

    It holds one small function, which passes the lint as it is and is to be replaced by yours.

    \b
    Examples:
      dlgrade author new convexity
      dlgrade author new moving-average --exercises ~/course/exercises
    """  # noqa: D301, click reads a backspace
    from dlgrade.authoring import scaffold

    there = exercises or Path("exercises")
    for folder in scaffold.new(slug, there, solutions or there.parent / "solutions"):
        print_out(f"{folder}\n")


@author.command(short_help="Check that an exercise holds in both directions.")
@click.argument("exercise", nargs=-1)
@exercises_option
@solutions_option
@click.pass_context
def lint(
    ctx: click.Context, exercise: tuple[str, ...], exercises: Path | None, solutions: Path | None
) -> None:
    """Check everything that must hold of an EXERCISE, or of all.

    The reference and each variant earn everything, the starter nothing, each mistake loses exactly the
    criteria that it names; reports are the same twice; statement, hints, examples and signatures are as they
    should be. Each finding is one line: the file, what is wrong, and what to do.

    \b
    Examples:
      dlgrade author lint
      dlgrade author lint exercise03 kaiming
      dlgrade author lint --exercises ~/course

    The exit status is 0 if there is no finding and 1 if there is one.
    """  # noqa: D301, click reads a backspace
    from dlgrade.authoring import lint as linting
    from dlgrade.authoring.course import places

    found = 0
    with _authors_own(ctx):
        meant = places(exercise, exercises, solutions)
        with _progress("Linting", meant, linting.steps) as tell:
            for place in meant:
                findings = linting.lint(place, tell)
                print_out("".join(f"{finding}\n" for finding in findings))
                found += len(findings)
    if not found:
        print_out(f"Nothing to do in {', '.join(place.exercise.id for place in meant)}.\n")
    ctx.exit(1 if found else 0)


@author.command(short_help="Measure what a suite catches, and write it down.")
@click.argument("exercise", nargs=-1)
@click.option("--check", is_flag=True, help="Compare with the certificates that are there; write nothing.")
@exercises_option
@solutions_option
@click.pass_context
def certify(
    ctx: click.Context,
    exercise: tuple[str, ...],
    check: bool,
    exercises: Path | None,
    solutions: Path | None,
) -> None:
    """Measure what the suite of an EXERCISE catches, or of all, and write it to its CERTIFICATE.md.

    Every mistake and variant is graded, and every mutant of the reference: the reference with one change in
    one place. Mutants that are right too are listed in equivalent.toml, each with the reason.

    \b
    Examples:
      dlgrade author certify exercise03
      dlgrade author certify --check

    The exit status is 1 if there is something to do, or if --check finds a difference, and 0 otherwise.
    """  # noqa: D301, click reads a backspace
    _require_libcst()
    from dlgrade.authoring import certificate
    from dlgrade.authoring import certify as certifying
    from dlgrade.authoring.course import places

    good = True
    with _authors_own(ctx):
        meant = places(exercise, exercises, solutions)
        with _progress("Certifying", meant, certifying.steps) as tell:
            for place in meant:
                measured = certifying.measured(place, tell)
                text = certificate.text(measured)
                found = "".join(f"{finding}\n" for finding in measured.findings)
                if check:
                    found += certifying.differences(place, text)
                else:
                    certifying.path(place).write_text(text, encoding="utf-8")
                print_out(found or f"{place.exercise.id}: certified.\n")
                good = good and not found
    ctx.exit(0 if good else 1)


@contextlib.contextmanager
def _authors_own(ctx: click.Context) -> Iterator[None]:
    """Say of a manifest that breaks the rules what is wrong with it: nobody else's fault, and a finding."""
    from dlgrade.errors import ManifestError

    try:
        yield
    except ManifestError as error:
        print_out(f"{error}\n")
        ctx.exit(1)


def _require_libcst() -> None:
    from importlib.util import find_spec

    if find_spec("libcst") is None:
        raise Usage("Error: mutants are made with LibCST, which is missing: pip install 'dlgrade[author]'.")


@contextlib.contextmanager
def _progress(
    what: str, meant: list[Place], steps: Callable[[Place], int]
) -> Iterator[Callable[[str], None]]:
    """Show a bar on a terminal; nothing in a pipe."""
    if not output.interactive():
        yield lambda _: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, TextColumn("{task.description}"), transient=True) as bar:
        task = bar.add_task("", total=sum(map(steps, meant)))
        yield lambda name: bar.update(task, advance=1, description=name)
