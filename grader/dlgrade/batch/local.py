"""Grading on this machine: as many lanes as there are cores."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from pathlib import Path

from dlgrade import warm
from dlgrade.batch.running import Source
from dlgrade.warm import Job, Verdict


def lanes(
    exercise: str,
    *,
    exercises: Path | None = None,
    solutions: Path | None = None,
    level: int = 2,
    count: int | None = None,
) -> Source:
    """Return what turns files into verdicts here.

    Parameters
    ----------
    exercise, exercises, solutions, level
        As for `dlgrade.grading.check`.
    count
        Lanes; as many as there are cores if None.
    """

    def source(jobs: Iterable[Job]) -> Generator[Verdict]:
        yield from warm.verdicts(
            exercise, jobs, lanes=count, exercises=exercises, solutions=solutions, level=level
        )

    return source
