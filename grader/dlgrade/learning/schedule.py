"""When something that was passed is worth doing again: spaced repetition by FSRS.

What is remembered is the truth and the library's cards are made of it anew each time, so that another version
of the library, or other weights, need no migration. Nothing is fuzzed: the same past has the same future.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from dlgrade.catalog import Exercise
from dlgrade.learning.standing import Standing
from dlgrade.progress import Recap, Record


@dataclass(frozen=True)
class Due:
    """An exercise that was passed, and when to come back to it."""

    standing: Standing
    at: datetime

    @property
    def exercise(self) -> Exercise:
        """Which one it is."""
        return self.standing.exercise


def plan(every: Iterable[Standing]) -> list[Due]:
    """Return when to come back to each exercise that was passed, what is due first at the beginning."""
    dues = [Due(each, due(each)) for each in every if each.passed]
    return sorted(dues, key=lambda each: (each.at, each.exercise.number))


def first_due(plan: Sequence[Due], now: datetime) -> Due | None:
    """Return what is due first, if anything is due by now."""
    return plan[0] if plan and plan[0].at <= now else None


def due(standing: Standing) -> datetime:
    """Return when to come back to an exercise that was passed."""
    from fsrs import Card, Rating, Scheduler

    # Without steps of minutes: who has passed comes back after days.
    scheduler = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    record, passed = standing.record, standing.passed_at
    assert passed is not None
    first = Rating.Again if record.spoilt else Rating.Hard if record.hints else Rating.Good
    card, _ = scheduler.review_card(Card(card_id=1, due=passed), first, passed)
    for recap in record.recaps:
        assert recap.ended is not None
        ended = max(recap.ended, passed)
        card, _ = scheduler.review_card(card, Rating[_rating(recap)], ended.astimezone(UTC))
    return card.due


def choose(exercise: Exercise, record: Record) -> str:
    """Return the function of an exercise to ask for: asked for least, and then with the most hints."""

    def rank(function: str) -> tuple[int, int]:
        times = sum(recap.function == function for recap in record.recaps)
        criteria = [each.id for each in exercise.criteria if function in each.functions]
        return times, -sum(record.hints.get(each, 0) for each in criteria)

    return min(exercise.functions, key=rank)


def when(at: datetime, now: datetime) -> str:
    """Say when something is due: ``now``, ``tomorrow``, ``in 12 days``."""
    left = at - now
    if left <= timedelta():
        return "now"
    days = round(left / timedelta(days=1))
    return "today" if days == 0 else "tomorrow" if days == 1 else f"in {days} days"


def _rating(recap: Recap) -> str:
    if recap.outcome == "given up":
        return "Again"
    return "Hard" if recap.tries else "Good"
