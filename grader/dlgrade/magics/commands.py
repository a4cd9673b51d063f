"""``%check`` and ``%hint``: parse a line, call one function, show what it returns."""

from __future__ import annotations

import argparse
import os
import re
import shlex
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import msgspec

from dlgrade import catalog, hinting, settings, workplace
from dlgrade.catalog import Exercise
from dlgrade.errors import CatalogError, DlgradeError, MagicError, WithheldError
from dlgrade.magics import apart, document
from dlgrade.magics.document import Document
from dlgrade.magics.session import Session
from dlgrade.pictures.model import Drawing
from dlgrade.progress import Book
from dlgrade.report import Report

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

NBGRADER_VARIABLE = "NBGRADER_EXECUTION"
"""What nbgrader sets in the kernels that it grades with."""


class Interrupted(KeyboardInterrupt):
    """Ends a cell, and those after it, in one sentence."""

    def _render_traceback_(self) -> list[str]:
        return ["Interrupted: there is no verdict."]


class Commands:
    """The magics of one shell.

    Parameters
    ----------
    shell
        IPython's.
    session
        What was run in it.
    """

    def __init__(self, shell: InteractiveShell, session: Session) -> None:
        self._shell = shell
        self._session = session
        # Kept from here on: a learner's cell may call anything it likes `display`.
        from IPython.display import display

        self._display: Callable[..., object] = display

    def check(self, line: str) -> None:
        """Grade this notebook's cells: ``%check [EXERCISE] [--only CRITERION] [--pictures]``.

        The sources of the code cells are graded, by processes of their own, and not what the kernel holds: a
        function counts as it is written, whether it was run or not. Cells that were run since the notebook
        was saved count as they were run; the report's second line says what was graded.

        EXERCISE is an id, a number or a name, such as exercise03, 3 or backprop. Without it the notebook says
        which it is, by its metadata or its name. With --pictures, what the functions return is drawn too.

        Examples::

            %check
            %check backprop
            %check --only backward
            %check --pictures
        """
        if _is_nbgraders_turn():
            return
        try:
            options = _parsed("check", line, ["--only"], ["--pictures"])
            found = self._document()
            exercise = _exercise(options.exercise, found)
            self._show_report(*_graded(exercise, found, options.only, options.pictures))
        except KeyboardInterrupt:
            raise Interrupted from None
        except DlgradeError as error:
            self._show_notice(str(error))

    def hint(self, line: str) -> None:
        """Give the next hint: ``%hint [EXERCISE] [--criterion ID] [--all]``.

        It is for the first criterion that was not passed at the last check. Hints go from vague to concrete,
        one at a time, and what you were given is remembered. Nothing is graded here.

        Examples::

            %hint
            %hint --criterion backward
            %hint backprop --all
        """
        if _is_nbgraders_turn():
            return
        try:
            options = _parsed("hint", line, ["--criterion"], ["--all"])
            found = self._document()
            exercise = _exercise(options.exercise, found)
            if not settings.read().classroom.hints:
                raise WithheldError(
                    f"There are no hints for {exercise.id}: so it was settled for this class."
                )
            book = Book()
            advice = hinting.advise(
                exercise, book, found.path, criterion=options.criterion, every=options.all
            )
            self._show_hint(advice, exercise, book.notices)
        except DlgradeError as error:
            self._show_notice(str(error))

    def _document(self) -> Document:
        runs = self._session.runs
        # A terminal's IPython has no notebook.
        is_kernel = hasattr(self._shell, "kernel")
        path = document.find(self._shell.user_ns, runs, Path.cwd()) if is_kernel else None
        return document.of_session(runs) if path is None else document.read(path, runs, self._session.since)

    def _show_report(self, report: Report, drawings: Sequence[Drawing]) -> None:
        from dlgrade.render import html, terminal

        withheld = settings.read().classroom.withheld
        self._show(
            html.fragment(report, withheld=withheld) + (html.pictures(drawings) if drawings else ""),
            terminal.render(report, withheld=withheld, door="notebook") + _in_words(drawings),
        )

    def _show_hint(self, advice: hinting.Advice, exercise: Exercise, notices: Sequence[str]) -> None:
        from dlgrade.render import hint, html

        told = _for_notebooks(advice, exercise, notices)
        self._show(html.hint(told, exercise), hint.render(told, exercise))

    def _show_notice(self, sentence: str) -> None:
        from dlgrade.render import html
        from dlgrade.render.visible import visible

        self._show(html.notice(sentence), f"{visible(sentence)}\n")

    def _show(self, rich: str, plain: str) -> None:
        self._display({"text/html": rich, "text/plain": plain.rstrip("\n")}, raw=True)


def _is_nbgraders_turn() -> bool:
    """Say so in a kernel of nbgrader's: the verdict is made elsewhere, and nobody reads a hint."""
    if not os.environ.get(NBGRADER_VARIABLE):
        return False
    print("Nothing is graded here: that is nbgrader's turn now.")  # noqa: T201, a cell's output
    return True


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        usage = self.format_usage().strip().removeprefix("usage: ")
        raise MagicError(f"{message}. It is written {usage}.")


def _parsed(name: str, line: str, valued: Sequence[str], flags: Sequence[str] = ()) -> argparse.Namespace:
    parser = _Parser(f"%{name}", add_help=False, allow_abbrev=False)
    for option in valued:
        parser.add_argument(option, metavar="CRITERION")
    for flag in flags:
        parser.add_argument(flag, action="store_true")
    parser.add_argument("exercise", nargs="?", metavar="EXERCISE")
    try:
        words = shlex.split(line)
    except ValueError:
        parser.error(f"%{name} {line}: a quotation does not end")
    return parser.parse_args(words)


def _exercise(word: str | None, found: Document) -> Exercise:
    """Return the exercise that was named, else the one of the notebook's metadata, else of its name."""
    if word is None:
        word = found.exercise
    if word is not None:
        return catalog.find(word)
    if found.path is not None and (meant := _called(found.path.stem)) is not None:
        return meant
    what = "This session" if found.path is None else found.path.name
    raise CatalogError(f"{what} does not say which exercise it is: name it, as in %check exercise03.")


def _called(stem: str) -> Exercise | None:
    """Return the exercise whose name a file's name begins with: ``backprop-Copy1``, ``exercise03_smith``."""
    words = {
        word: exercise
        for exercise in catalog.exercises()
        for word in (exercise.name, exercise.id, exercise.folder, Path(exercise.entry).stem)
    }
    fitting = [word for word in words if re.match(rf"{re.escape(word)}(?![a-z0-9])", stem.casefold())]
    return words[max(fitting, key=len)] if fitting else None


def _graded(
    exercise: Exercise, found: Document, only: str | None, pictures: bool
) -> tuple[Report, tuple[Drawing, ...]]:
    """Grade a notebook as it stands, and say in the report what that was."""
    with tempfile.TemporaryDirectory(prefix="dlgrade-") as folder:
        drawings = Path(folder) / "drawings" if pictures else None
        if found.cells is None and found.path is not None:
            report = apart.check(exercise.id, found.path.absolute(), only=only, drawings=drawings)
        else:
            copy = Path(folder) / (found.path.name if found.path else workplace.notebook(exercise))
            copy.write_bytes(document.encode(found.cells or ()))
            original = found.path and found.path.absolute()
            report = apart.check(exercise.id, copy, only=only, copy_of=original, drawings=drawings)
        drawn = () if drawings is None else apart.drawn(drawings)
    report = msgspec.structs.replace(report, file=found.phrase, notes=(*found.remarks, *report.notes))
    return report, drawn


def _in_words(drawings: Sequence[Drawing]) -> str:
    """Say of pictures what is to be seen in them."""
    from dlgrade.pictures.model import Picture
    from dlgrade.render.visible import visible

    told = [f"{each.title}: {each.alt if isinstance(each, Picture) else each.sentence}" for each in drawings]
    return "".join(f"\n{visible(each)}\n" for each in told)


def _for_notebooks(advice: hinting.Advice, exercise: Exercise, notices: Sequence[str]) -> hinting.Advice:
    """Name the magics in place of the commands."""

    def named(text: str) -> str:
        for verb in ("check", "hint"):
            text = text.replace(f"dlgrade {verb} {exercise.id}", f"%{verb}")
        return text

    ways = tuple(
        (named(command), does if command != named(command) else f"{does}, in a terminal")
        for command, does in advice.ways
    )
    remarks = tuple(map(named, (*advice.remarks, *notices)))
    return replace(advice, remarks=remarks, ways=ways)
