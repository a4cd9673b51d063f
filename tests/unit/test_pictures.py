"""Pictures without a learner: colours, the SVG, values that cannot be drawn, the page they stand on."""

import ast
import itertools
import math
import re
import subprocess
import sys
from types import ModuleType
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from dlgrade.pictures import Absent, Picture, model, once, palette, picture
from dlgrade.pictures.canvas import Canvas, listed, log_scale, looking_alike, plus, power_of_ten, short
from dlgrade.pictures.recipe import CAPTION_MAX, recipes
from dlgrade.render import html
from dlgrade.render.visible import LONGEST
from dlgrade.student import Failure

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "<script>alert(1)</script> $\\frac{1}{0}$ --> ]]> & \" ' \x1b[31m \u202e"


def luminance(color: str) -> float:
    """Return the relative luminance of WCAG 2.2."""
    parts = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return float(np.dot(linear, (0.2126, 0.7152, 0.0722)))


def contrast(one: str, other: str) -> float:
    low, high = sorted(map(luminance, (one, other)))
    return (high + 0.05) / (low + 0.05)


def drawn(text: str = "text") -> str:
    """Draw lines, an image and texts."""
    with looking_alike():
        canvas = Canvas()
        left, right = canvas.axes(1, 2)
        left.plot([0, 1, 2], [3, 1, 2], color=palette.BLUE, label=text)
        left.set(title=text, xlabel=text)
        left.legend()
        right.imshow(np.arange(6.0).reshape(2, 3))
        return canvas.svg()


@pytest.mark.parametrize("color", [palette.INK, palette.FAINT, *palette.CYCLE])
def test_every_colour_can_be_seen_on_both_pages(color):
    """A line has a contrast of 3 to its ground, and what texts are written in has 4.5."""
    least = 3.0 if color == palette.ORANGE else 4.5
    assert contrast(color, palette.PAPER) >= least
    assert contrast(palette.DARK[color], palette.DARK[palette.PAPER]) >= least


def test_every_colour_has_a_name_and_a_dark_one():
    """What `svg` puts in place of a colour means something on both pages."""
    assert palette.NAMES.keys() == palette.DARK.keys() >= set(palette.CYCLE)
    assert len(set(palette.NAMES.values())) == len(palette.NAMES)
    for one, other in itertools.combinations(palette.CYCLE, 2):
        assert palette.DARK[one] != palette.DARK[other]


def test_the_same_picture_is_the_same_bytes():
    """Neither a date nor a random id is in it."""
    assert drawn() == drawn()


def test_a_picture_is_well_formed_and_only_draws():
    """Shapes and images whose bytes stand in the file: nothing runs, and nothing is fetched."""
    root = ET.fromstring(drawn(HOSTILE))
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert tags == {"svg", "style", "defs", "g", "path", "use", "clipPath", "rect", "image"}
    for element in root.iter():
        for key, value in element.attrib.items():
            assert not key.lower().startswith("on")
            assert "href" not in key or re.match(r"#|data:image/png;base64,", value)
            assert re.fullmatch(r"(?s)(?!.*url\((?!#)).*", value)


def test_no_string_is_in_a_picture():
    """Texts are shapes, and matplotlib's comments about them are left out; a dollar starts no formula."""
    svg = drawn(HOSTILE)
    for part in ("script", "alert", "frac", "<!--", "\x1b", "\u202e", "ENTITY", "metadata"):
        assert part not in svg


def test_colours_follow_the_page():
    """Each of ours is a name, which means one colour on a light page and another on a dark one."""
    svg = drawn()
    style, body = re.findall(r"<style>(.*?)</style>(.*)", svg, re.DOTALL)[0]
    assert not set(palette.NAMES) & set(re.findall(r"#[0-9a-f]{6}", body))
    assert "var(--blue)" in body
    assert "--blue:#0072b2" in style.partition("@media")[0]
    assert "--blue:#56b4e9" in style.partition("(prefers-color-scheme:dark)")[2]


def test_settings_of_the_user_have_no_say():
    """Whatever a matplotlibrc says, pictures look alike, and afterwards the settings are as they were."""
    import matplotlib as mpl

    usual = drawn()
    with mpl.rc_context({"font.size": 30, "text.usetex": True, "axes.facecolor": "red"}):
        assert drawn() == usual
        assert mpl.rcParams["font.size"] == 30


def test_what_cannot_be_drawn_is_a_gap_and_a_note():
    """NaN, infinities and huge numbers are left out, and it is said how many."""
    canvas = Canvas()
    got = canvas.drawable([1.0, math.nan, math.inf, 1e300, -2.0], "The losses")
    assert np.array_equal(got, [1.0, math.nan, math.nan, math.nan, -2.0], equal_nan=True)
    assert canvas.notes == [
        "The losses: 3 of 5 numbers cannot be drawn, being NaN, infinite or larger than 10³⁰."
    ]


def test_a_picture_without_any_number_is_none():
    """All NaN is a failure, unless something else is left to be drawn."""
    canvas = Canvas()
    with pytest.raises(Failure, match=r"^The losses cannot be drawn: NaN came back$"):
        canvas.drawable([math.nan, math.nan], "The losses")
    assert np.isnan(canvas.drawable(math.nan, "The line", some=False)).all()
    assert canvas.notes == ["The line cannot be drawn: NaN came back."]


def test_one_part_that_fails_leaves_the_others():
    """Its place stays empty and a note says why; if all parts fail, so does the picture."""
    with looking_alike():
        canvas = Canvas()
        one, two = canvas.axes(1, 2)
        with canvas.part(one):
            one.plot([1, 2])
        with canvas.part(two):
            raise Failure("`gelu` is still to be written")
        assert canvas.svg().startswith("<svg")
        assert canvas.notes == ["`gelu` is still to be written."]
        with canvas.part(one):
            raise Failure("no")
        lost = Canvas()
        (axes,) = lost.axes()
        with lost.part(axes):
            raise Failure("nothing")
        with pytest.raises(Failure, match="nothing"):
            lost.svg()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (1.0, "1"),
        (-0.5, "−0.5"),
        (1234.5, "1.23·10³"),
        (1.5e-7, "1.5·10⁻⁷"),
        (-2e-9, "−2·10⁻⁹"),
        (math.nan, "nan"),
        (math.inf, "inf"),
    ],
)
def test_numbers_are_written_short(value, text):
    """A few digits, powers of ten as in print, a minus that is one."""
    assert short(value) == text


def test_numbers_are_written_as_terms_powers_and_lists():
    """As a sum, on a logarithmic axis, in a sentence."""
    assert (plus(2.0), plus(-2.0)) == ("+ 2", "− 2")
    assert [power_of_ten(value) for value in (0.001, 1.0, 10.0, 1e12)] == ["10⁻³", "1", "10", "10¹²"]
    assert (listed(["a"]), listed(["a", "b", "c"])) == ("a", "a, b and c")


def test_a_logarithmic_axis_has_few_ticks():
    """However wide its range is."""
    with looking_alike():
        canvas = Canvas()
        (axes,) = canvas.axes()
        axes.plot([1, 2], [1e-28, 1e20])
        log_scale(axes, 1e-28, 1e20)
        assert 3 <= len(axes.get_yticks()) <= 8
        canvas.svg()


def test_a_picture_is_a_function_that_is_marked():
    """Its docstring is the caption, in one line; its order is that of the file."""
    module = ModuleType("pictures")
    source = """
@picture("Second")
def a(student, canvas, reference):
    \"\"\"One line
    and another.\"\"\"
@picture("First")
def b(student, canvas): pass
def helper(student): pass
"""
    exec(source, vars(module) | {"picture": picture}, vars(module))
    second, first = recipes(module)
    assert (second.title, second.caption, second.wants_reference) == ("Second", "One line and another.", True)
    assert (first.title, first.caption, first.wants_reference) == ("First", "", False)


def test_what_pictures_share_is_asked_once():
    """The answer and the failure are those of the first time."""
    asked = []

    @once
    def answer(student):
        asked.append(student)
        if student == "wrong":
            raise Failure("no")

    assert answer("right") is answer("right") is None
    for _ in range(2):
        with pytest.raises(Failure, match="no"):
            answer("wrong")
    assert asked == ["right", "wrong"]


def test_drawings_travel_as_json():
    """From the process that drew to the notebook's; something else is no drawing."""
    drawings = (Picture("a", "b", "c", "<svg/>", 0.5, ("d",)), Absent("e", HOSTILE))
    assert model.decode(model.encode(drawings)) == drawings
    with pytest.raises(ValueError, match="Invalid value"):
        model.decode(b'[{"type": "secret"}]')


def test_nothing_on_the_page_is_obeyed():
    """Titles, captions, alt texts, notes and sentences are escaped, whoever wrote them."""
    drawings = (Picture(HOSTILE, HOSTILE, HOSTILE, drawn(HOSTILE), 0.5, (HOSTILE,)), Absent(HOSTILE, HOSTILE))
    page = html.pictures(drawings)
    assert "<script" not in page
    assert "\x1b" not in page
    assert "\u202e" not in page
    root = ET.fromstring(re.sub(r"(<img [^>]*)>", r"\1/>", page))
    image = root.find(".//img")
    assert image.get("alt").startswith("<script>alert(1)</script>")
    assert image.get("src").startswith("data:image/svg+xml;base64,")
    assert sum(each.tag == "h3" for each in root.iter()) == 1
    assert sum(each.tag == "h4" for each in root.iter()) == 2


def test_a_check_without_pictures_does_not_pay_for_them():
    """matplotlib is imported by nothing that grades and renders."""
    code = "import dlgrade.running, dlgrade.render.html, sys; print(sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "dlgrade.pictures.model" in done.stdout
    assert "matplotlib" not in done.stdout


def test_a_caption_that_is_not_too_long_is_shown_whole():
    """What authors are told is what the page does."""
    assert CAPTION_MAX == LONGEST


def test_the_kept_pictures_are_there(checkout):
    """One of each file that the script draws, none of them large, and a page with their alt texts."""
    folder = checkout / "docs" / "pictures"
    tree = ast.parse((folder / "make.py").read_text(encoding="utf-8"))
    (cases,) = (
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "CASES"
    )
    page = (folder / "README.md").read_text(encoding="utf-8")
    for exercise, listed_cases in zip(cases.keys, cases.values, strict=True):
        for case in listed_cases.elts:
            name = getattr(case, "value", "reference")
            file = folder / f"{exercise.value}-{name}.png"
            assert 10_000 < file.stat().st_size < 150_000
            assert re.search(rf'src="{file.name}" alt="[^"]{{80,}}"', page)
            if name != "reference":
                assert list((checkout / "solutions").glob(f"{exercise.value}_*/mistakes/{name}.py"))
