"""The commands that ask: quiz and recap."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dlgrade.cli.ending import print_out
from dlgrade.cli.options import empty_page, exercises_option, solutions_option, tell
from dlgrade.render import output

if TYPE_CHECKING:
    from dlgrade.catalog import Exercise
    from dlgrade.progress import Book
    from dlgrade.questions import Question


@click.command(short_help="Ask the questions of an exercise.")
@click.argument("exercise")
@click.option("--again", is_flag=True, help="Ask all questions, those too that you have answered rightly.")
@click.option("--question", "only", metavar="ID", help="Ask this question alone, by its id.")
@click.option(
    "--answer",
    "given",
    metavar="ID=ANSWER",
    multiple=True,
    help="Answer a question without being asked: its id, and a letter or a number; several times if need be.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Text to read, or the questions and verdicts for tools.",
)
@exercises_option
@click.pass_context
def quiz(
    ctx: click.Context,
    exercise: str,
    again: bool,
    only: str | None,
    given: tuple[str, ...],
    form: str,
    exercises: Path | None,
) -> None:
    """Ask the questions of an EXERCISE: one to choose from, a number, or a number to predict.

    Each answer is judged at once, and a wrong one gets the reason. What you answered is remembered, and what
    was wrong is asked again next time. In a pipe the questions are listed, and --answer answers them.

    \b
    Examples:
      dlgrade quiz exercise03
      dlgrade quiz exercise03 --again
      dlgrade quiz 3 --question one_step
      dlgrade quiz 3 --answer one_step=0.48 --answer why_central=b
      dlgrade quiz 3 --format json

    The exit status is 0 if everything that was answered now is right, or nothing was, and 1 otherwise.
    """  # noqa: D301, click reads a backspace
    from dlgrade import catalog
    from dlgrade.learning import quiz as asking
    from dlgrade.progress import Book
    from dlgrade.render import quiz as shown

    meant = catalog.find(exercise, exercises)
    book = Book()
    record = book.record(meant.folder)
    # Answers that cannot be understood are refused before anything is remembered.
    verdicts = asking.answers(meant, given)
    asking.note(book, meant, verdicts)
    tell(book)
    if only is not None or not meant.quiz:
        questions: Sequence[Question] = [asking.question(meant, only or "")]
    else:
        questions = asking.asked(meant, record, again=again)
    if form == "json":
        print_out(shown.as_json(meant, questions, verdicts))
    elif given:
        for each in verdicts:
            print_out(shown.named_verdict(each, empty_page()), output.colored())
    elif not questions:
        print_out(shown.ending(meant, 0, empty_page()), output.colored())
    elif sys.stdin is not None and sys.stdin.isatty() and output.interactive():
        ctx.exit(0 if _ask(meant, questions, book) else 1)
    else:
        print_out(shown.listing(meant, questions, empty_page()), output.colored())
    ctx.exit(0 if all(each.right for each in verdicts) else 1)


def _ask(exercise: Exercise, questions: Sequence[Question], book: Book) -> bool:
    """Ask one question after the other, and return whether every answer was right."""
    from dlgrade.learning import quiz as asking
    from dlgrade.render import quiz as shown

    color, good = output.colored(), True
    print_out(shown.heading(exercise, empty_page()), color)
    for number, each in enumerate(questions, start=1):
        print_out(shown.question(exercise, each, f"{number} of {len(questions)}", empty_page()), color)
        answer = _answer(exercise, each)
        if answer is None:
            break
        if not answer:
            continue
        verdict = asking.judge(exercise, each, answer)
        asking.note(book, exercise, [verdict])
        good = good and verdict.right
        print_out(shown.verdict(verdict, empty_page()), color)
    left = len(asking.asked(exercise, book.record(exercise.folder)))
    print_out(shown.ending(exercise, left, empty_page()), color)
    return good


def _answer(exercise: Exercise, asked: Question) -> str | None:
    """Return an answer that is one; empty to skip the question, None to stop."""
    from dlgrade.errors import LearningError
    from dlgrade.learning import quiz as asking
    from dlgrade.render import quiz as shown
    from dlgrade.render.visible import visible

    while True:
        print_out(shown.prompt(exercise, asked))
        try:
            said = sys.stdin.readline()
        except UnicodeDecodeError:
            said = "\N{REPLACEMENT CHARACTER}\n"
        if not said or said.strip().casefold() in ("q", "quit"):  # Ctrl-D gives nothing at all
            return None
        answer = said.strip()
        if not answer:
            return ""
        try:
            asking.judge(exercise, asked, answer)
        except LearningError as error:
            print_out(f"{visible(str(error))}\n")
        else:
            return answer


@click.command(short_help="Ask for one function again, some time after it was passed.")
@click.argument("exercise", required=False)
@click.option("--function", metavar="NAME", help="Ask for this function of the EXERCISE.")
@click.option("--check", is_flag=True, help="Grade the recap that is open.")
@click.option("--give-up", is_flag=True, help="End the recap that is open; it comes back sooner.")
@click.option("--list", "listing", is_flag=True, help="Say when to come back to what, and nothing else.")
@exercises_option
@solutions_option
@click.option("--no-color", is_flag=True, help="Write no colours, whatever the terminal can do.")
@click.pass_context
def recap(
    ctx: click.Context,
    exercise: str | None,
    function: str | None,
    check: bool,
    give_up: bool,
    listing: bool,
    exercises: Path | None,
    solutions: Path | None,
    no_color: bool,
) -> None:
    """Ask for one function of a passed exercise again, from an empty starter.

    Without EXERCISE it is the one that is due: the time until then grows each time that you can still do it
    (spaced repetition, FSRS). The file to write in is put into recap/ in your folder: it is your own, as it
    passed, with that one function empty. --check grades the function, with other numbers than before.

    \b
    Examples:
      dlgrade recap                                begins what is due
      dlgrade recap exercise03 --function sgd_step
      dlgrade recap --check
      dlgrade recap --give-up
      dlgrade recap --list

    The exit status of --check is that of `dlgrade check`.
    """  # noqa: D301, click reads a backspace
    if sum((check, give_up, listing)) > 1 or ((check or give_up or listing) and (exercise or function)):
        raise click.UsageError("--check, --give-up and --list stand alone, without an EXERCISE.")
    if function and not exercise:
        raise click.UsageError("--function needs the EXERCISE that it is in.")
    from dlgrade.progress import Book

    book = Book()
    color = output.colored(no_color)
    if check:
        ctx.exit(_check_recap(book, exercises, solutions, color))
    print_out(_recap_text(book, exercise, function, exercises, give_up, listing), color)
    tell(book)


def _recap_text(
    book: Book,
    word: str | None,
    function: str | None,
    exercises: Path | None,
    give_up: bool,
    listing: bool,
) -> str:
    """Do all that needs no grading, and return what is to be said."""
    from datetime import UTC, datetime

    from dlgrade import catalog, workplace
    from dlgrade.learning import recap as recaps
    from dlgrade.learning import schedule, standing
    from dlgrade.render import recap as shown

    page, now = empty_page(), datetime.now(UTC)
    every = standing.standings(catalog.exercises(exercises), book)
    if give_up:
        ended = recaps.recap_of(book)
        book.end_recap(ended, "given up")
        return shown.given_up(ended, page)
    if listing:
        return shown.plan(schedule.plan(every), now, page)
    if (open_one := book.open_recap()) is not None:
        return shown.still_open(open_one, recaps.line_of(Path(open_one.file), open_one.function), page)
    if word is None:
        planned = schedule.plan(every)
        due = schedule.first_due(planned, now)
        if due is None:
            return shown.nothing_due(planned, now, page)
        meant = due.exercise
    else:
        meant = catalog.find(word, exercises)
    passed_at = recaps.passed_at(meant, every)
    least = schedule.choose(meant, book.record(meant.folder))
    chosen = recaps.function_of(meant, function) if function else least
    home = workplace.home(tuple(each.exercise for each in every)) or Path()
    begun = recaps.begin(meant, chosen, book, home, datetime.now())
    return shown.begun(meant, chosen, begun, passed_at, page)


def _check_recap(book: Book, exercises: Path | None, solutions: Path | None, color: bool) -> int:
    """Grade the recap that is open, print its report, and return the exit status."""
    from datetime import UTC, datetime

    from dlgrade import catalog
    from dlgrade.learning import recap as recaps
    from dlgrade.learning import schedule, standing
    from dlgrade.render import recap as shown
    from dlgrade.render import terminal

    opened = recaps.recap_of(book)
    meant = catalog.find(opened.exercise, exercises)
    report = recaps.check(opened, meant, book, exercises, solutions)
    text = terminal.render(
        report, width=output.width(), color=color, encoding=output.encoding(), door="watch"
    )
    (now_standing,) = standing.standings([meant], book)
    back = schedule.due(now_standing) if report.passed and now_standing.passed else None
    print_out(text + shown.checked(report, back, datetime.now(UTC), empty_page()), color)
    tell(book)
    return report.exit_code()
