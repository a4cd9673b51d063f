"""The report in a terminal: what is told, how much of it, and what is never obeyed."""

import ast
import re
import textwrap
from collections.abc import Callable
from typing import Any
from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from dlgrade import cli
from dlgrade.render.page import WIDEST
from dlgrade.render.terminal import SCREEN, render
from dlgrade.report import Counterexample, CriterionResult, Isolation, Report, Status, TestResult

SGR = re.compile(r"\x1b\[[0-9;]*m")
EXAMPLE = Counterexample(
    "from backprop import backward\n\nbackward(0.5, 2.0, 0.5, 1.0)",
    "{'dL_da': 1.0, 'dL_dw': 4.0}",
    "{'dL_da': 1.0, 'dL_dw': 2.0}",
)
CRITERIA = {
    "loads": ("The file can be read and run", 0.0),
    "by_hand": ("Written by hand", 0.0),
    "forward": ("The forward pass", 1.5),
    "backward": ("The backward pass", 2.5),
    "sgd_step": ("One step downhill", 1.0),
    "gradient": ("Central differences", 2.0),
    "loss": ("The loss of a network", 1.0),
    "grads": ("The gradients of a network", 2.0),
}
LAYERS = {"limits": "on", "landlock": "on", "seccomp": "on", "namespaces": "bubblewrap is not installed"}
anything = st.text(st.characters(exclude_categories=()), max_size=60)


@pytest.fixture
def result() -> Callable[..., TestResult]:
    """Return a function that makes the result of one test, failed unless it is said otherwise."""

    def make(criterion: str = "backward", status: Status = "failed", **rest: Any) -> TestResult:
        function = None if criterion in ("loads", "by_hand") else criterion
        given = {"id": f"test_{criterion}", "function": function, "title": f"What {criterion} should do."}
        return TestResult(criterion=criterion, status=status, **(given | rest))

    return make


@pytest.fixture
def report() -> Callable[..., Report]:
    """Return a function that makes a report; a criterion is as its tests are, passed without any."""

    def make(*tests: TestResult, **rest: Any) -> Report:
        criteria = []
        for key, (title, most) in CRITERIA.items():
            found = {test.status for test in tests if test.criterion == key}
            status = next((each for each in ("error", "failed", "skipped") if each in found), "passed")
            criteria.append(CriterionResult(key, title, most if status == "passed" else 0.0, most, status))
        given = {
            "dlgrade": "0.1.0",
            "exercise": "exercise03",
            "name": "backprop",
            "title": "Backprop by hand",
            "file": "backprop.py",
            "scope": "suite",
            "points": sum(each.points for each in criteria),
            "max_points": 10.0,
            "passed": all(each.status == "passed" for each in criteria),
            "criteria": tuple(criteria),
            "tests": tests,
            "isolation": Isolation(2, LAYERS),
            "seeds": {},
        }
        return Report(**(given | rest))

    return make


@pytest.fixture
def wrong_by_two(report, result):
    """Return the report of the usual mistake."""
    return report(
        result(
            title="dL/dw agrees with PyTorch on 200 random neurons, dead ones included.",
            message="dL/dw is 4.0, should be 2.0: exactly 2 times the right value.",
            diagnosis="The square was differentiated twice; where does the second 2 come from?",
            counterexample=EXAMPLE,
            output="z = 1.5\n" * 124,
        ),
        result(title="A second test that fails as well."),
    )


def test_a_right_file_is_a_table_and_nothing_to_fix(report):
    """Everything right: each criterion with its points, the total, and no cross."""
    shown = render(report())
    assert "10 of 10 points" in shown.splitlines()[0]
    assert re.search(r"✓ The forward pass +1\.5 / 1\.5\n", shown)
    assert "✗" not in shown
    assert "dlgrade solution exercise03 shows the reference beside your code; dlgrade next" in flat(shown)


def flat(shown):
    """Return the text with its line breaks taken out."""
    return " ".join(shown.split())


def test_the_next_step_after_a_failure_is_a_hint(report, result):
    """Unless nothing of the run is recorded, or nothing is written yet."""
    advised = "next dlgrade hint exercise03 gives a hint; --only backward checks that alone; --debug stops"
    assert advised in flat(render(report(result())))
    for scope in ("criterion", "examples"):
        assert "dlgrade hint exercise03 gives a hint" in flat(render(report(result(), scope=scope)))
    assert "dlgrade hint" not in render(report(result(), scope="debug"))
    assert "dlgrade hint" not in render(report(result(todo=True)))
    assert "dlgrade hint" not in render(report(result("loads"), result("by_hand")))


def test_a_command_that_would_refuse_is_not_advised(report, result):
    """What a class has ruled out is no next step, and neither is the solution after examples alone."""
    assert "dlgrade hint" not in render(report(result()), withheld=["hint"])
    assert "dlgrade solution" not in render(report(), withheld=["solution"])
    assert "dlgrade solution" not in render(report(scope="examples"))


def test_what_must_hold_is_shown_only_where_it_does_not(report, result):
    """A criterion without points takes a line of the table only when it failed."""
    assert "Written by hand" not in render(report())
    assert re.search(r"✗ Written by hand +must hold\n", render(report(result("by_hand"))))


def test_a_failure_says_what_should_hold_and_what_came_back(wrong_by_two):
    """The sentence, the message, the diagnosis, the call, both values and what was printed stand there."""
    shown = render(wrong_by_two)
    for told in (
        "The backward pass · backward\n  ✗ dL/dw agrees with PyTorch on 200 random neurons",
        "dL/dw is 4.0, should be 2.0: exactly 2 times the right value.",
        "→ The square was differentiated twice",
        "came back  {'dL_da': 1.0, 'dL_dw': 4.0}",
        "should be  {'dL_da': 1.0, 'dL_dw': 2.0}",
        "printed    │ z = 1.5",
        "│ … 120 more lines",
    ):
        assert told in shown


def test_the_call_can_be_copied_and_run(wrong_by_two):
    """The shown call, with its indentation taken off, is the Python of the counterexample."""
    lines = [line for line in render(wrong_by_two).splitlines() if line.startswith(" " * 8) or not line]
    code = textwrap.dedent("\n".join(lines))
    assert EXAMPLE.code in code


@pytest.mark.parametrize("width", [40, 80])
def test_a_long_line_of_source_is_never_broken(report, result, width):
    """A call that is wider than the terminal stays one line, so that it remains Python."""
    call = f"backward({', '.join(map(str, range(100)))})"
    shown = render(report(result(counterexample=Counterexample(call))), width=width)
    (line,) = [line.strip() for line in shown.splitlines() if "backward(0" in line]
    assert ast.unparse(ast.parse(line)) == call


def test_only_the_first_failing_test_of_a_criterion_is_told(wrong_by_two):
    """Of further failing tests there is a number and not a word."""
    shown = render(wrong_by_two)
    assert "1 more test of this criterion did not pass." in shown
    assert "A second test" not in shown


def test_the_usual_mistake_fits_on_a_screen(wrong_by_two):
    """One wrong function takes at most a screen of 80 columns."""
    assert len(render(wrong_by_two).splitlines()) <= SCREEN


def test_many_failures_get_a_line_each_after_the_first(report, result):
    """When everything is wrong, the report still fits on a screen and no failure is left out."""
    names = ["forward", "backward", "sgd_step", "gradient", "loss", "grads"]
    failures = [result(name, message=f"{name} is wrong.", counterexample=EXAMPLE) for name in names]
    shown = render(report(*failures))
    assert len(shown.splitlines()) <= SCREEN
    for name in names:
        assert f"{name} is wrong." in shown
    assert "Also\n" in shown


def test_an_untouched_starter_is_one_line(report, result):
    """The functions that are still to be written are named in one line, without a failure each."""
    names = ["forward", "backward", "sgd_step"]
    shown = render(report(*(result(name, todo=True, message="TODO") for name in names)))
    assert "Still to do: forward, backward, sgd_step\n" in shown
    assert "What forward should do." not in shown
    assert "dlgrade show exercise03" in shown


def test_what_is_to_do_and_what_is_wrong_are_told_apart(report, result):
    """A TODO beside a wrong function hides neither."""
    shown = render(report(result("forward", todo=True), result("backward", message="It is twice too large.")))
    assert "Still to do: forward\n" in shown
    assert "It is twice too large." in shown


def test_the_same_words_are_said_once(report, result):
    """What several criteria failed of alike, such as one endless loop, is told once under all titles."""
    message = "train did not finish in 10 s."
    shown = render(report(result("loss", message=message), result("grads", message=message)))
    assert shown.count(message) == 1
    assert "The loss of a network, The gradients of a network\n" in shown


def test_a_traceback_is_the_learners_and_stands_behind_a_bar(report, result):
    """The frames of the learner's file are shown, the last ones if there are many."""
    frames = "\n".join(f'File "backprop.py", line {number}' for number in range(50))
    shown = render(report(result(traceback=f"{frames}\nRecursionError: too deep")))
    assert "│ … 41 more lines\n" in shown
    assert '│ File "backprop.py", line 49\n' in shown
    assert "│ RecursionError: too deep\n" in shown


def test_a_syntax_error_is_told_once_and_the_rest_was_not_checked(report, result):
    """The file that cannot be read has its line and caret; all that depends on it is one line."""
    rest = [
        result(name, "skipped", message="The file cannot be run.")
        for name in ("forward", "backward", "sgd_step", "gradient", "loss", "grads")
    ]
    caret = '  File "backprop.py", line 3\n    return (\n           ^'
    broken = result("loads", title="The file can be read and run.", message="line 3", traceback=caret)
    shown = render(report(broken, *rest))
    assert "    │     return (\n    │            ^\n" in shown
    assert "Not checked: everything else\n    The file cannot be run.\n" in shown
    assert shown.count("The file can be read and run") == 2


def test_criteria_without_any_test_are_said_to_be_unchecked(report, result):
    """Where nothing could be run, no test says why; the criteria are named all the same."""
    criteria = tuple(
        CriterionResult(key, title, 0.0, most, "skipped" if most else "failed")
        for key, (title, most) in CRITERIA.items()
    )
    shown = render(report(result("loads", message="line 3"), criteria=criteria, points=0.0))
    assert "Not checked: everything else\n" in shown


def test_a_failed_criterion_is_not_called_unchecked(report, result):
    """After an endless loop further tests are skipped, but the criterion was checked and failed."""
    late = result(message="`backward` did not finish in 10 s")
    shown = render(report(late, result(status="skipped", message="`backward` did not finish before")))
    assert "Not checked" not in shown


def test_a_skipped_criterion_says_why(report, result):
    """The reason stands once below the titles it holds for."""
    reason = "It needs backward, which failed."
    shown = render(
        report(
            result(), result("loss", "skipped", message=reason), result("grads", "skipped", message=reason)
        )
    )
    assert f"Not checked: The loss of a network, The gradients of a network\n    {reason}\n" in shown


def test_our_own_error_is_said_to_be_ours(report, result):
    """An error of dlgrade's is no cross, is not charged, and shows no traceback."""
    shown = render(report(result(status="error", message="Two roads part.", traceback="File dlgrade/x.py")))
    assert "7.5 of 10 points, 2.5 not judged" in shown
    assert "! The backward pass" in shown
    assert "This is a fault of dlgrade's, not of yours: it is not held against you." in shown
    assert "Two roads part." in shown
    assert "dlgrade/x.py" not in shown
    assert "✗" not in shown


def test_our_error_and_a_failure_of_the_same_criterion_are_both_told(report, result):
    """What exit code 3 is due to is never hidden behind a failure."""
    shown = render(report(result(message="wrong"), result(status="error", message="broken")))
    assert "wrong" in shown
    assert "broken" in shown


@pytest.mark.parametrize(
    ("scope", "said"),
    [
        ("examples", "the hidden suite is not on this machine"),
        ("criterion", "Only one criterion was asked for"),
        ("debug", "nothing is recorded"),
    ],
)
def test_less_than_the_whole_suite_is_said(report, scope, said):
    """Visible examples, one criterion or a debug run never look like a grade."""
    assert said in " ".join(render(report(scope=scope)).split())
    assert said not in " ".join(render(report()).split())


def test_the_visible_examples_are_counted_and_each_is_listed(report, result):
    """Examples know no criteria and no points: each is a line of the table, and each failure is told."""
    examples = [
        result("loads", "passed"),
        result("examples", "passed", id="test_a", title="It works at one."),
        result("examples", id="test_b", title="It works at two.", message="3 is not 4"),
        result("examples", id="test_c", title="It works at three.", message="5 is not 6"),
    ]
    frame = (CriterionResult("loads", "The file can be read and run", 0.0, 0.0, "passed"),)
    shown = render(
        report(*examples, scope="examples", criteria=frame, points=0.0, max_points=0.0, passed=False)
    )
    assert "1 of 3 examples passed" in shown.splitlines()[0]
    assert "\n  ✓ It works at one.\n  ✗ It works at two.\n  ✗ It works at three.\n" in shown
    assert "    3 is not 4\n" in shown
    assert "    5 is not 6\n" in shown
    assert "The file can be read and run" not in shown


def test_points_by_the_examples_say_so_in_the_total(report):
    """Where only the visible examples ran, the first line already says that."""
    assert "10 of 10 points, by the examples" in render(report(scope="examples")).splitlines()[0]


def test_each_missing_layer_is_named_with_its_reason(report):
    """Layers that are off stand in the last lines, those with the same reason together."""
    layers = {"limits": "on", "landlock": "not Linux", "seccomp": "not Linux", "namespaces": "no bwrap"}
    shown = " ".join(render(report(isolation=Isolation(1, layers))).split())
    assert "level 1 of 3" in shown
    assert "off: landlock, seccomp (not Linux); namespaces (no bwrap)" in shown
    assert "off" not in render(report(isolation=Isolation(3, {"limits": "on"}))).split("isolation")[1]


def test_isolation_that_nothing_needed_or_nothing_had_is_none(report):
    """A file that was not run, and a debug run, have no layer to boast of."""
    nothing = {"worker": "nothing of the file was run"}
    assert "isolation  none: nothing of the file was run\n" in render(report(isolation=Isolation(3, nothing)))


def test_notes_are_shown(report):
    """What was left out of a notebook is told."""
    assert "note       Two cells were left out.\n" in render(report(notes=("Two cells were left out.",)))


def test_only_commands_and_options_that_exist_are_recommended(report, result, wrong_by_two):
    """Nothing is proposed that the command line would refuse."""
    reports = [report(), wrong_by_two, report(result(todo=True)), report(result(status="error"))]
    reports += [report(result(), scope=scope) for scope in ("examples", "criterion", "debug")]
    reports += [report(scope=scope) for scope in ("examples", "criterion", "debug")]
    options = {option for each in cli.check.params for option in each.opts}
    for each in reports:
        advice = render(each, width=200).rpartition("\nnext ")[2]
        assert set(re.findall(r"dlgrade ([a-z]+)", advice)) <= set(cli.commands.commands)
        assert set(re.findall(r"--[a-z]+", advice)) <= options


@pytest.mark.parametrize(
    ("points", "shown"), [(2.0, "2 of"), (1.5, "1.5 of"), (1 / 3, "0.33 of"), (0.0, "0 of"), (6.999, "7 of")]
)
def test_points_have_at_most_two_digits_after_the_dot(report, points, shown):
    """Points read as a teacher would write them."""
    assert f" {shown} 10 points" in render(report(points=points, passed=False))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", r"\x1b[31mred\x1b[0m"),
        ("\x1b]0;title\x07", r"\x1b]0;title\x07"),
        ("\x9b2J", r"\x9b2J"),
        ("over\rwritten", r"over\rwritten"),
        ("back\b\b", r"back\x08\x08"),
        ("\u202egnp.exe", r"\u202egnp.exe"),
        ("zero\u200bwidth", r"zero\u200bwidth"),
        ("\ud800", r"\ud800"),
        ("\0", r"\x00"),
        ("a\u2028b\x85c", r"a\u2028b\x85c"),
        ("[bold red]x[/] [link=file:///]y", "[bold red]x[/] [link=file:///]y"),
        (":bomb: é 宽 🙂", ":bomb: é 宽 🙂"),
    ],
)
@pytest.mark.parametrize("color", [False, True])
def test_hostile_text_is_shown_and_not_obeyed(report, result, text, shown, color):
    """Escapes, bidi marks and markup from a learner appear as they are written, in every field."""
    example = Counterexample(f"f({text})", f"returned {text}", f"expected {text}")
    fields = {
        "message": f"message {text}",
        "diagnosis": f"diagnosis {text}",
        "traceback": f"traceback {text}",
        "output": f"output {text}",
        "title": f"title {text}",
    }
    hostile = report(
        result(**fields, counterexample=example), file=f"file {text}", notes=(f"note {text}",), passed=False
    )
    page = SGR.sub("", render(hostile, color=color, width=92))
    for name in ("returned", "expected", "note", "file", *fields):
        assert f"{name} {shown}" in page
    assert f"f({shown})" in page


def test_printed_lines_cannot_pass_for_the_reports(report, result):
    """Every line that a learner printed stands behind a bar."""
    forged = "exercise03 backprop   10 of 10 points\n  ✓ The backward pass   2.5 / 2.5\n"
    page = render(report(result(output=forged)))
    assert [line for line in page.splitlines() if "10 of 10" in line or "2.5 / 2.5" in line] == [
        "    printed  │ exercise03 backprop   10 of 10 points",
        "             │   ✓ The backward pass   2.5 / 2.5",
    ]


def test_very_long_lines_are_cut(report, result):
    """A megabyte in one line takes a few lines of the page."""
    flood = "x" * 10**6
    example = Counterexample("f()", flood, flood)
    page = render(
        report(result(message=flood, diagnosis=flood, traceback=flood, output=flood, counterexample=example))
    )
    assert len(page.splitlines()) < 2 * SCREEN
    assert len(page) < 10_000


def test_a_page_is_at_most_so_wide(report):
    """On a wide terminal the points stay within sight of their titles."""
    assert render(report(), width=200) == render(report(), width=WIDEST)


def test_the_environment_decides_nothing(report, wrong_by_two, monkeypatch):
    """Given width, colours and encoding, a page is always the same."""
    before = [render(wrong_by_two, width=50, color=color) for color in (False, True)]
    for name, value in {"TERM": "dumb", "NO_COLOR": "1", "FORCE_COLOR": "1", "COLUMNS": "30"}.items():
        monkeypatch.setenv(name, value)
    assert [render(wrong_by_two, width=50, color=color) for color in (False, True)] == before


def test_colours_change_nothing_but_the_colours(wrong_by_two):
    """Without its escape sequences the coloured page is the plain one."""
    colored, plain = render(wrong_by_two, color=True), render(wrong_by_two)
    assert "\x1b[" in colored
    assert "\x1b" not in plain
    assert [line.rstrip() for line in SGR.sub("", colored).split("\n")] == plain.split("\n")


@pytest.mark.parametrize("encoding", ["ascii", "cp437", "cp1252", "latin-1", "utf-8", "utf-16"])
def test_every_encoding_can_hold_the_page(wrong_by_two, encoding):
    """Where ✓ or │ cannot be written, words and ASCII stand for them."""
    page = render(wrong_by_two, encoding=encoding)
    page.encode(encoding)
    assert ("✗" if encoding.startswith("utf") else "\n  x  The backward pass") in page


def test_an_unknown_encoding_is_taken_for_ascii(wrong_by_two):
    """A terminal that names no real encoding gets no character it might not have."""
    assert render(wrong_by_two, encoding="no-such-encoding").isascii()


def hostile_report(text):
    """Return a strategy of reports with hostile texts everywhere."""
    maybe = st.none() | text
    status = st.sampled_from(["passed", "failed", "error", "skipped"])
    ids = st.sampled_from(["a", "b", "c"]) | text
    example = st.builds(Counterexample, text, maybe, maybe)
    points = st.floats(0, 10)
    test = st.builds(
        TestResult,
        id=text,
        criterion=ids,
        function=maybe,
        title=text,
        status=status,
        message=maybe,
        diagnosis=maybe,
        counterexample=st.none() | example,
        traceback=maybe,
        output=text,
        todo=st.booleans(),
    )
    return st.builds(
        Report,
        dlgrade=st.just("0.1.0"),
        exercise=text,
        name=text,
        title=text,
        file=text,
        scope=st.sampled_from(["suite", "examples", "criterion", "debug"]),
        points=points,
        max_points=points,
        passed=st.booleans(),
        criteria=st.lists(st.builds(CriterionResult, ids, text, points, points, status), max_size=3).map(
            tuple
        ),
        tests=st.lists(test, max_size=4).map(tuple),
        isolation=st.builds(Isolation, st.integers(-1, 9), st.dictionaries(text, text, max_size=3)),
        seeds=st.just({}),
        notes=st.lists(text, max_size=2).map(tuple),
    )


@given(hostile_report(anything), st.integers(0, 210), st.sampled_from(["utf-8", "ascii", "cp437", "cp1252"]))
def test_no_report_breaks_the_page(hostile, width, encoding):
    """Whatever the texts, the page can be encoded and holds nothing that a terminal obeys."""
    page = render(hostile, width=width, encoding=encoding)
    page.encode(encoding)
    assert page.endswith("\n")
    assert all(each.isprintable() for each in page.split("\n"))
    assert not {category(each) for each in page} & {"Cf", "Cs", "Co", "Cn"}


@given(hostile_report(anything), st.integers(0, 210))
def test_a_coloured_page_holds_colours_and_no_other_escapes(hostile, width):
    """Of escape sequences there are only those that set colours."""
    page = SGR.sub("", render(hostile, width=width, color=True))
    assert all(each.isprintable() for each in page.split("\n"))


@given(hostile_report(st.text("ab 宽é─", max_size=200)), st.integers(24, 210))
def test_nothing_but_source_is_wider_than_the_terminal(hostile, width):
    """Prose, tables and quotations are wrapped or cut at the edge."""
    codes = {test.counterexample.code for test in hostile.tests if test.counterexample}
    for line in render(hostile, width=width).split("\n"):
        if line.startswith(" " * 8) and any(line.strip() in code for code in codes):
            continue
        assert cell_len(line) <= width
