"""A recap's file: the learner's own, with one function empty; and numbers that were not drawn before."""

import ast
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import pytest

from dlgrade import catalog
from dlgrade.errors import LearningError
from dlgrade.learning import recap
from dlgrade.progress import Book, Checked, Record, schema
from dlgrade.suite.cases import salted, seed_of

NOW = datetime(2026, 3, 1, 15, 30)
STUB = 'def f(x):\n    """Do it."""\n    raise NotImplementedError("TODO")\n'
STARTER = f'"""Doc."""\n\n\n{STUB}\n\ndef g(x): ...\n'


@pytest.fixture
def exercise():
    return catalog.find("3")


@pytest.fixture
def book(tmp_path):
    return Book(tmp_path / "state")


def passed_with(book: Book, exercise: catalog.Exercise, file: Path) -> None:
    digest, at = sha256(file.read_bytes()).hexdigest(), datetime.fromisoformat("2026-02-01T00:00:00+00:00")
    last = Checked(at=at, digest=digest, scope="suite", points=10.0, max_points=10.0, passed=True)
    record = Record(file=str(file), last=last, first_passed=at)
    book._store.write(lambda connection: schema.take_over(connection, exercise.folder, record))


@pytest.mark.parametrize(
    ("source", "expected", "line"),
    [
        ("def f(x):\n    return x\n", STUB, 1),
        ("a = 1\n\n\ndef f(x):\n    return x\n\n\nb = 2\n", f"a = 1\n\n\n{STUB}\n\nb = 2\n", 4),
        ("import functools\n@functools.cache\ndef f(x):\n    return x\n", f"import functools\n{STUB}", 2),
        ("f = lambda x: x\n", STUB, 1),
        ("def f(x): return 1\ndef f(x): return 2\nz = 1\n", f"{STUB}z = 1\n", 1),
        ("class f:\n    def g(self): ...\n", STUB, 1),
        ("async def f(x):\n    pass\n", STUB, 1),
        ("y = 3\n", f"y = 3\n\n\n{STUB}", 4),
        ("", f"\n\n\n{STUB}", 4),
        ("def f(x): return x\r\n".replace("\r", ""), STUB, 1),
    ],
)
def test_one_function_becomes_the_starters(source, expected, line):
    """With its decorators, however often and in whatever way it is defined; all else stays."""
    assert recap.cut_back(source, STARTER, "f") == (expected, line)
    assert expected.split("\n")[line - 1] == "def f(x):"


@pytest.mark.parametrize(
    "source",
    [
        "def f(x): return x; \nh = 1\nf, h = h, f\n",
        "f = 1; h = 2\n",
        "if True:\n    def f(x): return x\n",
        "from m import f\n",
        "try:\n    import m\nexcept ImportError:\n    f = None\n",
    ],
)
def test_where_it_cannot_be_cut_out_the_starters_comes_last_and_counts(source):
    """Nothing else is lost, and the last definition wins."""
    text, line = recap.cut_back(source, STARTER, "f")
    assert text.endswith(f"\n\n\n{STUB}")
    assert text.split("\n")[line - 1] == "def f(x):"
    before = {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)}
    assert before <= {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)} | {"f"}


@pytest.mark.parametrize("each", catalog.exercises(), ids=lambda exercise: exercise.folder)
def test_every_function_of_every_starter_can_be_asked_for(each):
    """The starter itself is such a file, and nothing in it changes."""
    starter = each.entry_path.read_text()
    for function in each.functions:
        text, line = recap.cut_back(starter, starter, function)
        assert text == starter
        assert function in text.split("\n")[line - 1]


def test_the_file_is_the_learners_own_as_it_passed(exercise, book, tmp_path):
    """With the line on which to write; it is remembered as open."""
    mine = tmp_path / "backprop.py"
    mine.write_text((exercise.solution_dir(exercise.solutions()) / exercise.entry).read_text())
    passed_with(book, exercise, mine)
    begun = recap.begin(exercise, "sgd_step", book, tmp_path, NOW)
    text = begun.file.read_text()
    assert begun.file == tmp_path / "recap" / "exercise03_sgd_step.py"
    assert begun.yours
    assert text.split("\n")[begun.line - 1] == "def sgd_step(param, grad, lr):"
    assert f"write sgd_step once more, from line {begun.line} on." in text
    assert text.count("NotImplementedError") == 1
    assert recap.line_of(begun.file, "sgd_step") == begun.line
    opened = book.open_recap()
    assert (opened.function, Path(opened.file)) == ("sgd_step", begun.file)
    assert len(opened.salt) == 8


def test_a_file_that_has_changed_since_is_not_given(exercise, book, tmp_path, monkeypatch):
    """It may be wrong now, and would spoil the recap: the starter is given, which says so."""
    monkeypatch.chdir(tmp_path)
    mine = tmp_path / "backprop.py"
    mine.write_text("def forward(): ...\n")
    passed_with(book, exercise, mine)
    mine.write_text("def forward(:\n")
    begun = recap.begin(exercise, "sgd_step", book, tmp_path, NOW)
    assert not begun.yours
    assert "Your file that passed is gone" in begun.file.read_text()
    assert begun.file.read_text().count("NotImplementedError") == len(exercise.functions)


def test_what_lay_there_before_is_kept(exercise, book, tmp_path, monkeypatch):
    """The recap of half a year ago is the learner's too."""
    monkeypatch.chdir(tmp_path)
    first = recap.begin(exercise, "forward", book, tmp_path, NOW)
    first.file.write_text("mine")
    second = recap.begin(exercise, "forward", book, tmp_path, NOW)
    assert second.backup.read_text() == "mine"
    assert second.file.read_text() != "mine"
    assert book.open_recap().number == 2


def test_where_it_cannot_be_written_nothing_is_begun(exercise, book, tmp_path):
    """One sentence says why."""
    (tmp_path / "recap").write_text("in the way")
    with pytest.raises(LearningError, match="cannot be written"):
        recap.begin(exercise, "forward", book, tmp_path, NOW)
    assert book.open_recap() is None


def test_a_line_is_found_in_python_alone(tmp_path):
    """While somebody types, it is not known."""
    file = tmp_path / "f.py"
    assert recap.line_of(file, "f") is None
    file.write_text("def f(:")
    assert recap.line_of(file, "f") is None
    file.write_bytes(b"\xff\xfe\x00")
    assert recap.line_of(file, "f") is None
    file.write_text("\n\ndef f(): ...\n")
    assert recap.line_of(file, "f") == 3


def test_what_is_not_there_is_said(exercise, book):
    """No open recap, no such function, nothing passed."""
    with pytest.raises(LearningError, match="No recap is open"):
        recap.recap_of(book)
    with pytest.raises(LearningError, match=r"asks for no 'relu'; it asks for forward, backward"):
        recap.function_of(exercise, "relu")
    with pytest.raises(LearningError, match="is not passed yet"):
        recap.passed_at(exercise, ())


def test_a_salt_gives_other_seeds_and_none_the_usual_ones():
    """The same salt gives the same; what is drawn in a normal check never changes."""
    usual = seed_of("test_forward")
    assert usual == 1003551566
    with salted("one"):
        one = seed_of("test_forward")
        assert one == seed_of("test_forward") != usual
        with salted("two"):
            assert seed_of("test_forward") not in (usual, one)
        assert seed_of("test_forward") == one
    with salted(""):
        assert seed_of("test_forward") == usual
    assert seed_of("test_forward") == usual
