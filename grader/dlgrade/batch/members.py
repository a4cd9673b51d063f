"""The members of archives: what their names may be, what is wanted of them, how much of it is read."""

from __future__ import annotations

import gzip
import io
import re
import stat
import tarfile
from pathlib import Path
from typing import IO, cast

from dlgrade.batch.model import ARCHIVES, CODE, has_suffix
from dlgrade.errors import ArchiveError
from dlgrade.submission import files

MIB = 1 << 20
METADATA = "submission_metadata.yml"
"""What Gradescope puts beside the submissions."""

_PACKED = 32 * MIB
_LONGEST = 4096
_DEEPEST = 32
_LARGEST_READ = 16 * MIB
_DRIVE = re.compile(r"[A-Za-z]:")
_JUNK = frozenset({"__MACOSX", "__pycache__", ".ipynb_checkpoints", "node_modules"})


def parts_of(name: str) -> tuple[str, ...] | None:
    """Split a member's name; None if it leads anywhere but below."""
    if "\0" in name or len(name) > _LONGEST:
        return None
    name = name.replace("\\", "/")  # as Windows writes them
    if name.startswith("/") or _DRIVE.match(name):
        return None
    parts = tuple(part for part in name.split("/") if part not in ("", "."))
    return None if not parts or ".." in parts or len(parts) > _DEEPEST else parts


def is_junk(part: str) -> bool:
    """Say whether a file or folder of that name is nothing that anybody handed in on purpose."""
    return part.startswith(".") or part in _JUNK


def is_wanted(parts: tuple[str, ...]) -> bool:
    """Say whether a file is to be unpacked: it can be graded, looked into, or says who is who."""
    known = has_suffix(parts[-1], CODE + ARCHIVES) or parts[-1] == METADATA
    return known and not any(map(is_junk, parts))


def suffix_of(name: str) -> str:
    """Return the suffix that says what a file is, in small letters."""
    return next((each for each in (*CODE, *ARCHIVES) if has_suffix(name, (each,))), "")


def limit_of(name: str) -> int:
    """Return how many bytes of a file are read at most."""
    return files.LIMITS.get(suffix_of(name), _PACKED)


def too_large(name: str, size: int, limit: int) -> str:
    """Say of a file that it is."""
    if has_suffix(name, CODE):
        return str(files.too_large(Path(name), size))
    return f"{files.shown_name(Path(name))} is {size / 1e6:.1f} MB, the limit is {limit // MIB} MiB."


def kind_of(mode: int) -> str:
    """Name what a file's mode says that it is."""
    kinds = {stat.S_IFREG: "file", stat.S_IFDIR: "folder", stat.S_IFLNK: "a link"}
    return kinds.get(stat.S_IFMT(mode), "a device or a pipe")


def kind_in_tar(info: tarfile.TarInfo) -> str:
    """Name what a member of a tar archive is."""
    if info.issparse():
        return "a sparse file"
    if info.isreg():
        return "file"
    if info.isdir():
        return "folder"
    return "a link" if info.issym() or info.islnk() else "a device or a pipe"


def bomb(shown: str) -> ArchiveError:
    """Make the error for an archive out of which too much comes."""
    return ArchiveError(f"{shown} unpacks to far more than it should: it is taken for a bomb.")


class Meter(io.RawIOBase):
    """An archive's bytes, unpacked on the way, of which only so many are given.

    Parameters
    ----------
    packed
        Whether they are packed by gzip.
    limit
        Bytes that may be read or skipped.
    shown
        What sentences call the archive.

    Attributes
    ----------
    last
        What was read last.
    """

    def __init__(self, archive: Path, *, packed: bool, limit: int, shown: str) -> None:
        super().__init__()
        self._file = _open(archive, packed=packed)
        self._limit = limit
        self._shown = shown
        self._at = 0
        self.last = b""

    def read(self, size: int = -1) -> bytes:
        """Read so many bytes; there is no reading of all the rest at once."""
        if not 0 <= size <= _LARGEST_READ:
            raise ValueError("a piece that is too large")
        self.last = self._file.read(size)
        self._at += len(self.last)
        if self._at > self._limit:
            raise bomb(self._shown)
        return self.last

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go forward, by reading; or back by a little, where the file can."""
        if whence != 0 or offset < 0 or offset > self._limit:
            raise ValueError("no way to there")
        if offset < self._at:
            self._at = self._file.seek(offset)
        while self._at < offset:
            piece = self._file.read(min(offset - self._at, MIB))
            if not piece:
                break
            self._at += len(piece)
        return self._at

    def tell(self) -> int:
        """Return how far it was read."""
        return self._at

    def drain(self) -> None:
        """Read what is left, which checks the sum at the end."""
        while self.read(MIB):
            pass

    def seekable(self) -> bool:
        """Return True: forward at least."""
        return True

    def readable(self) -> bool:
        """Return True."""
        return True

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()


def _open(archive: Path, *, packed: bool) -> IO[bytes]:
    return cast(IO[bytes], gzip.open(archive)) if packed else archive.open("rb")
