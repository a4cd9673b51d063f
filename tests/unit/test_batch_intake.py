"""What each student handed in, by what platforms call files and folders."""

import io
import os
import tarfile
import zipfile
from pathlib import Path

import pytest

from dlgrade import catalog
from dlgrade.batch import intake, trees
from dlgrade.batch.choosing import attempt
from dlgrade.batch.spool import Spool
from dlgrade.errors import IntakeError


@pytest.fixture
def read(tmp_path, course):
    """Return a function that reads submissions for the toy, whose file is toy.py."""
    exercise = catalog.find("90", course.exercises)
    spool = Spool()

    def reading(path: Path, assignment=None):
        return intake.read(path, exercise, spool, assignment)

    yield reading
    spool.close()


def lay(folder: Path, *names: str) -> Path:
    """Write files that hold their own names; a name that ends in a slash is a folder."""
    for name in names:
        path = folder / name
        if name.endswith("/"):
            path.mkdir(parents=True)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(name)
    return folder


def packed(path: Path, *names: str) -> Path:
    """Pack files that hold their own names."""
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w") as archive:
            for name in names:
                archive.writestr(name, name)
    else:
        with tarfile.open(path, "w:gz") as archive:
            for name in names:
                info = tarfile.TarInfo(name)
                info.size = len(name)
                archive.addfile(info, io.BytesIO(name.encode()))
    return path


def found(read_in) -> dict[str, str]:
    """Return each student's chosen file, or what the problem is."""
    return {each.student.key: each.problem or each.file for each in read_in.handed}


def test_a_folder_for_each_student(tmp_path, read):
    """The exercise's file, a notebook, a file by another name, or no file; and a file without a folder."""
    lay(tmp_path, "ada/toy.py", "bob/toy.ipynb", "cy/my_work.py", "dan.py", "eve/readme.txt", "fay/")
    missing = "There is no Python file and no notebook in what was handed in."
    assert found(read(tmp_path)) == {
        "ada": "ada/toy.py",
        "bob": "bob/toy.ipynb",
        "cy": "cy/my_work.py",
        "dan": "dan.py",
        "eve": missing,
        "fay": missing,
    }


@pytest.mark.parametrize("name", ["class.zip", "class.tar.gz"])
def test_an_archive_is_read_as_the_folder_in_it_is(name, tmp_path, read):
    """With a folder around all of them or without one."""
    names = ["ada/toy.py", "bob/toy.py"]
    path = packed(tmp_path / name, *names)
    assert found(read(path)) == {"ada": "ada/toy.py", "bob": "bob/toy.py"}
    path = packed(tmp_path / name, *(f"week 3/{each}" for each in names))
    assert found(read(path)) == {"ada": "week 3/ada/toy.py", "bob": "week 3/bob/toy.py"}
    handed = read(path).handed[0]
    assert handed.at.read_text() == "week 3/ada/toy.py"


def test_moodles_archive(tmp_path, read):
    """Name, number and Moodle's words make a folder, or a prefix; typed text is left out with a note."""
    path = packed(
        tmp_path / "CS1-Backprop-42.zip",
        "Ada Lovelace_101_assignsubmission_file_/toy.py",
        "Ada Lovelace_202_assignsubmission_file_/toy.py",
        "Anne_Marie_103_assignsubmission_file_toy.py",
        "Ada Lovelace_101_assignsubmission_onlinetext_/onlinetext.html",
        "Zoë Ő_104_assignsubmission_file/work.ipynb",
    )
    result = read(path)
    assert result.platform == "Moodle"
    assert {(h.student.key, h.student.name, h.student.account) for h in result.handed} == {
        ("Ada Lovelace_101", "Ada Lovelace", "101"),
        ("Ada Lovelace_202", "Ada Lovelace", "202"),
        ("Anne_Marie_103", "Anne_Marie", "103"),
        ("Zoë Ő_104", "Zoë Ő", "104"),
    }
    assert not any(handed.problem for handed in result.handed)


@pytest.mark.parametrize(
    "names",
    [
        ["Al_1_assignsubmission_file_/toy.py", "Bo_2_assignsubmission_file_/toy.py"],
        ["al_1_2_toy.py", "bo_3_4_toy.py"],
    ],
)
def test_a_file_of_the_teachers_among_a_platforms_is_noted(names, tmp_path, read):
    """It is no student, and the others are still told by their names."""
    lay(tmp_path, *names, "solution.py")
    result = read(tmp_path)
    assert result.platform in ("Moodle", "Canvas")
    assert len(result.handed) == 2
    assert any(note.startswith("'solution.py' was left out") for note in result.notes)


def test_a_folder_called_like_the_exercise_drops_nobody(tmp_path, read):
    """Where one student has their file in such a folder and another has not, both have handed in."""
    lay(tmp_path, "ada/toy/toy.py", "bob/toy.py")
    assert found(read(tmp_path)) == {"ada": "ada/toy/toy.py", "bob": "bob/toy.py"}


def test_names_are_composed(tmp_path, read):
    """An archive from a Mac and one from elsewhere name the same student."""
    lay(tmp_path, "Zoe\u0308/toy.py")
    assert list(found(read(tmp_path))) == ["Zo\u00eb"]


def test_typed_text_in_moodle_is_noted(tmp_path, read):
    """Whoever typed text instead of handing in a file stands in the notes."""
    lay(tmp_path, "Al_1_assignsubmission_onlinetext_/", "Bo_2_assignsubmission_file_/toy.py")
    result = read(tmp_path)
    assert [handed.student.name for handed in result.handed] == ["Bo"]
    assert result.notes == ("'Al' typed text into Moodle, which was left out.",)


def test_canvas_archive(tmp_path, read):
    """Their number, the file's, LATE, and of several attempts the newest."""
    path = packed(
        tmp_path / "submissions.zip",
        "lovelaceada_101_9001_toy.py",
        "lovelaceada_101_9005_toy-2.py",
        "lovelaceada_101_9003_toy-1.py",
        "hopperg_LATE_102_9002_Toy.py",
        "smith-jones_103_9004_homework_3.ipynb",
    )
    result = read(path)
    assert result.platform == "Canvas"
    assert [(h.student.account, h.file, h.late) for h in result.handed] == [
        ("102", "hopperg_LATE_102_9002_Toy.py", True),
        ("101", "lovelaceada_101_9005_toy-2.py", False),
        ("103", "smith-jones_103_9004_homework_3.ipynb", False),
    ]


METADATA = """\
---
submission_7:
  :submitters:
  - :name: Ada Lovelace
    :sid: '100'
    :email: ada@example.org
  :created_at: 2020-10-06 19:25:14.000000000 Z
  :history:
  - :submitters:
    - :name: Nobody
      :email: nobody@example.org
'submission_8':
  :submitters:
  - :name: "Zo\\xEB O'Hara"
    :sid:
    :email: zoe@example.org
  - :name: 'Pair ''Two'''
    :sid: 300
    :email: two@example.org
"""


def test_gradescopes_export(tmp_path, read):
    """The metadata say whose each folder is; both of a pair get a line, who is not named goes by number."""
    path = tmp_path / "assignment_5_export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("assignment_5_export/submission_metadata.yml", METADATA)
        for number in (7, 8, 9):
            archive.writestr(f"assignment_5_export/submission_{number}/toy.py", str(number))
    result = read(path)
    assert result.platform == "Gradescope"
    assert [(h.student.key, h.student.name, h.student.account) for h in result.handed] == [
        ("ada@example.org", "Ada Lovelace", "100"),
        ("submission_9", "", "9"),
        ("two@example.org", "Pair 'Two'", "300"),
        ("zoe@example.org", "Zoë O'Hara", ""),
    ]
    assert [handed.at.read_text() for handed in result.handed] == ["7", "9", "8", "8"]


def test_nbgraders_submitted_tree(tmp_path, read):
    """Of several assignments the one that is called like the exercise counts, or the one that was named."""
    lay(
        tmp_path,
        "ada/exercise90_toy/toy.ipynb",
        "ada/exercise90_toy/timestamp.txt",
        "ada/week1/other.ipynb",
        "bob/week1/other.ipynb",
        "cy/exercise90_toy/toy.ipynb",
    )
    result = read(tmp_path)
    assert result.platform == "nbgrader"
    assert found(result) == {
        "ada": "ada/exercise90_toy/toy.ipynb",
        "cy": "cy/exercise90_toy/toy.ipynb",
    }
    assert result.notes == ("'bob' has nothing in exercise90_toy/, and was left out.",)
    assert set(found(read(tmp_path, "week1"))) == {"ada", "bob"}
    with pytest.raises(IntakeError, match="No student has a folder 'week9'"):
        read(tmp_path, "week9")


def test_a_student_who_hands_in_a_zip_gets_one_level(tmp_path, read):
    """The file in it counts; an archive in it does not, and a bomb costs that student alone."""
    lay(tmp_path, "ada/", "bob/", "cy/", "dan/")
    packed(tmp_path / "ada" / "work.zip", "src/toy.py", "../evil.py")
    (tmp_path / "bob" / "torn.zip").write_bytes(b"PK\3\4")
    inner = packed(tmp_path / "inner.zip", "toy.py").read_bytes()
    (tmp_path / "inner.zip").unlink()
    with zipfile.ZipFile(tmp_path / "cy" / "outer.zip", "w") as outer:
        outer.writestr("inner.zip", inner)
    with zipfile.ZipFile(tmp_path / "dan" / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as bomb:
        for number in range(20):
            bomb.writestr(f"{number}.ipynb", bytes(8_000_000))
    result = read(tmp_path)
    assert found(result) == {
        "ada": "ada/work.zip/src/toy.py",
        "bob": "torn.zip is torn, or no archive: get it again, and run the command again.",
        "cy": "There is no Python file and no notebook in what was handed in.",
        "dan": "bomb.zip unpacks to far more than it should: it is taken for a bomb.",
    }
    assert any("leads out" in note for note in result.notes)


def test_files_that_could_all_be_meant_are_named(tmp_path, read):
    """Which of several files is meant is not guessed, unless one has the exercise's name."""
    lay(tmp_path, "ada/one.py", "ada/two.py", "bob/one.py", "bob/sub/Toy (1).py")
    lay(tmp_path, "cy/a/toy.py", "cy/b/toy.py")
    assert found(read(tmp_path)) == {
        "ada": "None of the 2 files is called toy.py, and which is meant cannot be told: one.py, two.py.",
        "bob": "bob/sub/Toy (1).py",
        "cy": "toy.py is there 2 times: hand in one of them.",
    }


@pytest.mark.parametrize(
    ("name", "split"),
    [
        ("toy.py", ("toy.py", 0)),
        ("toy-2.py", ("toy.py", 2)),
        ("toy (13).ipynb", ("toy.ipynb", 13)),
        ("layer_2.py", ("layer_2.py", 0)),
        ("2.py", ("2.py", 0)),
    ],
)
def test_attempts_are_told_from_names(name, split):
    """A platform's and a browser's numbers are taken off, others are not."""
    assert attempt(name) == split


def test_links_lead_nowhere(tmp_path, read):
    """A link to a file or a folder outside is left out with a note, wherever it is."""
    outside = lay(tmp_path / "outside", "secret.py")
    inside = lay(tmp_path / "class", "ada/toy.py")
    (inside / "bob").mkdir()
    (inside / "bob" / "toy.py").symlink_to(outside / "secret.py")
    (inside / "cy").symlink_to(outside, target_is_directory=True)
    result = read(inside)
    assert set(found(result)) == {"ada", "bob"}
    assert "no Python file" in found(result)["bob"]
    assert sum("it is a link" in note for note in result.notes) == 2


def test_a_pipe_in_a_folder_is_not_waited_for(tmp_path, read):
    """What is no ordinary file is left out."""
    lay(tmp_path, "ada/toy.py", "bob/")
    os.mkfifo(tmp_path / "bob" / "toy.py")
    result = read(tmp_path)
    assert "no Python file" in found(result)["bob"]
    assert any("a device or a pipe" in note for note in result.notes)


def test_a_folder_with_far_too_many_files_costs_its_student_alone(tmp_path, read, monkeypatch):
    """Whoever hands in a million files is told so, and the others are graded."""
    monkeypatch.setattr(trees, "FILES_MAX", 20)
    lay(tmp_path, "ada/toy.py", *(f"bob/{number}.py" for number in range(30)))
    assert found(read(tmp_path)) == {
        "ada": "ada/toy.py",
        "bob": "The folder holds more than 20 files: hand in one file.",
    }


def test_names_are_made_fit_to_be_shown_and_stay_apart(tmp_path, read):
    """Newlines, escapes and bytes that are no UTF-8 become marks; two that then look alike get numbers."""
    for name in (b"a\nb", b"a\tb", b"a\x1bb", b"a\xffb"):
        folder = tmp_path / os.fsdecode(name)
        folder.mkdir()
        (folder / "toy.py").write_text("x")
    keys = [handed.student.key for handed in read(tmp_path).handed]
    assert len(set(keys)) == 4
    assert all(key.isprintable() and key.encode() for key in keys)


def test_a_blank_at_the_end_of_a_name_tells_nobody_apart(tmp_path, read):
    """Two folders that look the same get numbers; a name of blanks alone stays one."""
    lay(tmp_path, "ada/toy.py", "ada /toy.py", " /toy.py")
    keys = [handed.student.key for handed in read(tmp_path).handed]
    assert keys == [" ", "ada", "ada (2)"]


def test_what_is_too_large_or_empty_or_not_there_is_said_in_a_sentence(tmp_path, read):
    """The class as a whole, each in its own words."""
    lay(tmp_path, "a.txt")
    with pytest.raises(IntakeError, match="is empty"):
        read(tmp_path)
    with pytest.raises(IntakeError, match="neither a folder nor an archive"):
        read(tmp_path / "a.txt")
    with pytest.raises(IntakeError, match="cannot be read: No such file"):
        read(tmp_path / "b")


def test_the_gradebook_and_what_lies_beside_it_are_nobodys(tmp_path, read):
    """Files that dlgrade, Python or an editor leave are no students."""
    lay(tmp_path, "ada/toy.py", "gradebook.sqlite", "gradebook.sqlite-wal", "__pycache__/toy.py", ".git/x.py")
    assert set(found(read(tmp_path))) == {"ada"}
