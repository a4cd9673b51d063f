"""The report as HTML: the same is said as in a terminal, and nothing that a learner wrote is obeyed."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlgrade.errors import CatalogError
from dlgrade.render import html, terminal
from dlgrade.report import Counterexample, CriterionResult, Isolation, Report, TestResult

VOID = {"meta", "br"}
ELEMENTS = {
    *("section", "div", "p", "span", "strong", "code", "pre", "h3", "h4", "ol", "li", "dl", "dt", "dd"),
    *("table", "thead", "tbody", "tr", "th", "td", "details", "summary"),
}
ATTRIBUTES = {"style", "scope", "open", "aria-label", "aria-hidden"}
HOSTILE = '<script>alert(\'x\')</script>" onload="y" {{ 7*7 }} & \x1b[31m \u202egnp\u2066 \0 \ud800'
SHOWN = '<script>alert(\'x\')</script>" onload="y" {{ 7*7 }} & \\x1b[31m \\u202egnp\\u2066 \\x00 \\ud800'


class Reader(HTMLParser):
    """Reads a piece of HTML as a browser does: its text, its elements, and what is left open."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.text = ""
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        self.text += " " if tag in ("td", "th", "dd") else ""
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    @property
    def flat(self) -> str:
        return " ".join(self.text.split())


def result(criterion: str = "backward", status: str = "failed", **rest: Any) -> TestResult:
    given = {"id": f"test_{criterion}", "function": criterion, "title": f"What {criterion} should do."}
    return TestResult(criterion=criterion, status=status, **(given | rest))


def report(*tests: TestResult, **rest: Any) -> Report:
    """Make a report of two criteria; each is as its tests are, passed without any."""
    criteria = []
    for key, most in (("loads", 0.0), ("forward", 1.5), ("backward", 2.5)):
        found = {test.status for test in tests if test.criterion == key}
        status = next((each for each in ("error", "failed", "skipped") if each in found), "passed")
        points = most if status == "passed" else 0.0
        criteria.append(CriterionResult(key, f"The {key} pass", points, most, status))
    given = {
        "dlgrade": "0.1.0",
        "exercise": "exercise03",
        "name": "backprop",
        "title": "Backprop by hand",
        "file": "backprop.py",
        "scope": "suite",
        "points": sum(each.points for each in criteria),
        "max_points": 4.0,
        "passed": all(each.status == "passed" for each in criteria),
        "criteria": tuple(criteria),
        "tests": tests,
        "isolation": Isolation(3, {"limits": "on"}),
        "seeds": {},
    }
    return Report(**(given | rest))


def wrong(text: str = "", **rest: Any) -> TestResult:
    """Return a failed test that has everything a test may have, marked by its field."""
    fields = {key: f"{key} {text}" for key in ("title", "message", "diagnosis", "traceback", "output")}
    example = Counterexample(f"code {text}", f"returned {text}", f"expected {text}")
    return result(**({"counterexample": example, "function": f"function {text}"} | fields | rest))


def everywhere(text: str) -> Report:
    """Return a report with a text in every field that can hold one."""
    return report(
        wrong(text),
        result("forward", "skipped", message=f"reason {text}"),
        result("loads", title=f"frame {text}", message=f"broken {text}"),
        result("elsewhere", title=f"example {text}", message=f"assertion {text}"),
        result("backward", todo=True, function=f"todo {text}"),
        exercise=f"exercise {text}",
        name=f"name {text}",
        title=f"about {text}",
        file=f"file {text}",
        criteria=(
            CriterionResult("loads", f"loads {text}", 0.0, 0.0, "failed"),
            CriterionResult("forward", f"forward {text}", 0.0, 1.5, "skipped"),
            CriterionResult("backward", f"backward {text}", 0.0, 2.5, "failed"),
        ),
        isolation=Isolation(2, {"limits": "on", f"layer {text}": f"state {text}"}),
        notes=(f"note {text}",),
    )


def every_kind(hostile: Report) -> list[str]:
    hints = {"backward": ["hint one", "hint two"]}
    return [
        *(html.fragment(hostile, show=show, hints=hints) for show in ("full", "hints", "points")),
        *(html.criterion_fragment(hostile, key, hints=hints) for key in ("forward", "backward")),
    ]


def test_everything_that_a_terminal_shows_is_there():
    """Criteria, the sentence, message, diagnosis, call, values, output, notes and the next step."""
    shown = Reader(html.fragment(report(wrong("x"), result(), notes=("Two cells were left out.",)))).flat
    for told in (
        "exercise03 backprop 1.5 of 4 points",
        "✓ passed The forward pass 1.5 / 1.5",
        "✗ failed The backward pass 0 / 2.5",
        "The backward pass · function x title x message x diagnosis x traceback x code x",
        "came back returned x should be expected x printed output x",
        "1 more test of this criterion did not pass.",
        "isolation level 3 of 3, namespaced note Two cells were left out.",
        "next %hint gives a hint; %check --only backward checks that alone.",
    ):
        assert told in shown


def test_a_right_file_is_a_table_and_nothing_to_fix():
    """Everything right: each criterion with its points, and no cross."""
    shown = Reader(html.fragment(report())).flat
    assert "4 of 4 points" in shown
    assert "failed" not in shown
    assert "dlgrade solution exercise03 shows the reference beside your code" in shown


def test_the_mark_of_each_status_is_a_word_too():
    """Nobody has to tell colours apart, or hear what ✗ is called."""
    tests = [result("forward", "error"), result("backward", "skipped")]
    source = html.fragment(report(*tests))
    assert "not judged" in source
    assert "not checked" in source
    symbols = re.findall(
        r'<span aria-hidden="true">(.)</span> (passed|failed|not judged|not checked)', source
    )
    assert {word for _, word in symbols} == {"not judged", "not checked"}


def test_a_call_in_a_notebook_imports_no_file():
    """The learner's function is there already; in a terminal the call runs in the folder of the file."""
    code = "import numpy as np\nfrom backprop import backward\nprint(backward(np.ones(3)))"
    full = report(wrong(counterexample=Counterexample(code)))
    assert "import numpy as np\nprint(backward(np.ones(3)))</pre>" in html.fragment(full)
    assert "from backprop import backward" in html.page(full)
    assert "from backprop" not in html.criterion_fragment(full, "backward")


def test_hints_say_why_and_no_number():
    """With show="hints" there is no message about values, no call, nothing that it gave or printed."""
    hints = {"backward": ("Look at the square.",), "forward": ("Not needed.",)}
    shown = Reader(html.fragment(report(wrong("x")), show="hints", hints=hints)).flat
    for told in ("title x", "diagnosis x", "Look at the square.", "0 / 2.5"):
        assert told in shown
    for kept_back in ("message x", "code x", "returned x", "expected x", "output x", "Not needed."):
        assert kept_back not in shown


@pytest.mark.parametrize("example", [None, Counterexample("code x")])
def test_hints_tell_why_nothing_came_back(example):
    """An exception, a name that is missing, a loop without an end: without it no hint makes sense."""
    shown = Reader(html.fragment(report(wrong("x", counterexample=example)), show="hints")).flat
    assert "message x" in shown
    assert "traceback x" in shown
    assert "code x" not in shown


def test_a_fault_of_ours_gives_no_number_away_either():
    """What the oracle says of its own failure holds numbers."""
    ours = wrong("x", status="error", counterexample=None)
    shown = Reader(html.fragment(report(ours), show="hints")).flat
    assert "a fault of dlgrade's" in shown
    assert "message x" not in shown


def test_points_are_criteria_and_points_alone():
    """With show="points" there is the table, and that less than the suite was run."""
    shown = Reader(html.fragment(report(wrong("x"), scope="examples", notes=("n",)), show="points")).flat
    assert "failed The backward pass 0 / 2.5" in shown
    assert "Only the visible examples were run" in shown
    for kept_back in ("title x", "diagnosis x", "isolation", "note", "next"):
        assert kept_back not in shown


@pytest.mark.parametrize("show", ["full", "hints", "points"])
def test_both_renderers_say_the_same(show):
    """Every word of the terminal's report is a word of the HTML."""
    everything = everywhere("x")
    hints = {"backward": ["Look at the square."]}
    shown = Reader(html.fragment(everything, show=show, hints=hints, door="shell")).flat
    text = terminal.render(everything, show=show, hints=hints, width=92)
    if show == "full":  # a screen is short: the terminal has a line for each of the others
        text = text.partition("\nAlso\n")[0]
    for word in set(re.findall(r"\w+", text)):
        assert word in shown


def test_one_criterion_stands_alone():
    """What is said of it, and nothing of the others."""
    full = report(wrong("x"), result("forward", message="other"))
    shown = Reader(html.criterion_fragment(full, "backward", hints={"backward": ["Look."]})).flat
    assert shown.startswith("The backward pass ✗ failed 0 of 2.5 points title x message x")
    assert "Hints Look." in shown
    assert "forward" not in shown
    assert "next" not in shown
    text = " ".join(terminal.criterion(full, "backward", hints={"backward": ["Look."]}).split())
    assert text.startswith("✗ The backward pass 0 / 2.5 ✗ title x message x")
    assert "forward" not in text


def test_a_criterion_that_passed_is_a_line():
    """There is nothing else to say of it."""
    full = report(result("loads", message="line 3 raised"))
    shown = Reader(html.criterion_fragment(full, "forward")).flat
    assert shown == "The forward pass ✓ passed 1.5 of 1.5 points"
    assert terminal.criterion(full, "forward").split() == ["✓", "The", "forward", "pass", "1.5", "/", "1.5"]


def test_a_criterion_says_why_the_file_could_not_be_run():
    """A syntax error has no cell of its own, so every criterion that it costs tells it."""
    broken = report(
        result("loads", message="correct line 10", traceback="return (\n       ^"),
        *(result(key, "skipped", message="the file cannot be run") for key in ("forward", "backward")),
    )
    for shown in (
        Reader(html.criterion_fragment(broken, "forward")).flat,
        " ".join(terminal.criterion(broken, "forward").split()),
    ):
        assert "correct line 10" in shown
        assert "Not checked the file cannot be run" in shown


def test_an_unknown_criterion_is_one_sentence():
    """A cell that belongs to no criterion any more is told which there are."""
    with pytest.raises(CatalogError, match=r"no criterion 'backwards'; it has forward, backward\."):
        html.criterion_fragment(report(), "backwards")


def test_feedback_names_no_commands():
    """Where nothing can be run, nothing is advised to be."""
    assert "next" not in Reader(html.fragment(report(wrong()), door="feedback")).flat


def test_hostile_text_is_shown_and_not_obeyed():
    """Markup, attributes, templates, escapes and bidi marks appear as they are written, in every field."""
    hostile = everywhere(HOSTILE)
    shown = Reader(html.fragment(hostile)).text
    for field in (
        *("exercise", "name", "about", "file", "note", "loads", "forward", "backward", "layer", "state"),
        *("title", "message", "diagnosis", "traceback", "output", "function", "code", "returned", "expected"),
        *("frame", "broken", "example", "assertion", "reason", "todo"),
    ):
        assert f"{field} {SHOWN}" in shown, field


def check_harmless(source: str) -> None:
    """Assert that a piece of HTML is well formed, fetches nothing and runs nothing."""
    source.encode()
    assert all(each.isprintable() for each in source.split("\n"))
    reader = Reader(source)
    assert reader.open == []
    for tag, attributes in reader.seen:
        assert tag in ELEMENTS
        assert set(attributes) <= ATTRIBUTES
        assert "url(" not in (attributes.get("style") or "")


def test_nothing_hostile_becomes_an_element_or_an_attribute():
    """No script, no link, no event handler: whatever the texts, the same elements as always."""
    harmless = every_kind(everywhere("x"))
    for source, same in zip(every_kind(everywhere(HOSTILE)), harmless, strict=True):
        check_harmless(source)
        assert [tag for tag, _ in Reader(source).seen] == [tag for tag, _ in Reader(same).seen]


@given(st.text(st.characters(exclude_categories=()), max_size=60))
def test_no_text_breaks_out(text):
    """Any string whatever leaves a well-formed piece of HTML."""
    for source in every_kind(everywhere(text)):
        check_harmless(source)


def test_names_between_backticks_are_code():
    """As in Markdown; a single backtick is one."""
    source = html.fragment(report(wrong(message="`f` is <b> `g`", diagnosis="a ` b")))
    assert re.search(r"<code [^>]*>f</code> is &lt;b&gt; <code [^>]*>g</code>", source)
    assert "a ` b" in source


def test_a_flood_is_cut():
    """A megabyte in one line, or in a million, takes a few kilobytes of the page."""
    for flood in ("x" * 10**6, "x\n" * 10**6):
        assert len(html.fragment(everywhere(flood))) < 60_000


def test_only_the_first_fault_is_open():
    """What has to be mended first is told at once, the others are a click away."""
    source = html.fragment(report(wrong("x"), result("forward", message="other")))
    assert source.count("<details open") == 1
    assert source.count("<details") == 2
    assert "<details" not in html.fragment(report(wrong("x")))


def test_a_page_needs_nothing_beside_it():
    """One file, in UTF-8, with a title, in light and dark, which may fetch and run nothing."""
    source = html.page(everywhere(HOSTILE))
    source.encode()
    assert source.startswith("<!DOCTYPE html>\n")
    assert '<meta charset="utf-8">' in source
    assert "default-src 'none'" in source
    assert 'content="light dark"' in source
    reader = Reader(source.removeprefix("<!DOCTYPE html>"))
    assert reader.open == []
    allowed = ELEMENTS | {"html", "head", "meta", "title", "style", "body", "main", "h1", "h2"}
    assert {tag for tag, _ in reader.seen} <= allowed
    assert sum(tag == "h1" for tag, _ in reader.seen) == 1


def luminance(color: str) -> float:
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_white_can_be_read_on_every_mark():
    """WCAG 2.2, 1.4.3: a contrast of at least 4.5 to 1."""
    everything = report(result("forward", "error"), result("backward", "skipped"))
    source = html.fragment(everything) + html.fragment(report(wrong())) + html.fragment(report())
    colors = set(re.findall(r"color:#fff;background:(#[0-9a-f]{6})", source))
    assert len(colors) == 4
    for color in colors:
        assert 1.05 / (luminance(color) + 0.05) >= 4.5
