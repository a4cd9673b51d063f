"""A report as text for a terminal: what holds, the first thing wrong with the rest, and what to do next.

What fits on a screen is told in full; of the rest there is a line each.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from rich.text import Text

from dlgrade.render.page import Page
from dlgrade.report import CriterionResult, Report, Status, TestResult

SCREEN = 40
"""Lines that a report should not exceed for the sake of one more failure told in full."""

FOOT = 5
"""Lines that are kept free for the end."""

_MARKS: dict[Status, tuple[str, str, str]] = {
    "passed": ("✓", "ok", "green"),
    "failed": ("✗", "x", "red"),
    "error": ("!", "!", "yellow"),
    "skipped": ("–", "-", "dim"),
}
_LEVELS = {
    3: "level 3 of 3, namespaced",
    2: "level 2 of 3, kernel-restricted",
    1: "level 1 of 3, a process of its own and limits",
    0: "level 0 of 3, nothing was kept apart",
}
_SCOPES = {
    "suite": "",
    "examples": "Only the visible examples were run: the hidden suite is not on this machine. This is all "
    "that could be done here, and a file that passes them may still be wrong.",
    "criterion": "Only one criterion was asked for; the others were not checked.",
    "debug": "A --debug run: your code ran inside dlgrade, nothing was kept apart, and nothing is recorded.",
}
_OURS = "This is a fault of dlgrade's, not of yours: it is not held against you."


def render(
    report: Report,
    *,
    width: int = 80,
    color: bool = False,
    encoding: str = "utf-8",
    withheld: Collection[str] = (),
) -> str:
    """Return the report as text.

    Parameters
    ----------
    report
        What a check found. Texts in it may come from the learner's code; control characters and the like are
        shown escaped.
    width
        Columns of the terminal.
    color
        Whether to colour the text with ANSI escape sequences.
    encoding
        What the text will be encoded with; where it has no ✓, words stand for the marks.
    withheld
        Commands that are not to be named as the next step, because they would refuse: "hint", "solution".

    Returns
    -------
    str
        Lines, the last one ended too.
    """
    page = Page(width, color, encoding)
    _head(page, report)
    _criteria(page, report)
    _todo(page, report)
    _faults(page, report)
    _skipped(page, report)
    _foot(page, report, withheld)
    return str(page)


@dataclass(frozen=True)
class _Fault:
    """The first test that went wrong in a criterion, or in several with the same words."""

    ids: tuple[str, ...]
    titles: tuple[str, ...]
    test: TestResult
    more: int = 0


def _head(page: Page, report: Report) -> None:
    name = Text.assemble(page.text(report.exercise, "bold"), " ", page.text(report.name, "bold"))
    certain = report.passed and report.scope == "suite"
    style = "green" if certain else "yellow" if report.points else "red"
    page.rows([(name, page.text(_total(report), f"bold {style}"))], last_right=True)
    page.put(page.text(f"{report.title} · {report.file}", "dim"))
    if notice := _SCOPES[report.scope]:
        page.blank()
        page.put(page.text(notice, "yellow"))


def _total(report: Report) -> str:
    if not report.max_points:
        examples = _examples(report)
        passed = sum(test.status == "passed" for test in examples)
        return f"{passed} of {len(examples)} examples passed" if examples else "nothing was run"
    unjudged = sum(each.max_points - each.points for each in report.criteria if each.status == "error")
    rest = f", {_number(unjudged)} not judged" if unjudged else ""
    how = ", by the examples" if report.scope == "examples" else ""
    return f"{_number(report.points)} of {_number(report.max_points)} points{rest}{how}"


def _examples(report: Report) -> list[TestResult]:
    """Return the tests of no criterion, such as the visible examples."""
    known = {each.id for each in report.criteria}
    return [test for test in report.tests if test.criterion not in known]


def _number(points: float) -> str:
    return f"{points:.2f}".rstrip("0").rstrip(".")


def _criteria(page: Page, report: Report) -> None:
    # What must hold and earns nothing is spoken of only where it does not.
    rows = [_row(page, each) for each in report.criteria if each.max_points or each.status != "passed"]
    rows += [(_mark(page, test.status), page.text(test.title), Text()) for test in _examples(report)]
    if rows:
        page.blank()
        page.rows(rows, indent=2, gap=1, last_right=True)


def _row(page: Page, criterion: CriterionResult) -> tuple[Text, Text, Text]:
    passed = criterion.status == "passed"
    if criterion.max_points:
        earned = f"{_number(criterion.points)} / {_number(criterion.max_points)}"
    else:
        earned = "" if passed else "must hold"
    return (
        _mark(page, criterion.status),
        page.text(criterion.title),
        page.text(earned, "" if passed else "bold"),
    )


def _mark(page: Page, status: Status) -> Text:
    fine, plain, style = _MARKS[status]
    # All or none: a column of ✗ and ok would be a riddle.
    return Text(fine if page.glyph("✓✗–", "") else plain, style)


def _todo(page: Page, report: Report) -> None:
    names = dict.fromkeys(test.function or test.title for test in report.tests if test.todo)
    if names:
        page.blank()
        page.put(page.text("Still to do: ", "bold"), page.text(", ".join(names)))


def _faults(page: Page, report: Report) -> None:
    faults = _grouped(list(_first_faults(report)))
    brief: list[_Fault] = []
    for index, fault in enumerate(faults):
        block = page.blank_copy()
        _tell(block, fault)
        others = len(brief) + len(faults) - index - 1
        needed = 1 + len(block) + (2 + others if others else 0)
        # The first is told in full whatever it takes.
        if index == 0 or len(page) + needed <= SCREEN - FOOT:
            page.blank()
            page.add(block)
        else:
            brief.append(fault)
    _tell_briefly(page, brief)


def _first_faults(report: Report) -> Iterator[_Fault]:
    """Yield a fault for each criterion that failed, and one for each that dlgrade itself failed at."""
    titles = {each.id: each.title for each in report.criteria}
    of_criterion: dict[str, list[TestResult]] = {key: [] for key in titles}
    for test in report.tests:
        # A visible example belongs to no criterion and stands for itself.
        of_criterion.setdefault(test.criterion if test.criterion in titles else test.id, []).append(test)
    for key, tests in of_criterion.items():
        for status in ("failed", "error"):
            wrong = [test for test in tests if test.status == status and not test.todo]
            if wrong:
                yield _Fault((key,), (titles.get(key, ""),), wrong[0], len(wrong) - 1)


def _grouped(faults: list[_Fault]) -> list[_Fault]:
    """Put together what would be said in the same words: one syntax error, not five times the same."""
    groups: dict[tuple[object, ...], list[_Fault]] = {}
    for index, fault in enumerate(faults):
        test = fault.test
        alone = test.counterexample is not None or test.message is None
        key = (index,) if alone else (test.status, test.message, test.diagnosis, test.traceback)
        groups.setdefault(key, []).append(fault)
    return [_joined(group) for group in groups.values()]


def _joined(group: list[_Fault]) -> _Fault:
    if len(group) == 1:
        return group[0]
    ids = tuple(key for fault in group for key in fault.ids)
    titles = tuple(title for fault in group for title in fault.titles)
    return _Fault(ids, titles, group[0].test)


def _tell(page: Page, fault: _Fault) -> None:
    test = fault.test
    one = len(fault.titles) == 1
    heading = ", ".join(title for title in fault.titles if title)
    # The two criteria that every exercise has may have one test, of the same name.
    if heading and heading.rstrip(".") != test.title.rstrip("."):
        function = f" · {test.function}" if test.function and one else ""
        page.put(page.text(heading, "bold"), page.text(function))
    said = [page.text(test.title)] if one else page.excerpt(test.message or "", most=6)
    page.rows([(_mark(page, test.status), Text("\n").join(said))], indent=2, gap=1)
    if test.status == "error":
        page.put(page.text(_OURS, "yellow"), indent=4)
    if test.message and one:
        page.prose(test.message, indent=4)
    if test.diagnosis:
        said = [page.text(test.diagnosis.replace("\n", " "), "yellow")]
        page.rows([(page.text(page.glyph("→", "->"), "yellow"), *said)], indent=4, gap=1)
    if test.traceback and test.status != "error":
        page.put(page.quote(test.traceback, most=10, tail=True, columns=page.width - 4), indent=4)
    _show_call(page, test)
    if fault.more:
        tests = "1 more test" if fault.more == 1 else f"{fault.more} more tests"
        page.put(page.text(f"{tests} of this criterion did not pass.", "dim"), indent=4)


def _show_call(page: Page, test: TestResult) -> None:
    example = test.counterexample
    if example:
        page.blank()
        page.code(example.code, indent=8)
        page.blank()
    rows = []
    for label, value in (
        ("came back", example.returned if example else None),
        ("should be", example.expected if example else None),
    ):
        if value is not None:
            rows.append((page.text(label, "dim"), Text("\n").join(page.excerpt(value, most=6))))
    if test.output.strip():
        quoted = page.quote(test.output, most=4, columns=page.width - 4 - 11)
        rows.append((page.text("printed", "dim"), quoted))
    page.rows(rows, indent=4)


def _tell_briefly(page: Page, faults: list[_Fault]) -> None:
    """Give a line to each of the faults that there is no room for."""
    if not faults:
        return
    rows = []
    # The id is what --only takes.
    names = [page.text(", ".join(fault.ids)) for fault in faults]
    room = page.width - max(name.cell_len for name in names) - 6
    for fault, name in zip(faults, names, strict=True):
        test = fault.test
        said = _OURS if test.status == "error" else test.diagnosis or test.message or test.title
        line = said.partition("\n")[0]
        rows.append((_mark(page, test.status), name, page.cut(line, room) if room > 20 else page.text(line)))
    page.blank()
    page.put(page.text("Also", "bold"))
    page.rows(rows, indent=2, gap=1)


def _skipped(page: Page, report: Report) -> None:
    """Say what was not checked, once for each reason."""
    said = {test.criterion: test.message for test in reversed(report.tests) if test.status == "skipped"}
    reasons: dict[str, list[CriterionResult]] = {}
    for criterion in report.criteria:
        if criterion.status == "skipped":
            reasons.setdefault(said.get(criterion.id) or "", []).append(criterion)
    with_points = sum(1 for each in report.criteria if each.max_points)
    for reason, criteria in reasons.items():
        everything = len(criteria) == with_points
        names = "everything else" if everything else ", ".join(each.title for each in criteria)
        page.blank()
        page.put(page.text("Not checked: ", "bold"), page.text(names))
        page.prose(reason, indent=4)


def _foot(page: Page, report: Report, withheld: Collection[str]) -> None:
    rows = [("isolation", page.text(_isolation(report), "dim"))]
    rows += [("note", page.text(note)) for note in report.notes]
    if advice := _next(page, report, withheld):
        rows.append(("next", advice))
    page.blank()
    page.rows([(page.text(label, "dim"), value) for label, value in rows])


def _isolation(report: Report) -> str:
    layers = report.isolation.layers
    missing: dict[str, list[str]] = {}
    for name, state in layers.items():
        if state != "on":
            missing.setdefault(state, []).append(name)
    if layers and "on" not in layers.values():
        return f"none: {'; '.join(missing)}"
    level = _LEVELS.get(report.isolation.level, f"level {report.isolation.level}")
    off = "; ".join(f"{', '.join(names)} ({reason})" for reason, names in missing.items())
    return f"{level}; off: {off}" if off else level


def _next(page: Page, report: Report, withheld: Collection[str]) -> Text | None:
    """Return what to try now, in commands and options that exist."""
    failed = {test.criterion for test in report.tests if test.status == "failed" and not test.todo}
    if report.ours:
        return page.text("Please report this fault of dlgrade's, with what --format json says.")
    if report.passed and report.scope in ("criterion", "debug"):
        return Text.assemble(page.text(f"dlgrade check {report.exercise}", "cyan"), " grades all of it.")
    if report.passed:
        others = Text.assemble(page.text("dlgrade list", "cyan"), " shows the other exercises.")
        if report.scope != "suite" or "solution" in withheld:
            return others
        solution = page.text(f"dlgrade solution {report.exercise}", "cyan")
        return Text.assemble(solution, " shows the reference beside your code; ", others)
    if not failed:
        return Text.assemble(page.text(f"dlgrade show {report.exercise}", "cyan"), " says what to write.")
    graded = [each.id for each in report.criteria if each.id in failed and each.max_points]
    options = []
    # Of a file that cannot be run, or that uses what is ruled out, the report has said all there is. And what
    # --debug finds is not recorded, so a hint would know nothing of it.
    hinted = graded or report.scope == "examples"
    if hinted and report.scope != "debug" and "hint" not in withheld:
        options.append(Text.assemble(page.text(f"dlgrade hint {report.exercise}", "cyan"), " gives a hint"))
    if graded and report.scope == "suite":
        options.append(Text.assemble(page.text(f"--only {graded[0]}", "cyan"), " checks that alone"))
    if graded and report.scope != "debug":
        options.append(Text.assemble(page.text("--debug", "cyan"), " stops at breakpoint()"))
    return Text("; ").join(options).append(".") if options else None
