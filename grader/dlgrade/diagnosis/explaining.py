"""From recorded calls to a sentence: the known mistake that answers alike, or what the numbers say."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np

from dlgrade.catalog import Exercise
from dlgrade.diagnosis import alike, catalogue, clues
from dlgrade.diagnosis.catalogue import Mistake
from dlgrade.diagnosis.comparing import Comparison, listed
from dlgrade.diagnosis.replay import Replay, Unrepeatable
from dlgrade.report import TestResult
from dlgrade.sandbox.session import Handle, Session
from dlgrade.transcript import Call, Event, Outcome, Provided

NAMED_MAX = 3
"""Mistakes that may be named beside each other; where more fit, none is."""

CALLS_MAX = 6000
"""Calls that may be repeated for one function: a count, since a clock would say another thing each time."""


@dataclass(frozen=True)
class Diagnosis:
    """What is said of a function.

    Attributes
    ----------
    sentence
        For the learner.
    criteria
        Those that it explains.
    mistakes
        The names of the known mistakes that it rests on; empty where it rests on numbers.
    """

    sentence: str
    criteria: frozenset[str]
    mistakes: tuple[str, ...] = ()


class Explainer:
    """Explains the failures of one check.

    Parameters
    ----------
    exercise
        What was graded.
    suite_dir
        Its folder among the solutions.
    session
        A worker that will run the reference.
    parameters
        From a function to its parameters' names.
    """

    def __init__(
        self,
        exercise: Exercise,
        suite_dir: Path,
        session: Session,
        parameters: Mapping[str, Sequence[str]],
    ) -> None:
        self._exercise = exercise
        self._session = session
        self._reference = (suite_dir / exercise.entry).read_text(encoding="utf-8")
        self._clues = clues.read(suite_dir)
        self._names = {**clues.returned_names(self._reference), **self._clues.names}
        # Models in float32 differ from run to run of the arithmetic, right ones too.
        self._tolerances = [alike.CLOSE, *([alike.CLOSE_SINGLE] if "torch" in exercise.tools else [])]
        self._used = clues.used(self._reference)
        self._words = frozenset(name for names in parameters.values() for name in names)
        self._comparison = Comparison(
            self._clues,
            parameters,
            clues.defaults(self._reference),
            self._names,
            self._tolerances[-1],
            self._words,
        )
        self._catalogue = catalogue.mistakes(suite_dir)
        self._named_before: set[str] = set()
        self._replays: dict[str, Replay] = {}

    def explained(
        self, tests: Sequence[TestResult], transcripts: Mapping[str, Sequence[Event]]
    ) -> list[TestResult]:
        """Put a diagnosis beside the first test of each criterion that failed.

        Parameters
        ----------
        tests
            All that ran, in order.
        transcripts
            From a test to what was asked in it.
        """
        said: dict[str, str] = {}
        passed = frozenset(test.criterion for test in tests) - frozenset(
            test.criterion for test in tests if test.status != "passed"
        )
        wrong = frozenset(str(test.function) for test in tests if _explicable(test))
        for function in dict.fromkeys(test.function for test in tests if _explicable(test)):
            mine = [test for test in tests if test.function == function]
            mine = [test for test in mine if test.criterion not in self._clues.not_replayed]
            mine.sort(key=lambda test: test.status != "failed")
            first = {test.criterion: test.id for test in reversed(mine) if _explicable(test)}
            asked = [transcripts.get(test.id, ()) for test in mine]
            found = self.explain(str(function), asked, frozenset(first), passed, wrong) if first else None
            if found is not None:
                said |= {first[key]: found.sentence for key in found.criteria & set(first)}
        return [
            msgspec.structs.replace(test, diagnosis=said[test.id]) if test.id in said else test
            for test in tests
        ]

    def explain(
        self,
        function: str,
        transcripts: Sequence[Sequence[Event]],
        lost: frozenset[str],
        passed: frozenset[str] = frozenset(),
        wrong: frozenset[str] = frozenset(),
    ) -> Diagnosis | None:
        """Explain why a function's tests fail.

        Parameters
        ----------
        function
            The learner's function.
        transcripts
            Of all its tests, those that failed first.
        lost
            The criteria that it fails.
        passed
            The criteria that the whole file passes.
        wrong
            The learner's functions that fail.
        """
        asked = [event for transcript in transcripts for event in transcript]
        right = self._right(asked)
        if right is None:
            return None
        asked = self._pruned(asked, right)
        calls = [event for event in asked if isinstance(event, Call)]
        if all(self._alike(call, answer) for call, answer in zip(calls, right, strict=True)):
            return None  # as the reference does: what went wrong is not in these numbers
        asked, calls, right = _telling_first(asked, calls, right)
        below = wrong & self._below(function, calls)
        named = self._named(function, asked, right, lost, passed, below)
        if named is not None:
            return named
        if below:
            names = listed([f"`{name}`" for name in self._exercise.functions if name in below])
            return Diagnosis(f"It builds on {names}, which goes wrong too: mend that first.", lost)
        sentence = self._comparison.sentence(function, calls, right, self._replay().answers)
        return None if sentence is None else Diagnosis(sentence, lost)

    def _alike(self, call: Call, answer: Outcome | None) -> bool:
        return alike.outcomes(call.outcome, answer, self._tolerances[-1], self._words)

    # Known mistakes.

    def _named(
        self,
        function: str,
        asked: Sequence[Event],
        right: Sequence[Outcome | None],
        lost: frozenset[str],
        passed: frozenset[str],
        below: frozenset[str],
    ) -> Diagnosis | None:
        known = [mistake for mistake in self._catalogue if mistake.loses & lost]
        if below:  # two mistakes at once are not told apart: it has to be one of what this builds on
            known = [mistake for mistake in known if below.intersection(mistake.names)]
        for rtol in self._tolerances:
            fitting = [mistake for mistake in known if self._fits(mistake, asked, right, rtol)]
            # What has been named for a function that this one calls; else what loses nothing that is passed.
            fitting = (
                [mistake for mistake in fitting if mistake.name in self._named_before]
                or [mistake for mistake in fitting if not mistake.loses & passed]
                or fitting
            )
            if 0 < len(fitting) <= NAMED_MAX:
                self._named_before |= {mistake.name for mistake in fitting}
                criteria = frozenset[str]().union(*(each.loses for each in fitting))
                told = self._told(function, fitting, passed)
                return Diagnosis(told, criteria, tuple(each.name for each in fitting))
        return None

    def _fits(
        self, mistake: Mistake, asked: Sequence[Event], right: Sequence[Outcome | None], rtol: float
    ) -> bool:
        """Whether a mistake gives every recorded answer."""
        answers = self._replay(mistake.name, mistake.source).answers(asked)
        try:
            for wanted, (call, answer) in zip(right, answers, strict=True):
                given = self._bare(call.target, alike.pruned(answer, wanted))
                if not alike.outcomes(call.outcome, given, rtol, self._words):
                    return False
        except Unrepeatable:
            return False
        return True

    def _told(self, function: str, fitting: Sequence[Mistake], passed: frozenset[str]) -> str:
        sentences = []
        for mistake in fitting:
            replaced = [name for name in mistake.names if name in self._exercise.functions]
            elsewhere = replaced and function not in replaced and not mistake.loses & passed
            place = f"It comes from `{replaced[0]}`. " if elsewhere else ""
            sentences.append(place + mistake.sentence)
        sentences = list(dict.fromkeys(sentences))
        if len(sentences) == 1:
            return sentences[0]
        return " Or: ".join([f"Either: {sentences[0]}", *sentences[1:]])

    # Replays.

    def _right(self, asked: Sequence[Event]) -> list[Outcome | None] | None:
        """Ask the reference; None where that cannot be done."""
        if len(asked) > CALLS_MAX:
            return None
        try:
            answers = self._replay().answers(asked)
            return [self._bare(call.target, answer) for call, answer in answers]
        except Unrepeatable:
            return None

    def _pruned(self, asked: Sequence[Event], right: Sequence[Outcome | None]) -> list[Event]:
        """Leave out of the learner's answers what is theirs to choose."""
        answers = iter(right)
        return [
            dataclasses.replace(
                event,
                outcome=alike.pruned(self._bare(event.target, event.outcome), next(answers)),
            )
            if isinstance(event, Call)
            else event
            for event in asked
        ]

    def _bare(self, function: str, outcome: Outcome | None) -> Outcome | None:
        """Put nothing in the place of the values that nobody looks into, such as a cache.

        A handle stays: what is asked of it later can only be asked again by it.
        """
        hidden, names = self._clues.opaque.get(function, ()), self._names.get(function, ())
        value = None if outcome is None else outcome.value
        if outcome is None or not hidden or not isinstance(value, tuple | list) or len(value) != len(names):
            return outcome
        shown = tuple(
            None if name in hidden and not isinstance(item, Handle) else item
            for name, item in zip(names, value, strict=True)
        )
        return dataclasses.replace(outcome, value=shown)

    def _below(self, function: str, calls: Sequence[Call]) -> frozenset[str]:
        """List the functions that one builds on: that the reference's uses, or its tests call beside it."""
        beside = frozenset(call.target for call in calls if call.handle is None)
        return (self._used.get(function, frozenset()) | beside) - {function}

    def _replay(self, name: str = "", source: str = "") -> Replay:
        """Return what answers as the reference does with a mistake in it, or without one."""
        if name not in self._replays:
            self._replays[name] = Replay(self._session, f"{self._reference}\n\n{source}")
        return self._replays[name]


def _explicable(test: TestResult) -> bool:
    return test.status == "failed" and not test.todo and test.function is not None


def _telling_first(
    asked: list[Event], calls: list[Call], right: list[Outcome | None]
) -> tuple[list[Event], list[Call], list[Outcome | None]]:
    """Put the calls that differ from the reference's first, where order does not matter.

    Most mistakes are then told apart by their first answer.
    """
    if any(isinstance(event, Provided) for event in asked) or any(map(_has_memory, calls)):
        return asked, calls, right
    order = sorted(range(len(calls)), key=lambda i: alike.outcomes(calls[i].outcome, right[i]))
    calls, right = [calls[i] for i in order], [right[i] for i in order]
    return [*calls], calls, right


def _has_memory(call: Call) -> bool:
    """Whether what a call gives may depend on those before it."""
    given = (*call.args, *call.kwargs.values())
    return (
        call.handle is not None
        or bool(call.keep)
        or any(isinstance(arg, np.random.Generator) for arg in given)
    )
