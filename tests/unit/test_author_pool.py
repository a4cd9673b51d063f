"""Grading many files: what a job asks of the grader, and what its verdict holds."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from dlgrade.authoring import pool
from dlgrade.authoring.course import Place, places
from dlgrade.authoring.pool import Job, grade
from dlgrade.suite import distribution


@pytest.fixture
def place(course: SimpleNamespace) -> Place:
    """Return the toy of the tests."""
    (found,) = places(("90",), course.exercises, course.solutions)
    yield found
    pool.close()


def wrong(place: Place, name: str) -> str:
    return f"{place.reference.read_text()}\n\n{(place.solution / 'mistakes' / f'{name}.py').read_text()}"


def test_verdicts_come_in_the_order_of_the_jobs(place: Place):
    """Each is told of once; reports differ in nothing between two runs."""
    told: list[str] = []
    files = {"right": place.reference.read_text(), "wrong": wrong(place, "squared_instead_of_doubled")}
    jobs = [Job(place, name, files[name]) for name in ("right", "wrong", "right")]
    first, second, third = grade(jobs, told.append)
    assert told == ["right", "wrong", "right"]
    assert first == third
    assert (first.lost, second.lost) == (frozenset(), {"double", "twice"})


@pytest.mark.slow
def test_many_jobs_are_shared_out_to_processes(place: Place):
    """The verdicts are the same as in one process."""
    sources = [place.reference.read_text(), wrong(place, "doubled_in_place")] * 3
    jobs = [Job(place, str(index), source) for index, source in enumerate(sources)]
    assert grade(jobs, processes=2) == grade(jobs, processes=1)


def test_one_failure_is_enough_where_only_a_verdict_is_asked_for(place: Place):
    """Nothing is explained, and no test follows the one that failed."""
    source = wrong(place, "sigmoid_instead_of_tanh")
    whole, short = grade([Job(place, "a", source), Job(place, "a", source, stop_early=True)])
    assert len(short.tests) < len(whole.tests)
    assert short.tests[-1].status == "failed"
    assert not any(test.diagnosis for test in short.tests)
    assert not short.report.passed


def test_the_tests_of_one_function_may_come_first(place: Place):
    """Then a mutant of it is caught at once."""
    source = wrong(place, "sigmoid_instead_of_tanh")
    (verdict,) = grade([Job(place, "a", source, stop_early=True, start_with="by_hand_tanh")])
    ours = [test for test in verdict.tests if test.criterion not in ("loads", "by_hand")]
    assert [test.function for test in ours] == ["by_hand_tanh"]


def test_a_call_may_get_less_time(place: Place):
    """A mutant that never ends costs as much."""
    source = f"{place.reference.read_text()}\n\ndef add(a, b):\n    while True:\n        pass\n"
    (verdict,) = grade([Job(place, "a", source, stop_early=True, start_with="add", call_s=0.2)])
    assert any("0.2 s" in str(test.message) for test in verdict.tests)


def test_a_suite_that_cannot_be_run_is_a_problem_and_no_verdict(place: Place, tmp_path: Path):
    """The sentence is kept."""
    folder = tmp_path / place.exercise.folder
    folder.mkdir()
    (folder / "test_hidden.py").write_text("import nothing_like_it\n")
    (folder / place.exercise.entry).write_text(place.reference.read_text())
    (verdict,) = grade([Job(Place(place.exercise, folder), "a", "x = 1\n")])
    assert verdict.report is None
    assert "cannot be collected" in verdict.problem
    assert (verdict.lost, verdict.tests) == (frozenset(), ())


def test_what_checks_of_distributions_state_is_added_up():
    """Only while somebody keeps the ledger."""
    sample = [0.5, -0.5, 1.0, -1.0]
    distribution.normal_mean(sample, 1.0, name="W", p=1e-9)
    with distribution.ledger() as stated:
        distribution.normal_mean(sample, 1.0, name="W", p=1e-10)
        distribution.normal_std(sample, 1.0, name="W", p=2e-10)
        distribution.follows(sample, distribution.normal_cdf(1.0), name="W", p=3e-10)
        distribution.share(2, 4, 0.5, name="hits", p=4e-10)
    assert stated == [1e-10, 2e-10, 3e-10, 4e-10]
