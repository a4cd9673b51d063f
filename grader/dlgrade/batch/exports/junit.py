"""JUnit's XML, which continuous integration reads: one test suite for each student's submission."""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from dlgrade.batch.records import Row
from dlgrade.report import Report, TestResult

# What XML 1.0 has no way to write, however it is escaped.
_IMPOSSIBLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LONGEST = 20_000


def as_junit(rows: Iterable[Row]) -> bytes:
    """Write all tests of all reports; what has no report is one test that did not pass."""
    root = Element("testsuites", name="dlgrade")
    for row in rows:
        suite = SubElement(root, "testsuite", name=_text(row.student.key), package=_text(row.exercise))
        report = row.report
        if report is None:
            _without_report(suite, row)
        else:
            _with_report(suite, report)
        for kind in ("failure", "error", "skipped"):
            name = "skipped" if kind == "skipped" else f"{kind}s"
            suite.set(name, str(len(suite.findall(f"testcase/{kind}"))))
        suite.set("tests", str(len(suite.findall("testcase"))))
        suite.set("time", f"{row.seconds:.3f}")
    for name in ("tests", "failures", "errors", "skipped"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    indent(root)
    return f"<?xml version='1.0' encoding='utf-8'?>\n{tostring(root, encoding='unicode')}\n".encode()


def _without_report(suite: Element, row: Row) -> None:
    case = SubElement(suite, "testcase", classname=_text(row.exercise), name="submission")
    kind = "error" if row.status == "error" else "failure"
    SubElement(case, kind, message=_text(row.message))


def _with_report(suite: Element, report: Report) -> None:
    for test in report.tests:
        case = SubElement(
            suite,
            "testcase",
            classname=_text(f"{report.exercise}.{test.criterion}"),
            name=_text(test.title),
            time=f"{test.seconds:.3f}",
        )
        if test.status != "passed":
            kind = {"failed": "failure", "error": "error", "skipped": "skipped"}[test.status]
            found = SubElement(case, kind, message=_text(test.message or ""))
            found.text = _text(_more(test))
        if test.output:
            SubElement(case, "system-out").text = _text(test.output)


def _more(test: TestResult) -> str:
    example = test.counterexample
    parts = (test.diagnosis, None if example is None else example.code, test.traceback)
    return "\n\n".join(part for part in parts if part)


def _text(text: str) -> str:
    cut = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    return _IMPOSSIBLE.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), cut)
