"""The questions of an exercise's quiz, as its `exercise.toml` has them under ``[[quiz]]``.

A question has one right answer. Whoever answers otherwise is told why: each wrong option has its own reason,
and so have the wrong numbers that a known slip leads to.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator
from typing import Annotated

import msgspec
from msgspec import Meta

Finite = Annotated[float, Meta(ge=-1e15, le=1e15)]


class Option(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of the answers to choose from.

    Attributes
    ----------
    because
        What is said to whoever chose it: why it is right, or why not.
    """

    text: str
    because: str
    right: bool = False


class Slip(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A wrong number that has a reason of its own."""

    answer: Finite
    because: str


class _Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", kw_only=True):
    """What all kinds have.

    Attributes
    ----------
    code
        Python that proves the answer: with the names of the reference to import. It is run by the author's
        lint, and shown only after a prediction.
    """

    id: str
    question: str
    code: str = ""


class Choice(_Question, frozen=True, tag="choice"):
    """Several answers, one of which is right; its code asserts what it claims."""

    options: Annotated[tuple[Option, ...], Meta(min_length=2, max_length=8)]


class Number(_Question, frozen=True, tag="number"):
    """A number, which the last line of its code gives.

    Attributes
    ----------
    tolerance
        How far an answer may be from it.
    because
        Why it is this one; said after a right answer.
    otherwise
        What is said to a wrong one that is none of the slips: how to get at it, but not the number.
    """

    answer: Finite
    tolerance: Annotated[float, Meta(gt=0, le=1e9)]
    because: str
    otherwise: str
    slips: tuple[Slip, ...] = ()

    def accepts(self, number: float) -> bool:
        """Whether an answer is right."""
        return is_near(number, self.answer, self.tolerance)


class Predict(Number, frozen=True, tag="predict"):
    """A number to commit to before the code that gives it is shown, to be run by the learner."""


Question = Choice | Number | Predict


def is_near(number: float, other: float, tolerance: float) -> bool:
    """Whether two numbers are at most so far apart, but for the rounding of their last digits."""
    return math.isclose(number, other, rel_tol=1e-12, abs_tol=tolerance * (1 + 1e-9))


def faults(quiz: tuple[Question, ...]) -> Iterator[str]:
    """Yield what is wrong with a quiz beyond its types."""
    earlier: set[str] = set()
    for question in quiz:
        yield from (f"quiz {question.id!r}: {fault}" for fault in _faults(question, earlier))
        earlier.add(question.id)


def _faults(question: Question, earlier: set[str]) -> Iterator[str]:
    if not question.id.isidentifier():
        yield "the id is not a name in Python."
    if question.id in earlier:
        yield "the id stands there twice."
    if not question.question.strip():
        yield "the question is empty."
    yield from _faults_of_code(question)
    yield from _faults_of_options(question) if isinstance(question, Choice) else _faults_of_number(question)


def _faults_of_code(question: Question) -> Iterator[str]:
    if isinstance(question, Predict) and not question.code.strip():
        yield "a prediction needs the code that gives the number."
    try:
        body = ast.parse(question.code).body
    except SyntaxError as error:
        yield f"code is no Python: {error.msg}, line {error.lineno}."
        return
    if isinstance(question, Number) and body and not isinstance(body[-1], ast.Expr):
        yield "the last line of code is to be an expression, the number."


def _faults_of_options(question: Choice) -> Iterator[str]:
    right = sum(option.right for option in question.options)
    if right != 1:
        yield f"{right} options are right; exactly one has to be."
    if len({option.text for option in question.options}) < len(question.options):
        yield "two options have the same text."
    for option in question.options:
        if not option.text.strip() or not option.because.strip():
            yield "an option has no text, or does not say because."


def _faults_of_number(question: Number) -> Iterator[str]:
    if not question.because.strip() or not question.otherwise.strip():
        yield "because or otherwise is empty."
    for number, slip in enumerate(question.slips):
        if question.accepts(slip.answer):
            yield f"the slip {slip.answer:g} is within the tolerance of the right answer."
        if any(is_near(slip.answer, other.answer, question.tolerance) for other in question.slips[:number]):
            yield f"the slip {slip.answer:g} is within the tolerance of another."
        if not slip.because.strip():
            yield f"the slip {slip.answer:g} does not say because."
