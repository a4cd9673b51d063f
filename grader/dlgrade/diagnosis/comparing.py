"""What the numbers alone say: the right ones twice, transposed, right but for a corner or up to a link."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dlgrade.diagnosis import alike, conditions, relations, substitutes
from dlgrade.diagnosis.clues import Clues
from dlgrade.diagnosis.relations import Pair
from dlgrade.diagnosis.replay import Unrepeatable
from dlgrade.diagnosis.substitutes import Answers
from dlgrade.transcript import Call, Outcome


class Comparison:
    """Compares answers with the right ones.

    Parameters
    ----------
    clues
        What the exercise says of its functions.
    parameters, defaults
        From a function to its parameters' names, and to the values of those that may be left out.
    names
        From a function to the names of the values that it gives.
    rtol
        Up to where two answers are the same.
    words
        What may stand in an exception's text.
    """

    def __init__(
        self,
        clues: Clues,
        parameters: Mapping[str, Sequence[str]],
        defaults: Mapping[str, Mapping[str, Any]],
        names: Mapping[str, Sequence[str | None]],
        rtol: float,
        words: frozenset[str],
    ) -> None:
        self._clues = clues
        self._parameters = parameters
        self._defaults = defaults
        self._names = names
        self._rtol = rtol
        self._words = words

    def sentence(
        self, function: str, calls: Sequence[Call], right: Sequence[Outcome | None], again: Answers
    ) -> str | None:
        """Say what the answers are to the right ones, or where they differ; None where that would be a guess.

        Parameters
        ----------
        function
            The learner's.
        calls
            What its tests asked.
        right
            What the reference answered.
        again
            Asks the reference something else.
        """
        answers = self._answers(function, calls, right)
        pairs = _by_value(answers)
        wrong = [name for name, each in pairs.items() if any(map(_off, each))]
        links = self._clues.links.get(function, ())
        first = next((name for name in links if name in wrong), wrong[0] if wrong else None)
        if any(each.changed for each in answers):  # what came is then not what is wrong
            return self._where(function, None, answers)
        sentence = None
        if first is not None:
            sentence = _exchanged(first, pairs, wrong) or self._of_value(first, pairs[first])
        sentence = sentence or self._ignored(function, calls, again)
        sentence = sentence or self._where(function, first, answers)
        if first is None or not all(each.right or each.off for each in answers):
            return sentence  # where a call gives nothing to compare, nobody knows what of it would be right
        return _with_links(links, first, wrong, list(pairs), sentence)

    def _where(self, function: str, first: str | None, answers: Sequence[_Answer]) -> str | None:
        """Say where it goes wrong: with `first`, if that is wrong wherever anything is."""
        mine = [pair for each in answers for name, pair in each.pairs if name == first]
        alone = first is not None and all(each.right or first in each.off for each in answers)
        # What a list holds before it ends too early or too late may be right: the numbers given say little.
        contents = not any(map(_of_another_length, mine)) and not any(each.changed for each in answers)
        judged = [(each.arguments, each.right) for each in answers]
        where = conditions.of_calls(judged, self._clues.conditions.get(function, {}), contents=contents)
        if where is None and first is not None:
            where, alone = conditions.of_entries(mine), True
        what = first if alone else f"`{function}`"
        return None if where is None else f"{what} is right except where {where}."

    def _ignored(self, function: str, calls: Sequence[Call], again: Answers) -> str | None:
        mine = [call for call in calls if call.target == function and call.handle is None]
        known = self._parameters.get(function, ()), self._defaults.get(function, {})
        try:
            return substitutes.ignored(mine, *known, again)
        except Unrepeatable:
            return None

    def _of_value(self, name: str, pairs: Sequence[Pair]) -> str | None:
        shown = next(filter(_off, pairs))
        relation = relations.describe(pairs, shown)
        return None if relation is None else f"{name} is {relation}."

    def _answers(
        self, function: str, calls: Sequence[Call], right: Sequence[Outcome | None]
    ) -> list[_Answer]:
        """Put what came beside what should have come, call by call, and judge each."""
        answers = []
        for call, answer in zip(calls, right, strict=True):
            if call.target != function or call.handle is not None or call.outcome is None or answer is None:
                continue
            arguments = self._by_name(call)
            answers.append(
                _Answer(
                    arguments,
                    alike.outcomes(call.outcome, answer, self._rtol, self._words),
                    set(call.outcome.changed) != set(answer.changed),
                    list(self._pairs(function, arguments, call.outcome, answer)),
                )
            )
        return answers

    def _pairs(
        self, function: str, arguments: Mapping[str, Any], outcome: Outcome, answer: Outcome
    ) -> Iterator[tuple[str, Pair]]:
        parts = len(self._names.get(function, ()))
        if isinstance(outcome.value, tuple | list) and len(outcome.value) != parts > 0:
            return  # which of them is which is anybody's guess
        got = dict(alike.leaves(outcome.value, parts))
        for path, want in alike.leaves(answer.value, parts):
            if path in got:
                same = alike.numbers(got[path], want, self._rtol)
                yield self._name_of(function, path), Pair(want if same else got[path], want, arguments)

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


@dataclass(frozen=True)
class _Answer:
    """One call: what it was given, whether all of its end was right, and its values by their names."""

    arguments: Mapping[str, Any]
    right: bool
    changed: bool  # an argument that the reference leaves alone
    pairs: Sequence[tuple[str, Pair]]

    @property
    def off(self) -> frozenset[str]:
        """The names of the values that are wrong."""
        return frozenset(name for name, pair in self.pairs if _off(pair))


def _by_value(answers: Sequence[_Answer]) -> dict[str, list[Pair]]:
    pairs: dict[str, list[Pair]] = {}
    for each in answers:
        for name, pair in each.pairs:
            pairs.setdefault(name, []).append(pair)
    return pairs


def _off(pair: Pair) -> bool:
    return not alike.numbers(pair.got, pair.want)


def _of_another_length(pair: Pair) -> bool:
    return pair.got.ndim == pair.want.ndim == 1 and pair.got.shape != pair.want.shape


def _exchanged(name: str, pairs: Mapping[str, Sequence[Pair]], wrong: Sequence[str]) -> str | None:
    """Say with which other value this one has changed places."""
    for other in wrong:
        if other == name or len(pairs[other]) != len(pairs[name]):
            continue
        both = list(zip(pairs[name], pairs[other], strict=True))
        if all(alike.numbers(a.got, b.want) and alike.numbers(b.got, a.want) for a, b in both):
            return f"{name} and {other} have changed places."
    return None


def _with_links(
    links: Sequence[str], first: str, wrong: Sequence[str], known: Sequence[str], sentence: str | None
) -> str | None:
    """Say first where in the chain it goes wrong, if some of it is right."""
    before = [name for name in links[: _index(links, first)] if name in known]
    place = ""
    if before:
        are = "is" if len(before) == 1 else "are"
        place = f"{listed(before)} {are} right, {first} is where it goes wrong."
    elif len(known) > 1 and len(wrong) == 1:
        place = f"Only {first} is wrong, the rest is right."
    said = " ".join(part for part in (place, sentence) if part)
    return said or None


def _index(links: Sequence[str], name: str) -> int:
    return list(links).index(name) if name in links else 0


def listed(names: Sequence[str]) -> str:
    """Join names as in a sentence."""
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last
