"""Shipped data: what it is, and what is refused; and what the larger data are read from."""

import hashlib
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from dlgrade import datasets
from dlgrade.datasets import fetching
from dlgrade.errors import DatasetError

SAID = """
source = "a garden"
licence = "CC0"
made_by = "make_flowers.py"
sha256 = "{sha256}"
notes = "more"
"""


def describe(folder: Path, name: str = "flowers") -> None:
    digest = hashlib.sha256((folder / f"{name}.npz").read_bytes()).hexdigest()
    (folder / f"{name}.toml").write_text(SAID.format(sha256=digest), encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with one small data set."""
    np.savez(tmp_path / "flowers.npz", X=np.arange(6.0).reshape(3, 2), y=np.array([0, 1, 1], dtype=np.int8))
    describe(tmp_path)
    return tmp_path


def test_a_data_set_is_loaded_as_plain_arrays(folder: Path):
    flowers = datasets.load("flowers", folder)
    assert sorted(flowers) == ["X", "y"]
    np.testing.assert_array_equal(flowers["X"], [[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]])
    assert flowers["y"].dtype == np.int8


def test_each_load_gives_arrays_of_its_own(folder: Path):
    datasets.load("flowers", folder)["X"][:] = -1.0
    assert datasets.load("flowers", folder)["X"][0, 1] == 1.0


def test_a_source_says_where_data_come_from(folder: Path):
    said = datasets.source("flowers", folder)
    assert (said.source, said.licence, said.made_by) == ("a garden", "CC0", "make_flowers.py")


@pytest.mark.parametrize("name", ["flower", "", "../flowers", "flowers.npz", "*"])
def test_an_unknown_name_is_refused_with_those_there_are(folder: Path, name: str):
    with pytest.raises(DatasetError, match=r"^There is no data set .*; there are flowers\.$"):
        datasets.load(name, folder)


def test_one_changed_byte_is_noticed(folder: Path):
    raw = bytearray((folder / "flowers.npz").read_bytes())
    raw[len(raw) // 2] ^= 1
    (folder / "flowers.npz").write_bytes(raw)
    with pytest.raises(DatasetError, match=r"flowers\.npz is not the file that was shipped"):
        datasets.load("flowers", folder)


def test_a_torn_file_is_noticed(folder: Path):
    raw = (folder / "flowers.npz").read_bytes()
    (folder / "flowers.npz").write_bytes(raw[:100])
    with pytest.raises(DatasetError, match="is not the file that was shipped"):
        datasets.load("flowers", folder)


@pytest.mark.parametrize("raw", [b"", b"no archive", b"PK\x03\x04"])
def test_what_is_no_archive_is_refused_even_with_the_right_checksum(folder: Path, raw: bytes):
    (folder / "flowers.npz").write_bytes(raw)
    describe(folder)
    with pytest.raises(DatasetError, match=r"flowers\.npz does not hold plain arrays"):
        datasets.load("flowers", folder)


def test_objects_are_not_unpickled(folder: Path):
    np.savez(folder / "flowers.npz", X=np.array([print], dtype=object))
    describe(folder)
    with pytest.raises(DatasetError, match="does not hold plain arrays"):
        datasets.load("flowers", folder)


def test_a_single_array_is_no_data_set(folder: Path):
    with (folder / "flowers.npz").open("wb") as file:
        np.save(file, np.arange(3))
    describe(folder)
    with pytest.raises(DatasetError, match="does not hold plain arrays"):
        datasets.load("flowers", folder)


def test_data_of_unknown_origin_are_refused(folder: Path):
    (folder / "flowers.toml").unlink()
    with pytest.raises(DatasetError, match=r"has no flowers\.toml, which says where it comes from"):
        datasets.load("flowers", folder)


@pytest.mark.parametrize("text", ["source = 3", 'source = "a garden"', "source = ", "\xff"])
def test_a_description_that_says_too_little_is_refused(folder: Path, text: str):
    (folder / "flowers.toml").write_text(text, encoding="latin-1")
    with pytest.raises(DatasetError, match=r"flowers\.toml does not describe a data set"):
        datasets.load("flowers", folder)


def test_the_shipped_data_sets_are_what_was_shipped():
    assert "iris" in datasets.names()
    for name in datasets.names():
        assert all(array.size for array in datasets.load(name).values())


def test_iris_is_iris():
    iris = datasets.load("iris")
    assert (iris["X"].shape, iris["y"].shape) == ((150, 4), (150,))
    assert np.bincount(iris["y"]).tolist() == [50, 50, 50]
    # What Fisher (1936) says of the mean setosa.
    np.testing.assert_allclose(iris["X"][iris["y"] == 0].mean(axis=0), [5.006, 3.428, 1.462, 0.246])


def test_larger_reads_what_a_path_names(tmp_path, write_mnist):
    """A folder or a file in it, as text or as a path."""
    arrays = write_mnist(tmp_path)
    for path in (tmp_path, str(tmp_path), tmp_path / "train-labels-idx1-ubyte"):
        np.testing.assert_array_equal(datasets.larger(path).y_train, arrays["train_labels"])


@pytest.fixture
def downloads(tmp_path: Path, monkeypatch, write_mnist) -> list[tuple[str, Path | None]]:
    """Put a small data set in the place of every download, and list what was asked for."""
    asked = []

    def download(name: str, folder: Path | None = None) -> Path:
        asked.append((name, folder))
        write_mnist(tmp_path / "cache" / name)
        return tmp_path / "cache" / name

    monkeypatch.setattr(fetching, "download", download)
    monkeypatch.chdir(tmp_path)
    return asked


def test_larger_downloads_what_a_name_means(tmp_path: Path, downloads):
    """Each of the names is one, and the folder for downloads is passed on."""
    assert fetching.NAMES == ("mnist", "fashion-mnist", "cifar-10")
    assert datasets.larger("fashion-mnist").name == "Fashion-MNIST"
    assert datasets.larger("mnist", tmp_path).name == "MNIST"
    assert downloads == [("fashion-mnist", None), ("mnist", tmp_path)]


def test_a_folder_with_the_name_of_a_download_is_read(tmp_path: Path, downloads, write_mnist):
    """What is there already is not downloaded."""
    write_mnist(tmp_path / "mnist")
    assert len(datasets.larger("mnist").y_train) == 7
    assert downloads == []


def test_neither_path_nor_name_is_refused_with_the_names_there_are(downloads):
    """A typing error downloads nothing."""
    with pytest.raises(
        DatasetError, match=r"^There is no file or folder 'mnits', and .*; there are mnist, fash"
    ):
        datasets.larger("mnits")
    assert downloads == []


def test_importing_the_data_sets_imports_nothing_that_fetches_or_computes():
    """Neither the network nor NumPy nor rich is paid for before it is used."""
    heavy = "{'urllib.request', 'http.client', 'socket', 'ssl', 'rich', 'numpy', 'tarfile'}"
    script = f"import sys, dlgrade.datasets; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
