"""What becomes of every file of an exercise: reference, starter, mistakes and variants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dlgrade.authoring.course import Place
from dlgrade.authoring.pool import Job, Tell, Verdict, grade
from dlgrade.diagnosis import catalogue
from dlgrade.diagnosis.catalogue import Mistake
from dlgrade.errors import ManifestError

TWICE = ("reference", "starter")
"""What is graded a second time: one report must be as the other."""


@dataclass(frozen=True)
class Evidence:
    """The verdict of each file.

    Attributes
    ----------
    reference, starter
        Two runs of each.
    mistakes
        By name, each put behind the reference.
    variants
        By name.
    """

    reference: tuple[Verdict, Verdict]
    starter: tuple[Verdict, Verdict]
    mistakes: Mapping[str, Verdict]
    variants: Mapping[str, Verdict]


def gathered(place: Place, tell: Tell | None = None) -> Evidence:
    """Grade every file of an exercise; a mistake that cannot be read is left out, for the lint says so."""
    mistakes, _ = readable(place)
    jobs = [job for job in _jobs(place, mistakes) for _ in range(2 if job.name in TWICE else 1)]
    verdicts = grade(jobs, tell)
    first = len(TWICE) * 2
    wrong = verdicts[first : first + len(mistakes)]
    return Evidence(
        (verdicts[0], verdicts[1]),
        (verdicts[2], verdicts[3]),
        dict(zip((mistake.name for mistake in mistakes), wrong, strict=True)),
        dict(zip((path.stem for path in place.variants), verdicts[first + len(mistakes) :], strict=True)),
    )


def count(place: Place) -> int:
    """Return how many files `gathered` grades."""
    return len(TWICE) * 2 + len(readable(place)[0]) + len(place.variants)


def readable(place: Place) -> tuple[list[Mistake], dict[Path, str]]:
    """Read the mistakes; those that are not as they should be come with the sentence that says why."""
    read, unread = [], {}
    for path in place.mistakes:
        try:
            read.append(catalogue.read(path))
        except ManifestError as error:
            unread[path] = str(error)
    return read, unread


def _jobs(place: Place, mistakes: list[Mistake]) -> list[Job]:
    reference = place.reference.read_text(encoding="utf-8")
    starter = place.exercise.entry_path.read_text(encoding="utf-8")
    return [
        Job(place, "reference", reference),
        Job(place, "starter", starter),
        *(Job(place, mistake.name, f"{reference}\n\n{mistake.source}") for mistake in mistakes),
        *(Job(place, path.stem, path.read_text(encoding="utf-8")) for path in place.variants),
    ]
