"""Answers to a quiz: how they are understood, and what is said to them."""

import json

import pytest

from dlgrade import catalog
from dlgrade.errors import LearningError
from dlgrade.learning import quiz
from dlgrade.progress import Answer, Book
from dlgrade.render import quiz as shown
from dlgrade.render.plain import Plain


@pytest.fixture
def exercise():
    return catalog.find("3")


def letter_of(exercise, question, *, right):
    options = quiz.options(exercise, question)
    return next(letter for letter, option in options.items() if option.right == right)


@pytest.mark.parametrize(
    "answer", ["0.48", " .48 ", "+0.48", "48e-2", "0,48", "12/25", "0.4800000001", "0.4804", "4.8E-1"]
)
def test_a_number_may_be_written_in_many_ways(exercise, answer):
    """As a decimal with a point or a comma, with an exponent, as a fraction; and a little off."""
    verdict = quiz.judge(exercise, quiz.question(exercise, "one_step"), answer)
    assert verdict.right
    assert verdict.reason.startswith("0.5 − 0.01")


@pytest.mark.parametrize(
    "answer", ["", "abc", "nan", "inf", "-inf", "1/0", "0x10", "1e999", "1e99999999", "1_0", "1/2/3", "²"]
)
def test_what_is_no_number_is_no_answer(exercise, answer):
    """It is said how to write one."""
    with pytest.raises(LearningError, match="write one like"):
        quiz.judge(exercise, quiz.question(exercise, "one_step"), answer)


def test_a_slip_gets_its_own_reason_and_any_other_number_the_way(exercise):
    """Uphill is told apart from a number out of nowhere; neither is told the answer."""
    asked = quiz.question(exercise, "one_step")
    uphill, nowhere = quiz.judge(exercise, asked, "0.52"), quiz.judge(exercise, asked, "17")
    assert not uphill.right
    assert "uphill" in uphill.reason
    assert nowhere.reason == asked.otherwise
    assert "0.48" not in nowhere.reason + uphill.reason


def test_a_minus_is_a_minus_however_it_is_typed():
    """The one of typography is pasted from the statement."""
    exercise = catalog.find("0")
    for answer in ("-82", "\N{MINUS SIGN}82"):
        assert quiz.judge(exercise, quiz.question(exercise, "gradient_b"), answer).right


def test_an_option_is_chosen_by_its_letter(exercise):
    """Capital, with a bracket or a full stop; what is remembered is its text, so that letters may change."""
    asked = quiz.question(exercise, "why_central")
    letter = letter_of(exercise, asked, right=True)
    for answer in (letter, letter.upper(), f"{letter})", f" {letter}."):
        verdict = quiz.judge(exercise, asked, answer)
        assert verdict.right
        assert verdict.given == quiz.options(exercise, asked)[letter].text
    with pytest.raises(LearningError, match=r"'z' is none of the options: answer a, b, c or d\."):
        quiz.judge(exercise, asked, "z")


def test_the_code_of_a_prediction_is_shown_after_the_answer_alone(exercise):
    """Right or wrong; and as something that prints."""
    asked = quiz.question(exercise, "dead_neuron")
    assert "backward(" not in shown.question(exercise, asked, "1 of 1", Plain())
    for answer in ("0", "-12"):
        verdict = quiz.judge(exercise, asked, answer)
        assert verdict.code.endswith('print(backward(-1.0, 3.0, 1.0, 2.0)["dL_dw"])')
        assert "print(backward(" in shown.verdict(verdict, Plain())
    assert quiz.judge(exercise, quiz.question(exercise, "one_step"), "0.48").code == ""


def test_an_expression_over_several_lines_is_printed_whole():
    """Its last line alone would be half of it."""
    assert quiz.runnable("a = 1\n(a +\n 2)\n") == "a = 1\nprint((a +\n 2))"


def test_only_what_was_not_answered_rightly_is_asked(exercise, tmp_path):
    """The last answer counts; --again asks all."""
    book = Book(tmp_path)
    verdicts = quiz.answers(exercise, ["one_step=0.48", "dead_neuron = 7"])
    quiz.note(book, exercise, verdicts)
    record = book.record(exercise.folder)
    assert record.answers["one_step"] == Answer("0.48", True, record.answers["one_step"].at)
    left = [each.id for each in quiz.asked(exercise, record)]
    assert left == ["dead_neuron", "central_difference", "why_central", "twice_the_batch"]
    assert len(quiz.asked(exercise, record, again=True)) == 5


@pytest.mark.parametrize("answers", [["one_step"], ["two_step=1"], ["one_step=0.48", "why_central=9"]])
def test_one_answer_that_is_none_spoils_all(exercise, answers):
    """Nothing is judged, so nothing is remembered."""
    with pytest.raises(LearningError):
        quiz.answers(exercise, answers)


def test_json_has_the_questions_and_not_the_answers(exercise):
    """Neither what is right nor the code that gives it."""
    text = shown.as_json(exercise, exercise.quiz, quiz.answers(exercise, ["one_step=0.52"])).decode()
    found = json.loads(text)
    assert [each["id"] for each in found["questions"]] == [each.id for each in exercise.quiz]
    assert set(found["questions"][3]["options"]) == set("abcd")
    assert "0.48" not in text
    assert "3.01" not in text
    (verdict,) = found["verdicts"]
    assert (verdict["right"], verdict["given"]) == (False, "0.52")
