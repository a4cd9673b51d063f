"""Scoring: points for passed tests only, all at once or by the weights of the functions."""

import itertools

import pytest

from dlgrade.manifest import Criterion
from dlgrade.report import TestResult
from dlgrade.scoring import score, status

ORDER = ["error", "failed", "skipped", "passed"]


def result(status: str, function: str | None = "f", criterion: str = "forward") -> TestResult:
    return TestResult("test_f", criterion, function, "It is right.", status)


def criterion(points: float = 2.0, **weights: float) -> Criterion:
    return Criterion("forward", "Forward", points, tuple(weights) or ("f",), ("a",), weights=weights)


def points(what: Criterion, *tests: TestResult) -> float:
    return score(what, tests).points


@pytest.mark.parametrize("statuses", [*itertools.product(ORDER, repeat=2)], ids="-".join)
def test_a_criterion_is_as_good_as_its_worst_test(statuses):
    """An error of ours comes before a failure, a failure before what was skipped."""
    assert status([result(each) for each in statuses]) == min(statuses, key=ORDER.index)


def test_a_criterion_without_a_test_is_skipped():
    """What nothing decides has not passed."""
    assert status([]) == "skipped"
    assert points(criterion()) == 0.0
    assert points(criterion(f=1.0)) == 0.0


@pytest.mark.parametrize("worst", ORDER)
def test_only_passed_tests_earn_points(worst):
    """One test that did not pass costs all points of a criterion without weights."""
    tests = [result("passed"), result(worst), result("passed")]
    assert points(criterion(), *tests) == (2.0 if worst == "passed" else 0.0)


def test_tests_of_other_criteria_do_not_count():
    """A criterion is scored by its own tests."""
    scored = score(criterion(), [result("passed"), result("failed", criterion="backward")])
    assert (scored.points, scored.status) == (2.0, "passed")
    assert points(criterion(), result("passed", criterion="backward")) == 0.0


def test_what_a_criterion_is_stands_in_its_result():
    """The id, the title and the points of the manifest are those of the report."""
    scored = score(criterion(3.0), [result("failed")])
    assert (scored.id, scored.title, scored.points, scored.max_points) == ("forward", "Forward", 0.0, 3.0)


def test_points_are_shared_out_by_weights():
    """A function earns its share when all of its tests passed."""
    shared = criterion(3.0, relu=1.0, gelu=2.0)
    relu, gelu = result("passed", "relu"), result("passed", "gelu")
    assert points(shared, relu, gelu) == 3.0
    assert points(shared, relu, gelu, result("failed", "gelu")) == 1.0
    assert points(shared, result("skipped", "relu"), gelu) == 2.0
    assert points(shared, gelu) == 2.0
    assert points(shared, result("error", "relu"), result("failed", "gelu")) == 0.0


@pytest.mark.parametrize("count", [3, 7, 9])
def test_all_shares_are_all_points(count):
    """Shares that no float holds exactly still add up to the whole, and to no more."""
    weights = {f"f{i}": 0.1 for i in range(count)}
    tests = [result("passed", name) for name in weights]
    assert points(criterion(1.7, **weights), *tests) == 1.7


def test_a_failed_share_is_a_failed_criterion():
    """The status says so where a share was lost."""
    shared = criterion(3.0, relu=1.0, gelu=2.0)
    scored = score(shared, [result("failed", "relu"), result("passed", "gelu")])
    assert (scored.points, scored.status) == (2.0, "failed")
