"""Archives that nobody can be trusted to have made: what comes out of them, and what never does."""

import gzip
import io
import os
import stat
import struct
import tarfile
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from dlgrade.batch import archives
from dlgrade.batch.archives import STUDENT, Bounds
from dlgrade.batch.spool import Spool
from dlgrade.errors import ArchiveError

MIB = 1 << 20


@pytest.fixture
def spool():
    with Spool() as opened:
        yield opened


def zipped(folder: Path, *members, name="class.zip", packing=zipfile.ZIP_DEFLATED) -> Path:
    path = folder / name
    with zipfile.ZipFile(path, "w", packing) as archive:
        for member, data in members:
            archive.writestr(member, data)
    return path


def tarred(folder: Path, *members, name="class.tar.gz") -> Path:
    path = folder / name
    with tarfile.open(path, "w:gz" if name.endswith("gz") else "w") as archive:
        for member, data in members:
            info = member if isinstance(member, tarfile.TarInfo) else tarfile.TarInfo(member)
            if info.isreg():
                info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path


def unpacked(path: Path, spool: Spool, bounds: Bounds = STUDENT):
    return archives.unpack(path, path.name, spool, bounds)


def paths(tree) -> list[str]:
    return ["/".join(entry.parts) for entry in tree.entries]


def link_in_zip(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


@pytest.mark.parametrize("make", [zipped, tarred])
def test_what_can_be_graded_is_unpacked_and_nothing_else_is(make, tmp_path, spool):
    """Code comes out with its bytes; pictures, hidden files and what macOS adds do not."""
    path = make(
        tmp_path,
        ("ada/backprop.py", b"x = 1\n"),
        ("ada/photo.png", b"png"),
        ("__MACOSX/ada/backprop.py", b"junk"),
        ("ada/.hidden.py", b"junk"),
        ("bob/work.ipynb", b"{}"),
    )
    tree = unpacked(path, spool)
    assert paths(tree) == ["ada/backprop.py", "bob/work.ipynb"]
    assert tree.entries[0].at.read_bytes() == b"x = 1\n"
    assert stat.S_IMODE(tree.entries[0].at.stat().st_mode) == 0o600


@pytest.mark.parametrize("make", [zipped, tarred])
@pytest.mark.parametrize(
    "name", ["../evil.py", "ada/../../evil.py", "/etc/evil.py", "C:\\evil.py", "..\\evil.py", "\\evil.py"]
)
def test_a_path_that_leads_out_is_left_out_with_a_note(name, make, tmp_path, spool):
    """Neither `..` nor an absolute path, in either system's writing, names anything."""
    tree = unpacked(make(tmp_path, (name, b"evil"), ("ada.py", b"x")), spool)
    assert paths(tree) == ["ada.py"]
    assert len(tree.notes) == 1
    assert "leads out" in tree.notes[0]
    assert not (tmp_path / "evil.py").exists()


def test_links_and_devices_in_a_tar_are_left_out(tmp_path, spool):
    """A symbolic link, a hard link, a device, a pipe and a sparse file are no submissions."""
    odd = []
    for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE):
        info = tarfile.TarInfo(f"odd{len(odd)}.py")
        info.type, info.linkname = kind, "/etc/passwd"
        odd.append((info, b""))
    tree = unpacked(tarred(tmp_path, *odd, ("ada.py", b"x")), spool)
    assert paths(tree) == ["ada.py"]
    assert len(tree.notes) == 5


def test_a_link_in_a_zip_is_left_out(tmp_path, spool):
    """A member that says it is a symbolic link is not read as one, nor as a file."""
    tree = unpacked(zipped(tmp_path, (link_in_zip("ada.py"), "/etc/passwd"), ("bob.py", b"x")), spool)
    assert paths(tree) == ["bob.py"]
    assert "a link" in tree.notes[0]


def test_a_name_with_newlines_and_control_characters_is_only_a_name(tmp_path, spool):
    """It is kept as it is, and what is shown of it is one harmless line."""
    tree = unpacked(zipped(tmp_path, ("a\nb\x1b[31m/c.py", b"x"), ("../\x07.py", b"x")), spool)
    assert tree.entries[0].parts == ("a\nb\x1b[31m", "c.py")
    assert tree.notes[0].isprintable()
    assert tree.entries[0].at.name == "it.py"


def test_names_that_differ_in_capitals_only_are_both_there_and_noted(tmp_path, spool):
    """On no system does one overwrite the other."""
    tree = unpacked(zipped(tmp_path, ("ada/A.py", b"1"), ("ada/a.py", b"2")), spool)
    assert sorted(entry.at.read_bytes() for entry in tree.entries) == [b"1", b"2"]
    assert "capitals" in tree.notes[0]


def test_a_member_that_is_too_large_is_said_to_be_and_not_unpacked(tmp_path, spool):
    """Its student gets the sentence that a file of that size would get."""
    tree = unpacked(zipped(tmp_path, ("ada.py", bytes(3 * MIB)), packing=zipfile.ZIP_STORED), spool)
    assert tree.entries[0].at is None
    assert "the limit is 1 MiB" in tree.entries[0].problem


@pytest.mark.parametrize("make", [zipped, tarred])
def test_a_bomb_of_many_files_is_refused_early(make, tmp_path, spool):
    """What unpacks to hundreds of times its size is refused, and little memory is used for it."""
    path = make(tmp_path, *((f"s{number}.ipynb", bytes(8 * MIB - 1)) for number in range(12)))
    tracemalloc.start()
    with pytest.raises(ArchiveError, match="taken for a bomb"):
        unpacked(path, spool)
    assert tracemalloc.get_traced_memory()[1] < 60 * MIB
    tracemalloc.stop()


def test_a_size_that_lies_is_found_out(tmp_path, spool):
    """A zip whose list says 10 bytes while 100 MB come out gives no more than the limit."""
    path = zipped(tmp_path, ("ada.py", bytes(100 * MIB)))
    data = path.read_bytes().replace(struct.pack("<I", 100 * MIB), struct.pack("<I", 10))
    path.write_bytes(data)
    with pytest.raises(ArchiveError, match="torn"):
        unpacked(path, spool)


def test_too_many_entries_are_refused_before_they_are_read(tmp_path, spool):
    """The count is taken from the end of a zip, and as one goes in a tar."""
    bounds = Bounds(entries=50, unpacked=MIB)
    many = [(f"{number}.txt", b"") for number in range(51)]
    for path in (zipped(tmp_path, *many), tarred(tmp_path, *many)):
        with pytest.raises(ArchiveError, match="more than 50 files"):
            unpacked(path, spool, bounds)


def test_an_endless_list_of_contents_is_refused_by_its_size(tmp_path, spool):
    """A zip that says its list has 4 GiB is not listed."""
    path = zipped(tmp_path, ("ada.py", b"x"))
    data = bytearray(path.read_bytes())
    struct.pack_into("<I", data, data.rfind(b"PK\5\6") + 12, 0xFFFFFFF0)
    path.write_bytes(data)
    with pytest.raises(ArchiveError, match="files and folders"):
        unpacked(path, spool)


def test_an_encrypted_zip_is_refused_with_the_reason(tmp_path, spool):
    """Nobody is asked for a password."""
    path = zipped(tmp_path, ("ada.py", b"x"))
    data = bytearray(path.read_bytes())
    data[data.find(b"PK\1\2") + 8] |= 1
    path.write_bytes(data)
    with pytest.raises(ArchiveError, match="encrypted"):
        unpacked(path, spool)


@pytest.mark.parametrize("name", ["class.zip", "class.tar.gz", "class.tar"])
def test_an_archive_torn_anywhere_is_refused_in_one_sentence(name, tmp_path, spool):
    """Whatever the place where it broke off: nothing is taken for the whole of it."""
    make = zipped if name.endswith("zip") else tarred
    path = make(tmp_path, *((f"s{n}/a.py", os.urandom(700)) for n in range(6)), name=name)
    whole = path.read_bytes()
    cuts = {0, 1, 10, 512, len(whole) - 1, *range(100, len(whole), 517)}
    if name == "class.tar":
        # What comes after the two blocks of zeros that end it is padding.
        cuts = {cut for cut in cuts if cut <= 6 * 1536}
    for cut in sorted(cuts):
        path.write_bytes(whole[:cut])
        with pytest.raises(ArchiveError) as caught:
            unpacked(path, spool)
        assert str(caught.value) == f"{name} is torn, or no archive: get it again, and run the command again."
    path.write_bytes(whole)
    assert len(unpacked(path, spool).entries) == 6


def test_noise_is_no_archive(tmp_path, spool):
    """Whatever bytes there are: one sentence, and no other exception."""
    for name in ("noise.zip", "noise.tar.gz", "noise.tar"):
        path = tmp_path / name
        for _ in range(30):
            path.write_bytes(os.urandom(3000))
            with pytest.raises(ArchiveError):
                unpacked(path, spool)


def test_flipped_bits_give_what_was_there_or_a_sentence(tmp_path, spool):
    """510 archives with broken bytes: members with the right bytes, or a sentence."""
    data = {f"s{n}/a.py": f"x = {n}\n".encode() * 20 for n in range(4)}
    for make, name in ((zipped, "a.zip"), (tarred, "a.tar.gz"), (tarred, "a.tar")):
        path = make(tmp_path, *data.items(), name=name)
        whole = path.read_bytes()
        for number in range(170):
            broken = bytearray(whole)
            for step in range(1 + number % 3):
                broken[(number * 7919 + step * 104_729) % len(broken)] ^= 1 << number % 8
            path.write_bytes(broken)
            try:
                tree = unpacked(path, spool)
            except ArchiveError:
                continue
            if name != "a.tar":  # which has no checksum over its data
                # A size that was hit makes a file too large, which is said and not read.
                kept = [entry.at.read_bytes() for entry in tree.entries if not entry.problem]
                assert set(kept) <= set(data.values())


def test_an_endless_stream_of_zeros_is_a_bomb(tmp_path, spool):
    """A .tar.gz that is a gigabyte of one member that nobody wants is not unpacked to its end."""
    path = tmp_path / "class.tar.gz"
    info = tarfile.TarInfo("movie.mp4")
    info.size = 1 << 30
    with gzip.open(path, "wb", 9) as file:
        file.write(info.tobuf())
        for _ in range(200):
            file.write(bytes(MIB))
    with pytest.raises(ArchiveError, match=r"bomb|torn"):
        unpacked(path, spool)


def test_headers_that_nest_for_ever_are_refused(tmp_path, spool):
    """Ten thousand long names, one after another, end in a sentence and not in a lack of stack."""
    header = tarfile.TarInfo("././@LongLink")
    header.type, header.size = tarfile.GNUTYPE_LONGNAME, 5
    piece = header.tobuf(tarfile.GNU_FORMAT) + b"a.py\0".ljust(512, b"\0")
    path = tmp_path / "class.tar"
    path.write_bytes(piece * 10_000)
    with pytest.raises(ArchiveError):
        unpacked(path, spool)


def test_a_full_disk_is_said_to_be_full(tmp_path, spool, monkeypatch):
    """A spool that cannot be written to is no fault of the archive's."""
    from dlgrade.errors import IntakeError

    path = zipped(tmp_path, ("ada.py", b"x"))

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "open", full)
    with pytest.raises(IntakeError, match="No space left") as caught:
        spool.add(b"x", "a.py")
    assert not isinstance(caught.value, ArchiveError)
    assert path.is_file()


def test_what_a_killed_process_left_is_removed_by_the_next(tmp_path, monkeypatch):
    """A spool that nobody holds goes; one that is in use stays, and so does everything else."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    (tmp_path / "dlgrade-spool-dead" / "000001").mkdir(parents=True)
    (tmp_path / "dlgrade-spool-file").write_text("no folder")
    (tmp_path / "other").mkdir()
    (tmp_path / "dlgrade-spool-link").symlink_to(tmp_path / "other")
    with Spool() as first:
        path = first.add(b"x", "a.py")
        with Spool():
            assert path.exists()
        assert not (tmp_path / "dlgrade-spool-dead").exists()
    left = {"dlgrade-spool-file", "dlgrade-spool-link", "other"}
    assert {each.name for each in tmp_path.iterdir()} == left


def test_the_spool_leaves_nothing_behind(tmp_path, monkeypatch):
    """All that was unpacked goes when it is closed."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with Spool() as spool:
        path = spool.add(b"x", "a.py")
        spool.add(b"y", "b.py")
        spool.drop(path)
        assert not path.exists()
    assert list(tmp_path.iterdir()) == []
