"""One check, from what is known before anything is called to its report."""

from __future__ import annotations

import ast
import hashlib
import importlib
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import metadata
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from dlgrade import content, invoking, plugin, siblings, sourcecheck
from dlgrade.catalog import Exercise
from dlgrade.errors import SandboxError
from dlgrade.report import CriterionResult, Isolation, Report, Status, TestResult
from dlgrade.sandbox import layers
from dlgrade.sandbox.launcher import WorkerSource
from dlgrade.sandbox.session import Loading, Session
from dlgrade.scoring import score, share_of
from dlgrade.student import Source, Student
from dlgrade.submission import Submission
from dlgrade.suite import oracle
from dlgrade.suite.cases import salted
from dlgrade.transcript import Transcriber

if TYPE_CHECKING:
    from dlgrade.datasets.loading import Split

_NOT_RUN = Isolation(3, {"worker": "not started: nothing of the file was run"})
_USES_TOLD = 5
_FRAME = {"loads": "The file can be read and run", "by_hand": "By hand: nothing is used that is ruled out"}


@dataclass
class Ground:
    """What all files of an exercise are graded by, read once."""

    exercise: Exercise
    suite_dir: Path | None

    @cached_property
    def parameters(self) -> dict[str, list[str]]:
        """The parameters' names of the contract, from the starter."""
        tree = ast.parse(self.exercise.entry_path.read_text(encoding="utf-8"))
        return {
            node.name: [argument.arg for argument in node.args.posonlyargs + node.args.args]
            for node in tree.body
            if isinstance(node, ast.FunctionDef)
        }

    @cached_property
    def reference(self) -> ModuleType:
        """The reference's module; only ever in the grader."""
        assert self.suite_dir is not None
        return siblings.load(self.suite_dir / self.exercise.entry, "dlgrade_reference")

    @cached_property
    def answers(self) -> Path:
        """Where this suite's answers are kept: a new suite, reference or version gets a new file."""
        import platformdirs

        assert self.suite_dir is not None
        digest = hashlib.blake2b(digest_size=12)
        for module in content.suite_modules(self.suite_dir):
            digest.update(module.read_bytes())
        digest.update(" ".join(map(_version, ("dlgrade", "numpy", "torch"))).encode())
        return platformdirs.user_cache_path("dlgrade") / f"{self.exercise.id}-{digest.hexdigest()}.answers"

    @cached_property
    def book(self) -> oracle.Book:
        """The answers themselves."""
        return oracle.Book(self.answers, lambda: self.reference)

    def salted_book(self) -> oracle.Book:
        """Give a book for questions that nobody will ask again."""
        return oracle.Book(self.answers, lambda: self.reference, keep=False)


@cache
def _version(package: str) -> str:
    """Look up a version; to read it takes as long as a small test."""
    return metadata.version(package)


@dataclass
class Run:
    """One check, from what is known before anything is called to its report."""

    ground: Ground
    submission: Submission
    workers: WorkerSource
    only: str | None
    debug: bool
    level: int
    data: Split | None = None
    stop_early: bool = False
    start_with: str | None = None
    call_s: float | None = None
    function: str | None = None
    salt: str = ""
    collected: invoking.Collected | None = None
    _notes: tuple[str, ...] = ()

    @property
    def exercise(self) -> Exercise:
        """The exercise."""
        return self.ground.exercise

    @property
    def suite_dir(self) -> Path | None:
        """The folder of its suite, or None where solutions are kept back."""
        return self.ground.suite_dir

    def report(self, started: float) -> Report:
        """Run the suite, or say why it could not be run."""
        if self.submission.problem is not None:
            problem = self.submission.problem
            place = f"{problem.text}\n{problem.caret}" if problem.caret else None
            unread = _frame_test("loads", problem.message, traceback=place)
            return self._assemble([unread], {}, _NOT_RUN, started)
        session = self._session(self.submission.source)
        try:
            self._read_ahead()
            loading = session.load()
            self._printed_at_load = session.take_output()
            isolation = self._isolation(session)
            tests: list[TestResult] = []
            seeds: dict[str, int] = {}
            if loading.lost is None:
                tests, seeds = self._suite(session, loading)
            frame = [self._loads(loading), self._by_hand(session)]
        finally:
            session.close()
        failed = any(test.status == "failed" for test in tests)
        if failed and self.suite_dir is not None and not self.stop_early:
            tests = self._explained(tests, self.suite_dir)
        return self._assemble([*frame, *tests], seeds, isolation, started)

    def _session(self, source: str) -> Session:
        limits = self.exercise.limits
        call_s, load_s, all_s = limits.call_s, limits.load_s, limits.check_s
        if self.debug:
            call_s = load_s = all_s = 1e6
        call_s = call_s if self.call_s is None else min(call_s, self.call_s)
        return Session(
            self.workers, source, self.exercise.entry, self.exercise.tools, call_s, load_s, all_s
        )

    def _read_ahead(self) -> None:
        """Import torch, while the zygote does, where the suite will need it: no answers are kept for it."""
        if "torch" not in self.exercise.tools or self.suite_dir is None:
            return
        if not self.ground.answers.is_file():
            importlib.import_module("torch")

    def _isolation(self, session: Session) -> Isolation:
        found = 0 if self.debug else layers.level(session.layers)
        if found < self.level and not self.debug:
            missing = "; ".join(f"{name}: {why}" for name, why in session.layers.items() if why != "on")
            raise SandboxError(
                f"isolation of level {self.level} is required, only {found} could be had ({missing})"
            )
        return Isolation(found, session.layers)

    @cached_property
    def _uses(self) -> Sequence[sourcecheck.Use]:
        exercise, submission = self.exercise, self.submission
        return sourcecheck.find(
            submission.source,
            exercise.tools,
            exercise.ruled_out,
            asked=exercise.functions,
            where=submission.where,
        )

    def _suite(self, session: Session, loading: Loading) -> tuple[list[TestResult], dict[str, int]]:
        transcriber = Transcriber(session)
        self._transcripts = transcriber.transcripts
        student = Student(transcriber, self._source(loading))
        criteria = self.exercise.criteria
        task = plugin.Task(
            self.exercise.entry,
            {criterion.id: criterion.functions for criterion in criteria},
            {criterion.id: criterion.needs for criterion in criteria},
            {function: use.sentence for use in reversed(self._uses) for function in use.functions},
            [criterion.id for criterion in criteria if criterion.weights],
            self.only,
            examples=self.suite_dir is None,
            data=self.data,
            stop_early=self.stop_early,
            start_with=self.start_with,
            function=self.function,
        )
        recorder = plugin.Recorder(task, student, transcriber, lambda: self.ground.reference)
        if self.suite_dir is None:
            invoking.run_examples(self.exercise.examples_path, recorder)
        else:
            book = self.ground.salted_book() if self.salt else self.ground.book
            with oracle.opened(book), salted(self.salt):
                if self.collected is not None:
                    recorder = self.collected.run(recorder)
                else:
                    invoking.run(self.suite_dir / "test_hidden.py", recorder)
        tests = recorder.finished()
        if self.data is not None and recorder.ran_on_data:
            self._notes = (_ran_on(self.data),)
        return tests, recorder.seeds

    def _explained(self, tests: list[TestResult], suite_dir: Path) -> list[TestResult]:
        """Say of what failed why, as far as known mistakes and the numbers tell."""
        from dlgrade.diagnosis import Explainer  # a passing check does not pay for it

        reference = (suite_dir / self.exercise.entry).read_text(encoding="utf-8")
        session = self._session(reference)
        try:
            explainer = Explainer(self.exercise, suite_dir, session, self.ground.parameters)
            return explainer.explained(tests, self._transcripts)
        except Exception as error:  # the verdict stands without it
            fault = f"dlgrade could not explain what failed, by a fault of its own: {error!r}"
            self._notes = (*self._notes, fault)
            return tests
        finally:
            session.close()

    def _source(self, loading: Loading) -> Source:
        return source(self.ground, self.submission, loading)

    def _loads(self, loading: Loading) -> TestResult:
        """Test what every exercise asks first: that the file can be run."""
        output = self._printed_at_load
        if loading.lost is not None:
            return _frame_test("loads", f"{self.exercise.entry} {loading.lost}", output=output)
        for trouble in loading.troubles:
            if trouble.type_name == "RuledOutError":
                continue  # told by the other criterion
            place = self.submission.where(trouble.frames[0].line) if trouble.frames else "an unknown line"
            words = f": {trouble.text}" if trouble.text else ""
            message = f"{self.exercise.entry} raised {trouble.type_name} at {place}{words}"
            traceback = self._source(loading).traceback(trouble)
            return _frame_test("loads", message, traceback=traceback, output=output)
        return _frame_test("loads", output=output)

    def _by_hand(self, session: Session) -> TestResult:
        """Test what it asks second, by what the source names and what the worker saw imported."""
        sentences = list(dict.fromkeys(use.sentence for use in self._uses))
        if not sentences:
            sentences = list(dict.fromkeys(trouble.text for trouble in session.ruled_out_used))
        more = f"; and {len(sentences) - _USES_TOLD} more" if len(sentences) > _USES_TOLD else ""
        return _frame_test("by_hand", "; ".join(sentences[:_USES_TOLD]) + more or None)

    def _assemble(
        self, tests: Sequence[TestResult], seeds: dict[str, int], isolation: Isolation, started: float
    ) -> Report:
        mine = tuple(tests)
        frame = [
            CriterionResult(key, title, 0.0, 0.0, test.status)
            for key, title in _FRAME.items()
            for test in mine
            if test.criterion == key
        ]
        asked = [c for c in self.exercise.criteria if self.only in (None, c.id)]
        if self.function is not None:
            tested = {test.criterion for test in mine if test.function == self.function}
            mentioned = [c for c in asked if self.function in c.functions]
            # A criterion may name a function that no test of it is about.
            asked = [share_of(c, self.function) for c in mentioned if not tested or c.id in tested]
        examples = self.suite_dir is None
        criteria = [] if examples else [score(criterion, mine) for criterion in asked]
        return Report(
            dlgrade=_version("dlgrade"),
            exercise=self.exercise.id,
            name=self.exercise.name,
            title=self.exercise.title,
            file=self.submission.path,
            scope="debug"
            if self.debug
            else "examples"
            if examples
            else "criterion"
            if self.only
            else "function"
            if self.function
            else "suite",
            points=sum(criterion.points for criterion in criteria),
            max_points=sum(criterion.max_points for criterion in criteria),
            passed=all(test.status == "passed" for test in mine)
            and all(c.status == "passed" for c in criteria),
            criteria=(*frame, *criteria),
            tests=mine,
            isolation=isolation,
            seeds=seeds,
            notes=(*self.submission.notes, *self._notes),
            seconds=round(time.perf_counter() - started, 4),
        )


def _frame_test(
    key: str, message: str | None = None, *, traceback: str | None = None, output: str = ""
) -> TestResult:
    status: Status = "passed" if message is None else "failed"
    return TestResult(key, key, None, _FRAME[key], status, message, traceback=traceback, output=output)


def _ran_on(data: Split) -> str:
    train, val = f"{len(data.y_train):,}", f"{len(data.y_val):,}"
    return f"Also tested on {data.name}, drawn from {train} images to train on and {val} to validate with."


def source(ground: Ground, submission: Submission, loading: Loading) -> Source:
    """Put together what is known of a file before anything is called."""
    lines = submission.source.split("\n")
    return Source(
        ground.exercise.entry,
        loading.names,
        ground.parameters,
        loading.troubles,
        submission.where,
        lambda line: lines[line - 1] if 0 < line <= len(lines) else "",
    )
