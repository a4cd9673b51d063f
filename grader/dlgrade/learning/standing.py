"""How far a learner has come in each exercise, by what is remembered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dlgrade.catalog import Exercise
from dlgrade.progress import Book, Record


@dataclass(frozen=True)
class Standing:
    """One exercise, and what is remembered of it."""

    exercise: Exercise
    record: Record

    @property
    def passed_at(self) -> datetime | None:
        """When it was passed first, as far as this machine can tell: by the visible examples if need be."""
        last = self.record.last
        by_examples = last.at if last is not None and last.passed else None
        return self.record.first_passed or by_examples

    @property
    def passed(self) -> bool:
        """Whether it was passed once."""
        return self.passed_at is not None

    @property
    def begun(self) -> bool:
        """Whether any check is remembered."""
        return self.record.touched is not None

    @property
    def open_questions(self) -> int:
        """How many questions of the quiz were not answered rightly yet."""
        answers = self.record.answers
        return sum(1 for each in self.exercise.quiz if each.id not in answers or not answers[each.id].right)


def standings(exercises: Sequence[Exercise], book: Book) -> list[Standing]:
    """Return how far a learner has come in each exercise."""
    records = book.records()
    return [Standing(each, records.get(each.folder, Record())) for each in exercises]


def current(every: Sequence[Standing]) -> Standing | None:
    """Return the exercise to go on with: the one checked last that is not passed, else the first such."""
    begun = [each for each in every if not each.passed and each.record.touched is not None]
    if begun:
        return max(begun, key=lambda each: (each.record.touched, -each.exercise.number))
    return next((each for each in every if not each.passed), None)
