"""Which hint comes next: what the last check found decides, and what is not known is said."""

import sys
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest

from dlgrade import catalog, hinting
from dlgrade.errors import CatalogError
from dlgrade.progress import Book, Checked, Finding, Record, schema
from dlgrade.render.hint import render

NOW = datetime.now(UTC)
DIAGNOSIS = "The square was differentiated twice; where does the second 2 come from?"


@pytest.fixture
def exercise():
    return catalog.find("exercise03")


@pytest.fixture(autouse=True)
def _now(monkeypatch):
    """Let "just now" be when a test begins, not when its module was imported."""
    monkeypatch.setattr(sys.modules[__name__], "NOW", datetime.now(UTC))


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "backprop.py"
    path.write_text("def forward(): ...\n")
    return path


@pytest.fixture
def remember(exercise, file, tmp_path):
    """Return a function that makes a book in which these criteria were checked, and all others are passed."""

    def make(*, why=None, digest=None, at=NOW, scope="suite", examples=None, **statuses):
        digest = sha256(file.read_bytes()).hexdigest() if digest is None else digest
        every = {"loads": "passed", "by_hand": "passed"} | {each.id: "passed" for each in exercise.criteria}
        findings = {
            key: Finding(status, digest, at, why if status == "failed" else None)
            for key, status in (every | statuses).items()
        }
        if scope == "examples":
            findings = {key: findings[key] for key in ("loads", "by_hand")}
        passed = not {"failed", "skipped"} & {*statuses.values(), *(examples or {}).values()}
        last = Checked(
            at=at,
            digest=digest,
            scope=scope,
            points=0.0,
            max_points=10.0,
            passed=passed,
            examples=examples or {},
        )
        record = Record(file=str(file), last=last, findings=findings, first_passed=at if passed else None)
        book = Book(tmp_path / "state")
        book._store.write(lambda connection: schema.take_over(connection, exercise.folder, record))
        return book

    return make


def test_the_first_criterion_that_is_not_passed_gets_its_hints_in_order(exercise, remember, file):
    """One hint a call, from the first to the last, of the criterion that comes first in the manifest."""
    book = remember(mlp_loss="failed", backward="failed", sgd_step="failed")
    hints = exercise.criterion("backward").hints
    for number, text in enumerate(hints, start=1):
        advice = hinting.advise(exercise, book, file)
        assert advice.criterion.id == "backward"
        assert advice.hints == ((number, text),)
        assert advice.total == len(hints)


def test_when_all_are_shown_it_says_where_to_go_on(exercise, remember, file):
    """The statement, the check and --all are named, and no further hint is made up."""
    book = remember(forward="failed")
    for _ in exercise.criterion("forward").hints:
        advice = hinting.advise(exercise, book, file)
    named = [
        "dlgrade show exercise03",
        "dlgrade hint exercise03 --all",
        "dlgrade check exercise03 --only forward",
    ]
    assert [command for command, _ in advice.ways] == named
    advice = hinting.advise(exercise, book, file)
    assert advice.hints == ()
    assert advice.remarks == ("All 3 hints of this criterion have been shown.",)
    assert [command for command, _ in advice.ways] == named


def test_all_gives_every_hint_and_remembers_them(exercise, remember, file):
    """Afterwards there is no next one."""
    book = remember(forward="failed")
    advice = hinting.advise(exercise, book, file, every=True)
    assert [text for _, text in advice.hints] == list(exercise.criterion("forward").hints)
    assert hinting.advise(exercise, book, file).hints == ()


def test_a_criterion_can_be_asked_for(exercise, remember, file):
    """Whether it is passed or not, and what to type for the next one says its name again."""
    book = remember(forward="failed")
    advice = hinting.advise(exercise, book, file, criterion="mlp_loss")
    assert advice.criterion.id == "mlp_loss"
    assert advice.remarks == ("This criterion is passed.",)
    assert advice.ways[0][0] == "dlgrade hint exercise03 --criterion mlp_loss"
    with pytest.raises(CatalogError, match="it has forward, backward"):
        hinting.advise(exercise, book, file, criterion="nothing")


def test_the_mistake_that_was_named_comes_before_the_hint(exercise, remember, file):
    """The diagnosis of the last check is told first; that of another criterion is not."""
    book = remember(why=DIAGNOSIS, backward="failed")
    advice = hinting.advise(exercise, book, file)
    assert advice.found == (DIAGNOSIS,)
    shown = render(advice, exercise, width=200)
    assert shown.index(DIAGNOSIS) < shown.index("Hint 1 of 4")
    assert hinting.advise(exercise, book, file, criterion="forward").found == ()


def test_a_file_that_could_not_be_run_costs_no_hint(exercise, remember, file):
    """What stopped it is told, and no hint is used up for a function that nobody has looked at."""
    skipped = {each.id: "skipped" for each in exercise.criteria}
    book = remember(why="backprop.py has a syntax error in line 3.", loads="failed", **skipped)
    advice = hinting.advise(exercise, book, file)
    assert advice.found == ("backprop.py has a syntax error in line 3.",)
    assert advice.hints == ()
    assert book.record(exercise.folder).hints == {}
    assert [command for command, _ in advice.ways] == ["dlgrade check exercise03"]
    assert hinting.advise(exercise, book, file, criterion="forward").hints[0][0] == 1


def test_a_statement_that_raised_is_told_beside_the_hint(exercise, remember, file):
    """Where the functions were judged all the same, their hints are given."""
    book = remember(why="backprop.py raised ValueError at line 9.", loads="failed", forward="failed")
    advice = hinting.advise(exercise, book, file)
    assert advice.found[0] == "backprop.py raised ValueError at line 9."
    assert advice.hints[0][0] == 1


def test_what_is_ruled_out_is_told_first(exercise, remember, file):
    """It decides about points like a mistake does."""
    book = remember(why="torch is used in line 1, and is ruled out.", by_hand="failed", forward="failed")
    assert hinting.advise(exercise, book, file).found[0] == "torch is used in line 1, and is ruled out."


def test_without_a_check_the_first_criterion_is_meant_and_that_is_said(exercise, file, tmp_path):
    """Nothing is graded silently."""
    advice = hinting.advise(exercise, Book(tmp_path / "state"), file)
    assert advice.criterion.id == "forward"
    assert advice.remarks == (
        "No check of exercise03 is remembered: dlgrade check exercise03 finds out what is passed.",
    )


def test_an_unchanged_file_is_not_spoken_of(exercise, remember, file):
    """What is known is about this very file."""
    assert hinting.advise(exercise, remember(backward="failed"), None).remarks == ()


def test_a_file_that_has_changed_since_is_said_to_have(exercise, remember, file):
    """What is known is used, and how old it is stands beside it."""
    book = remember(backward="failed", at=NOW - timedelta(minutes=5))
    file.write_text("something else\n")
    advice = hinting.advise(exercise, book, None)
    assert advice.criterion.id == "backward"
    (remark,) = advice.remarks
    assert remark == (
        "backprop.py has changed since the last check, 5 minutes ago: "
        "dlgrade check exercise03 finds out what holds now."
    )


def test_a_file_that_has_gone_is_said_to_have(exercise, remember, file):
    """A deleted or moved file is no reason to fail."""
    book = remember(backward="failed")
    file.unlink()
    (remark,) = hinting.advise(exercise, book, None).remarks
    assert remark.startswith("backprop.py has gone since the last check, just now")


def test_what_only_one_criterion_was_checked_on_since_is_told_apart(exercise, remember, file):
    """After --only on a changed file the criteria before it are known of the old one."""
    book = remember(backward="failed", digest="old")
    now = Finding("failed", sha256(file.read_bytes()).hexdigest(), NOW)
    newer = Record(file=str(file), findings={"backward": now})
    book._store.write(lambda connection: schema.take_over(connection, exercise.folder, newer))
    (remark,) = hinting.advise(exercise, book, None).remarks
    assert remark.startswith("backprop.py has changed since some of it was checked")
    assert hinting.advise(exercise, book, None, criterion="backward").remarks == ()


def test_when_everything_is_passed_the_solution_is_the_way_on(exercise, remember, file):
    """There is nothing to give a hint for."""
    advice = hinting.advise(exercise, remember(), file)
    assert advice.criterion is None
    assert advice.hints == ()
    assert advice.remarks == ("Every criterion was passed when it was last checked.",)
    assert advice.ways[0][0] == "dlgrade solution exercise03"


def test_what_is_ruled_out_is_in_the_way_of_everything(exercise, remember, file):
    """Every function may be right, and the exercise not passed."""
    advice = hinting.advise(exercise, remember(why="line 1 imports torch.", by_hand="failed"), file)
    assert (advice.criterion, advice.found) == (None, ("line 1 imports torch.",))
    assert advice.remarks == ("Every function is right. What is still in the way:",)
    assert [command for command, _ in advice.ways] == ["dlgrade check exercise03"]


def test_a_file_that_no_example_could_be_run_of_costs_no_hint(exercise, remember, file):
    """That is not called passed, and what stopped it is told."""
    book = remember(why="line 3: no", scope="examples", loads="failed")
    advice = hinting.advise(exercise, book, file)
    assert advice.found == ("line 3: no",)
    assert advice.hints == ()
    assert book.record(exercise.folder).hints == {}


def test_an_example_that_names_no_function_leaves_the_first_criterion(exercise, remember, file):
    """What fails is not called passed for it."""
    book = remember(scope="examples", examples={"test_of_another_version": "failed"})
    assert hinting.advise(exercise, book, file).criterion.id == "forward"


def test_with_examples_alone_the_failing_ones_say_which_criterion(exercise, remember, file):
    """The functions that a failing example names are the ones to look at."""
    examples = {"test_forward_gives_z_a_and_the_loss[neuron0]": "passed"}
    examples |= {"test_one_step_moves_the_weight_downhill[0.1-0.3]": "failed"}
    book = remember(scope="examples", examples=examples)
    advice = hinting.advise(exercise, book, file)
    assert advice.criterion.id == "sgd_step"
    assert "Only the visible examples could be run" in advice.remarks[0]
    assert advice.ways[-1][0] == "dlgrade check exercise03"


def test_examples_that_all_pass_are_not_called_everything(exercise, remember, file):
    """No solution is offered, and what is not known is said."""
    advice = hinting.advise(exercise, remember(scope="examples", examples={"test_forward": "passed"}), file)
    assert advice.criterion is None
    assert advice.remarks[0] == "All visible examples passed at the last check."
    assert [command for command, _ in advice.ways] == ["dlgrade hint exercise03 --criterion forward"]


def test_how_long_ago_is_said_in_the_largest_unit():
    """Seconds do not matter, and one is not many."""
    spans = {5: "just now", 60: "1 minute ago", 3599: "59 minutes ago", 7200: "2 hours ago", 9e4: "1 day ago"}
    for seconds, said in spans.items():
        assert hinting.ago(NOW - timedelta(seconds=seconds), NOW) == said


@pytest.mark.parametrize("width", [24, 40, 80, 200])
@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_a_hint_fits_into_the_terminal_and_its_encoding(exercise, remember, file, width, encoding):
    """No line is wider than asked for, and every character can be written."""
    book = remember(why=DIAGNOSIS, backward="failed")
    shown = render(hinting.advise(exercise, book, file), exercise, width=width, encoding=encoding)
    assert max(map(len, shown.splitlines())) <= min(width, 92)
    assert shown.encode(encoding)


def test_what_a_check_said_is_shown_and_not_obeyed(exercise, remember, file):
    """Escape sequences in a message of the learner's code do not reach the terminal."""
    book = remember(why="raised \x1b[31m\u202e" + "long " * 500, backward="failed")
    shown = render(hinting.advise(exercise, book, file), exercise)
    assert "\x1b" not in shown
    assert "\u202e" not in shown


def test_colours_change_nothing_but_colours(exercise, remember, file):
    """With the escape sequences taken out, both are the same."""
    import re

    advice = hinting.advise(exercise, remember(why=DIAGNOSIS, backward="failed"), file)
    colored = render(advice, exercise, color=True)
    assert "\x1b[36mdlgrade hint exercise03\x1b[0m" in colored
    assert re.sub(r"\x1b\[\d+m", "", colored) == render(advice, exercise)
