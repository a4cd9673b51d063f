"""From tests to points: the only place where points are given."""

from __future__ import annotations

import math
from collections.abc import Sequence

import msgspec

from dlgrade.manifest import Criterion
from dlgrade.report import CriterionResult, Status, TestResult


def score(criterion: Criterion, tests: Sequence[TestResult]) -> CriterionResult:
    """Score one criterion: all its points at once, or shared out by its functions' weights."""
    mine = [test for test in tests if test.criterion == criterion.id]
    if criterion.weights:
        total = math.fsum(criterion.weights.values())
        earned = [
            weight
            for function, weight in criterion.weights.items()
            if _passed([test for test in mine if test.function == function])
        ]
        points = criterion.points * (math.fsum(earned) / total)  # all shares are all points, to the bit
    else:
        points = criterion.points if _passed(mine) else 0.0
    return CriterionResult(criterion.id, criterion.title, points, criterion.points, status(mine))


def share_of(criterion: Criterion, function: str) -> Criterion:
    """Return what a criterion is where one of its functions alone is asked for."""
    points = criterion.points
    if criterion.weights:
        points *= criterion.weights[function] / math.fsum(criterion.weights.values())
    return msgspec.structs.replace(criterion, points=points, functions=(function,), needs=(), weights={})


def status(tests: Sequence[TestResult]) -> Status:
    """Take the status of a criterion: the worst of its tests, ours before the learner's."""
    found = {test.status for test in tests}
    for worst in ("error", "failed", "skipped"):
        if worst in found:
            return worst
    return "passed" if found else "skipped"


def _passed(tests: Sequence[TestResult]) -> bool:
    return bool(tests) and all(test.status == "passed" for test in tests)
