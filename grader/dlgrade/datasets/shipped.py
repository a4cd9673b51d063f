"""The small real data sets that are shipped, checked against their checksums.

Each is an .npz of plain arrays beside a .toml that says where it comes from.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from dlgrade import content
from dlgrade.errors import DatasetError

if TYPE_CHECKING:
    import numpy.typing as npt


class Source(msgspec.Struct, frozen=True):
    """What must be said of a data set; its .toml may say more.

    Attributes
    ----------
    source
        Where the data come from, so that they can be found there.
    licence
        On what terms they are passed on.
    made_by
        The script beside it that wrote the .npz.
    sha256
        Of the .npz, in hexadecimal digits.
    """

    source: str
    licence: str
    made_by: str
    sha256: str


def names(folder: Path | None = None) -> tuple[str, ...]:
    """Return the names of the data sets there are.

    Parameters
    ----------
    folder
        The folder that holds them; the shipped one if None.
    """
    return tuple(sorted(path.stem for path in _folder(folder).glob("[!._]*.npz")))


def source(name: str, folder: Path | None = None) -> Source:
    """Return what is said of a data set.

    Raises
    ------
    DatasetError
        If there is none of that name, or its .toml says too little.
    """
    path = _file(name, ".toml", folder)
    try:
        return msgspec.toml.decode(path.read_bytes(), type=Source)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise DatasetError(f"{path.name} does not describe a data set: {error}.") from None


def load(name: str, folder: Path | None = None) -> dict[str, npt.NDArray[Any]]:
    """Return the arrays of a data set, as copies that are the caller's own.

    Parameters
    ----------
    name
        Such as ``"iris"``.
    folder
        The folder that holds the data sets; the shipped one if None.

    Raises
    ------
    DatasetError
        If there is none of that name, or it is torn, or is not the one that was shipped.
    """
    path = _file(name, ".npz", folder)
    # Hashed and decoded are the same bytes: what changes on disk meanwhile does not matter.
    raw = path.read_bytes()
    if hashlib.sha256(raw).hexdigest() != source(name, folder).sha256.lower():
        raise DatasetError(f"{path.name} is not the file that was shipped: its checksum differs.")
    return _arrays(raw, path.name)


def _arrays(raw: bytes, name: str) -> dict[str, npt.NDArray[Any]]:
    import numpy as np

    try:
        # No pickles: data must not be able to run anything.
        with np.load(io.BytesIO(raw), allow_pickle=False) as archive:
            return {key: archive[key] for key in archive.files}
    except (ValueError, TypeError, OSError, EOFError, zipfile.BadZipFile) as error:
        raise DatasetError(f"{name} does not hold plain arrays: {error}.") from None


def _file(name: str, suffix: str, folder: Path | None) -> Path:
    known = names(folder)
    if name not in known:
        raise DatasetError(f"There is no data set {name!r}; there are {', '.join(known) or 'none at all'}.")
    path = _folder(folder) / f"{name}{suffix}"
    if not path.is_file():
        raise DatasetError(f"The data set {name!r} has no {path.name}, which says where it comes from.")
    return path


def _folder(folder: Path | None) -> Path:
    return content.datasets_dir() if folder is None else folder
