"""IDX files and CIFAR-10's records: read where they are whole, refused in a sentence where they are not."""

import gzip
import struct
import tracemalloc

import numpy as np
import pytest

from dlgrade.datasets import formats
from dlgrade.errors import DatasetError

RNG = np.random.default_rng(0)
IMAGES = RNG.integers(0, 256, (5, 9, 11), dtype=np.uint8)
LABELS = np.array([3, 0, 9, 1, 1], dtype=np.uint8)
RECORD = 3073


def test_an_idx_array_is_read_as_it_was_written(idx):
    """Images and labels come back with their shape and every byte."""
    for array in (IMAGES, LABELS):
        np.testing.assert_array_equal(formats.idx(idx(array), array.ndim, "file"), array)


def spoil_type(raw: bytes) -> bytes:
    return raw[:2] + b"\x0d" + raw[3:]


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda raw: raw[:-100], r"^file is cut short: 100 of 495 bytes are missing\.$"),
        (lambda raw: raw[:16], r"cut short: 495 of 495 bytes are missing"),
        (lambda raw: raw[:10], r"no IDX file: it does not begin as one"),
        (lambda raw: b"", r"no IDX file"),
        (lambda raw: b"\1" + raw[1:], r"no IDX file"),
        (lambda raw: b"\x89PNG" + raw[4:], r"no IDX file"),
        (lambda raw: raw + b"\0\0", r"longer than its header says, by 2 bytes"),
        (spoil_type, r"holds type 0x0d with 3 axes; unsigned bytes \(0x08\) with 3 are asked for"),
        (lambda raw: raw[:3] + b"\1" + raw[4:], r"holds type 0x08 with 1 axes"),
    ],
)
def test_a_spoiled_idx_file_is_refused(idx, spoil, sentence: str):
    """Torn, of a wrong magic number, too long, of another type: the sentence says which."""
    with pytest.raises(DatasetError, match=sentence):
        formats.idx(spoil(idx(IMAGES)), 3, "file")


def test_a_header_that_promises_too_much_costs_no_memory():
    """Sides whose product is beyond any memory are only compared with what is there."""
    header = struct.pack(">HBB3I", 0, 8, 3, *[2**32 - 1] * 3)
    with pytest.raises(DatasetError, match="cut short"):
        formats.idx(header, 3, "file")


def test_a_record_is_a_label_and_three_planes():
    """The label comes first, then all red pixels, then green, then blue."""
    x, y = RNG.integers(0, 256, (2, 3, 32, 32), dtype=np.uint8), [7, 2]
    raw = b"".join(bytes([label]) + image.tobytes() for label, image in zip(y, x, strict=True))
    images, labels = formats.cifar10(raw, "file")
    np.testing.assert_array_equal(images, x)
    assert labels.tolist() == y


@pytest.mark.parametrize("size", [1, RECORD - 1, RECORD + 1, 2 * RECORD - 1])
def test_records_that_are_not_whole_are_refused(size: int):
    """One byte too few or too many is noticed."""
    with pytest.raises(DatasetError, match=r"^file is cut short, or no CIFAR-10 file: .* bytes are left"):
        formats.cifar10(bytes(size), "file")


@pytest.mark.parametrize(
    ("images", "labels", "sentence"),
    [
        (IMAGES, LABELS[:4], "file: there are 5 images and 4 labels"),
        (IMAGES[:3], LABELS, "file: there are 3 images and 5 labels"),
        (IMAGES[:0], LABELS[:0], "file: there is no image"),
        (IMAGES, np.array([3, 0, 10, 1, 1], np.uint8), "file: there is a label 10; labels are 0 to 9"),
    ],
)
def test_images_and_labels_have_to_belong_together(images, labels, sentence: str):
    """Too few labels, too many, none at all, or one above 9 are refused."""
    with pytest.raises(DatasetError, match=sentence):
        formats.check_pairs(images, labels, "file")


@pytest.mark.parametrize("name", ["file", "file.gz"])
def test_a_file_is_unpacked_by_what_it_holds(tmp_path, name: str):
    """What is packed is unpacked and what is not is not, whatever the name says."""
    for raw in (
        b"some bytes",
        gzip.compress(b"some bytes"),
        gzip.compress(b"some ") + gzip.compress(b"bytes"),
    ):
        (tmp_path / name).write_bytes(raw)
        assert formats.read(tmp_path / name) == b"some bytes"


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda raw: raw[:-9], r"^file\.gz is cut short: its gzip stream has no end\.$"),
        (lambda raw: raw[:5], r"cut short"),
        (lambda raw: raw[:12] + b"\xff" * 30, r"file\.gz is damaged"),
        (lambda raw: raw[:-8] + bytes(8), r"file\.gz is damaged: CRC check failed"),
        (lambda raw: raw[:2] + b"\1" + raw[3:], r"file\.gz is damaged: Unknown compression method"),
    ],
)
def test_a_spoiled_gzip_file_is_refused(tmp_path, spoil, sentence: str):
    """A torn stream, garbage in it, another checksum, another method."""
    (tmp_path / "file.gz").write_bytes(spoil(gzip.compress(RNG.bytes(1000))))
    with pytest.raises(DatasetError, match=sentence):
        formats.read(tmp_path / "file.gz")


def test_what_unpacks_without_end_is_refused(tmp_path, monkeypatch):
    """A small file that holds more than the bound is not unpacked to its end; nor is a large one read."""
    monkeypatch.setattr(formats, "SIZE_MAX", 1 << 20)
    (tmp_path / "bomb").write_bytes(gzip.compress(bytes(1 << 25), 1))
    (tmp_path / "large").write_bytes(bytes(1 << 25))
    for name in ("bomb", "large"):
        tracemalloc.start()
        with pytest.raises(DatasetError, match=rf"^{name} holds more than 1 MiB\.$"):
            formats.read(tmp_path / name)
        assert tracemalloc.get_traced_memory()[1] < 1 << 23
        tracemalloc.stop()


def test_a_file_that_cannot_be_opened_is_told(tmp_path):
    """What the system says stands in the sentence."""
    with pytest.raises(DatasetError, match=r"^nowhere cannot be read: No such file or directory\.$"):
        formats.read(tmp_path / "nowhere")
