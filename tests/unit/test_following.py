"""How far a learner has come, what is next, and when to come back to what was passed."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from dlgrade import catalog
from dlgrade.learning import following, schedule, standing
from dlgrade.learning.standing import Standing
from dlgrade.progress import Answer, Book, Checked, Finding, Recap, Record
from dlgrade.render.learning import listing, next_step
from dlgrade.render.plain import Plain

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def every():
    """Return a function that makes the standings, all exercises new but those that are given."""

    def make(**records):
        found = {f"exercise{key[1:]}": record for key, record in records.items()}
        return [Standing(each, found.get(each.id, Record())) for each in catalog.exercises()]

    return make


def put(name: str, text: str) -> Path:
    exercise = catalog.find(name)
    file = Path(exercise.folder, exercise.entry)
    file.parent.mkdir(exist_ok=True)
    file.write_text(text)
    return file


def checked(file: Path, at: datetime = NOW, why: str | None = None, **statuses) -> Record:
    """Return the record of a check in which these criteria did not pass, and all others did."""
    exercise = catalog.find(file.parent.name)
    digest = sha256(file.read_bytes()).hexdigest()
    status = {each.id: "passed" for each in exercise.criteria} | statuses
    passed = set(status.values()) == {"passed"}
    return Record(
        file=str(file),
        last=Checked(at=at, digest=digest, scope="suite", points=7.5, max_points=10.0, passed=passed),
        findings={
            key: Finding(value, digest, at, why if value != "passed" else None)
            for key, value in status.items()
        },
        first_passed=at if passed else None,
        best=10.0 if passed else 7.5,
        checks=1,
        touched=at,
    )


def test_at_the_very_beginning_a_folder_is_made(every):
    """Where there is none, init comes first."""
    step = following.next_step(every())
    assert step.title == "exercise00 celsius · Fahrenheit from Celsius"
    assert step.ways[0][0] == "dlgrade init deep-learning"
    put("celsius", catalog.find("0").entry_path.read_text())
    step = following.next_step(every())
    assert [command for command, _ in step.ways] == ["dlgrade show exercise00", "dlgrade check exercise00"]
    assert any("Write in exercise00_celsius/celsius.py" in reason for reason in step.reasons)


def test_a_file_that_was_never_checked_is_to_be_checked(every):
    """Something was written, and nobody knows what it is worth."""
    put("celsius", "def predict(): ...\n")
    step = following.next_step(every())
    assert step.ways[0][0] == "dlgrade check exercise00"
    assert any("was never checked" in reason for reason in step.reasons)


def test_a_missing_exercise_is_started(every):
    """In a folder that has others."""
    put("celsius", "x = 1\n")
    step = following.next_step(every(_00=checked(put("celsius", "y = 1\n"))))
    assert step.title.startswith("exercise01")
    assert step.ways[0][0] == "dlgrade start exercise01"


def test_the_exercise_checked_last_goes_on_with_its_first_open_criterion(every):
    """Its title, its points, what the last check said, and a hint."""
    old = checked(put("celsius", "x = 1\n"), NOW - DAY, predict="failed")
    file = put("backprop", "x = 2\n")
    new = checked(file, NOW, why="Where is the 2?", backward="failed", mlp_loss="failed")
    step = following.next_step(every(_00=old, _03=new))
    assert step.title == "exercise03 backprop · The backward pass of one neuron (2.5 points)"
    assert step.reasons[1] == "Where is the 2?"
    assert step.ways[0][0] == "dlgrade hint exercise03"


def test_a_file_that_has_changed_is_checked_first(every):
    """What the last check found may not hold any more."""
    file = put("backprop", "x = 2\n")
    record = checked(file, backward="failed")
    file.write_text("x = 3\n")
    step = following.next_step(every(_03=record))
    assert step.ways == (("dlgrade check exercise03", "finds out what holds now"),)
    assert "backprop.py has changed since it was checked" in step.reasons[0]
    file.unlink()
    assert following.next_step(every(_03=record)).ways[0][0] == "dlgrade start exercise03"


def test_what_was_checked_one_by_one_is_checked_together(every):
    """--only passes nothing."""
    record = checked(put("backprop", "x = 2\n"))
    alone = Record(file=record.file, findings=record.findings, touched=NOW, checks=6)
    assert following.next_step(every(_03=alone)).ways[0][0] == "dlgrade check exercise03"


def test_when_all_is_passed_there_is_the_plan(every):
    """And nothing is made up."""
    records = {f"_{each.number:02}": Record(first_passed=NOW, touched=NOW) for each in catalog.exercises()}
    step = following.next_step(every(**records))
    assert (step.title, step.ways[0][0]) == ("All exercises are passed.", "dlgrade recap --list")


def test_questions_and_what_is_due_are_named_besides(every):
    """The quiz of what was passed last, until it is answered; a recap when its day has come."""
    record = Record(first_passed=NOW, touched=NOW)
    standings = every(_03=record)
    assert list(following.besides(standings, NOW)) == [
        ("dlgrade quiz exercise03", "asks 5 questions on what you have passed")
    ]
    answers = {each.id: Answer("", True, NOW) for each in catalog.find("3").quiz}
    answered = every(_03=Record(first_passed=NOW, touched=NOW, answers=answers))
    assert list(following.besides(answered, NOW)) == []
    assert list(following.besides(answered, NOW + 9 * DAY)) == [
        ("dlgrade recap", "asks for one function of exercise03 again")
    ]
    shown = next_step(following.next_step(standings), tuple(following.besides(standings, NOW)), Plain())
    assert "also  dlgrade quiz exercise03 asks 5 questions on what you have passed\n" in shown


def test_a_list_has_a_line_for_each_and_the_best_points(every):
    """In a pipe with the same columns for all; marks are for people."""
    open_one = checked(put("backprop", "x\n"), backward="failed")
    standings = every(_00=checked(put("celsius", "x\n")), _03=open_one)
    rows = listing(standings, color=False).splitlines()
    assert rows[0].split()[:4] == ["exercise00", "celsius", "10/10", "points"]
    assert rows[3].split()[:4] == ["exercise03", "backprop", "7.5/10", "points"]
    assert rows[4].split()[:4] == ["exercise04", "kaiming", "10", "points"]
    marked = listing(standings, color=False, width=72).splitlines()
    assert [row[0] for row in marked[:4]] == ["✓", " ", " ", " "]
    assert max(map(len, marked)) <= 72
    assert marked[4].endswith("…")
    assert listing(standings, color=False, width=72, encoding="ascii").startswith("+ exercise00")
    assert listing(standings, color=False, width=10).count("\n") == len(standings)


def test_standings_are_read_from_the_book(tmp_path):
    """By the name of the exercise's folder."""
    book = Book(tmp_path)
    book.next_hint("exercise03_backprop", "backward", 4)
    found = {each.exercise.id: each.record for each in standing.standings(catalog.exercises(), book)}
    assert found["exercise03"].hints == {"backward": 1}
    assert found["exercise04"] == Record()


def test_what_only_the_examples_could_tell_counts_as_passed(every):
    """On a machine without the hidden suites."""
    last = Checked(at=NOW, digest="d", scope="examples", points=0.0, max_points=0.0, passed=True)
    assert every(_03=Record(last=last, touched=NOW))[3].passed


def a_recap(number: int, at: datetime, function: str = "forward", **fields) -> Recap:
    kept = {"number": number, "exercise": "exercise03_backprop", "function": function, "file": "", "salt": ""}
    return Recap(**kept, at=at, ended=at, **({"outcome": "passed"} | fields))


def days(record: Record) -> float:
    """Return in how many days after the last thing that happened it is due."""
    last = record.recaps[-1].ended if record.recaps else record.first_passed
    return (schedule.due(Standing(catalog.find("3"), record)) - last) / DAY


def test_the_time_until_the_next_recap_grows_with_each_that_passes():
    """Days, then weeks; the same past has the same future."""
    record = Record(first_passed=NOW)
    grown = [days(record)]
    for number in range(4):
        at = (record.recaps[-1].ended if record.recaps else NOW) + grown[-1] * DAY
        record = Record(first_passed=NOW, recaps=(*record.recaps, a_recap(number, at)))
        grown.append(days(record))
        assert days(record) == grown[-1]
    assert 1 <= grown[0] <= 4
    assert grown == sorted(set(grown))
    assert grown[-1] > 30


def test_what_was_hard_comes_back_sooner():
    """After hints, after a solution that was shown, after failed attempts, after giving up."""
    easy = days(Record(first_passed=NOW))
    hard = days(Record(first_passed=NOW, hints={"forward": 2}))
    spoilt = days(Record(first_passed=NOW, spoilt=NOW))
    assert spoilt <= hard <= easy
    later = NOW + 10 * DAY
    passed, tried, given_up = (
        days(Record(first_passed=NOW, recaps=(a_recap(1, later, **how),)))
        for how in ({}, {"tries": 2}, {"outcome": "given up"})
    )
    assert given_up < tried < passed


def test_what_is_due_first_comes_first(every):
    """Nothing is due before its day."""
    standings = every(_00=Record(first_passed=NOW - DAY), _03=Record(first_passed=NOW))
    plan = schedule.plan(standings)
    assert [each.exercise.id for each in plan] == ["exercise00", "exercise03"]
    assert schedule.first_due(plan, NOW) is None
    assert schedule.first_due(plan, NOW + 5 * DAY).exercise.id == "exercise00"
    assert schedule.plan(every()) == []
    assert [schedule.when(NOW + n * DAY, NOW) for n in (-1, 0.2, 1, 12)] == [
        "now",
        "today",
        "tomorrow",
        "in 12 days",
    ]


def test_each_function_has_its_turn():
    """The one with the most hints first, then those that were asked for least."""
    exercise = catalog.find("3")
    hints = {"sgd_step": 1, "mlp_loss": 2}
    turns = []
    for number in range(6):
        recaps = tuple(a_recap(n, NOW, function) for n, function in enumerate(turns))
        turns.append(schedule.choose(exercise, Record(first_passed=NOW, hints=hints, recaps=recaps)))
        assert len(turns) == number + 1
    assert turns[:3] == ["mlp_loss_and_grads", "sgd_step", "forward"]
    assert set(turns[:5]) == set(exercise.functions)
    assert turns[5] == turns[0]
