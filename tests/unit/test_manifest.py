"""What a manifest may say, and the sentence that an author reads where it may not."""

from pathlib import Path

import pytest

from dlgrade import manifest
from dlgrade.errors import ManifestError

RIGHT = """
title = "Dropout"
summary = "dropout, forward and backward"
entry = "dropout.py"
tools = ["numpy", "torch"]

[limits]
call_s = 5

[[criteria]]
id = "forward"
title = "Forward"
points = 2
functions = ["dropout_forward"]
hints = ["Who is dropped?"]

[[criteria]]
id = "backward"
title = "Backward"
points = 1.5
functions = ["dropout_backward", "mask"]
needs = ["forward"]
hints = ["Through the same doors."]
weights = { dropout_backward = 1, mask = 0.5 }

[[ruled_out]]
names = ["torch.nn.functional.dropout"]
within = ["dropout_forward"]
because = "dropout is to be written by hand"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return an exercise's folder with its starter."""
    folder = tmp_path / "exercise05_dropout"
    folder.mkdir()
    (folder / "dropout.py").touch()
    return folder


def write(folder: Path, old: str = "", new: str = "") -> None:
    assert old in RIGHT
    (folder / "exercise.toml").write_text(RIGHT.replace(old, new, 1), encoding="utf-8")


def test_a_right_manifest_is_read(folder: Path):
    write(folder)
    read = manifest.read(folder)
    assert (read.title, read.entry, read.tools) == ("Dropout", "dropout.py", ("numpy", "torch"))
    assert read.limits == manifest.Limits(call_s=5.0, load_s=10.0, memory_mib=2048)
    forward, backward = read.criteria
    assert (forward.points, forward.needs, forward.weights) == (2.0, (), {})
    assert (backward.needs, backward.weights) == (("forward",), {"dropout_backward": 1.0, "mask": 0.5})
    assert read.ruled_out[0].names == ("torch.nn.functional.dropout",)


def test_limits_and_ruled_out_names_may_be_left_out(folder: Path):
    write(folder, RIGHT[RIGHT.index("[[ruled_out]]") :])
    text = (folder / "exercise.toml").read_text(encoding="utf-8").replace("[limits]\ncall_s = 5\n", "")
    (folder / "exercise.toml").write_text(text, encoding="utf-8")
    read = manifest.read(folder)
    assert (read.limits, read.ruled_out) == (manifest.Limits(), ())


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('"Dropout"', '" "', "title: there is an empty text"),
        ('summary = "dropout, forward and backward"', "", "missing required field 'summary'"),
        ("title = ", "titel = ", "contains unknown field 'titel'"),
        ('"Dropout"', '"Dropout', "illegal character"),
        ('title = "Forward"', 'titel = "Forward"', r"criteria\[0\]: contains unknown field 'titel'"),
        ('"dropout.py"', '"../dropout.py"', "entry: '../dropout.py' is not the name of a module's file"),
        ('"dropout.py"', '"dropout"', "entry: 'dropout' is not the name"),
        ('"dropout.py"', '"layers.py"', "entry: there is no file 'layers.py'"),
        ('"torch"]', '"torch vision"]', "tools: 'torch vision' is not a name in Python"),
        ("call_s = 5", "call_s = inf", "limits.call_s: expected number <= "),
        ("call_s = 5", "call_s = 0", "limits.call_s: expected number > 0"),
        ("call_s = 5", "timeout = 5", "limits: contains unknown field 'timeout'"),
        ("points = 2", 'points = "2"', r"criteria\[0\].points: expected number, got text"),
        ("points = 2", "points = 0", r"criteria\[0\].points: expected number > 0"),
        ("points = 2", "points = nan", r"criteria\[0\].points: expected number"),
        ('id = "backward"', 'id = "forward"', "criterion 'forward': the id stands there twice"),
        (
            'id = "backward"',
            'id = "by_hand"',
            "criterion 'by_hand': the id is one of those that every",
        ),
        ('id = "backward"', 'id = "the way back"', "id: 'the way back' is not a name in Python"),
        ('["dropout_forward"]', "[]", r"criteria\[0\].functions: expected list of length >= 1"),
        ('["dropout_forward"]', '["f", "f"]', "criterion 'forward': functions names one of them twice"),
        (
            '["dropout_forward"]',
            '["f()"]',
            r"functions: 'f\(\)' is not a name in Python",
        ),
        ('["Who is dropped?"]', "[]", r"criteria\[0\].hints: expected list of length >= 1"),
        ('["Who is dropped?"]', '[""]', "criterion 'forward': hints: there is an empty text"),
        (
            'needs = ["forward"]',
            'needs = ["backward"]',
            "needs names 'backward', which is no earlier",
        ),
        (", mask = 0.5", "", "criterion 'backward': weights names each of its functions, and nothing else"),
        ("mask = 0.5", "maske = 0.5", "criterion 'backward': weights names each of its functions"),
        ("mask = 0.5", "mask = -1", r"criteria\[1\].weights: expected number > 0"),
        ('["torch.nn.functional.dropout"]', '["torch.*"]', r"ruled_out: names: '\*' is not a name in Python"),
        (
            'within = ["dropout_forward"]',
            'within = ["forward"]',
            "within names 'forward', which is no",
        ),
        ('because = "dropout is to be written by hand"', 'because = ""', "because: there is an empty text"),
    ],
)
def test_a_wrong_manifest_names_file_key_and_fault(folder: Path, old: str, new: str, sentence: str):
    write(folder, old, new)
    with pytest.raises(ManifestError, match=f"^exercise05_dropout/exercise.toml: .*{sentence}.*\\.$"):
        manifest.read(folder)


def test_a_manifest_without_criteria_is_refused(folder: Path):
    (folder / "exercise.toml").write_text(
        RIGHT[: RIGHT.index("[limits]")] + "criteria = []\n", encoding="utf-8"
    )
    with pytest.raises(ManifestError, match="criteria: expected list of length >= 1"):
        manifest.read(folder)


def test_a_missing_manifest_is_an_error(folder: Path):
    with pytest.raises(ManifestError, match=r"exercise05_dropout/exercise.toml is missing\."):
        manifest.read(folder)


def test_a_manifest_that_is_not_utf8_is_an_error(folder: Path):
    (folder / "exercise.toml").write_bytes(RIGHT.encode("utf-16"))
    with pytest.raises(ManifestError, match=r"is not written in UTF-8\."):
        manifest.read(folder)
