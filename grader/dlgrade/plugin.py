"""The pytest plugin that runs a suite against a submission and writes down what happened.

pytest runs in the grader; what it runs is the suite, never the learner's code.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pytest

from dlgrade import showing
from dlgrade.errors import ManifestError
from dlgrade.report import Counterexample, Status, TestResult
from dlgrade.student import Failure, Student, begin_test, last_call, snippet
from dlgrade.suite.cases import seed_of
from dlgrade.suite.criterion import Mark, mark_of
from dlgrade.transcript import Transcriber

if TYPE_CHECKING:
    from dlgrade.datasets.loading import Split

EXAMPLES = "examples"


@dataclass(frozen=True)
class Task:
    """What a suite is run on.

    Attributes
    ----------
    entry
        The name of the learner's file.
    functions
        From a criterion to the learner's functions that it is about.
    needs
        From a criterion to those without which it is skipped.
    barred
        From a function to the sentence why it earns nothing, whatever it gives.
    weighted
        The criteria whose points are shared out by function, so that each function needs a test.
    only
        The one criterion to run, or None for all.
    examples
        Whether the visible examples are run, which know nothing of criteria.
    data
        What the tests that ask for `data` run on; without any they are left out.
    stop_early
        Whether the first failure ends the run, and is not shrunk: only whether all hold is asked.
    start_with
        The function whose tests run first.
    function
        The one function whose tests run, or None for all.
    """

    entry: str
    functions: Mapping[str, tuple[str, ...]]
    needs: Mapping[str, tuple[str, ...]]
    barred: Mapping[str, str]
    weighted: Collection[str] = ()
    only: str | None = None
    examples: bool = False
    data: Split | None = None
    stop_early: bool = False
    start_with: str | None = None
    function: str | None = None


@dataclass(eq=False)  # pytest puts plugins into sets
class Recorder:
    """Gives the suite its fixtures and collects a `TestResult` for each test.

    Parameters
    ----------
    task
        What is graded.
    student
        The learner's functions.
    session
        Where the learner's code runs.
    reference
        Gives the reference's module.
    """

    task: Task
    student_code: Student
    session: Transcriber
    reference_module: Callable[[], ModuleType]
    results: list[TestResult] = field(default_factory=list)
    seeds: dict[str, int] = field(default_factory=dict)
    stopped: BaseException | None = None
    ran_on_data: bool = False
    _failed: set[str] = field(default_factory=set)
    _hung: set[tuple[str, str | None]] = field(default_factory=set)

    @pytest.fixture
    def student(self) -> Student:
        """Give the learner's functions."""
        return self.student_code

    @pytest.fixture
    def rng(self, request: pytest.FixtureRequest) -> np.random.Generator:
        """Give random numbers that are the same in every run of this test."""
        return np.random.default_rng(seed_of(request.node.name))

    @pytest.fixture
    def reference(self) -> ModuleType:
        """Give the reference's module."""
        return self.reference_module()

    @pytest.fixture
    def data(self) -> Split:
        """Give the images that the learner named."""
        assert self.task.data is not None
        return self.task.data

    def mark(self, item: pytest.Item) -> Mark:
        """Find the criterion and the function of a test."""
        if self.task.examples:
            return Mark(EXAMPLES, None)
        mark = mark_of(item.function)  # type: ignore[attr-defined]
        if mark is None or mark.criterion not in self.task.functions:
            raise ManifestError(f"{item.name} belongs to no criterion of the manifest")
        return Mark(mark.criterion, mark.function or self.task.functions[mark.criterion][0])

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave out what was not asked for; refuse two tests that the report could not tell apart."""
        for name, times in Counter(item.name for item in items).items():
            if times > 1:
                raise ManifestError(f"{times} tests of the suite have the name {name}")
        if self.task.only is not None:
            items[:] = [item for item in items if self.mark(item).criterion == self.task.only]
        if self.task.function is not None and not self.task.examples:
            items[:] = [item for item in items if self.mark(item).function == self.task.function]
        if self.task.data is None and not self.task.examples:
            items[:] = [item for item in items if not asks_for_data(item)]
        if self.task.start_with is not None:
            items.sort(key=lambda item: self.mark(item).function != self.task.start_with)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Stop: a suite that cannot be collected is our fault."""
        if report.failed:
            raise ManifestError(f"the suite {report.nodeid} cannot be collected: {report.longrepr}")

    def pytest_internalerror(self, excinfo: pytest.ExceptionInfo[BaseException]) -> bool:
        """Keep what stopped pytest itself, so that it is raised where the check was asked for."""
        self.stopped = excinfo.value
        return True

    def finished(self) -> list[TestResult]:
        """Return the results, once all tests have run.

        Raises
        ------
        BaseException
            Whatever stopped pytest before the end.
        ManifestError
            Where a criterion, or a function with a share of one, has no test: points that nothing decides.
        """
        if self.stopped is not None:
            raise self.stopped
        cut_short = self.task.stop_early and bool(self._failed)
        for criterion in () if self.task.examples or cut_short else self.task.functions:
            if self.task.only in (None, criterion) and self.task.function is None:
                self._must_be_tested(criterion)
        return self.results

    def _must_be_tested(self, criterion: str) -> None:
        tested = {result.function for result in self.results if result.criterion == criterion}
        if not tested:
            raise ManifestError(f"no test of the suite belongs to the criterion {criterion!r}")
        for function in self.task.functions[criterion] if criterion in self.task.weighted else ():
            if function not in tested:
                raise ManifestError(f"{function!r} has a share of the criterion {criterion!r} and no test")

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Start a test with no output and no calls behind it."""
        self.session.begin_test(item.name)
        shrink = not self.task.stop_early and self.mark(item).criterion not in self._failed
        begin_test(self.student_code, shrink=shrink)
        return (yield)

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Skip what cannot tell anything new; fail what rests on something ruled out."""
        mark = self.mark(item)
        for needed in self.task.needs.get(mark.criterion, ()):
            if needed in self._failed:
                pytest.skip(f"it needs {needed}, which did not pass")
        if (mark.criterion, mark.function) in self._hung:
            pytest.skip(f"`{mark.function}` did not finish before")

    def pytest_runtest_call(self, item: pytest.Item) -> None:
        """Fail before the call what earns nothing anyway."""
        sentence = self.task.barred.get(self.mark(item).function or "")
        if sentence is not None:
            raise Failure(sentence, kind="barred")
        self.ran_on_data |= asks_for_data(item)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> pytest.TestReport:
        """Write down how a test ended.

        pytest's own report would hold the source along the traceback, which nobody reads here and which takes
        longer than the test.
        """
        assert call.when != "collect"
        status: Status = "passed"
        if call.when == "call" or call.excinfo is not None:
            status = self._write_down(item, call)
        outcome: Literal["passed", "failed", "skipped"] = "failed" if status == "error" else status
        return pytest.TestReport(
            item.nodeid, item.location, {}, outcome, None, call.when, (), call.duration, call.start, call.stop
        )

    def _write_down(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Status:
        mark = self.mark(item)
        error = None if call.excinfo is None else call.excinfo.value
        result = TestResult(
            id=item.name,
            criterion=mark.criterion,
            function=mark.function,
            title=_title(item),
            output=self.session.take_output(),
            seconds=round(call.duration, 4),
            **self._verdict(error),
        )
        if result.status in ("failed", "skipped"):
            self._failed.add(mark.criterion)
            if self.task.stop_early:
                item.session.shouldfail = "one failure is enough"
        if isinstance(error, Failure) and error.kind == "late":
            self._hung.add((mark.criterion, mark.function))
        self.results.append(result)
        self.seeds[item.name] = seed_of(item.name)
        return result.status

    def _verdict(self, error: BaseException | None) -> dict[str, Any]:
        if error is None:
            return {"status": "passed"}
        if isinstance(error, Failure):
            return {
                "status": "failed",
                "message": error.message,
                "traceback": error.traceback,
                "counterexample": self._counterexample(error),
                "todo": error.kind == "todo",
            }
        if isinstance(error, AssertionError) and self.task.examples:
            words = " / ".join(line.strip() for line in str(error).strip().splitlines()[:6])
            return {"status": "failed", "message": words or "the assertion does not hold"}
        if isinstance(error, pytest.skip.Exception):
            return {"status": "skipped", "message": error.msg}
        return {
            "status": "error",
            "message": f"the suite itself failed with {type(error).__name__}: {error}",
            "traceback": _own_traceback(error),
        }

    def _counterexample(self, failure: Failure) -> Counterexample | None:
        record = last_call(self.student_code)
        if record is None or failure.kind in ("missing", "todo", "barred"):
            return None
        code = snippet(record, self.task.entry)
        if record.outcome is None or record.outcome.trouble is not None or failure.kind == "unsteady":
            return Counterexample(code)
        whole = showing.text(record.outcome.value)
        # The right value of a part would be misread as that of the whole; the message names the part.
        return Counterexample(code, whole, failure.expected if failure.returned == whole else None)


def asks_for_data(item: pytest.Item) -> bool:
    """Whether a test has the fixture `data`."""
    return "data" in getattr(item, "fixturenames", ())


def _title(item: pytest.Item) -> str:
    doc = (item.function.__doc__ or item.name).strip()  # type: ignore[attr-defined]
    return " ".join(doc.split("\n\n")[0].split())


def _own_traceback(error: BaseException) -> str:
    import traceback

    return "".join(traceback.format_exception(error)[-6:])
