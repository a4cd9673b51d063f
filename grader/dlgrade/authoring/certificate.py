"""A certificate's text: the same on every machine, so that it can be made again and compared."""

from __future__ import annotations

import math
import platform
from collections.abc import Iterable, Sequence
from importlib.metadata import version

from dlgrade.authoring import directions
from dlgrade.authoring.certify import Measured, Tried, is_thin
from dlgrade.authoring.evidence import readable
from dlgrade.authoring.pool import Verdict
from dlgrade.diagnosis.catalogue import Mistake

_THIN = (
    " One file of this exercise takes seconds: each number has the first of its mutants, and each line has "
    "one of every other operator."
)
_LOST, _KEPT, _RULED_OUT = "✗", "·", "ruled out"


def text(measured: Measured) -> str:
    """Write the certificate.

    Parameters
    ----------
    measured
        What `certify.measured` found.
    """
    exercise = measured.place.exercise
    mistakes = readable(measured.place)[0]
    origin = (
        f"`dlgrade author certify {exercise.id}` wrote this file; with `--check` it says "
        "whether it would write the same again."
    )
    parts = [
        f"# Certificate: {exercise.id}, {exercise.name}",
        origin,
        f"Made with {_versions(exercise.tools)}.",
        "## What was measured",
        _summary(measured, mistakes),
        "## What each mistake loses",
        _legend(measured),
        _kills(measured, mistakes),
        "## What each variant earns",
        _accepts(measured),
        "## Mutants",
        _mutants(measured),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def risk(verdicts: Iterable[Verdict]) -> float:
    """Return the largest sum of stated probabilities that one run of the suite had."""
    return max(math.fsum(verdict.stated) for verdict in verdicts)


def _versions(tools: Sequence[str]) -> str:
    called = {"numpy": "NumPy", "torch": "PyTorch"}
    parts = [f"Python {_minor(platform.python_version())}"]
    parts += [f"{called[tool]} {_minor(version(tool))}" for tool in called if tool in (*tools, "torch")]
    return ", ".join(parts)


def _minor(number: str) -> str:
    return ".".join(number.split(".")[:2])


def _summary(measured: Measured, mistakes: Sequence[Mistake]) -> str:
    evidence, exercise = measured.evidence, measured.place.exercise
    starter = evidence.starter[0]
    to_do = {test.function for test in starter.tests if test.todo}
    exact = [each for each in mistakes if evidence.mistakes[each.name].lost == each.loses]
    named = [each for each in mistakes if directions.named(each, evidence.mistakes[each.name])]
    barred = [each for each in mistakes if _how_named(each, evidence.mistakes[each.name]) == _RULED_OUT]
    full = [name for name, verdict in evidence.variants.items() if _passed(verdict)]
    right = [*evidence.reference, *evidence.variants.values()]
    silent = not any(directions.diagnoses(verdict) for verdict in right)
    functions = exercise.functions
    rows = {
        "the reference": _earns(evidence.reference, exercise.points),
        "the starter": f"{_points(starter)} points, {len(to_do)} of {len(functions)} functions to do",
        "variants": f"{len(full)} of {len(evidence.variants)} earn everything",
        "mistakes": f"{len(exact)} of {len(mistakes)} lose exactly their criteria",
        "diagnosis": f"{len(named)} of {len(mistakes)} mistakes are named by their own sentence"
        f"{f', {len(barred)} by what they use that is ruled out' if barred else ''}; "
        f"{'nothing' if silent else 'something'} is said of a right file",
        "chance": _chance(evidence.reference[0]),
        "mutants": _caught(measured.tried),
    }
    return _table(["", ""], [[name, words] for name, words in rows.items()])


def _earns(runs: Sequence[Verdict], points: float) -> str:
    same = "the same report twice" if runs[0] == runs[1] else "but two reports differ"
    return f"{_points(runs[0])} of {points:g} points, {same}"


def _caught(tried: Sequence[Tried]) -> str:
    killed = sum(each.killed for each in tried)
    same = sum(each.equivalent is not None for each in tried)
    share = _share(killed, len(tried) - same)
    return f"{killed} of {len(tried) - same} are caught ({share}); {same} more are right too, see below"


def _chance(verdict: Verdict) -> str:
    if not verdict.stated:
        return "no test of the suite depends on it"
    return (
        f"a right file is rejected with a probability of at most {risk([verdict]):.1e}, "
        f"the sum of what {len(verdict.stated)} checks state"
    )


def _legend(measured: Measured) -> str:
    listed = [f"{index}: `{each.id}`" for index, each in enumerate(measured.place.exercise.criteria, 1)]
    return (
        f"{', '.join(listed)}. Where a mistake uses what is ruled out, `by_hand` is lost as well. "
        f"{_LOST} is lost; *named* says whether the diagnosis is the mistake's own sentence."
    )


def _kills(measured: Measured, mistakes: Sequence[Mistake]) -> str:
    ids = [criterion.id for criterion in measured.place.exercise.criteria]
    rows = []
    for mistake in mistakes:
        verdict = measured.evidence.mistakes[mistake.name]
        marks = [_LOST if each in verdict.lost else _KEPT for each in ids]
        rows.append([f"`{mistake.name}`", *marks, _how_named(mistake, verdict)])
    return _table(["mistake", *map(str, range(1, len(ids) + 1)), "named"], rows)


def _how_named(mistake: Mistake, verdict: Verdict) -> str:
    if directions.named(mistake, verdict):
        return "yes"
    # What is ruled out is told by name and line, and needs no diagnosis.
    return _RULED_OUT if "by_hand" in verdict.lost & mistake.loses else "no"


def _accepts(measured: Measured) -> str:
    rows = [[f"`{name}`", _points(verdict)] for name, verdict in measured.evidence.variants.items()]
    return _table(["variant", "points"], rows)


def _mutants(measured: Measured) -> str:
    thin = _THIN if is_thin(measured.place) else ""
    told = f"The reference with one change in one place, which the suite must catch.{thin}"
    operators = sorted({each.mutant.operator for each in measured.tried})
    rows = []
    for operator in operators:
        mine = [each for each in measured.tried if each.mutant.operator == operator]
        equivalent = sum(each.equivalent is not None for each in mine)
        rows.append([operator, str(len(mine)), str(sum(each.killed for each in mine)), str(equivalent)])
    table = _table(["operator", "mutants", "caught", "equivalent"], rows)
    survivors = [each for each in measured.tried if not each.killed]
    listed = "\n".join(_survivor(each) for each in survivors)
    return "\n\n".join([told, table, *(["These are not caught:", listed] if survivors else [])])


def _survivor(each: Tried) -> str:
    why = "nobody says why" if each.equivalent is None else " ".join(each.equivalent.reason.split())
    mutant = each.mutant
    return f"- {mutant.function}, `{mutant.line}`: `{mutant.change}`. {why}"


def _passed(verdict: Verdict) -> bool:
    return verdict.report is not None and verdict.report.passed


def _points(verdict: Verdict) -> str:
    return "no" if verdict.report is None else f"{verdict.report.points:g}"


def _share(part: int, whole: int) -> str:
    return f"{math.floor(1000 * part / whole) / 10 if whole else 100.0:.1f} %"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)
