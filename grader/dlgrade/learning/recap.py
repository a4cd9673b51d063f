"""One function again, from an empty starter and with fresh numbers.

The file to write in is the learner's own, as it passed, with that one function cut back to the starter's: so
it is whole, and what the function calls is theirs. Where that file is not there any more, it is the starter.
"""

from __future__ import annotations

import ast
import contextlib
import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dlgrade import hinting, submission, workplace
from dlgrade.catalog import Exercise
from dlgrade.errors import DlgradeError, LearningError
from dlgrade.learning.folder import keep
from dlgrade.learning.standing import Standing
from dlgrade.progress import Book, Recap, Record
from dlgrade.report import Report

FOLDER = "recap"
"""The folder of recaps in a learner's."""

_HEAD = """\
# Recap of {id}: write {function} once more, from line {line} on.
# {rest}
# `dlgrade recap --check` grades it, with other numbers than before.

"""
YOURS = "Everything else is yours, as it passed."
NOT_YOURS = "Your file that passed is gone, so this is the starter; the rest of it is not graded."


@dataclass(frozen=True)
class Begun:
    """What was asked for again.

    Attributes
    ----------
    file, line
        Where it is to be written.
    yours
        Whether the rest of the file is the learner's own.
    backup
        Where a file that lay there before is kept.
    """

    file: Path
    line: int
    yours: bool
    backup: Path | None = None


def begin(exercise: Exercise, function: str, book: Book, home: Path, now: datetime) -> Begun:
    """Write the file for a recap, and remember it.

    Parameters
    ----------
    home
        The learner's folder.

    Raises
    ------
    LearningError
        If the file cannot be written.
    """
    mine = _passed_source(exercise, book.record(exercise.folder))
    starter = exercise.entry_path.read_text(encoding="utf-8")
    text, line = cut_back(mine or starter, starter, function)
    head = _HEAD.format(
        id=exercise.id, function=function, line=line + _HEAD.count("\n"), rest=YOURS if mine else NOT_YOURS
    )
    file = home / FOLDER / f"{exercise.id}_{function}.py"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        backup = keep(file, now) if file.exists() else None
        file.write_text(head + text, encoding="utf-8")
    except OSError as error:
        raise LearningError(f"{str(file)!r} cannot be written: {error.strerror or error}.") from error
    book.begin_recap(exercise.folder, function, file, secrets.token_hex(4))
    return Begun(file, line + head.count("\n"), bool(mine), backup)


def line_of(file: Path, function: str) -> int | None:
    """Return the line on which a function begins in a file; None if it is not there, or is no Python now."""
    with contextlib.suppress(OSError, ValueError, SyntaxError):
        nodes = list(_definitions(ast.parse(file.read_text(encoding="utf-8")), function))
        return nodes[-1].lineno if nodes else None
    return None


def cut_back(source: str, starter: str, function: str) -> tuple[str, int]:
    """Return a source with one function as the starter has it, and the line that it begins on.

    Whatever else is bound to that name at the top of the source is left out. Where no definition of it can be
    taken out without touching anything else, the starter's is put at the end, where it counts.
    """
    tree = ast.parse(starter)
    (wanted,) = _definitions(tree, function)
    stub = _lines(starter, wanted)
    parsed = ast.parse(source)
    old = list(_definitions(parsed, function))
    lines = source.rstrip("\n").split("\n")
    bound_otherwise = function in _names(node for node in parsed.body if node not in old)
    if old and not bound_otherwise:
        start = 0
        for node in reversed(old):
            first, last = _span(node)
            lines[first - 1 : last] = stub if node is old[-1] else []
            start = first if node is old[-1] else start - (last - first + 1)
        text = "\n".join(lines) + "\n"
        with contextlib.suppress(SyntaxError):
            if _names(ast.parse(text).body) == _names(parsed.body):
                return text, start
        lines = source.rstrip("\n").split("\n")
    lines += ["", "", *stub]
    return "\n".join(lines) + "\n", len(lines) - len(stub) + 1


def recap_of(book: Book) -> Recap:
    """Return the recap that is open.

    Raises
    ------
    LearningError
        If there is none.
    """
    recap = book.open_recap()
    if recap is None:
        raise LearningError("No recap is open: `dlgrade recap` begins one.")
    return recap


def check(
    recap: Recap, exercise: Exercise, book: Book, exercises: Path | None, solutions: Path | None
) -> Report:
    """Grade the one function, with the numbers of this recap, and remember how it went.

    Raises
    ------
    LearningError
        If the file is not there any more.
    """
    from dlgrade.grading import Grader

    file = workplace.near(Path(recap.file))
    if not file.is_file():
        raise LearningError(f"{str(file)!r} is gone: `dlgrade recap --give-up` ends this recap.")
    with Grader(exercise.folder, exercises=exercises, solutions=solutions) as grader:
        report = grader.check(file, function=recap.function, salt=recap.salt)
    if report.passed:
        book.end_recap(recap, "passed")
    elif any(test.status == "failed" and test.function and not test.todo for test in report.tests):
        book.note_try(recap)  # what is not written yet, or cannot be run, is no attempt
    return report


def function_of(exercise: Exercise, name: str) -> str:
    """Return a name that is one of an exercise's functions.

    Raises
    ------
    LearningError
        If it is not; the sentence says which there are.
    """
    if name in exercise.functions:
        return name
    raise LearningError(f"{exercise.id} asks for no {name!r}; it asks for {', '.join(exercise.functions)}.")


def passed_at(exercise: Exercise, every: Sequence[Standing]) -> datetime:
    """Return when an exercise was passed.

    Raises
    ------
    LearningError
        If it was not yet.
    """
    at = next((each.passed_at for each in every if each.exercise.folder == exercise.folder), None)
    if at is None:
        raise LearningError(f"{exercise.id} is not passed yet, so there is nothing to come back to.")
    return at


def _passed_source(exercise: Exercise, record: Record) -> str | None:
    """Return the learner's source as it passed, if that is still there."""
    digest = record.passed_digest
    if digest is None and record.last is not None and record.last.passed:  # by the visible examples
        digest = record.last.digest
    places = [record.passed_file, record.file, workplace.find(exercise)]
    for path in (Path(each) for each in places if each is not None):
        if digest is not None and hinting.digest_of(path) == digest:
            with contextlib.suppress(DlgradeError):
                return submission.read(path, exercise.entry).source
    return None


def _definitions(tree: ast.Module, name: str) -> Iterator[ast.stmt]:
    """Yield the statements at the top of a module that bind a name, and no other."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            if node.name == name:
                yield node
        elif isinstance(node, ast.Assign) and len(node.targets) == 1:
            target = node.targets[0]
            if isinstance(target, ast.Name) and target.id == name:
                yield node


def _span(node: ast.stmt) -> tuple[int, int]:
    """Return the first and the last line of a definition, decorators included."""
    decorators = getattr(node, "decorator_list", [])
    assert node.end_lineno is not None
    return min([node.lineno, *(each.lineno for each in decorators)]), node.end_lineno


def _lines(source: str, node: ast.stmt) -> list[str]:
    first, last = _span(node)
    return source.split("\n")[first - 1 : last]


def _names(nodes: Iterable[ast.stmt]) -> set[str]:
    """Return the names that statements bind, outside of functions and classes."""
    names: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        else:
            stored = (each for each in ast.walk(node) if isinstance(each, ast.Name))
            names |= {each.id for each in stored if isinstance(each.ctx, ast.Store)}
        if isinstance(node, ast.Import | ast.ImportFrom):
            names |= {alias.asname or alias.name for alias in node.names}
    return names
