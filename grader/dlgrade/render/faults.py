"""What went wrong: the first fault of each criterion, and how much of it may be told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import msgspec

from dlgrade.render.steps import Door
from dlgrade.report import Report, Status, TestResult

_OURS = "This is a fault of dlgrade's, not of yours: it is not held against you."

# numpy and torch are imported by `import`.
_IMPORTED = re.compile(r"^from \w+ import \w+\n", re.MULTILINE)


@dataclass(frozen=True)
class Fault:
    """The first test that went wrong in a criterion, or in several with the same words.

    Attributes
    ----------
    ids
        Of the criteria; what ``--only`` takes.
    heading
        Their titles; empty where the sentence says the same.
    sentence
        What should hold; what went wrong, where several criteria failed in the same words.
    apology
        What to say where it is ours.
    values
        Labels such as ``"came back"``, each with its value.
    more
        What to say of further tests.
    """

    ids: tuple[str, ...]
    status: Status
    heading: str
    function: str
    sentence: str
    apology: str = ""
    message: str = ""
    diagnosis: str = ""
    traceback: str = ""
    code: str | None = None
    values: tuple[tuple[str, str], ...] = ()
    printed: str = ""
    more: str = ""

    @property
    def brief(self) -> str:
        """All of it in one line."""
        return (self.apology or self.diagnosis or self.message or self.sentence).partition("\n")[0]


def faults(report: Report, door: Door) -> tuple[Fault, ...]:
    """Return what is to be told, in the order of the criteria.

    Parameters
    ----------
    door
        Where it is read: in a notebook the learner's functions need not be imported.
    """
    return tuple(_at(door, fault) for fault in _grouped(list(_first_faults(report))))


def discreet(report: Report) -> Report:
    """Take out what gives numbers away."""
    return msgspec.structs.replace(
        report,
        tests=tuple(
            msgspec.structs.replace(
                test, message=test.message if _ended_early(test) else None, counterexample=None, output=""
            )
            for test in report.tests
        ),
    )


def _ended_early(test: TestResult) -> bool:
    """Whether nothing came back that could have been compared: the message is about the call, then."""
    example = test.counterexample
    return test.status != "error" and (example is None or example.returned is None)


def _first_faults(report: Report) -> Iterator[tuple[tuple[str, str], TestResult, int]]:
    """Yield id and title, the first test and how many more there are.

    One for each criterion that failed, and one for each that dlgrade itself failed at.
    """
    titles = {each.id: each.title for each in report.criteria}
    of_criterion: dict[str, list[TestResult]] = {key: [] for key in titles}
    for test in report.tests:
        # A visible example belongs to no criterion and stands for itself.
        of_criterion.setdefault(test.criterion if test.criterion in titles else test.id, []).append(test)
    for key, tests in of_criterion.items():
        for status in ("failed", "error"):
            wrong = [test for test in tests if test.status == status and not test.todo]
            if wrong:
                yield (key, titles.get(key, "")), wrong[0], len(wrong) - 1


def _grouped(firsts: list[tuple[tuple[str, str], TestResult, int]]) -> Iterator[Fault]:
    """Put together what would be said in the same words: one syntax error, not five times the same."""
    groups: dict[tuple[object, ...], list[tuple[tuple[str, str], TestResult, int]]] = {}
    for index, first in enumerate(firsts):
        test = first[1]
        alone = test.counterexample is not None or test.message is None
        key = (index,) if alone else (test.status, test.message, test.diagnosis, test.traceback)
        groups.setdefault(key, []).append(first)
    for group in groups.values():
        _, test, more = group[0]
        yield _fault([each for each, _, _ in group], test, more if len(group) == 1 else 0)


def _fault(named: list[tuple[str, str]], test: TestResult, more: int) -> Fault:
    one = len(named) == 1
    heading = ", ".join(title for _, title in named if title)
    # The two criteria that every exercise has may have one test, of the same name.
    if heading.rstrip(".") == test.title.rstrip("."):
        heading = ""
    example = test.counterexample
    values = (("came back", example.returned), ("should be", example.expected)) if example else ()
    tests = "1 more test" if more == 1 else f"{more} more tests"
    return Fault(
        tuple(key for key, _ in named),
        test.status,
        heading,
        (test.function or "") if one and heading else "",
        test.title if one else test.message or "",
        apology=_OURS if test.status == "error" else "",
        message=(test.message or "") if one else "",
        diagnosis=(test.diagnosis or "").replace("\n", " "),
        traceback=(test.traceback or "") if test.status != "error" else "",
        code=example.code if example else None,
        values=tuple((label, value) for label, value in values if value is not None),
        printed=test.output if test.output.strip() else "",
        more=f"{tests} of this criterion did not pass." if more else "",
    )


def _at(door: Door, fault: Fault) -> Fault:
    """Where there is a notebook, the learner's functions are there already: no file is to be imported."""
    if door in ("shell", "watch") or fault.code is None:
        return fault
    return replace(fault, code=_IMPORTED.sub("", fault.code, count=1))
