"""Questions and answers: which are asked, in which order options stand, what is said to an answer."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256

from dlgrade.catalog import Exercise
from dlgrade.errors import LearningError
from dlgrade.progress import Book, Record
from dlgrade.questions import Choice, Number, Option, Predict, Question, is_near

_LETTERS = "abcdefgh"
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?(/\d+)?")


@dataclass(frozen=True)
class Verdict:
    """What is said to an answer.

    Attributes
    ----------
    given
        The answer as it is remembered: the text of the option, or the number.
    reason
        Why it is right, or why not.
    code
        What the learner can now run to see for themselves; empty where there is nothing to run.
    """

    question: Question
    given: str
    right: bool
    reason: str
    code: str = ""


def asked(exercise: Exercise, record: Record, *, again: bool = False) -> tuple[Question, ...]:
    """Return the questions to ask: those that were not answered rightly yet, or with `again` all."""
    answers = record.answers
    return tuple(
        each for each in exercise.quiz if again or each.id not in answers or not answers[each.id].right
    )


def question(exercise: Exercise, question_id: str) -> Question:
    """Return the question of that id.

    Raises
    ------
    LearningError
        If there is none; the sentence says which there are.
    """
    for each in exercise.quiz:
        if each.id == question_id:
            return each
    if not exercise.quiz:
        raise LearningError(f"{exercise.id} has no quiz.")
    known = ", ".join(each.id for each in exercise.quiz)
    raise LearningError(f"The quiz of {exercise.id} has no question {question_id!r}; it has {known}.")


def options(exercise: Exercise, choice: Choice) -> dict[str, Option]:
    """Return the options of a question by their letters, in an order that tells nothing."""

    def place(option: Option) -> bytes:
        return sha256(f"{exercise.folder}/{choice.id}/{option.text}".encode()).digest()

    return dict(zip(_LETTERS, sorted(choice.options, key=place), strict=False))


def judge(exercise: Exercise, asked: Question, answer: str) -> Verdict:
    """Say of an answer whether it is right, and why.

    Parameters
    ----------
    answer
        As it was typed: the letter of an option, or a number.

    Raises
    ------
    LearningError
        If it is neither; the sentence says what is expected.
    """
    if isinstance(asked, Choice):
        letters = options(exercise, asked)
        chosen = letters.get(answer.strip().rstrip(".)").casefold())
        if chosen is None:
            *most, last = letters
            raise LearningError(f"{answer!r} is none of the options: answer {', '.join(most)} or {last}.")
        return Verdict(asked, chosen.text, chosen.right, chosen.because)
    return _judge_number(asked, _number(answer))


def answers(exercise: Exercise, given: Iterable[str]) -> list[Verdict]:
    """Judge answers that are written as ``question=answer``.

    Raises
    ------
    LearningError
        If one is not written so, answers no question, or is not understood; then none counts.
    """
    pairs = [each.partition("=") for each in given]
    for name, equals, answer in pairs:
        if not equals:
            ids = ", ".join(each.id for each in exercise.quiz)
            raise LearningError(f"{name!r} is no answer: write QUESTION=ANSWER, with one of {ids}.")
        judge(exercise, question(exercise, name.strip()), answer)
    return [judge(exercise, question(exercise, name.strip()), answer) for name, _, answer in pairs]


def note(book: Book, exercise: Exercise, verdicts: Sequence[Verdict]) -> None:
    """Remember answers."""
    for verdict in verdicts:
        book.note_answer(exercise.folder, verdict.question.id, verdict.given, right=verdict.right)


def runnable(code: str) -> str:
    """Return the code of a question as a learner runs it: its last line is printed."""
    last = ast.parse(code).body[-1]
    lines = code.strip("\n").split("\n")
    assert last.end_lineno is not None
    expression = "\n".join(code.split("\n")[last.lineno - 1 : last.end_lineno])
    return "\n".join([*lines[: len(lines) - expression.count("\n") - 1], f"print({expression})"])


def _judge_number(asked: Number, number: float) -> Verdict:
    given = f"{number:.12g}"
    code = runnable(asked.code) if isinstance(asked, Predict) else ""
    if asked.accepts(number):
        return Verdict(asked, given, True, asked.because, code)
    near = (slip for slip in asked.slips if is_near(number, slip.answer, asked.tolerance))
    slip = next(near, None)
    return Verdict(asked, given, False, asked.otherwise if slip is None else slip.because, code)


def _number(answer: str) -> float:
    plain = "".join(answer.split()).replace("\N{MINUS SIGN}", "-").casefold()
    if re.fullmatch(r"[+-]?\d+,\d+", plain):  # as half of the world writes it
        plain = plain.replace(",", ".")
    if _NUMBER.fullmatch(plain):
        try:
            top, _, bottom = plain.partition("/")
            number = float(Fraction(top) / Fraction(bottom or "1"))
        except (ZeroDivisionError, OverflowError):
            number = math.inf
        if math.isfinite(number):
            return number
    raise LearningError(f"{answer!r} is no number: write one like 0.25, 2.5e-3 or 1/4.")
