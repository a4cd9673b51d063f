"""Which hint comes next, and what is known that it rests on.

Nothing is graded here: what the last check found is remembered, and what is not known is said.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from dlgrade.catalog import Criterion, Exercise
from dlgrade.errors import SubmissionError
from dlgrade.manifest import RESERVED
from dlgrade.progress import Book, Finding, Record, passes


@dataclass(frozen=True)
class Advice:
    """What `dlgrade hint` has to say.

    Attributes
    ----------
    criterion
        Whose hints these are; None where nothing is open.
    remarks
        Sentences on what is known, and how certainly.
    found
        What the last check said that comes before any hint, such as the mistake that it named.
    hints
        The hints to show, each with its number from 1.
    total
        How many the criterion has.
    ways
        Commands to go on with, each with what it does.
    """

    criterion: Criterion | None
    remarks: tuple[str, ...]
    found: tuple[str, ...] = ()
    hints: tuple[tuple[int, str], ...] = ()
    total: int = 0
    ways: tuple[tuple[str, str], ...] = ()


def advise(
    exercise: Exercise,
    book: Book,
    file: Path | None,
    *,
    criterion: str | None = None,
    every: bool = False,
) -> Advice:
    """Choose what to say next, and remember that it was said.

    Parameters
    ----------
    file
        Where the learner's file is expected if none was checked yet; None if that is not known.
    criterion
        The id of a criterion to give hints for; None for the first that is not passed.
    every
        Give all its hints, not only the next one.

    Raises
    ------
    CatalogError
        If the exercise has no such criterion.
    """
    record = book.record(exercise.folder)
    asked = criterion is not None
    meant = first_open(exercise, record) if criterion is None else exercise.criterion(criterion)
    remarks = tuple(_remarks(exercise, record, file, meant, asked=asked))
    if meant is None:
        return _nothing_open(exercise, record, remarks)
    found = tuple(_found(record, meant))
    check = f"dlgrade check {exercise.id}"
    if not (asked or every) and _did_not_run(record, meant):
        return Advice(meant, remarks, found, ways=((check, "tells whether the file can be run now"),))
    hints, total = _taken(exercise, book, meant, every=every), len(meant.hints)
    if not hints:
        remarks += (f"All {total} hints of this criterion have been shown.",)
    again = f"dlgrade hint {exercise.id}" + (f" --criterion {meant.id}" if asked else "")
    ways = [(again, "gives the next one")]
    if not hints or hints[-1][0] == total:
        ways = [(f"dlgrade show {exercise.id}", "shows the statement, with its worked numbers")]
        ways += [] if every else [(f"{again} --all", "shows all the hints again")]
    ways.append((check if by_examples(record) else f"{check} --only {meant.id}", "tells what holds now"))
    return Advice(meant, remarks, found, hints, total, tuple(ways))


def _taken(
    exercise: Exercise, book: Book, criterion: Criterion, *, every: bool
) -> tuple[tuple[int, str], ...]:
    """Return the hints to show, none if all have been, and remember them."""
    hints = tuple(enumerate(criterion.hints, start=1))
    if every:
        book.note_hints(exercise.folder, criterion.id, len(hints))
        return hints
    number = book.next_hint(exercise.folder, criterion.id, len(hints))
    return () if number is None else (hints[number - 1],)


def _nothing_open(exercise: Exercise, record: Record, remarks: tuple[str, ...]) -> Advice:
    ways = [
        (f"dlgrade hint {exercise.id} --criterion {exercise.criteria[0].id}", "gives a hint all the same")
    ]
    if by_examples(record):
        return Advice(None, ("All visible examples passed at the last check.", *remarks), ways=tuple(ways))
    found = tuple(_found(record, None))
    if found:
        ways = [(f"dlgrade check {exercise.id}", "tells whether everything is passed now")]
        return Advice(
            None, ("Every function is right. What is still in the way:", *remarks), found, ways=tuple(ways)
        )
    if record.first_passed is not None:
        ways.insert(0, (f"dlgrade solution {exercise.id}", "shows the reference beside your code"))
    return Advice(None, ("Every criterion was passed when it was last checked.", *remarks), ways=tuple(ways))


def first_open(exercise: Exercise, record: Record) -> Criterion | None:
    """Return the first criterion that is not known to be passed."""
    if record.last is not None and by_examples(record):
        failing = set() if record.last.passed else _functions_of_failing_examples(exercise, record)
        named = [each for each in exercise.criteria if failing & set(each.functions)]
        return None if record.last.passed else [*named, exercise.criteria[0]][0]
    return next((each for each in exercise.criteria if not passes(record, each.id)), None)


def by_examples(record: Record) -> bool:
    """Whether the last check could only run the visible examples."""
    return record.last is not None and record.last.scope == "examples"


def _functions_of_failing_examples(exercise: Exercise, record: Record) -> set[str]:
    """Return which of the learner's functions are named in examples that did not pass."""
    assert record.last is not None
    failing = {name.partition("[")[0] for name, status in record.last.examples.items() if status != "passed"}
    tree = ast.parse(exercise.examples_path.read_text(encoding="utf-8"))
    return {
        node.id
        for test in ast.walk(tree)
        if isinstance(test, ast.FunctionDef) and test.name in failing
        for node in ast.walk(test)
        if isinstance(node, ast.Name) and node.id in exercise.functions
    }


def _found(record: Record, criterion: Criterion | None) -> Iterator[str]:
    """Yield what comes before a hint: that nothing could be run, what is ruled out, which mistake it was."""
    for key in RESERVED if criterion is None else (*RESERVED, criterion.id):
        finding = record.findings.get(key)
        if finding is not None and finding.status == "failed" and finding.why:
            yield finding.why


def _did_not_run(record: Record, criterion: Criterion) -> bool:
    """Whether nothing was found out of a criterion because the file could not be run."""
    loads, mine = record.findings.get("loads"), record.findings.get(criterion.id)
    if loads is None or loads.status != "failed" or loads.why is None:
        return False
    if record.last is not None and by_examples(record):
        return not record.last.examples
    return mine is not None and mine.status == "skipped"


def _remarks(
    exercise: Exercise, record: Record, file: Path | None, criterion: Criterion | None, *, asked: bool
) -> Iterator[str]:
    """Yield what is known of the criteria, and whether it still holds."""
    check = f"dlgrade check {exercise.id}"
    used = [(finding.digest, finding.at) for finding in _findings(exercise, record, criterion, asked)]
    if by_examples(record):
        assert record.last is not None
        used = [(record.last.digest, record.last.at)]
        yield "Only the visible examples could be run on this machine, and they do not tell everything."
    if not used:
        whose = f"{exercise.id}'s criterion {criterion.id}" if asked and criterion else exercise.id
        yield f"No check of {whose} is remembered: {check} finds out what is passed."
        return
    path = Path(record.file) if record.file else file
    now = None if path is None else digest_of(path)
    stale = [at for digest, at in used if digest != now]
    if path is not None and stale:
        what = "changed" if path.is_file() else "gone"
        since = "the last check" if len(stale) == len(used) else "some of it was checked"
        yield f"{path.name} has {what} since {since}, {ago(max(stale))}: {check} finds out what holds now."
    elif asked and criterion is not None and passes(record, criterion.id):
        yield "This criterion is passed."


def _findings(
    exercise: Exercise, record: Record, criterion: Criterion | None, asked: bool
) -> Iterator[Finding]:
    """Yield what the choice of a criterion rests on."""
    for each in exercise.criteria:
        if (not asked or each is criterion) and each.id in record.findings:
            yield record.findings[each.id]
        if each is criterion:
            return


def digest_of(path: Path) -> str | None:
    """Return what tells whether a file has changed; None if it cannot be read."""
    from dlgrade import submission  # a hint before any check does without

    try:
        return submission.digest(path)
    except SubmissionError:
        return None


def ago(then: datetime, now: datetime | None = None) -> str:
    """Say how long ago something was: ``5 minutes ago``."""
    seconds = int(((now or datetime.now(UTC)) - then).total_seconds())
    for size, unit in ((86_400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            count = seconds // size
            return f"{count} {unit}{'' if count == 1 else 's'} ago"
    return "just now"
