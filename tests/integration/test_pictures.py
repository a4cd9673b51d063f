"""Every exercise's pictures, of right files and of wrong, empty, broken and hostile ones."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET
from zlib import crc32

import pytest

from dlgrade import catalog, content
from dlgrade.catalog import Exercise
from dlgrade.grading import Grader
from dlgrade.pictures import Absent, Drawing, Picture, drawing, model
from dlgrade.pictures.recipe import CAPTION_MAX
from dlgrade.render import html

SOLUTIONS = content.solutions_dir()
if SOLUTIONS is None:
    pytest.skip("the solutions are not on this machine", allow_module_level=True)

EXPECTED = {
    "celsius": 1,
    "perceptron": 2,
    "softmax": 2,
    "backprop": 4,
    "kaiming": 2,
    "dropout": 2,
    "training": 3,
    "cnn": 3,
}
MISTAKES = 6
SCRIPT = "<script>alert('$x^2$')</script>"
ANSWERS = {
    "none": "None",
    "text": repr(SCRIPT),
    "nan": "float('nan')",
    "pair_of_nan": "(np.array([np.nan, np.nan]), np.nan)",
    "triple": "(np.full(2, 1e300), -np.inf, [np.inf] * 500)",
    "triple_of_zeros": "(np.zeros(2), 0.0, [0.0])",
    "empty": "np.array([])",
    "nothing": "()",
    "like_the_first": "a[0]",
    "huge_like_the_first": "a[0] * 1e200 if isinstance(a[0], np.ndarray) else 1e308",
    "complex": "1j",
    "bools": "np.array([True, False])",
    "objects": "np.array([object()], dtype=object)",
    "dict": "{'dL_dw': 'x', 'dL_db': np.nan, 'dL_da': None, 'da_dz': [], 'dz_dw': 10**400, 'W1': 1}",
    "endless": "__import__('itertools').count()",
    "nested": "[[[[[[]]]]]]",
    "layers": "[(np.full((64, 64), np.nan), np.zeros(64))] * 20 + [(np.zeros((64, 10)), np.zeros(10))]",
}


def exercises(tools: str) -> list[object]:
    """List the exercises that are written in NumPy alone, or all, with those in torch marked as slow."""
    marks = {exercise.name: pytest.mark.slow if "torch" in exercise.tools else () for exercise in ALL}
    names = [each.name for each in ALL if tools == "all" or "torch" not in each.tools]
    return [pytest.param(name, marks=marks[name]) for name in names]


ALL = [each for each in catalog.exercises() if not each.pack]
graders: dict[str, Grader] = {}


@pytest.fixture(scope="module", autouse=True)
def _closed() -> Iterator[None]:
    yield
    while graders:
        graders.popitem()[1].close()


@pytest.fixture
def draw(tmp_path: Path) -> Callable[..., tuple[Drawing, ...]]:
    """Return a function that draws the pictures of a source."""

    def drawn(name: str, source: str) -> tuple[Drawing, ...]:
        if name not in graders:
            graders[name] = Grader(name)
        file = tmp_path / graders[name].exercise.entry
        file.write_text(source, encoding="utf-8")
        found = drawing.draw(graders[name], file)
        check_drawings(found, EXPECTED[name])
        return found

    return drawn


def of(name: str) -> tuple[Exercise, Path]:
    exercise = catalog.find(name)
    assert SOLUTIONS is not None
    return exercise, exercise.solution_dir(SOLUTIONS)


def reference(name: str) -> str:
    exercise, folder = of(name)
    return (folder / exercise.entry).read_text(encoding="utf-8")


class Page(HTMLParser):
    """Reads a page, and lists what is in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.images: list[dict[str, str | None]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        assert not [key for key, _ in attributes if key.startswith("on")]
        if tag == "img":
            self.images.append(dict(attributes))


def check_drawings(drawings: tuple[Drawing, ...], count: int) -> None:
    """Check what holds of all drawings, whatever the file was."""
    assert len(drawings) == count
    for each in drawings:
        assert each.title
        if isinstance(each, Absent):
            assert re.match(r"There is (no picture|nothing to draw yet): .+\.$", each.sentence, re.DOTALL)
            assert "fault" not in each.sentence, each.sentence
        else:
            ET.fromstring(each.svg)
            assert len(each.svg) < 400_000
            assert 40 < len(each.alt) < 1500, each.alt
            assert 40 < len(each.caption) <= CAPTION_MAX, each.caption
    page = Page(html.pictures(drawings))
    assert len(page.images) == sum(isinstance(each, Picture) for each in drawings)
    assert "script" not in page.tags
    assert all(image["alt"] for image in page.images)


def only_pictures(drawings: tuple[Drawing, ...]) -> list[Picture]:
    pictures = [each for each in drawings if isinstance(each, Picture)]
    assert len(pictures) == len(drawings), [each for each in drawings if isinstance(each, Absent)]
    return pictures


@pytest.mark.parametrize("name", exercises("all"))
def test_a_right_file_has_all_pictures(draw, name):
    """Nothing is left out, nothing is marked as wrong, and the same file has the same pictures."""
    drawings = draw(name, reference(name))
    for each in only_pictures(drawings):
        assert each.notes == ()
        assert not re.search(r"wrong link|off by|missing|nan|should be (?!0 and|1\.228)", each.alt), each.alt
    if name != "cnn":  # what is trained there may differ in the last digit from machine to machine
        assert model.encode(draw(name, reference(name))) == model.encode(drawings)


@pytest.mark.parametrize("name", exercises("all"))
def test_a_starter_has_sentences(draw, name):
    """Each says what is still to be written."""
    for each in draw(name, of(name)[0].entry_path.read_text(encoding="utf-8")):
        assert isinstance(each, Absent)
        assert re.fullmatch(r"There is nothing to draw yet: `\w+` is still to be written\.", each.sentence)


@pytest.mark.parametrize("name", exercises("numpy"))
def test_a_right_file_has_all_pictures_however_it_is_written(draw, name):
    """Lists, loops and other formulas are drawn as well."""
    for path in content.modules(of(name)[1] / "variants"):
        for each in only_pictures(draw(name, path.read_text(encoding="utf-8"))):
            assert each.notes == (), path
            assert "wrong link" not in each.alt


@pytest.mark.parametrize("name", exercises("all"))
def test_a_wrong_file_has_pictures_too(draw, name):
    """There one sees the mistake; none of them makes drawing fail."""
    paths = sorted(content.modules(of(name)[1] / "mistakes"), key=lambda path: crc32(path.name.encode()))
    for path in paths[:MISTAKES]:
        draw(name, f"{reference(name)}\n\n{path.read_text(encoding='utf-8')}")


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("name", exercises("numpy"))
def test_whatever_comes_back_is_checked_before_it_is_drawn(draw, name, answer):
    """What is no number, of another shape, not finite or huge leaves a sentence or a note."""
    functions = "\n".join(f"def {each}(*a, **k): return {ANSWERS[answer]}" for each in of(name)[0].functions)
    page = html.pictures(draw(name, f"import numpy as np\n{functions}"))
    assert "<script" not in page


def test_the_first_wrong_link_is_marked(draw):
    """Of the worked example, with the learner's number and the right one."""
    wrong = """
def backward(w, x, b, y_true):
    dL_da, da_dz = 2 * (y_true - forward(w, x, b, y_true)[1]), float(w * x + b > 0)
    dL_dz = dL_da * da_dz
    return {"dL_da": dL_da, "da_dz": da_dz, "dz_dw": x, "dL_dw": dL_dz * x, "dL_db": dL_dz}
"""
    graph, *_ = only_pictures(draw("backprop", f"{reference('backprop')}\n\n{wrong}"))
    assert "dL/da = −1" in graph.alt
    assert "The first wrong link is dL/da: dL/da should be 1;" in graph.alt


def test_a_graph_has_gaps_where_a_function_is_missing(draw):
    """What is written is drawn, what is not is said."""
    source = re.sub(r"(?s)def sgd_step.*?(?=def )", "", reference("backprop"))
    graph, _, step, network = draw("backprop", source)
    assert "new w = missing" in graph.alt
    assert graph.notes == ("`sgd_step` is missing: backprop.py does not define it.",)
    assert isinstance(step, Absent)
    assert isinstance(network, Picture)


def test_what_a_learner_wrote_is_never_markup(dlgrade, tmp_path):
    """Not in a print, a docstring, a file's name, an answer or an exception; no formula is set either."""
    source = f'''"""{SCRIPT}"""
print({SCRIPT!r})
def softmax(z, axis=-1):
    """{SCRIPT}"""
    print({SCRIPT!r})
    return {SCRIPT!r}
def cross_entropy_grad(logits, targets): return {SCRIPT!r}
def relu(z): raise ValueError({SCRIPT!r})
def gelu(z): return {{{SCRIPT!r}: z}}
class sigmoid({{"type": type}}["type"]): pass
'''
    (tmp_path / "<script>x.py").write_text(source)
    done = dlgrade("report", "2", "--file", "<script>x.py", "--to", "a.html")
    assert done.returncode == 1, done.stderr
    assert done.stdout == "a.html\n"
    text = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert "script" not in Page(text).tags
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert "default-src &#39;none&#39;" in text or "default-src 'none'" in text


def test_the_page_of_a_check_holds_report_and_pictures(dlgrade, tmp_path):
    """One file that fetches nothing; with JSON on stdout as before."""
    (tmp_path / "perceptron.py").write_text(reference("perceptron"))
    done = dlgrade("check", "1", "--html", "report.html", "--format", "json")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("{")
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    page = Page(text)
    assert len(page.images) == EXPECTED["perceptron"]
    assert all(image["src"].startswith("data:image/svg+xml;base64,") for image in page.images)
    assert not re.search(r"(?:src|href)=\"(?!data:)", text)


def test_an_exercise_without_pictures_has_a_page_without_them(course, dlgrade, tmp_path):
    """Its report is all that there is to say."""
    source = (course.solutions / "exercise90_toy" / "toy.py").read_text(encoding="utf-8")
    (tmp_path / "toy.py").write_text(source)
    done = dlgrade("check", "toy", "--html", "a.html", "--exercises", course.exercises)
    assert done.returncode == 0, done.stderr
    assert "Pictures" not in (tmp_path / "a.html").read_text(encoding="utf-8")


def test_a_file_that_cannot_be_read_has_no_pictures(tmp_path):
    """The report says why, and that is enough; one that cannot be run says so in each picture's place."""
    (tmp_path / "celsius.py").write_text("def f(:")
    with Grader("celsius") as grader:
        assert drawing.draw(grader, tmp_path / "celsius.py") == ()
        (tmp_path / "celsius.py").write_text("import os\nos._exit(0)")
        (absent,) = drawing.draw(grader, tmp_path / "celsius.py")
    assert isinstance(absent, Absent)
    assert absent.sentence.startswith("There is no picture: celsius.py ended its process")


def test_a_function_that_ends_or_outlives_its_process_costs_one_picture(draw, monkeypatch):
    """The next one gets a new process."""
    monkeypatch.setattr(drawing, "CALL_S", 0.5)
    last = reference("softmax")
    ended, curves = draw("softmax", f"{last}\n\ndef softmax(z, axis=-1):\n    import os\n    os._exit(0)\n")
    assert "ended its process" in ended.sentence
    assert isinstance(curves, Picture)
    late, curves = draw("softmax", f"{last}\n\ndef softmax(z, axis=-1):\n    while True: pass\n")
    assert late.sentence == "There is no picture: `softmax` did not finish in 0.5 s."
    assert isinstance(curves, Picture)


def test_all_calls_together_have_a_limit(draw, monkeypatch):
    """Then a sentence stands in the place of what is left."""
    monkeypatch.setattr(drawing, "ALL_S", 0.3)
    slow = "\n\ndef softmax(z, axis=-1):\n    import time\n    time.sleep(0.25)\n    return z\n"
    slower = "\n\ndef relu(z):\n    import time\n    time.sleep(9)\n"
    _, last = draw("softmax", f"{reference('softmax')}{slow}{slower}")
    assert "0.3 s that there are for all calls" in str(last)


def test_a_fault_of_ours_is_not_the_learners(tmp_path, monkeypatch):
    """What goes wrong in drawing costs that picture, and says whose fault it is; the others are drawn."""
    from dlgrade.pictures import recipe

    def recipes(module: object) -> tuple[recipe.Recipe, ...]:
        def broken(student: object, canvas: object) -> str:
            raise ZeroDivisionError(SCRIPT)

        return (recipe.Recipe("Broken", "", broken, False), *recipe.recipes(module))

    monkeypatch.setattr(drawing, "recipes", recipes)
    (tmp_path / "celsius.py").write_text(reference("celsius"))
    with Grader("celsius") as grader:
        broken, line = drawing.draw(grader, tmp_path / "celsius.py")
    assert "by a fault of dlgrade's own, not of yours: ZeroDivisionError: <script>" in broken.sentence
    assert isinstance(line, Picture)
