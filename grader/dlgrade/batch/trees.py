"""What lies in a folder, or in an archive: one list of files for both."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from dlgrade.batch import archives, members
from dlgrade.batch.model import ARCHIVES, TOO_MANY, Entry, Tree, has_suffix
from dlgrade.batch.spool import Spool
from dlgrade.errors import IntakeError
from dlgrade.submission.model import printable

FILES_MAX = 2_000
"""Files and folders of one student that are looked at."""

_DEEPEST = 12


def read(path: Path, spool: Spool) -> Tree:
    """List the files of a folder, or of an archive, which is unpacked into a spool.

    Raises
    ------
    IntakeError
        If it is neither, or cannot be read.
    """
    shown = printable(path.name or str(path))
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise IntakeError(f"{printable(str(path))!r} cannot be read: {error.strerror}.") from None
    if stat.S_ISDIR(mode):
        return _folder(path)
    if stat.S_ISREG(mode) and has_suffix(path.name, ARCHIVES):
        return archives.unpack(path, shown, spool, archives.CLASS)
    kinds = ", ".join(ARCHIVES)
    raise IntakeError(f"{printable(str(path))!r} is neither a folder nor an archive ({kinds}).")


def _folder(path: Path) -> Tree:
    tree = Tree()
    try:
        found = sorted(os.scandir(path), key=lambda each: each.name)
    except OSError as error:
        raise IntakeError(f"{printable(str(path))!r} cannot be read: {error.strerror}.") from None
    for each in found:
        parts = (each.name,)
        if members.is_junk(each.name):
            continue
        if each.is_symlink():
            tree.notes.append(f"{printable(each.name)!r} was left out: it is a link.")
        elif each.is_dir(follow_symlinks=False):
            tree.folders.add(parts)
            _below(Path(each.path), parts, tree)
        elif members.is_wanted(parts):
            _add(tree, each, parts)
    tree.entries.sort(key=lambda entry: entry.parts)
    return tree


def _below(folder: Path, parts: tuple[str, ...], tree: Tree) -> None:
    """Add what one student's folder holds; one with far too much in it costs that student alone."""
    before = len(tree.entries)
    for count, (each, where) in enumerate(_walk(folder, parts), 1):
        if count > FILES_MAX or len(where) > _DEEPEST:
            del tree.entries[before:]
            much = f"more than {FILES_MAX:,} files" if count > FILES_MAX else "folders nested too deeply"
            problem = f"The folder holds {much}: hand in one file."
            tree.entries.append(Entry((*parts, TOO_MANY), None, problem))
            return
        label = printable("/".join(where))
        if each.is_symlink():
            tree.notes.append(f"{label!r} was left out: it is a link.")
        elif each.is_dir(follow_symlinks=False):
            tree.folders.add(where)
        elif members.is_wanted(where):
            _add(tree, each, where)


def _walk(folder: Path, parts: tuple[str, ...]) -> Iterator[tuple[os.DirEntry[str], tuple[str, ...]]]:
    try:
        with os.scandir(folder) as found:
            for each in found:
                if members.is_junk(each.name):
                    continue
                where = (*parts, each.name)
                yield each, where
                if each.is_dir(follow_symlinks=False) and len(where) <= _DEEPEST:
                    yield from _walk(Path(each.path), where)
    except PermissionError:
        return


def _add(tree: Tree, each: os.DirEntry[str], parts: tuple[str, ...]) -> None:
    status = each.stat(follow_symlinks=False)
    if not stat.S_ISREG(status.st_mode):
        kind = members.kind_of(status.st_mode)
        tree.notes.append(f"{printable('/'.join(parts))!r} was left out: it is {kind} and no file.")
        return
    limit = members.limit_of(each.name)
    problem = members.too_large(each.name, status.st_size, limit) if status.st_size > limit else ""
    tree.entries.append(Entry(parts, None if problem else Path(each.path), problem))
