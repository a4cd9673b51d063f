"""Every trick of tests/hostile, played for real: it earns nothing, is told why, and leaves nothing behind."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest

from dlgrade.grading import check
from dlgrade.report import Report
from dlgrade.sandbox import bubblewrap

HOSTILE = Path(__file__).parent.parent / "hostile"
CRITERIA = ("double", "add", "total", "counter", "draw_normal", "tanh", "twice")
MARK = "7351"  # a number of seconds that nothing but a trick sleeps for


@dataclass(frozen=True)
class Trick:
    """One file of the gallery, and what its docstring says of it."""

    path: Path

    @property
    def source(self) -> str:
        return self.path.read_text()

    @property
    def touches(self) -> tuple[str, ...]:
        found = re.search(r"^Touches: (.*)$", self.source, re.M)
        assert found is not None, f"{self.path.name} does not say what it touches"
        return CRITERIA if found[1] == "everything" else tuple(found[1].split(", "))

    @property
    def says(self) -> str:
        found = re.search(r"^Says: (.*)$", self.source, re.M)
        return "" if found is None else found[1]


TRICKS = [Trick(path) for path in sorted(HOSTILE.glob("*.py"))]


@pytest.fixture(params=["namespaces", "kernel"])
def isolation(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """The level of isolation: with bubblewrap where it works, and without it."""
    if request.param == "namespaces":
        if bubblewrap.available() is None:
            pytest.skip(f"needs bubblewrap: {bubblewrap.why_not()}")
        return 3
    monkeypatch.setattr(bubblewrap, "available", lambda: None)
    monkeypatch.setattr(bubblewrap, "why_not", lambda: "left out by the test")
    return 2


@pytest.fixture
def server() -> Iterator[int]:
    """The port of a server on this machine that must not be reached."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that takes all temporary files, so that one left behind is seen."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


def grade(source: str, tmp_path: Path, course: SimpleNamespace, level: int) -> Report:
    """Grade the reference with a trick behind it, so that only what the trick touches is wrong."""
    reference = (course.solutions / "exercise90_toy" / "toy.py").read_text()
    folder = tmp_path / "handed_in"
    folder.mkdir()
    (folder / "toy.py").write_text(reference + "\n\n" + source)
    return check("90", folder / "toy.py", exercises=course.exercises, solutions=course.solutions, level=level)


@pytest.mark.parametrize("trick", TRICKS, ids=lambda trick: trick.path.stem)
def test_a_trick_earns_nothing_and_leaves_nothing(
    trick: Trick, isolation: int, tmp_path: Path, scratch: Path, server: int, course: SimpleNamespace
) -> None:
    """What a trick touches gets no points and a sentence, all else is graded as if alone, nothing is left."""
    outside = tmp_path / "outside.txt"
    source = trick.source.replace("@OUTSIDE@", str(outside)).replace("@PORT@", str(server))
    report = grade(source.replace("@SOLUTIONS@", str(course.solutions)), tmp_path, course, isolation)

    assert report.isolation.level == isolation, report.isolation.layers
    points = {criterion.id: criterion.points for criterion in report.criteria if criterion.max_points}
    full = {criterion.id: criterion.max_points for criterion in report.criteria if criterion.max_points}
    assert {key for key, amount in points.items() if amount == 0} == set(trick.touches)
    assert {key for key, amount in points.items() if amount == full[key]} == set(CRITERIA) - set(
        trick.touches
    )
    assert not report.passed
    assert not report.ours
    told = "\n".join(test.message or "" for test in report.tests if test.status == "failed")
    assert any(words in told for words in trick.says.split("|")), told
    assert all(len(test.message or "") < 5000 for test in report.tests)

    assert not outside.exists()
    assert list(scratch.iterdir()) == []
    assert not processes_with(MARK)
    assert sorted(path.name for path in (tmp_path / "handed_in").iterdir()) == ["toy.py"]


def processes_with(word: str) -> list[str]:
    """The command lines of all processes that have a word in theirs."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if word in line:
            found.append(line)
    return found


def test_no_child_is_left_when_a_check_is_over(tmp_path: Path, course: SimpleNamespace) -> None:
    """After a check this process has no child that it did not have before."""
    before = set(children())
    grade("", tmp_path, course, 1)
    assert set(children()) <= before


def children() -> list[str]:
    return [
        pid
        for thread in Path("/proc/self/task").iterdir()
        for pid in (thread / "children").read_text().split()
    ]


@pytest.mark.parametrize(
    "name", ["conftest.py", "pytest.ini", "numpy.py", "sitecustomize.py", "toy_helper.py"]
)
def test_files_beside_the_submission_have_no_say(
    name: str, tmp_path: Path, course: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A conftest.py, pytest.ini, numpy.py or sitecustomize.py in the learner's folder changes nothing."""
    folder = tmp_path / "handed_in"
    folder.mkdir()
    text = (
        "[pytest]\naddopts = -x --nonsense\n"
        if name.endswith(".ini")
        else f"open({str(tmp_path / 'ran')!r}, 'w')\n"
    )
    (folder / name).write_text(text)
    (folder / "toy.py").write_text((course.solutions / "exercise90_toy" / "toy.py").read_text())
    monkeypatch.chdir(folder)
    report = check("90", exercises=course.exercises, solutions=course.solutions)
    assert report.passed
    assert not (tmp_path / "ran").exists()
    assert sorted(path.name for path in folder.iterdir()) == sorted([name, "toy.py"])


def test_a_worker_that_is_lost_does_not_take_the_next_test_with_it(
    tmp_path: Path, course: SimpleNamespace
) -> None:
    """A function that ends its process every time costs its own criterion, however often it is called."""
    report = grade("import os\n\n\ndef double(x):\n    os._exit(3)\n", tmp_path, course, 1)
    assert {c.id for c in report.criteria if c.status != "passed"} == {"double", "twice"}
    assert any("exit status 3" in (test.message or "") for test in report.tests)


def test_the_suite_is_not_in_the_workers_memory(tmp_path: Path, course: SimpleNamespace) -> None:
    """Nothing of the suite, the reference or the grader's modules can be found from inside the worker."""
    source = """
import gc, sys

def add(a, b):
    words = ("grading", "suite", "reference", "plugin")
    names = [name for name in sys.modules if name == "pytest" or any(word in name for word in words)]
    texts = [each for each in gc.get_objects() if isinstance(each, str) and "check.close" in each]
    raise ValueError(f"found {names} {len(texts)}")
"""
    report = grade(source, tmp_path, course, 1)
    told = [test.message or "" for test in report.tests if test.criterion == "add"]
    assert any("found [] 0" in message for message in told), told


def test_the_workers_environment_says_nothing(
    tmp_path: Path, course: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Variables of the grader's environment, secrets among them, do not reach the worker."""
    monkeypatch.setenv("DLGRADE_TEST_SECRET", "s3cret")
    source = "import os\n\n\ndef add(a, b):\n    raise ValueError(sorted(os.environ))\n"
    report = grade(source, tmp_path, course, 1)
    told = "".join(test.message or "" for test in report.tests if test.criterion == "add")
    assert "SECRET" not in told
    assert "PATH" in told


def test_the_gallery_says_of_each_trick_what_it_tries() -> None:
    """Every file of the gallery begins with a sentence."""
    assert len(TRICKS) >= 60
    for trick in TRICKS:
        assert re.match(r'"""[A-Z][^\n]+\.\n', trick.source), trick.path.name


def test_the_threat_model_names_tricks_that_there_are(checkout: Path) -> None:
    """Every trick that docs/threat-model.md says is stopped lies in the gallery."""
    rows = [line for line in (checkout / "docs" / "threat-model.md").read_text().splitlines() if "|" in line]
    named = {word for row in rows for word in re.findall(r"`([a-z_0-9]+)`", row.rpartition("| ")[2])}
    assert len(named) >= 70
    assert named <= {trick.path.stem for trick in TRICKS}
