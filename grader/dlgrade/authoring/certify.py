"""What an exercise's suite catches and what it lets pass: measured, and written down."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dlgrade.authoring import directions, equivalents, evidence
from dlgrade.authoring.course import Place
from dlgrade.authoring.equivalents import Equivalent
from dlgrade.authoring.evidence import Evidence
from dlgrade.authoring.finding import Finding
from dlgrade.authoring.layout import CERTIFICATE, EQUIVALENT
from dlgrade.authoring.mutants import Mutant, mutants
from dlgrade.authoring.pool import Job, Tell, Verdict, grade

CALL_S_MIN = 2.0
"""Seconds that every mutant has for a call, however short the exercise's own limit is."""


@dataclass(frozen=True)
class Tried:
    """A mutant, whether the suite caught it, and the reason if it need not."""

    mutant: Mutant
    killed: bool
    equivalent: Equivalent | None


@dataclass(frozen=True)
class Measured:
    """All that a certificate says.

    Attributes
    ----------
    evidence
        The verdicts on the exercise's own files.
    tried
        The mutants, in the order of the reference.
    findings
        What is to be done before the certificate is worth something.
    """

    place: Place
    evidence: Evidence
    tried: Sequence[Tried]
    findings: Sequence[Finding]


def is_thin(place: Place) -> bool:
    """Whether an exercise takes so long that it gets fewer mutants."""
    return "torch" in place.exercise.tools


def steps(place: Place) -> int:
    """Return how often `measured` tells of a file."""
    return evidence.count(place) + len(_mutants(place))


def measured(place: Place, tell: Tell | None = None) -> Measured:
    """Grade all files of an exercise, and all mutants of its reference.

    Parameters
    ----------
    place
        The exercise.
    tell
        Is told of each file that was graded.
    """
    known = equivalents.read(place.solution)
    gathered = evidence.gathered(place, tell)
    made = _mutants(place)
    verdicts = grade([_job(place, mutant) for mutant in made], tell)
    tried = [
        Tried(mutant, _killed(verdict), known.get(mutant.key))
        for mutant, verdict in zip(made, verdicts, strict=True)
    ]
    findings = [
        *directions.findings(place, gathered),
        *_of_mutants(place, tried, verdicts),
        *_stale(place, tried, known),
    ]
    return Measured(place, gathered, tried, sorted(dict.fromkeys(findings)))


def path(place: Place) -> Path:
    """Return where an exercise's certificate lies."""
    return place.solution / CERTIFICATE


def differences(place: Place, text: str) -> str:
    """Return how a certificate differs from the one that is there; nothing if only the versions do."""
    there = path(place)
    old = there.read_text(encoding="utf-8") if there.is_file() else ""
    if _unversioned(old) == _unversioned(text):
        return ""
    lines = difflib.unified_diff(
        old.splitlines(keepends=True), text.splitlines(keepends=True), place.shown(there), "made now"
    )
    return "".join(lines)


def _unversioned(text: str) -> list[str]:
    return [line for line in text.splitlines() if not line.startswith("Made with ")]


def _mutants(place: Place) -> list[Mutant]:
    return mutants(place.reference.read_text(encoding="utf-8"), thin=is_thin(place))


def _job(place: Place, mutant: Mutant) -> Job:
    seconds = max(CALL_S_MIN, place.exercise.limits.call_s / 4)
    first = mutant.top if mutant.top in place.exercise.functions else None
    return Job(place, mutant.change, mutant.source, stop_early=True, start_with=first, call_s=seconds)


def _killed(verdict: Verdict) -> bool:
    """Whether the suite blames the mutant, and does not break on it."""
    return verdict.report is not None and not verdict.report.ours and not verdict.report.passed


def _of_mutants(place: Place, tried: Sequence[Tried], verdicts: Sequence[Verdict]) -> Iterator[Finding]:
    reference = place.shown(place.reference)
    for each, verdict in zip(tried, verdicts, strict=True):
        which = f"{each.mutant.function}, `{each.mutant.line}`: the mutant {each.mutant.change}"
        if verdict.report is None or verdict.report.ours:
            errors = [test.message for test in verdict.tests if test.status == "error"]
            words = verdict.problem or (errors[0] if errors else "")
            yield Finding(
                reference, f"{which} makes the suite itself fail ({words}); let a check of it fail."
            )
        elif not each.killed and each.equivalent is None:
            yield Finding(reference, f"{which} survives; strengthen the suite, or say why in {EQUIVALENT}.")


def _stale(
    place: Place, tried: Sequence[Tried], known: Mapping[tuple[str, str, str], Equivalent]
) -> Iterator[Finding]:
    file = place.shown(place.solution / EQUIVALENT)
    met = {each.mutant.key: each for each in tried}
    for key, equivalent in known.items():
        which = f"{equivalent.function}, `{equivalent.line}`, {equivalent.change}"
        if key not in met:
            yield Finding(file, f"there is no mutant {which}; take it out.")
        elif met[key].killed:
            yield Finding(file, f"{which} is caught, so it is not equivalent; take it out.")
