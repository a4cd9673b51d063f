"""Which of the files that a student handed in is the one to grade."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePath

from dlgrade.batch import archives
from dlgrade.batch.model import ARCHIVES, CODE, TOO_MANY, Entry, has_suffix
from dlgrade.batch.spool import Spool
from dlgrade.errors import ArchiveError
from dlgrade.submission.model import printable

_ATTEMPT = re.compile(r"(?P<stem>.+?)(?:-(?P<canvas>\d{1,3})| \((?P<browser>\d{1,3})\))")
_NAMED_MAX = 5


class NoneChosenError(Exception):
    """No file can be the one that is meant; the text is a sentence about what was handed in."""


def choose(entries: Sequence[Entry], entry_name: str, spool: Spool, notes: list[str]) -> Entry:
    """Return the file to grade.

    Parameters
    ----------
    entries
        All that one student handed in; an archive among them is looked into if nothing else can be graded.
    entry_name
        The name under which the exercise knows the file, such as ``backprop.py``.
    notes
        Where to say what was passed over.

    Raises
    ------
    NoneChosenError
        If there is none, or nobody can tell which.
    """
    if refused := next((each.problem for each in entries if each.name == TOO_MANY), None):
        raise NoneChosenError(refused)
    code = [each for each in entries if has_suffix(each.name, CODE)] or _unpacked(entries, spool, notes)
    code = [each for each in code if not each.name.startswith("test_")]
    if not code:
        raise NoneChosenError("There is no Python file and no notebook in what was handed in.")
    return _best(code, entry_name)


def _unpacked(entries: Sequence[Entry], spool: Spool, notes: list[str]) -> list[Entry]:
    """Look into the archives; one level, and what is in theirs stays there."""
    found: list[Entry] = []
    for each in entries:
        if not has_suffix(each.name, ARCHIVES):
            continue
        if each.at is None:
            raise NoneChosenError(each.problem)
        try:
            inner = archives.unpack(each.at, printable(each.name), spool, archives.STUDENT)
        except ArchiveError as error:
            raise NoneChosenError(str(error)) from None
        notes += [f"{printable('/'.join(each.parts[:-1]))}: {note}" for note in inner.notes]
        found += [
            Entry((*each.parts, *one.parts), one.at, one.problem)
            for one in inner.entries
            if has_suffix(one.name, CODE)
        ]
    return found


def _best(code: Sequence[Entry], entry_name: str) -> Entry:
    """Prefer the exercise's own name, then the only one there is."""
    for name in (entry_name, PurePath(entry_name).with_suffix(".ipynb").name):
        if meant := [each for each in code if _number(each.name, name) is not None]:
            return _newest(meant, name)
    names = {attempt(each.name)[0] for each in code}
    if len(names) == 1:
        return _newest(code, names.pop())
    listed = [printable(each.name, 60) for each in code[:_NAMED_MAX]] + ["…"] * (len(code) > _NAMED_MAX)
    raise NoneChosenError(
        f"None of the {len(code)} files is called {entry_name}, and which is meant cannot be told: "
        f"{', '.join(listed)}."
    )


def _newest(entries: Sequence[Entry], name: str) -> Entry:
    """Return the last attempt; of several the one whose name is exact, then the one nearest to the top."""

    def rank(each: Entry) -> tuple[int, bool, int]:
        number = _number(each.name, name) or 0
        return -number, each.name.casefold() == name.casefold() and each.name != name, len(each.parts)

    best = min(entries, key=rank)
    if (times := [rank(each) for each in entries].count(rank(best))) > 1:
        raise NoneChosenError(f"{printable(best.name, 60)} is there {times} times: hand in one of them.")
    return best


def _number(name: str, wanted: str) -> int | None:
    """Say which attempt at the wanted file a name is, from 0; None if it is none."""
    if name.casefold() == wanted.casefold():
        return 0
    stem, number = attempt(name)
    return number if stem.casefold() == wanted.casefold() else None


def attempt(name: str) -> tuple[str, int]:
    """Split a name into what it is without a platform's or a browser's number, and that number.

    ``backprop-2.py`` and ``backprop (2).py`` are the third ``backprop.py``; the first has none.
    """
    path = PurePath(name)
    match = _ATTEMPT.fullmatch(path.stem)
    if match is None:
        return name, 0
    return match["stem"] + path.suffix, int(match["canvas"] or match["browser"])
