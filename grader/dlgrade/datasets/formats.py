"""The two binary formats, IDX and CIFAR-10's records, checked before they are believed."""

from __future__ import annotations

import gzip
import math
import zlib
from pathlib import Path
from typing import IO

import numpy as np
import numpy.typing as npt

from dlgrade.errors import DatasetError

Bytes = npt.NDArray[np.uint8]

CLASSES = 10
SIZE_MAX = 1 << 30
"""Bytes that one file may unpack to: five times what any of these holds, and little enough for a desk."""

_GZIP = b"\x1f\x8b"
_UNSIGNED_BYTE = 8
_SIDE = 32
_RECORD = 1 + 3 * _SIDE * _SIDE


def read(path: Path) -> bytes:
    """Return the bytes of a file, unpacked if it is a gzip file by its content, whatever its name.

    Raises
    ------
    DatasetError
        If it cannot be read, is torn, or holds more than `SIZE_MAX`.
    """
    try:
        with path.open("rb") as file:
            packed = file.read(len(_GZIP)) == _GZIP
            file.seek(0)
            return _unpack(file, path.name) if packed else _bounded(file, path.name)
    except OSError as error:
        raise DatasetError(f"{path.name} cannot be read: {error.strerror or error}.") from None


def idx(raw: bytes, axes: int, name: str) -> Bytes:
    """Read an IDX array of unsigned bytes.

    Parameters
    ----------
    raw
        Two zero bytes, the type, the number of axes, each side in four bytes with the largest first, data.
    axes
        How many axes it should have: 3 for images, 1 for labels.
    name
        The file's, for the errors.

    Returns
    -------
    ndarray of uint8
        A view of `raw`.

    Raises
    ------
    DatasetError
        If the header is another one, or the data are more or less than it says.
    """
    start = 4 + 4 * axes
    if len(raw) < start or raw[:2] != b"\0\0":
        raise DatasetError(f"{name} is no IDX file: it does not begin as one.")
    if (raw[2], raw[3]) != (_UNSIGNED_BYTE, axes):
        raise DatasetError(
            f"{name} holds type {raw[2]:#04x} with {raw[3]} axes; "
            f"unsigned bytes ({_UNSIGNED_BYTE:#04x}) with {axes} are asked for."
        )
    shape = [int(side) for side in np.frombuffer(raw, ">u4", axes, 4)]
    _check_length(len(raw) - start, math.prod(shape), name)
    return np.frombuffer(raw, np.uint8, offset=start).reshape(shape)


def cifar10(raw: bytes, name: str) -> tuple[Bytes, Bytes]:
    """Read records of CIFAR-10: a label and 32 by 32 pixels, all red ones first, then green, then blue.

    Returns
    -------
    images : ndarray of shape (n, 3, 32, 32), uint8
    labels : ndarray of shape (n,), uint8

    Raises
    ------
    DatasetError
        If the file is no whole number of records.
    """
    if rest := len(raw) % _RECORD:
        raise DatasetError(
            f"{name} is cut short, or no CIFAR-10 file: {rest:,} bytes are left behind the last record, "
            f"and one has {_RECORD:,}."
        )
    records = np.frombuffer(raw, np.uint8).reshape(-1, _RECORD)
    return records[:, 1:].reshape(-1, 3, _SIDE, _SIDE), records[:, 0]


def check_pairs(images: Bytes, labels: Bytes, name: str) -> None:
    """Check that there is a label of one of ten classes for every image.

    Raises
    ------
    DatasetError
        If there is not.
    """
    if len(images) != len(labels):
        raise DatasetError(f"{name}: there are {len(images):,} images and {len(labels):,} labels.")
    if not len(images):
        raise DatasetError(f"{name}: there is no image.")
    if (largest := int(labels.max())) >= CLASSES:
        raise DatasetError(f"{name}: there is a label {largest}; labels are 0 to {CLASSES - 1}.")


def _unpack(file: IO[bytes], name: str) -> bytes:
    try:
        with gzip.open(file) as unpacked:
            return _bounded(unpacked, name)  # type: ignore[arg-type]
    except EOFError:
        raise DatasetError(f"{name} is cut short: its gzip stream has no end.") from None
    except (gzip.BadGzipFile, zlib.error) as error:
        raise DatasetError(f"{name} is damaged: {error}.") from None


def _bounded(file: IO[bytes], name: str) -> bytes:
    raw = file.read(SIZE_MAX + 1)
    if len(raw) > SIZE_MAX:
        raise DatasetError(f"{name} holds more than {SIZE_MAX >> 20:,} MiB.")
    return raw


def _check_length(got: int, want: int, name: str) -> None:
    if got < want:
        raise DatasetError(f"{name} is cut short: {want - got:,} of {want:,} bytes are missing.")
    if got > want:
        raise DatasetError(f"{name} is longer than its header says, by {got - want:,} bytes.")
