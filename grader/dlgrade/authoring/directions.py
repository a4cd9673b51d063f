"""Both directions, from verdicts: what is right earns everything, what is wrong loses exactly its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dlgrade.authoring.course import Place
from dlgrade.authoring.evidence import Evidence, readable
from dlgrade.authoring.finding import Finding
from dlgrade.authoring.pool import Verdict
from dlgrade.diagnosis.catalogue import Mistake

_FRAME = ("loads", "by_hand")


def findings(place: Place, evidence: Evidence) -> Iterator[Finding]:
    """Yield what an exercise's verdicts say that they should not."""
    suite = place.shown(place.solution / "test_hidden.py")
    problem = evidence.reference[0].problem
    if problem is not None:
        yield Finding(suite, f"the suite cannot be run: {problem}; mend that first.")
        return
    yield from _marks(place, evidence.reference[0], suite)
    yield from _right(place.shown(place.reference), evidence.reference[0])
    yield from _starter(place, evidence.starter[0])
    for path, pair in ((place.reference, evidence.reference), (place.exercise.entry_path, evidence.starter)):
        if pair[0] != pair[1]:
            advice = "two runs give two reports; make the suite's cases depend on nothing but their names."
            yield Finding(place.shown(path), advice)
    for path in place.variants:
        yield from _right(place.shown(path), evidence.variants[path.stem])
    known = readable(place)[0]
    for mistake in known:
        file = place.shown(place.solution / "mistakes" / f"{mistake.name}.py")
        verdict = evidence.mistakes[mistake.name]
        yield from (Finding(file, advice) for advice in _wrong(mistake, verdict, known))


def _marks(place: Place, reference: Verdict, suite: str) -> Iterator[Finding]:
    """Compare the suite's tests with the manifest."""
    exercise = place.exercise
    tests = [test for test in reference.tests if test.criterion not in _FRAME]
    for test in tests:
        if test.function not in exercise.functions:
            yield Finding(
                suite, f"{test.id} is about `{test.function}`, which no criterion names; name it there."
            )
    for criterion in exercise.criteria:
        tested = {test.function for test in tests if test.criterion == criterion.id}
        if not tested:
            yield Finding(suite, f"no test has the criterion {criterion.id}; write one.")
        for function in criterion.functions:
            if tested and not any(test.function == function for test in tests):
                yield Finding(suite, f"no test is about `{function}` of {criterion.id}; write one.")


def _right(file: str, verdict: Verdict) -> Iterator[Finding]:
    """Yield what is said of a file that is right."""
    if verdict.problem is not None:
        yield Finding(file, f"cannot be graded: {verdict.problem}.")
    for test in verdict.tests:
        if test.status != "passed":
            said = f"{test.id}: {test.message}"
            yield Finding(
                file, f"is right and does not earn everything; mend the suite or the file ({said})."
            )
        if test.diagnosis is not None:
            yield Finding(file, f"is right and gets a diagnosis ({test.id}: {test.diagnosis}).")


def _starter(place: Place, verdict: Verdict) -> Iterator[Finding]:
    file = place.shown(place.exercise.entry_path)
    points = 0.0 if verdict.report is None else verdict.report.points
    if points:
        yield Finding(file, f"the starter earns {points:g} points; it should earn none.")
    to_do = {test.function for test in verdict.tests if test.todo}
    for function in place.exercise.functions:
        if function not in to_do:
            yield Finding(
                file, f'`{function}` is not called still to do; raise NotImplementedError("TODO: ...").'
            )


def _wrong(mistake: Mistake, verdict: Verdict, known: Sequence[Mistake]) -> Iterator[str]:
    """Yield what is wrong with a wrong file's verdict."""
    if verdict.problem is not None or (verdict.report is not None and verdict.report.ours):
        words = [test.message for test in verdict.tests if test.status == "error"]
        yield f"makes the suite itself fail ({verdict.problem or words[0]}); let a check of the suite fail."
        return
    spared = sorted(mistake.loses - verdict.lost)
    hit = sorted(verdict.lost - mistake.loses)
    if spared:
        yield f"does not lose {', '.join(spared)}; strengthen the suite."
    if hit:
        yield f"loses {', '.join(hit)} too; say so after 'Loses:', or let the suite blame the right function."
    # What the numbers say is a fact, whoever's; but another mistake's sentence would be a wrong name.
    taken = [each for each in known if each.sentence != mistake.sentence and named(each, verdict)]
    if taken and not named(mistake, verdict):
        yield f"is taken for `{taken[0].name}`; let the suite ask for what tells them apart."


def diagnoses(verdict: Verdict) -> list[str]:
    """Return what was said of why tests failed."""
    return [test.diagnosis for test in verdict.tests if test.diagnosis is not None]


def named(mistake: Mistake, verdict: Verdict) -> bool:
    """Whether a diagnosis says what the mistake's own sentence says."""
    return any(mistake.sentence in " ".join(said.split()) for said in diagnoses(verdict))
