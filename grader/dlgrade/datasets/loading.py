"""From a path to training and validation images of 8 by 8 pixels, which is what exercise07's network takes.

Each pixel of the small image is the mean of the part of the large one that it covers; where it covers
a part of a pixel, that pixel counts in part. Colours become grey first, as ITU-R BT.601 weighs them.
"""

from __future__ import annotations

import io
import itertools
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dlgrade.datasets import formats
from dlgrade.datasets.formats import Bytes
from dlgrade.errors import DatasetError

SIDE = 8
_GREY = np.array([0.299, 0.587, 0.114], dtype=np.float32)
_PIXELS_AT_ONCE = 1 << 22
_DEPTH = 2
_IDX = tuple(f"{part}-{kind}" for part in ("train", "t10k") for kind in ("images-idx3", "labels-idx1"))
_BATCHES = (*(f"data_batch_{number}.bin" for number in range(1, 6)), "test_batch.bin")
_ARCHIVES = tuple(f"cifar-10-binary{ending}" for ending in (".tar.gz", ".tgz", ".tar"))


class Split(NamedTuple):
    """Images to train on and images to validate with.

    Attributes
    ----------
    X_train, X_val
        ndarray of shape (n, 1, 8, 8), float32, in 0..1.
    y_train, y_val
        ndarray of shape (n,), int64, 0 to 9.
    name
        What they are, for the report.
    """

    X_train: npt.NDArray[np.float32]
    y_train: npt.NDArray[np.int64]
    X_val: npt.NDArray[np.float32]
    y_val: npt.NDArray[np.int64]
    name: str


def load(path: Path | str) -> Split:
    """Read MNIST, Fashion-MNIST or CIFAR-10.

    Parameters
    ----------
    path
        A folder that holds, itself or up to two folders down, the four IDX files (packed or not) or the six
        binary batches of CIFAR-10, loose or in ``cifar-10-binary.tar.gz``; or one of these files.

    Raises
    ------
    DatasetError
        If there is none of these, or more than one, or a file is torn; the sentence names the file.
    """
    path = Path(path)
    try:
        return _read(path)
    except OSError as error:  # a folder that may not be listed, a name that is too long
        raise DatasetError(f"{str(path)!r} cannot be read: {error.strerror or error}.") from None


def is_there(path: Path) -> bool:
    """Whether there is a file or a folder, also one that nobody here may look at."""
    try:
        return path.exists()
    except OSError:
        return True


def shrink(images: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Make images of 8 by 8 pixels in 0..1 from grey or coloured ones of any size.

    Parameters
    ----------
    images
        ndarray of shape (n, H, W) or (n, 3, H, W), uint8.

    Returns
    -------
    ndarray of shape (n, 1, 8, 8), float32
        The mean of what each pixel covers.
    """
    down, across = (_covers(side) for side in images.shape[-2:])
    small = np.empty((len(images), 1, SIDE, SIDE), dtype=np.float32)
    step = max(1, _PIXELS_AT_ONCE // max(1, images[:1].size))
    for start in range(0, len(images), step):
        part = images[start : start + step].astype(np.float32) / 255.0
        grey = part if part.ndim == 3 else np.einsum("nchw,c->nhw", part, _GREY)
        small[start : start + step, 0] = down @ grey @ across.T
    return np.clip(small, 0.0, 1.0)  # rounding may leave 1 by its last digit


def _covers(side: int) -> npt.NDArray[np.float32]:
    """How much of each pixel of a large side belongs to each of the 8 small ones; rows add up to 1."""
    edges = np.arange(SIDE + 1) * side / SIDE
    pixels = np.arange(side)
    ends = np.minimum(edges[1:, None], pixels + 1)
    starts = np.maximum(edges[:-1, None], pixels)
    shares: npt.NDArray[np.float32] = (np.clip(ends - starts, 0.0, None) * SIDE / side).astype(np.float32)
    return shares


def _read(path: Path) -> Split:
    if path.is_dir():
        return _only(list(_folders(path, _DEPTH)), path)
    if not path.is_file():
        raise DatasetError(f"There is no file or folder {str(path)!r}.")
    if path.name in _ARCHIVES:
        return _archive(path)
    if path.name in itertools.chain.from_iterable(map(_spellings, (*_IDX, *_BATCHES))):
        return _only([path.parent], path)
    raise _nothing(path)


def _folders(path: Path, depth: int) -> Iterator[Path]:
    yield path
    if depth:
        for inner in sorted(each for each in path.iterdir() if each.is_dir() and not each.is_symlink()):
            yield from _folders(inner, depth - 1)


def _only(folders: list[Path], asked: Path) -> Split:
    """Read the one data set that lies in one of the folders."""
    idx = [folder for folder in folders if any(_find(folder, name) for name in _IDX)]
    batches = [folder for folder in folders if any(_find(folder, name) for name in _BATCHES)]
    archives = [folder / name for folder in folders for name in _ARCHIVES if (folder / name).is_file()]
    found = idx + batches or archives  # an archive that was unpacked is the same data set
    if not found:
        raise _nothing(asked)
    if len(found) > 1:
        places = ", ".join(str(place) for place in found)
        raise DatasetError(f"{str(asked)!r} holds more than one data set; name one of {places}.")
    return _mnist(idx[0]) if idx else _cifar10(batches[0]) if batches else _archive(archives[0])


def _nothing(asked: Path) -> DatasetError:
    return DatasetError(
        f"{str(asked)!r} holds neither the IDX files of MNIST or Fashion-MNIST ({_IDX[0]}-ubyte and so on) "
        f"nor the binary batches of CIFAR-10 ({_BATCHES[0]} and so on)."
    )


def _spellings(name: str) -> tuple[str, ...]:
    """Return the names under which a file goes round: -idx3-ubyte or .idx3-ubyte, packed or not."""
    if name in _BATCHES:
        return name, f"{name}.gz"
    both = f"{name}-ubyte", f"{name.replace('-idx', '.idx')}-ubyte"
    return *both, *(f"{each}.gz" for each in both)


def _find(folder: Path, name: str) -> Path | None:
    return next((folder / each for each in _spellings(name) if (folder / each).is_file()), None)


def _needed(folder: Path, name: str) -> Path:
    path = _find(folder, name)
    if path is None:
        raise DatasetError(f"{_spellings(name)[0]} is missing in {str(folder)!r}.")
    return path


def _mnist(folder: Path) -> Split:
    arrays = []
    for name in _IDX:
        path = _needed(folder, name)
        arrays.append(formats.idx(formats.read(path), 3 if "images" in name else 1, path.name))
    # The files of both have the same names; torchvision's folder is FashionMNIST/raw.
    fashion = any("fashion" in part.lower() for part in folder.resolve().parts[-2:])
    train, train_labels, val, val_labels = arrays
    return _split(train, train_labels, val, val_labels, "Fashion-MNIST" if fashion else "MNIST")


def _cifar10(folder: Path) -> Split:
    paths = [_needed(folder, name) for name in _BATCHES]
    return _joined([formats.cifar10(formats.read(path), path.name) for path in paths])


def _archive(path: Path) -> Split:
    """Read the batches out of the archive; nothing is written, so no member can go astray."""
    packed = io.BytesIO(formats.read(path))  # unpacked whole, so that its size is bounded whatever is in it
    raw: dict[str, bytes] = {}
    try:
        with tarfile.open(fileobj=packed, mode="r:") as archive:
            for member in archive:
                name = Path(member.name).name
                plain = member.isreg() and not member.issparse()  # holes would cost memory, links go round
                if name in _BATCHES and plain and (file := archive.extractfile(member)) is not None:
                    raw[name] = file.read()
    except (tarfile.TarError, EOFError, ValueError) as error:
        raise DatasetError(f"{path.name} is cut short or damaged: {error}.") from None
    for name in _BATCHES:
        if name not in raw:
            raise DatasetError(f"{name} is missing in {path.name}.")
    return _joined([formats.cifar10(raw[name], name) for name in _BATCHES])


def _joined(parts: list[tuple[Bytes, Bytes]]) -> Split:
    *train, (images, labels) = parts
    return _split(
        np.concatenate([each[0] for each in train]),
        np.concatenate([each[1] for each in train]),
        images,
        labels,
        "CIFAR-10",
    )


def _split(train: Bytes, train_labels: Bytes, val: Bytes, val_labels: Bytes, name: str) -> Split:
    """Check both parts, and make them small."""
    for part, images, labels in (("training", train, train_labels), ("test", val, val_labels)):
        formats.check_pairs(images, labels, f"{name}'s {part} images")
        if min(images.shape[-2:]) < SIDE:
            raise DatasetError(f"{name}'s {part} images have shape {images.shape[1:]}, they are too small.")
    return Split(shrink(train), train_labels.astype(np.int64), shrink(val), val_labels.astype(np.int64), name)
