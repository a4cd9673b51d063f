"""Gradebooks for other tools: complete, in a stable order, and harmless whatever students are called."""

import csv
import io
import json
import sys
import xml.etree.ElementTree as ET
import zlib
from dataclasses import replace

import pytest

from dlgrade.batch import overview
from dlgrade.batch.decider import Decider
from dlgrade.batch.exports import canvas, gradescope, junit, table
from dlgrade.batch.model import Student
from dlgrade.batch.records import Row
from dlgrade.errors import GradebookError
from dlgrade.report import CriterionResult, Isolation, Report, TestResult, encode

NASTY = "bell\x07 \x1b[31mred null\x00 <&\"'> \ufffe end"


def a_report(points=7.5):
    return Report(
        dlgrade="0.1.0",
        exercise="exercise90",
        name="toy",
        title="A toy",
        file="ada/toy.py",
        scope="suite",
        points=points,
        max_points=10.0,
        passed=False,
        criteria=(
            CriterionResult("loads", "It loads", 0.0, 0.0, "passed"),
            CriterionResult("double", "Doubling", 7.5, 7.5, "passed"),
            CriterionResult("add", "Adding", 0.0, 2.5, "failed"),
        ),
        tests=(
            TestResult("t1", "double", "double", "It doubles.", "passed", seconds=0.25),
            TestResult("t2", "add", "add", "It adds.", "failed", NASTY, "You subtract.", output=NASTY),
            TestResult("t3", "add", "add", "It adds more.", "skipped", "needs double"),
        ),
        isolation=Isolation(3, {}),
        seeds={},
    )


def a_row(key="ada", report=True, **changes):
    packed = zlib.compress(encode(a_report())) if report else None
    row = Row(
        student=Student(key, "Ada Lovelace", "100", "ada@example.org"),
        exercise="exercise90_toy",
        file=f"{key}/toy.py",
        late=False,
        content="abc",
        decider=Decider("suite", "0.1.0", "2.13", "2.4"),
        status="failed",
        points=7.5,
        max_points=10.0,
        message="",
        packed=packed,
        attempts=1,
        graded_at="2026-01-01T00:00:00+00:00",
        seconds=0.5,
    )
    return replace(row, **changes)


def an_error(key="cy"):
    return a_row(key, report=False, status="error", points=None, message="the process was lost")


def read_csv(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode())))


def test_csv_has_a_column_for_each_criterion_that_gives_points():
    """And one line a student; who has no report has empty cells there."""
    rows = [a_row(), a_row("bob", late=True), an_error()]
    head, *lines = read_csv(table.as_csv(rows))
    assert head == [
        *("exercise", "student", "name", "account", "email", "file", "late"),
        *("status", "points", "max_points"),
        *("exercise90:double", "exercise90:add", "message"),
    ]
    assert lines[1][6:] == ["late", "failed", "7.5", "10", "7.5", "0", ""]
    assert lines[2][7:] == ["error", "", "10", "", "", "the process was lost"]


def test_csv_does_not_say_when_and_how_long():
    """Two runs give the same bytes."""
    later = a_row(graded_at="2027-01-01T00:00:00+00:00", seconds=99.0, attempts=3)
    assert table.as_csv([a_row()]) == table.as_csv([later])


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "＝"])
def test_no_cell_is_a_formula(start):
    """What a student is called, or called their file, is text to a spreadsheet."""
    name = f"{start}HYPERLINK(1)"
    row = a_row(student=Student(name, name, "1", name), file=name, message=name)
    for data in (table.as_csv([row]), canvas.as_canvas([row], title=name)):
        for line in read_csv(data):
            assert not any(cell.startswith(start) for cell in line)


def test_a_message_of_several_lines_is_one_cell_in_one_line():
    """So that line-wise tools can read the file."""
    data = table.as_csv([a_row(message="first\nsecond,\"third\"\r\n")])
    assert len(data.splitlines()) == 2
    assert read_csv(data)[1][-1] == 'first second,"third"'


def test_json_holds_the_whole_report():
    """All that the gradebook knows, versions and times included."""
    (one,) = json.loads(table.as_json([a_row()]))["gradebook"]
    assert one["report"]["criteria"][2]["id"] == "add"
    assert one["decider"] == {"suite": "suite", "dlgrade": "0.1.0", "torch": "2.13", "numpy": "2.4"}
    assert one["graded_at"].startswith("2026")


def test_parquet_has_the_same_table():
    """Typed: points are numbers, and what is missing is null."""
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    import pyarrow.parquet as pq

    back = pq.read_table(io.BytesIO(table.as_parquet([a_row(), an_error()]))).to_pylist()
    assert back[0]["exercise90:double"] == 7.5
    assert back[1]["points"] is None
    assert back[1]["late"] is False


def test_parquet_without_pyarrow_says_what_to_install(monkeypatch):
    """In one sentence."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(GradebookError, match="pip install pyarrow"):
        table.as_parquet([a_row()])


def test_canvas_gets_ids_and_points_and_nobody_loses_by_our_fault():
    """Two lines of head, one for each student; a fault of ours is left out."""
    other = a_row("bob", student=Student("bob"), exercise="exercise91_other", points=2.0, max_points=5.0)
    assert read_csv(canvas.as_canvas([a_row(), an_error(), other])) == [
        [
            *("Student", "ID", "SIS User ID", "SIS Login ID", "Section"),
            *("exercise90_toy", "exercise91_other"),
        ],
        ["    Points Possible", "", "", "", "", "10", "5"],
        ["Ada Lovelace", "100", "", "", "", "7.5", ""],
        ["bob", "", "", "bob", "", "", "2"],
    ]
    assert b",Backprop (4711)\n" in canvas.as_canvas([a_row()], "Backprop (4711)")


def test_junit_is_xml_whatever_was_printed():
    """One suite a student, failures with their sentences, characters that XML has not written out."""
    rows = [a_row(), an_error(), a_row("eve\x01", report=False, status="refused", message=NASTY)]
    root = ET.fromstring(junit.as_junit(rows))
    assert [suite.get("name") for suite in root] == ["ada", "cy", "eve\\x01"]
    assert [root.get(name) for name in ("tests", "failures", "errors", "skipped")] == ["5", "2", "1", "1"]
    failure = root.find("testsuite/testcase[@name='It adds.']/failure")
    assert failure.text == "You subtract."
    assert failure.get("message") == "bell\\x07 \\x1b[31mred null\\x00 <&\"'> \\ufffe end"
    assert root[0][1].find("system-out").text == failure.get("message")


def test_gradescope_gets_a_file_for_each_student():
    """Scores by criterion; a fault of ours has no score; no name leads out of the folder."""
    files = dict(gradescope.as_gradescope([a_row(), an_error(), a_row("../../eve\n")]))
    assert len(files) == 3
    assert all(".." not in name.split("/") and name.endswith("/results.json") for name in files)
    ada = json.loads(files["exercise90_toy/ada/results.json"])
    assert ada["score"] == 7.5
    assert [(test["score"], test["max_score"], test["status"]) for test in ada["tests"]] == [
        (0.0, 0.0, "passed"),
        (7.5, 7.5, "passed"),
        (0.0, 2.5, "failed"),
    ]
    assert "You subtract." in ada["tests"][2]["output"]
    assert "score" not in json.loads(files["exercise90_toy/cy/results.json"])


def test_two_names_that_look_alike_get_two_files():
    """What a file's name cannot hold is replaced, and a digest tells them apart."""
    files = dict(gradescope.as_gradescope([a_row("a/b"), a_row("a:b"), a_row("a_b")]))
    assert len(files) == 3


def test_the_overview_shows_students_points_and_what_was_hard():
    """A table, a histogram, and for each criterion the share that passed; names are shown, never obeyed."""
    rows = [a_row(), a_row("bob", status="passed", points=10.0), an_error("\x1b[31mcy")]
    text = overview.render(rows, width=100)
    assert "exercise90_toy  3 students" in text
    assert "7.5 / 10" in text
    assert "\x1b" not in text
    assert "1 passed, 1 failed, 1 error; mean 8.75, median 8.75 points" in text
    assert "100%  Doubling" in text
    assert "  0%  Adding" in text
    assert overview.render(rows, encoding="ascii").isascii()
    assert overview.render([]) == ""
