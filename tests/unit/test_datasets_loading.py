"""From files to small images: where they are looked for, how they are made small, what is refused."""

import errno
import gzip
import io
import os
import tarfile
from pathlib import Path

import numpy as np
import pytest

from dlgrade.datasets import formats, loading
from dlgrade.errors import DatasetError

RNG = np.random.default_rng(0)
BATCHES = [f"data_batch_{k}.bin" for k in range(1, 6)]


def pixels(*shape: int) -> np.ndarray:
    return RNG.integers(0, 256, shape, dtype=np.uint8)


def records(count: int) -> tuple[bytes, np.ndarray, np.ndarray]:
    x, y = pixels(count, 3, 32, 32), RNG.integers(0, 10, count, dtype=np.uint8)
    return b"".join(bytes([k]) + image.tobytes() for k, image in zip(y, x, strict=True)), x, y


def write_cifar10(folder: Path) -> dict[str, tuple[bytes, np.ndarray, np.ndarray]]:
    folder.mkdir(parents=True, exist_ok=True)
    made = {name: records(2) for name in [*BATCHES, "test_batch.bin"]}
    for name, (raw, _, _) in made.items():
        (folder / name).write_bytes(raw)
    return made


def archive(path: Path, members: dict[str, bytes], *others: tarfile.TarInfo, mode: str = "w:gz") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path, mode) as file:
        for name, raw in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(raw)
            file.addfile(member, io.BytesIO(raw))
        for member in others:
            file.addfile(member)
    return path


def batches(folder: str = "cifar-10-batches-bin/") -> dict[str, bytes]:
    return {f"{folder}{name}": records(2)[0] for name in [*BATCHES, "test_batch.bin"]}


# Where the files are.


@pytest.mark.parametrize(("pack", "ending"), [(bytes, ""), (gzip.compress, ".gz"), (gzip.compress, "")])
@pytest.mark.parametrize("dot", ["-", "."])
def test_mnist_is_read_packed_or_not_by_either_name(tmp_path, write_mnist, pack, ending: str, dot: str):
    """-idx3-ubyte and .idx3-ubyte, with .gz and without."""
    arrays = write_mnist(tmp_path, pack=pack, ending=ending, dot=dot)
    split = loading.load(tmp_path)
    assert split.name == "MNIST"
    assert (split.X_train.shape, split.X_val.shape) == ((7, 1, 8, 8), (3, 1, 8, 8))
    assert (split.X_train.dtype, split.y_train.dtype) == (np.float32, np.int64)
    np.testing.assert_array_equal(split.y_train, arrays["train_labels"])
    np.testing.assert_array_equal(split.y_val, arrays["t10k_labels"])
    np.testing.assert_array_equal(split.X_val, loading.shrink(arrays["t10k_images"]))


def test_a_folder_above_or_a_file_of_it_may_be_named(tmp_path, write_mnist):
    """Two folders up is found, and so are the files beside the one that is named."""
    write_mnist(tmp_path / "FashionMNIST" / "raw", pack=gzip.compress, ending=".gz")
    for path in (tmp_path, str(tmp_path / "FashionMNIST" / "raw" / "t10k-labels-idx1-ubyte.gz")):
        split = loading.load(path)
        assert (split.name, len(split.y_train)) == ("Fashion-MNIST", 7)
    (tmp_path / "a").mkdir()
    (tmp_path / "FashionMNIST").rename(tmp_path / "a" / "FashionMNIST")
    with pytest.raises(DatasetError, match="holds neither"):
        loading.load(tmp_path)


def test_the_folder_alone_tells_fashion_from_digits(tmp_path, write_mnist):
    """The files of both have the same names; a folder far above says nothing of them."""
    for folder, name in (("fashion-mnist", "Fashion-MNIST"), ("my-fashion/data/digits", "MNIST")):
        write_mnist(tmp_path / folder)
        assert loading.load(tmp_path / folder).name == name


def test_cifar10_is_read_from_its_folder(tmp_path):
    """Five batches are for training and one is for validation; colours become grey."""
    made = write_cifar10(tmp_path / "cifar-10-batches-bin")
    split = loading.load(tmp_path)
    assert split.name == "CIFAR-10"
    assert (split.X_train.shape, split.X_val.shape) == ((10, 1, 8, 8), (2, 1, 8, 8))
    np.testing.assert_array_equal(split.y_train, np.concatenate([made[name][2] for name in BATCHES]))
    red, green, blue = made["test_batch.bin"][1][0].astype(float)
    grey = 0.299 * red + 0.587 * green + 0.114 * blue
    np.testing.assert_allclose(split.X_val[0, 0, 0, 0], grey[:4, :4].mean() / 255, rtol=1e-5)


@pytest.mark.parametrize(("ending", "mode"), [(".tar.gz", "w:gz"), (".tgz", "w:gz"), (".tar", "w")])
def test_cifar10_is_read_from_its_archive(tmp_path, ending: str, mode: str):
    """The archive, or the folder that it lies in, gives what its files give, unpacked beside it or not."""
    made = write_cifar10(tmp_path / "unpacked")
    members = {f"cifar-10-batches-bin/{name}": raw for name, (raw, _, _) in made.items()}
    path = archive(tmp_path / f"cifar-10-binary{ending}", members, mode=mode)
    want = loading.load(tmp_path / "unpacked")
    for place in (path, tmp_path):
        same = loading.load(place)
        assert same.name == "CIFAR-10"
        np.testing.assert_array_equal(same.X_train, want.X_train)
        np.testing.assert_array_equal(same.y_val, want.y_val)
    for name in made:
        (tmp_path / "unpacked" / name).unlink()
    np.testing.assert_array_equal(loading.load(tmp_path).X_train, want.X_train)


# How an image is made small.


def test_an_image_is_averaged_over_what_each_pixel_covers():
    """28 pixels make 8 of 3.5 each: the one in the middle counts half on either side."""
    image = np.zeros((1, 28, 28), np.uint8)
    image[0, :, :7] = 255  # two pixels of 3.5 each
    image[0, 7, 27] = 255  # the rows of the third pixel are 7 to 10.5
    small = loading.shrink(image)[0, 0]
    np.testing.assert_allclose(small[:, :2], 1.0, rtol=1e-6)
    np.testing.assert_allclose(small[2, 7], 1 / 3.5**2, rtol=1e-6)
    assert small[:2, 7].sum() == small[3:, 7].sum() == 0.0
    image[0, :, 7:] = 0
    image[0, 3, :] = 255  # row 3 lies half in the first pixel, half in the second
    small = loading.shrink(image)[0, 0]
    np.testing.assert_allclose(small[:, 7], [0.5 / 3.5, 0.5 / 3.5, 0, 0, 0, 0, 0, 0], rtol=1e-6)


@pytest.mark.parametrize("sides", [(8, 8), (28, 28), (9, 31), (3, 32, 32)])
def test_the_mean_of_an_image_stays(sides: tuple[int, ...]):
    """No pixel counts more than another, and all stay in 0..1."""
    large = pixels(5, *sides)
    grey = large if len(sides) == 2 else np.einsum("nchw,c->nhw", large, [0.299, 0.587, 0.114])
    small = loading.shrink(large)
    assert 0.0 <= small.min() <= small.max() <= 1.0
    np.testing.assert_allclose(small.mean((1, 2, 3)), grey.mean((1, 2)) / 255, rtol=1e-5)


def test_images_of_8_by_8_stay_as_they_are():
    """Only their scale changes."""
    large = pixels(3, 8, 8)
    np.testing.assert_allclose(loading.shrink(large)[:, 0], large / 255.0, rtol=1e-6)


@pytest.mark.parametrize("at_once", [1, 4 * 28 * 28])
def test_many_images_are_made_small_in_parts(monkeypatch, at_once: int):
    """It does not matter how many are held in memory at a time, at least one."""
    large = pixels(11, 28, 28)
    whole = loading.shrink(large)
    monkeypatch.setattr(loading, "_PIXELS_AT_ONCE", at_once)
    np.testing.assert_array_equal(loading.shrink(large), whole)


# What is refused, in a sentence that names the file.


@pytest.mark.parametrize(
    ("arrays", "sentence"),
    [
        ({"train_labels": pixels(6) % 10}, r"MNIST's training images: there are 7 images and 6 labels"),
        ({"t10k_labels": pixels(4) % 10}, r"MNIST's test images: there are 3 images and 4 labels"),
        ({"train_labels": np.full(7, 10, np.uint8)}, r"training images: there is a label 10"),
        ({"t10k_images": pixels(3, 4, 28)}, r"test images have shape \(4, 28\), they are too small"),
        (
            {"train_images": pixels(0, 28, 28), "train_labels": pixels(0)},
            r"training images: there is no image",
        ),
    ],
)
def test_files_that_do_not_belong_together_are_refused(tmp_path, write_mnist, arrays, sentence: str):
    """Too few labels, too many, one above 9, images too small, none at all."""
    write_mnist(tmp_path, **arrays)
    with pytest.raises(DatasetError, match=sentence):
        loading.load(tmp_path)


@pytest.mark.parametrize(
    ("name", "spoil", "sentence"),
    [
        ("train-images-idx3-ubyte", lambda raw: raw[:-100], r"^train-images-idx3-ubyte is cut short: 100 of"),
        ("t10k-images-idx3-ubyte", lambda raw: b"\1" + raw[1:], r"^t10k-images-idx3-ubyte is no IDX file"),
        ("t10k-labels-idx1-ubyte", lambda raw: gzip.compress(raw)[:-9], r"^t10k-labels.* is cut short"),
    ],
)
def test_a_spoiled_file_is_named(tmp_path, write_mnist, name: str, spoil, sentence: str):
    """Of the four, the sentence names the one that is torn or is something else."""
    write_mnist(tmp_path)
    (tmp_path / name).write_bytes(spoil((tmp_path / name).read_bytes()))
    with pytest.raises(DatasetError, match=sentence):
        loading.load(tmp_path)


def test_a_missing_file_is_named(tmp_path, write_mnist):
    """Three of four, or five of six, are not taken for the whole."""
    write_mnist(tmp_path / "a")
    (tmp_path / "a" / "t10k-labels-idx1-ubyte").unlink()
    with pytest.raises(DatasetError, match="t10k-labels-idx1-ubyte is missing"):
        loading.load(tmp_path / "a")
    write_cifar10(tmp_path / "b")
    (tmp_path / "b" / "data_batch_4.bin").unlink()
    with pytest.raises(DatasetError, match=r"data_batch_4\.bin is missing"):
        loading.load(tmp_path / "b")


def test_a_torn_batch_is_refused(tmp_path):
    """A batch that lacks its last byte is named."""
    write_cifar10(tmp_path)
    path = tmp_path / "data_batch_2.bin"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(DatasetError, match=r"data_batch_2\.bin is cut short.*3,072 bytes are left"):
        loading.load(tmp_path)


@pytest.mark.parametrize(("ending", "mode"), [(".tar.gz", "w:gz"), (".tar", "w")])
@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.8])
def test_a_torn_archive_is_refused(tmp_path, ending: str, mode: str, share: float):
    """Wherever it was torn, packed or not, nothing of it is believed."""
    path = archive(tmp_path / f"cifar-10-binary{ending}", batches(), mode=mode)
    raw = path.read_bytes()
    path.write_bytes(raw[: int(share * len(raw))])
    with pytest.raises(DatasetError, match=r"^(cifar-10-binary|data_batch_|test_batch)\S* is (cut|dam|miss)"):
        loading.load(path)


def test_an_archive_of_something_else_is_refused(tmp_path):
    """An empty one, one with other files, and one that is none at all."""
    for members in ({}, {"cifar-10-batches-py/data_batch_1": b"pickle"}):
        path = archive(tmp_path / "cifar-10-binary.tar.gz", members)
        with pytest.raises(
            DatasetError, match=r"^data_batch_1\.bin is missing in cifar-10-binary\.tar\.gz\.$"
        ):
            loading.load(path)
    path.write_bytes(b"no archive, but long enough for one block of an archive" * 20)
    with pytest.raises(DatasetError, match="cut short or damaged"):
        loading.load(path)


def test_an_archive_writes_nothing_wherever_its_members_point(tmp_path):
    """Members with ../ or an absolute path are read from the archive and leave nothing on the disk."""
    path = archive(tmp_path / "in" / "cifar-10-binary.tar.gz", batches("../../") | {"/tmp/../evil": b"x"})
    assert len(loading.load(path).y_train) == 10
    assert sorted(tmp_path.rglob("*")) == [tmp_path / "in", path]


def test_links_in_an_archive_are_not_followed(tmp_path):
    """A link is no batch, wherever it points; one that points to itself ends nothing."""
    members = batches()
    del members["cifar-10-batches-bin/data_batch_3.bin"]
    for kind, target in (
        (tarfile.SYMTYPE, "/etc/passwd"),
        (tarfile.SYMTYPE, "data_batch_3.bin"),
        (tarfile.LNKTYPE, "cifar-10-batches-bin/data_batch_3.bin"),
    ):
        link = tarfile.TarInfo("cifar-10-batches-bin/data_batch_3.bin")
        link.type, link.linkname = kind, target
        path = archive(tmp_path / "cifar-10-binary.tar.gz", members, link)
        with pytest.raises(DatasetError, match=r"data_batch_3\.bin is missing"):
            loading.load(path)


def test_a_sparse_member_costs_no_memory(tmp_path):
    """A member that claims a terabyte of holes is no batch."""
    claim = tarfile.TarInfo("cifar-10-batches-bin/data_batch_1.bin")
    claim.pax_headers = {"GNU.sparse.major": "0", "GNU.sparse.map": "0,0", "GNU.sparse.size": str(1 << 40)}
    path = archive(tmp_path / "cifar-10-binary.tar", {}, claim, mode="w")
    with pytest.raises(DatasetError, match=r"data_batch_1\.bin is missing"):
        loading.load(path)


def test_an_archive_that_unpacks_without_end_is_refused(tmp_path, monkeypatch):
    """All members together are bounded, also those that nobody asked for."""
    monkeypatch.setattr(formats, "SIZE_MAX", 1 << 20)
    path = archive(tmp_path / "cifar-10-binary.tar.gz", {"zeros": bytes(1 << 21)} | batches())
    with pytest.raises(DatasetError, match=r"cifar-10-binary\.tar\.gz holds more than 1 MiB"):
        loading.load(path)


def test_a_place_without_data_is_refused(tmp_path):
    """Nothing there, an empty folder, another file beside the right ones."""
    with pytest.raises(DatasetError, match="There is no file or folder"):
        loading.load(tmp_path / "nowhere")
    write_cifar10(tmp_path / "data")
    (tmp_path / "data" / "notes.txt").write_text("not a data set")
    (tmp_path / "empty").mkdir()
    for place in ("empty", "data/notes.txt"):
        with pytest.raises(DatasetError, match=r"holds neither the IDX files .* nor the binary batches"):
            loading.load(tmp_path / place)


def test_a_place_with_two_data_sets_is_refused(tmp_path, write_mnist):
    """Which of them is meant has to be said."""
    write_mnist(tmp_path / "mnist")
    write_cifar10(tmp_path / "cifar")
    with pytest.raises(DatasetError, match=r"more than one data set; name one of .*mnist, .*cifar\.$"):
        loading.load(tmp_path)


@pytest.mark.skipif(os.name != "posix", reason="needs links")
def test_a_link_to_a_folder_is_not_followed(tmp_path, write_mnist):
    """A folder that links to the one beside it is no second data set."""
    write_mnist(tmp_path / "mnist")
    (tmp_path / "again").symlink_to(tmp_path / "mnist")
    assert len(loading.load(tmp_path).y_train) == 7


def test_what_may_not_be_looked_at_is_told(tmp_path, monkeypatch):
    """A folder that may not be listed, and a name that is too long, end in a sentence."""
    with pytest.raises(DatasetError, match=r"cannot be read: File name too long\.$"):
        loading.load(tmp_path / ("a" * 300))
    assert loading.is_there(tmp_path / ("a" * 300))

    def refuse(path: Path):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refuse)
    with pytest.raises(DatasetError, match=r"cannot be read: Permission denied\.$"):
        loading.load(tmp_path)
