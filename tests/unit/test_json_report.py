"""The report for tools: documented keys, a schema, and nothing lost on the way."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlgrade import report as reports
from dlgrade.render import json_report

DOCUMENTED = {
    "report": [
        "schema", "dlgrade", "exercise", "name", "points", "max_points", "passed", "criteria", "tests",
        "isolation", "seeds", "seconds",
    ],
    "criterion": ["id", "title", "points", "max_points", "status"],
    "test": [
        "id", "criterion", "function", "title", "status", "message", "diagnosis", "counterexample", "output",
        "seconds",
    ],
    "isolation": ["level", "layers"],
}  # fmt: skip


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


statuses = st.sampled_from(["passed", "failed", "error", "skipped"])
numbers = st.floats(allow_nan=False, allow_infinity=False)


def report_of(text):
    """Return a strategy of reports whose texts come from another strategy."""
    texts = st.none() | text
    counterexample = st.builds(reports.Counterexample, code=text, returned=texts, expected=texts)
    test = st.builds(
        reports.TestResult,
        id=text,
        criterion=text,
        function=texts,
        title=text,
        status=statuses,
        message=texts,
        diagnosis=texts,
        counterexample=st.none() | counterexample,
        traceback=texts,
        output=text,
        seconds=numbers,
        todo=st.booleans(),
    )
    criterion = st.builds(
        reports.CriterionResult, id=text, title=text, points=numbers, max_points=numbers, status=statuses
    )
    return st.builds(
        reports.Report,
        dlgrade=text,
        exercise=text,
        name=text,
        title=text,
        file=text,
        scope=st.sampled_from(["suite", "examples", "criterion", "debug"]),
        points=numbers,
        max_points=numbers,
        passed=st.booleans(),
        criteria=st.lists(criterion, max_size=3).map(tuple),
        tests=st.lists(test, max_size=3).map(tuple),
        isolation=st.builds(reports.Isolation, st.integers(0, 3), st.dictionaries(text, text, max_size=3)),
        seeds=st.dictionaries(text, st.integers(0, 2**63 - 1), max_size=3),
        notes=st.lists(text, max_size=2).map(tuple),
        seconds=numbers,
    )


def in_order(wanted, found):
    """Say whether all that is wanted was found, in that order, other things between allowed."""
    return [key for key in found if key in wanted] == wanted


def test_every_documented_key_is_there_in_its_order():
    """The JSON that the design promises to tools is what is written."""
    written = json.loads(json_report.render(a_report("failed")))
    assert in_order(DOCUMENTED["report"], list(written))
    assert in_order(DOCUMENTED["criterion"], list(written["criteria"][0]))
    assert in_order(DOCUMENTED["test"], list(written["tests"][0]))
    assert in_order(DOCUMENTED["isolation"], list(written["isolation"]))


@given(report_of(st.text()))
def test_a_report_comes_back_as_it_went(original):
    """What is decoded equals what was encoded."""
    assert reports.decode(json_report.render(original)) == original


@given(report_of(st.text(st.characters(exclude_categories=()))))
def test_no_text_is_beyond_json(original):
    """Half a surrogate pair, in a file's name or printed by a learner, is written out and breaks nothing."""
    written = json_report.render(original)
    assert json_report.render(reports.decode(written)) == written


def test_half_a_surrogate_pair_is_written_as_python_would():
    """A lone surrogate is readable, not lost."""
    written = json.loads(json_report.render(a_report("failed", message="\ud800", output="a\udc80b")))
    assert written["tests"][0]["message"] == "\\ud800"
    assert written["tests"][0]["output"] == "a\\udc80b"


def test_a_rendered_report_is_one_line_ended_document():
    """A report can be appended to a file or shown by a pager."""
    written = json_report.render(a_report())
    assert written.endswith(b"\n}\n")
    assert b"\r" not in written


def test_the_schema_describes_what_is_written_key_by_key():
    """The schema names each key of a report, in the order of the report, and asks for all of them."""
    defs = json_report.schema()["$defs"]
    written = json.loads(json_report.render(a_report("failed")))
    for name, found in (
        ("Report", written),
        ("TestResult", written["tests"][0]),
        ("CriterionResult", written["criteria"][0]),
        ("Isolation", written["isolation"]),
    ):
        assert list(defs[name]["properties"]) == list(found)
        assert defs[name]["required"] == list(found)


def test_the_schema_knows_its_version():
    """A report of another version does not satisfy this version's schema."""
    schema = json_report.schema()
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$defs"]["Report"]["properties"]["schema"] == {"const": reports.SCHEMA}
    json.dumps(schema)


def test_reports_satisfy_the_schema():
    """An independent validator agrees with the schema, and refuses a report with a status of its own."""
    jsonschema = pytest.importorskip("jsonschema")
    validator = jsonschema.Draft202012Validator(json_report.schema())
    example = reports.Counterexample("f(1)", "2", "3")
    written = json.loads(json_report.render(a_report("failed", counterexample=example)))
    validator.validate(written)
    written["tests"][0]["status"] = "perhaps"
    assert not validator.is_valid(written)
