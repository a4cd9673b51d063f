"""The result of one check, and what its JSON promises."""

import json

import msgspec
import pytest

from dlgrade import report as reports
from dlgrade.report import SCHEMA, Counterexample, decode, encode


def a_report(status="passed", **fields):
    """Return a report of one test with one criterion."""
    test = reports.TestResult("test_it", "all", "f", "It holds.", status, **fields)
    points = 10.0 if status == "passed" else 0.0
    return reports.Report(
        dlgrade="0.1.0",
        exercise="exercise03",
        name="backprop",
        title="Backprop by hand",
        file="backprop.py",
        scope="suite",
        points=points,
        max_points=10.0,
        passed=status == "passed",
        criteria=(reports.CriterionResult("all", "All of it", points, 10.0, status),),
        tests=(test,),
        isolation=reports.Isolation(2, {"limits": "on"}),
        seeds={"test_it": 7},
    )


def test_exit_code_is_zero_when_everything_passed():
    """A report in which all passed ends the process with 0."""
    assert a_report("passed").exit_code() == 0


def test_exit_code_is_one_when_there_is_something_to_fix():
    """A failed or skipped criterion ends the process with 1."""
    assert a_report("failed").exit_code() == 1
    assert a_report("skipped").exit_code() == 1


def test_our_own_error_outweighs_a_failure():
    """Where dlgrade itself failed the exit code is 3, whatever else there is to fix."""
    failed, broken = a_report("failed"), a_report("error")
    both = msgspec.structs.replace(failed, tests=failed.tests + broken.tests)
    assert both.ours
    assert both.exit_code() == 3


def test_a_failure_of_the_learners_is_not_ours():
    """Only a test with the status error makes a report one of our own failures."""
    assert not a_report("failed").ours


def test_every_key_is_written_even_where_it_holds_its_default():
    """A tool need not know any default: a test's keys are all there, in the schema's order."""
    (test,) = json.loads(encode(a_report()))["tests"]
    assert list(test) == [
        "id", "criterion", "function", "title", "status", "message", "diagnosis", "counterexample",
        "traceback", "output", "seconds", "todo",
    ]  # fmt: skip


def test_a_counterexample_has_its_three_keys():
    """Code, returned and expected are there, null where nothing came back."""
    failed = a_report("failed", counterexample=Counterexample("backward(1.0)"))
    shown = json.loads(encode(failed))["tests"][0]["counterexample"]
    assert shown == {"code": "backward(1.0)", "returned": None, "expected": None}


def test_the_version_of_the_schema_comes_first():
    """The first key says how to read the others."""
    assert next(iter(json.loads(encode(a_report())).items())) == ("schema", SCHEMA)


def test_a_report_cannot_be_changed():
    """A verdict that was given stays as it was given."""
    with pytest.raises(AttributeError):
        a_report().points = 10.0


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"null", b'{"schema": 1}', b"\xff", b"{"])
def test_what_is_no_report_is_not_decoded(data):
    """Anything else than a report is refused with msgspec's own error."""
    with pytest.raises(msgspec.DecodeError):
        decode(data)


def test_a_status_that_does_not_exist_is_not_decoded():
    """There are four outcomes and no fifth."""
    with pytest.raises(msgspec.ValidationError, match="status"):
        decode(encode(a_report("failed")).replace(b'"failed"', b'"perhaps"'))
