"""Questions of a quiz and what is said to their answers, as text and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from dlgrade.catalog import Exercise
from dlgrade.learning import quiz
from dlgrade.learning.quiz import Verdict
from dlgrade.questions import Choice, Predict, Question
from dlgrade.render.plain import Plain

SCHEMA = 1


def heading(exercise: Exercise, page: Plain) -> str:
    """Return what a quiz begins with."""
    page.put(f"{exercise.id} {exercise.name} · quiz", bold=True)
    return page.said


def question(exercise: Exercise, asked: Question, where: str, page: Plain) -> str:
    """Return one question, with its options.

    Parameters
    ----------
    where
        Which one it is, such as ``2 of 5``.
    """
    page.blank()
    page.put(f"{where} · {asked.id}", bold=True)
    page.put(asked.question)
    if isinstance(asked, Choice):
        for letter, option in quiz.options(exercise, asked).items():
            page.item(letter, option.text)
    elif isinstance(asked, Predict):
        page.put("Commit to a number first; the code that gives it is shown afterwards.", dim=True)
    return page.said


def prompt(exercise: Exercise, asked: Question) -> str:
    """Return what stands before the answer that is typed."""
    what = "a number"
    if isinstance(asked, Choice):
        *most, last = quiz.options(exercise, asked)
        what = f"{', '.join(most)} or {last}"
    return f"Your answer ({what}; Enter to skip it, q to stop): "


def verdict(said: Verdict, page: Plain) -> str:
    """Return what is said to an answer."""
    if said.right:
        page.item(page.glyph("✓", "ok"), f"Right. {said.reason}", fg="green")
    else:
        page.item(page.glyph("✗", "x"), f"No. {said.reason}", fg="red")
    if said.code:
        page.put("See for yourself, in the folder of your file:")
        page.code(said.code)
    return page.said


def named_verdict(said: Verdict, page: Plain) -> str:
    """Return what is said to an answer below the id of its question, where that does not stand above."""
    page.put(said.question.id, bold=True)
    return verdict(said, page)


def ending(exercise: Exercise, still_open: int, page: Plain) -> str:
    """Return what a quiz ends with."""
    total = len(exercise.quiz)
    page.blank()
    if still_open:
        page.put(f"{total - still_open} of {total} are answered rightly; the rest is asked again next time.")
        page.way("next", f"dlgrade quiz {exercise.id}", "asks them")
    else:
        page.put(f"All {total} questions are answered rightly.")
        page.way("next", "dlgrade next", "says where to go on")
        page.way("", f"dlgrade quiz {exercise.id} --again", "asks them all once more")
    return page.said


def listing(exercise: Exercise, questions: Sequence[Question], page: Plain) -> str:
    """Return questions to read, and how they are answered where nobody can be asked."""
    heading(exercise, page)
    for number, each in enumerate(questions, start=1):
        question(exercise, each, f"{number} of {len(questions)}", page)
    page.blank()
    command = f"dlgrade quiz {exercise.id} --answer {questions[0].id}=ANSWER"
    page.way("next", command, "answers the first one")
    return page.said


def as_json(exercise: Exercise, questions: Sequence[Question], verdicts: Sequence[Verdict]) -> bytes:
    """Return questions and verdicts for other programs; without what a learner is not to see yet."""
    document: dict[str, Any] = {
        "schema": SCHEMA,
        "exercise": exercise.id,
        "questions": [_asked(exercise, each) for each in questions],
        "verdicts": [
            {
                "id": each.question.id,
                "given": each.given,
                "right": each.right,
                "reason": each.reason,
                "code": each.code,
            }
            for each in verdicts
        ],
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


def _asked(exercise: Exercise, each: Question) -> dict[str, Any]:
    kind = type(each).__name__.casefold()
    found: dict[str, Any] = {"id": each.id, "kind": kind, "question": each.question}
    if isinstance(each, Choice):
        found["options"] = {key: option.text for key, option in quiz.options(exercise, each).items()}
    return found
