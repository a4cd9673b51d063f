"""From recorded calls to a sentence: the known mistake that answers alike, or what the numbers say."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from dlgrade.catalog import Exercise
from dlgrade.diagnosis import alike, catalogue, clues, conditions, relations, substitutes
from dlgrade.diagnosis.catalogue import Mistake
from dlgrade.diagnosis.relations import Pair
from dlgrade.diagnosis.replay import Replay, Unrepeatable
from dlgrade.report import TestResult
from dlgrade.sandbox.session import Session
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
        self._suite_dir = suite_dir
        self._session = session
        self._parameters = parameters
        self._reference = (suite_dir / exercise.entry).read_text(encoding="utf-8")
        self._defaults = clues.defaults(self._reference)
        self._clues = clues.read(suite_dir)
        self._names = {**clues.returned_names(self._reference), **self._clues.names}
        # Models in float32 differ from run to run of the arithmetic, right ones too.
        self._rtol = alike.CLOSE_SINGLE if "torch" in exercise.tools else alike.CLOSE
        self._used = clues.used(self._reference)
        self._words = frozenset(name for names in parameters.values() for name in names)
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
        right = self._outcomes("", asked)
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
            names = _listed([f"`{name}`" for name in self._exercise.functions if name in below])
            return Diagnosis(f"It builds on {names}, which goes wrong too: mend that first.", lost)
        counted = self._counted(function, calls, right)
        return None if counted is None else Diagnosis(counted, lost)

    def _alike(self, call: Call, answer: Outcome | None) -> bool:
        return alike.outcomes(call.outcome, answer, self._rtol, self._words)

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
        tolerances = [alike.CLOSE, *([alike.CLOSE_SINGLE] if "torch" in self._exercise.tools else [])]
        for rtol in tolerances:
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

    # Numbers.

    def _counted(self, function: str, calls: Sequence[Call], right: Sequence[Outcome | None]) -> str | None:
        """Say what the answers are to the right ones, or where they differ."""
        pairs, judged = self._pairs(function, calls, right)
        wrong = [name for name, each in pairs.items() if not all(alike.numbers(p.got, p.want) for p in each)]
        links = self._clues.links.get(function, ())
        first = next((name for name in links if name in wrong), wrong[0] if wrong else None)
        sentence = None
        if first is not None:
            sentence = _exchanged(first, pairs, wrong) or self._of_value(first, pairs[first])
        sentence = sentence or self._ignored(function, calls)
        if sentence is None:
            where = conditions.of_calls(judged, self._clues.conditions.get(function, {}))
            if where is None and first is not None:
                where = conditions.of_entries(pairs[first])
            what = first or f"`{function}`"
            sentence = None if where is None else f"{what} is right except where {where}."
        return sentence if first is None else _with_links(links, first, wrong, list(pairs), sentence)

    def _ignored(self, function: str, calls: Sequence[Call]) -> str | None:
        mine = [call for call in calls if call.target == function and call.handle is None]
        known = self._parameters.get(function, ()), self._defaults.get(function, {})
        try:
            return substitutes.ignored(mine, *known, self._replay("", "").answers)
        except Unrepeatable:
            return None

    def _of_value(self, name: str, pairs: Sequence[Pair]) -> str | None:
        shown = next(pair for pair in pairs if not alike.numbers(pair.got, pair.want))
        relation = relations.describe(pairs, shown)
        return None if relation is None else f"{name} is {relation}."

    def _pairs(
        self, function: str, calls: Sequence[Call], right: Sequence[Outcome | None]
    ) -> tuple[dict[str, list[Pair]], list[tuple[Mapping[str, Any], bool]]]:
        """Put what came beside what should have come, by the value's name; and judge each call."""
        pairs: dict[str, list[Pair]] = {}
        judged: list[tuple[Mapping[str, Any], bool]] = []
        for call, answer in zip(calls, right, strict=True):
            if call.target != function or call.handle is not None or call.outcome is None or answer is None:
                continue
            arguments = self._by_name(call)
            judged.append((arguments, self._alike(call, answer)))
            parts = len(self._names.get(function, ()))
            if isinstance(call.outcome.value, tuple | list) and len(call.outcome.value) != parts > 0:
                continue  # which of them is which is anybody's guess
            got = dict(alike.leaves(call.outcome.value, parts))
            for path, want in alike.leaves(answer.value, parts):
                if path in got:
                    name = self._name_of(function, path)
                    same = alike.numbers(got[path], want, self._rtol)
                    pairs.setdefault(name, []).append(Pair(want if same else got[path], want, arguments))
        return pairs, judged

    def _by_name(self, call: Call) -> dict[str, Any]:
        names = self._parameters.get(call.target, ())
        positional = {
            names[index] if index < len(names) else f"argument {index + 1}": arg
            for index, arg in enumerate(call.args)
        }
        return {**positional, **call.kwargs}

    def _name_of(self, function: str, path: alike.Path) -> str:
        """Name a value of an answer as the reference does: ``dL_dw``, ``grads["W1"]``, ``item 0``."""
        if not path:
            return f"What `{function}` gives"
        names = self._names.get(function, ())
        first, *rest = path
        named = names[first] if isinstance(first, int) and first < len(names) else None
        if named is None and isinstance(first, int) and rest and isinstance(rest[0], str):
            first, *rest = rest
        start = named or (f"item {first}" if isinstance(first, int) else first)
        return start + "".join(f'["{step}"]' if isinstance(step, str) else f"[{step}]" for step in rest)

    # Replays.

    def _outcomes(self, source: str, asked: Sequence[Event]) -> list[Outcome | None] | None:
        if len(asked) > CALLS_MAX:
            return None
        try:
            answers = self._replay("", source).answers(asked)
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
        """Put nothing in the place of the values that nobody looks into, such as a cache."""
        hidden, names = self._clues.opaque.get(function, ()), self._names.get(function, ())
        value = None if outcome is None else outcome.value
        if outcome is None or not hidden or not isinstance(value, tuple | list) or len(value) != len(names):
            return outcome
        shown = tuple(None if name in hidden else item for name, item in zip(names, value, strict=True))
        return dataclasses.replace(outcome, value=shown)

    def _below(self, function: str, calls: Sequence[Call]) -> frozenset[str]:
        """List the functions that one builds on: that the reference's uses, or its tests call beside it."""
        beside = frozenset(call.target for call in calls if call.handle is None)
        return (self._used.get(function, frozenset()) | beside) - {function}

    def _replay(self, name: str, source: str) -> Replay:
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


def _exchanged(name: str, pairs: Mapping[str, Sequence[Pair]], wrong: Sequence[str]) -> str | None:
    """Say with which other value this one has changed places."""
    for other in wrong:
        if other == name or len(pairs[other]) != len(pairs[name]):
            continue
        both = list(zip(pairs[name], pairs[other], strict=True))
        if all(alike.numbers(a.got, b.want) and alike.numbers(b.got, a.want) for a, b in both):
            return f"{name} and {other} have changed places."
    return None


def _has_memory(call: Call) -> bool:
    """Whether what a call gives may depend on those before it."""
    given = (*call.args, *call.kwargs.values())
    return (
        call.handle is not None
        or bool(call.keep)
        or any(isinstance(arg, np.random.Generator) for arg in given)
    )


def _with_links(
    links: Sequence[str], first: str, wrong: Sequence[str], known: Sequence[str], sentence: str | None
) -> str | None:
    """Say first where in the chain it goes wrong, if some of it is right."""
    before = [name for name in links[: _index(links, first)] if name in known]
    place = ""
    if before:
        are = "is" if len(before) == 1 else "are"
        place = f"{_listed(before)} {are} right, {first} is where it goes wrong."
    elif len(known) > 1 and len(wrong) == 1:
        place = f"Only {first} is wrong, the rest is right."
    said = " ".join(part for part in (place, sentence) if part)
    return said or None


def _index(links: Sequence[str], name: str) -> int:
    return list(links).index(name) if name in links else 0


def _listed(names: Sequence[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last
