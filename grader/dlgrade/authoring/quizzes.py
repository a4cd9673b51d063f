"""The quiz of an exercise: its code gives its answers, and each answer, right or wrong, its own verdict."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from dlgrade import siblings
from dlgrade.authoring.course import Place
from dlgrade.authoring.finding import Finding
from dlgrade.learning import quiz
from dlgrade.questions import Choice, Number, Question

FEWEST, MOST = 3, 6
_SHARE = 0.25
"""Of the tolerance: how far the answer may be from what the code gives, so that rounding it does no harm."""


def findings(place: Place) -> Iterator[Finding]:
    """Yield what is wrong with the questions of an exercise; it need not have any."""
    file = place.shown(place.exercise.exercise_dir / "exercise.toml")
    questions = place.exercise.quiz
    if questions and not FEWEST <= len(questions) <= MOST:
        has = f"the quiz has {len(questions)} question{'s' * (len(questions) > 1)}"
        yield Finding(file, f"{has}; make it {FEWEST} to {MOST}, or none.")
    for question in questions:
        for advice in (*_recomputed(place, question), *_judged(place, question)):
            yield Finding(file, f"quiz {question.id!r}: {advice}")


def _recomputed(place: Place, question: Question) -> Iterator[str]:
    """Yield how the code of a question contradicts its answer."""
    try:
        with siblings.importable(place.solution):
            value = _run(question.code, question.id)
    except Exception as error:
        said = f": {error}" if str(error) else ""
        yield f"its code raises {type(error).__name__}{said}; mend the code or the answer."
        return
    if not isinstance(question, Number) or not question.code:
        return
    try:
        number = float(value)
    except (TypeError, ValueError):
        yield f"its code gives {value!r}, which is no number."
        return
    if not abs(number - question.answer) <= question.tolerance * _SHARE:
        yield f"its code gives {number:.12g} and the answer is {question.answer:.12g}; make them alike."


def _run(code: str, name: str) -> Any:
    """Run the code and return the value of its last line, if that is an expression."""
    tree, scope = ast.parse(code), {"__name__": name}
    last = tree.body[-1] if tree.body else None
    if not isinstance(last, ast.Expr):
        exec(compile(tree, f"<quiz {name}>", "exec"), scope)
        return None
    exec(compile(ast.Module(tree.body[:-1], []), f"<quiz {name}>", "exec"), scope)
    return eval(compile(ast.Expression(last.value), f"<quiz {name}>", "eval"), scope)


def _judged(place: Place, question: Question) -> Iterator[str]:
    """Yield which answers get another verdict than the manifest's: each right and wrong one is given."""
    expected: list[tuple[str, bool, str]] = []
    if isinstance(question, Choice):
        letters = quiz.options(place.exercise, question)
        expected += [(letter, each.right, each.because) for letter, each in letters.items()]
    else:
        expected.append((repr(question.answer), True, question.because))
        expected += [(repr(slip.answer), False, slip.because) for slip in question.slips]
    for given, right, because in expected:
        verdict = quiz.judge(place.exercise, question, given)
        if (verdict.right, verdict.reason) != (right, because):
            yield f"the answer {given} is told {verdict.reason!r} instead of {because!r}."
