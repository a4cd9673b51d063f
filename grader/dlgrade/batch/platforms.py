"""Who handed in what, as each platform says it in the names of files and folders.

============  =============================================================================================
Moodle        ``Ada Lovelace_12345_assignsubmission_file_/backprop.py``, or the same as one name without the
              slash; ``…_onlinetext_`` is text that was typed into the platform and is left out
Canvas        ``lovelaceada_12345_67890_backprop-1.py``: their number, the file's, and ``-1`` for a second
              attempt; ``lovelaceada_LATE_12345_67890_backprop.py`` came late
Gradescope    ``submission_12345/backprop.py`` and a ``submission_metadata.yml`` that says whose it is
nbgrader      ``ada/exercise03/backprop.ipynb`` in the course's ``submitted/``
a folder      ``ada/backprop.py`` or ``ada.py``
============  =============================================================================================

A folder around all of these is passed over, and so is what platforms number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from dlgrade.batch import gradescope_names
from dlgrade.batch.members import METADATA, suffix_of
from dlgrade.batch.model import Entry, Student, Tree
from dlgrade.submission.model import printable

_MOODLE = re.compile(
    r"(?P<name>.+)_(?P<id>\d+)_assignsubmission_(?P<kind>file|onlinetext)_?(?P<rest>.*)", re.DOTALL
)
_CANVAS = re.compile(r"(?P<name>[^_]+)_(?P<late>LATE_)?(?P<id>\d+)_(?P<file>\d+)_(?P<rest>.+)", re.DOTALL)
_SUBMISSION = re.compile(r"submission_\d+")


@dataclass
class Pile:
    """What one student handed in, before the file to grade is chosen.

    Attributes
    ----------
    entries
        Their files; the parts begin below what names the student.
    shown
        For each file the path that it has among the submissions.
    """

    student: Student
    entries: list[Entry] = field(default_factory=list)
    shown: dict[tuple[str, ...], str] = field(default_factory=dict)
    late: bool = False

    def add(self, entry: Entry, parts: tuple[str, ...]) -> None:
        """Add a file under the path that it has below the student."""
        self.entries.append(Entry(parts, entry.at, entry.problem))
        self.shown[parts] = printable("/".join(entry.parts), 500)


class Piles:
    """Piles by whom they belong to, in the order in which these come up."""

    def __init__(self) -> None:
        self._by_key: dict[str, Pile] = {}

    def of(self, student: Student) -> Pile:
        """Return the pile of a student, a new one if there is none."""
        return self._by_key.setdefault(student.key, Pile(student))

    def __iter__(self) -> Iterator[Pile]:
        return iter(self._by_key.values())


def recognise(tree: Tree, container: str) -> tuple[str, Piles]:
    """Tell the platform by the names, and sort the files by student.

    Parameters
    ----------
    tree
        All that was handed in; what is left out is added to its notes.
    container
        The name of the folder or archive.

    Returns
    -------
    tuple of str and Piles
        What the platform is called, and the piles.
    """
    for depth in (0, 1):
        kind = _kind(tree, depth)
        if kind is not None:
            return kind[0], kind[1](tree, depth)
    return "a folder for each student", _folders(tree, _shared_root(tree, container))


def _kind(tree: Tree, depth: int) -> tuple[str, Callable[[Tree, int], Piles]] | None:
    names = [*(e.parts for e in tree.entries), *tree.folders]
    if len({parts[:depth] for parts in names}) > 1:
        return None
    tops = {parts[depth] for parts in names if len(parts) > depth}
    if METADATA in tops and any(_SUBMISSION.fullmatch(top) for top in tops):
        return "Gradescope", _gradescope
    if _most(_MOODLE, tops):
        return "Moodle", _moodle
    if _most(_CANVAS, {e.parts[depth] for e in tree.entries if len(e.parts) == depth + 1} or tops):
        return "Canvas", _canvas
    return None


def _most(pattern: re.Pattern[str], names: set[str]) -> bool:
    """Say whether a platform gave most of the names; teachers put a file of their own beside them."""
    return sum(pattern.fullmatch(name) is not None for name in names) * 2 > len(names)


def _moodle(tree: Tree, depth: int) -> Piles:
    piles = Piles()
    for parts in sorted(folder for folder in tree.folders if len(folder) == depth + 1):
        match = _MOODLE.fullmatch(parts[depth])
        if match is None:
            continue
        if match["kind"] == "file":
            piles.of(_named(match))
        else:
            _left_out_text(tree, match)
    for entry in tree.entries:
        match = _MOODLE.fullmatch(entry.parts[depth])
        if match is None:
            _left_out(tree, entry, "Moodle's")
        elif match["kind"] == "file":
            # Without folders, the file's own name stands right behind the platform's words.
            own = (match["rest"],) if len(entry.parts) == depth + 1 else entry.parts[depth + 1 :]
            piles.of(_named(match)).add(entry, own)
        elif len(entry.parts) == depth + 1:
            _left_out_text(tree, match)
    return piles


def _left_out(tree: Tree, entry: Entry, whose: str) -> None:
    name = printable("/".join(entry.parts), 100)
    tree.notes.append(f"{name!r} was left out: its name is none of {whose}.")


def _left_out_text(tree: Tree, match: re.Match[str]) -> None:
    tree.notes.append(f"{printable(match['name'])!r} typed text into Moodle, which was left out.")


def _canvas(tree: Tree, depth: int) -> Piles:
    piles = Piles()
    for entry in tree.entries:
        match = _CANVAS.fullmatch(entry.parts[depth])
        if match is None or len(entry.parts) > depth + 1:
            _left_out(tree, entry, "Canvas'")
            continue
        pile = piles.of(_named(match))
        pile.late = pile.late or match["late"] is not None
        pile.add(entry, (match["rest"],))
    return piles


def _named(match: re.Match[str]) -> Student:
    """Make a student of a name and a number: two may have the same name."""
    return Student(f"{match['name']}_{match['id']}", name=match["name"], account=match["id"])


def _gradescope(tree: Tree, depth: int) -> Piles:
    listing = next(e for e in tree.entries if e.parts[depth:] == (METADATA,))
    people = gradescope_names.read(listing.at) if isinstance(listing.at, Path) else {}
    piles = Piles()
    files: dict[str, list[Entry]] = {parts[depth]: [] for parts in tree.folders if len(parts) > depth}
    for entry in tree.entries:
        if len(entry.parts) > depth + 1:
            files.setdefault(entry.parts[depth], []).append(entry)
    for folder in sorted(files):
        # A group hands in together, and each of it gets the grade.
        for student in people.get(folder) or [Student(folder, account=folder.rpartition("_")[2])]:
            pile = piles.of(student)
            for entry in files[folder]:
                pile.add(entry, entry.parts[depth + 1 :])
    return piles


def _folders(tree: Tree, depth: int) -> Piles:
    piles = Piles()
    for parts in sorted(folder for folder in tree.folders if len(folder) == depth + 1):
        piles.of(Student(parts[depth]))
    for entry in tree.entries:
        own = entry.parts[depth:]
        if len(own) > 1:
            piles.of(Student(own[0])).add(entry, own[1:])
        elif own[0] != METADATA:
            piles.of(Student(own[0].removesuffix(_suffix(own[0])))).add(entry, own)
    return piles


def _suffix(name: str) -> str:
    return name[len(name) - len(suffix_of(name)) :]


def _shared_root(tree: Tree, container: str) -> int:
    """Tell whether one folder around all is the class's, and not the only student's."""
    names: Sequence[tuple[str, ...]] = [*(entry.parts for entry in tree.entries), *tree.folders]
    tops = {parts[0] for parts in names}
    if len(tops) != 1 or any(len(entry.parts) == 1 for entry in tree.entries):
        return 0
    top = tops.pop()
    stem = PurePath(container).name.removesuffix(_suffix(container))
    folders = tree.folders | {entry.parts[:-1] for entry in tree.entries}
    inner = {parts[1] for parts in folders if len(parts) > 1}
    is_archive = bool(suffix_of(container))
    return int(is_archive and (top in (stem, "submitted") or len(inner) > 1))
