"""Looking into archives that nobody can be trusted to have made.

Nothing is extracted to where an archive says. Only files that can be graded are unpacked, each read in
memory up to its limit and written into a private folder under a number; names are words to be looked at, and
never paths.
"""

from __future__ import annotations

import stat
import struct
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NamedTuple

from dlgrade.batch import members
from dlgrade.batch.members import MIB, Meter
from dlgrade.batch.model import Entry, Tree, has_suffix
from dlgrade.batch.spool import Spool
from dlgrade.errors import ArchiveError
from dlgrade.submission.model import printable

_CHUNK = 64 * 1024
# One entry of a zip's list of contents is 46 bytes and a name, a comment and a few fields.
_LISTED = 512
_RATIO_FREE = 4 * MIB
"""Bytes that may be packed as tightly as they like: a file of blanks is no bomb."""


@dataclass(frozen=True)
class Bounds:
    """How much an archive may hold.

    Attributes
    ----------
    entries
        Files and folders in it.
    unpacked
        Bytes that may come out of it.
    ratio
        Bytes that may come out of each that is in it.
    """

    entries: int
    unpacked: int
    ratio: int = 200


CLASS = Bounds(entries=200_000, unpacked=8192 * MIB)
"""Of what a platform gives out for a whole class."""

STUDENT = Bounds(entries=2_000, unpacked=64 * MIB)
"""Of what one student handed in."""


class _Member(NamedTuple):
    name: str
    kind: str  # "file", "folder", or what else it is
    size: int
    read: Callable[[int], bytes]


def unpack(archive: Path, shown: str, spool: Spool, bounds: Bounds) -> Tree:
    """Unpack what can be graded, and list all else that matters.

    Parameters
    ----------
    archive
        The file.
    shown
        What sentences call it.
    spool
        Where files get numbers for names.
    bounds
        How much it may hold.

    Raises
    ------
    ArchiveError
        If it is torn, encrypted, no archive, or holds more than the bounds.
    """
    opened = _zip_members if has_suffix(shown, (".zip",)) else _tar_members
    tree = Tree()
    budget = _budget(archive, bounds)
    taken: dict[str, str] = {}
    for count, member in enumerate(_guarded(opened(archive, shown, bounds), shown), 1):
        if count > bounds.entries:
            raise ArchiveError(f"{shown} holds more than {bounds.entries:,} files and folders.")
        parts = members.parts_of(member.name)
        label = printable(member.name)
        if parts is None:
            tree.notes.append(f"{shown}: {label!r} was left out: its path leads out of the archive.")
        elif member.kind == "folder":
            tree.folders.add(parts)
        elif member.kind != "file":
            tree.notes.append(f"{shown}: {label!r} was left out: it is {member.kind} and no file.")
        elif members.is_wanted(parts):
            entry, size = _kept(member, parts, spool, shown)
            budget -= size
            if budget < 0:
                raise members.bomb(shown)
            tree.entries.append(entry)
            _note_double(tree, taken, parts, shown)
    tree.entries.sort(key=lambda entry: entry.parts)
    return tree


def _budget(archive: Path, bounds: Bounds) -> int:
    return min(bounds.unpacked, _RATIO_FREE + bounds.ratio * archive.stat().st_size)


def _note_double(tree: Tree, taken: dict[str, str], parts: tuple[str, ...], shown: str) -> None:
    path = "/".join(parts)
    other = taken.setdefault(path.casefold(), path)
    if other != path:
        label = printable(path)
        tree.notes.append(f"{shown}: {label!r} and {printable(other)!r} differ in capitals only.")


def _kept(member: _Member, parts: tuple[str, ...], spool: Spool, shown: str) -> tuple[Entry, int]:
    """Unpack one file, unless it is too large; what was read counts either way."""
    limit = members.limit_of(parts[-1])
    data = b""
    if member.size <= limit:
        with _sentences(shown):
            data = member.read(limit + 1)
    size = max(member.size, len(data))
    if size > limit:
        return Entry(parts, None, members.too_large(parts[-1], size, limit)), len(data)
    return Entry(parts, spool.add(data, f"it{members.suffix_of(parts[-1])}")), len(data)


class _sentences:  # noqa: N801 - reads as a statement
    """Turns whatever a reader of archives raises into one sentence."""

    def __init__(self, shown: str) -> None:
        self._shown = shown

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if error is None or isinstance(error, ArchiveError) or not isinstance(error, Exception):
            return
        if isinstance(error, NotImplementedError):
            words = printable(str(error), 80)
            raise ArchiveError(f"{self._shown} is packed in a way that cannot be read ({words}).") from None
        if isinstance(error, PermissionError | FileNotFoundError | IsADirectoryError):
            raise ArchiveError(f"{self._shown} cannot be read: {error.strerror}.") from None
        raise ArchiveError(
            f"{self._shown} is torn, or no archive: get it again, and run the command again."
        ) from None


def _guarded(found: Iterator[_Member], shown: str) -> Iterator[_Member]:
    """Pass on what is found; what the standard library raises of broken archives is of many kinds."""
    while True:
        with _sentences(shown):
            try:
                member = next(found)
            except StopIteration:
                return
        yield member


def _zip_members(archive: Path, shown: str, bounds: Bounds) -> Iterator[_Member]:
    if _size_of_list(archive) > bounds.entries * _LISTED:
        raise ArchiveError(f"{shown} holds more than {bounds.entries:,} files and folders.")
    with zipfile.ZipFile(archive) as opened:
        infos = opened.infolist()
        if len(infos) > bounds.entries:
            raise ArchiveError(f"{shown} holds more than {bounds.entries:,} files and folders.")
        if any(info.flag_bits & 1 for info in infos):
            raise ArchiveError(f"{shown} is encrypted: hand it in without a password.")
        for info in infos:

            def read(size: int, info: zipfile.ZipInfo = info) -> bytes:
                with opened.open(info) as file:
                    return _whole(file, size)

            mode = stat.S_IFMT(info.external_attr >> 16)
            kind = "folder" if info.is_dir() else members.kind_of(mode or stat.S_IFREG)
            yield _Member(info.orig_filename, kind, info.file_size, read)


def _size_of_list(archive: Path) -> int:
    """Read how long a zip's list of contents is, before all of it is read."""
    with archive.open("rb") as file:
        length = file.seek(0, 2)
        start = max(length - 66_000, 0)
        file.seek(start)
        tail = file.read()
    at = tail.rfind(b"PK\5\6")
    if at < 0 or len(tail) < at + 22:
        raise zipfile.BadZipFile
    size: int = struct.unpack_from("<I", tail, at + 12)[0]
    if size != 0xFFFFFFFF:
        return size
    at = tail.rfind(b"PK\6\6", 0, at)
    # Lists of more than 4 GiB are none that anybody made by handing in homework.
    return 1 << 62 if at < 0 or len(tail) < at + 56 else struct.unpack_from("<Q", tail, at + 40)[0]


def _tar_members(archive: Path, shown: str, bounds: Bounds) -> Iterator[_Member]:
    limit = _budget(archive, bounds) + bounds.entries * 1536
    with Meter(archive, packed=not has_suffix(shown, (".tar",)), limit=limit, shown=shown) as meter:
        with tarfile.open(fileobj=meter, mode="r:", errorlevel=1) as opened:
            while (info := opened.next()) is not None:
                opened.members = []  # type: ignore[attr-defined] # or it would keep every one it has seen
                held: tarfile.TarInfo = info

                def read(size: int, held: tarfile.TarInfo = held) -> bytes:
                    file = opened.extractfile(held)
                    assert file is not None
                    return _whole(file, size)

                yield _Member(info.name, members.kind_in_tar(info), info.size, read)
        # Where it stops is the end only if it says so; and what is packed ends with a checksum.
        if meter.last != bytes(tarfile.BLOCKSIZE):
            raise tarfile.ReadError("the end is missing")
        meter.drain()


def _whole(file: IO[bytes], size: int) -> bytes:
    """Read so many bytes, or up to the end, which checks the sum of what was packed."""
    pieces: list[bytes] = []
    left = size
    while left > 0 and (piece := file.read(min(_CHUNK, left))):
        pieces.append(piece)
        left -= len(piece)
    return b"".join(pieces)
