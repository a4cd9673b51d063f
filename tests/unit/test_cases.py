"""Cases: a property on many inputs, and the smallest one that breaks it."""

import contextlib
import inspect
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import hypothesis
import numpy as np
import pytest
from hypothesis import strategies as st

from dlgrade.sandbox import loading
from dlgrade.sandbox.session import Handle, Outcome, WorkerLostError
from dlgrade.student import Failure, Source, Student, begin_test, last_call
from dlgrade.suite import Draw, cases, check, criterion, oracle
from dlgrade.suite.criterion import mark_of

# The package has the decorator under this name, which hides the module.
module = sys.modules["dlgrade.suite.cases"]


class Here:
    """Stands for the worker: calls functions of this process, and counts the calls."""

    def __init__(self, **functions: Callable[..., Any]) -> None:
        self.functions = functions
        self.calls: list[tuple[Any, ...]] = []

    def call(
        self,
        target: str,
        args: Sequence[Any],
        kwargs: dict[str, Any],
        *,
        handle: Handle | None = None,
        keep: Sequence[int] = (),
        quiet: bool = False,
    ) -> Outcome:
        self.calls.append(tuple(args))
        before = repr(args)
        try:
            value = self.functions[target](*args, **kwargs)
        except WorkerLostError:
            raise
        except Exception as error:
            return Outcome(trouble=loading.describe(error, __file__))
        return Outcome(value, changed=() if repr(args) == before else ("0",))

    def provide(self, name: str, source: str) -> Handle:
        raise NotImplementedError


def student_with(**functions: Callable[..., Any]) -> tuple[Student, Here]:
    code = Here(**functions)
    student = Student(code, Source("toy.py", dict.fromkeys(functions, "function"), {}))
    begin_test(student, shrink=True)
    return student, code


def failure_of(test: Callable[..., None], student: Student) -> Failure:
    with pytest.raises(Failure) as caught:
        test(student=student)
    return caught.value


def smallest(student: Student) -> Any:
    """Return the arguments of the call that is shown."""
    record = last_call(student)
    assert record is not None
    return record.args


def numbers(draw: Draw) -> tuple[float, float]:
    return draw.real(-3, 3), draw.real(-3, 3)


def batch(draw: Draw) -> tuple[np.ndarray, np.ndarray]:
    n, c = draw.integer(1, 6), draw.integer(2, 5)
    dtype = draw.choice([np.int64, np.int32, np.uint8])
    return draw.array((n, c)), draw.integers((n,), 0, c - 1, dtype=dtype)


@cases(numbers, 50)
def test_of_add(student, numbers):
    check.close(student.add(*numbers), sum(numbers), name="add(a, b)")


@cases(batch, 50)
def test_of_pick(student, batch):
    logits, labels = batch
    want = np.array([row[label] for row, label in zip(logits, labels, strict=True)])
    check.close(student.pick(logits, labels), want, name="pick")


for inner in (test_of_add, test_of_pick):
    inner.__test__ = False  # suites of the tests below, not tests themselves


def pick(logits: np.ndarray, labels: np.ndarray) -> np.ndarray:
    return logits[np.arange(len(labels)), labels]


# What passes.


def test_a_right_file_is_called_for_every_case_and_no_more():
    """A test that passes runs on as many cases as it says."""
    student, code = student_with(add=lambda a, b: a + b)
    test_of_add(student=student)
    assert len(code.calls) == 50
    assert len(set(code.calls)) == 50


def test_the_cases_are_those_of_the_tests_name():
    """Two runs draw the same cases, and another test draws others."""

    def drawn(name: str) -> list[tuple[Any, ...]]:
        def test(student, numbers):
            student.add(*numbers)

        test.__name__ = name
        student, code = student_with(add=lambda a, b: a + b)
        cases(numbers, 5)(test)(student=student)
        return code.calls

    assert drawn("test_one") == drawn("test_one")
    assert drawn("test_one") != drawn("test_other")


def test_what_pytest_sees_has_the_fixtures_and_the_words_of_the_test():
    """The last parameter is the case; the others, the docstring and the criterion stay."""

    @criterion("forward", "add")
    @cases(numbers, 3)
    def outside(student, rng, numbers):
        """It is right."""

    @cases(numbers, 3)
    @criterion("forward", "add")
    def inside(student, rng, numbers):
        """It is right."""

    for test in (outside, inside):
        assert list(inspect.signature(test).parameters) == ["student", "rng"]
        assert test.__doc__ == "It is right."
        mark = mark_of(test)
        assert mark is not None
        assert (mark.criterion, mark.function) == ("forward", "add")
    assert outside.__name__ == "outside"


def test_other_fixtures_are_passed_on():
    """A test may ask for whatever the plugin gives, beside its case."""
    seen = []

    @cases(lambda draw: draw.integer(0, 9), 4)
    def test(student, rng, reference, number):
        seen.append((rng, reference, type(number)))

    test(student=student_with()[0], rng="rng", reference="reference")
    assert seen == [("rng", "reference", int)] * 4


# What is made smaller.


def wrong_for(condition: Callable[..., bool], right: Callable[..., Any]) -> Callable[..., Any]:
    """Make a function that is off by one where the condition holds."""
    return lambda *args: right(*args) + 1.0 if condition(*args) else right(*args)


@pytest.mark.parametrize(
    ("condition", "args"),
    [
        (lambda a, b: True, (0.0, 0.0)),
        (lambda a, b: a < 0, (-1.0, 0.0)),
        (lambda a, b: a < 0 and b > 1.5, (-1.0, 2.0)),
        (lambda a, b: abs(a) > 2.5, (3.0, 0.0)),
    ],
    ids=["always", "negative numbers", "both", "large numbers"],
)
def test_a_wrong_sum_is_shown_for_the_smallest_numbers(condition, args):
    """Whatever the mistake depends on is all that is left in the case."""
    student, _ = student_with(add=wrong_for(condition, lambda a, b: a + b))
    failure = failure_of(test_of_add, student)
    assert smallest(student) == args
    assert failure.message == f"add(a, b) is {sum(args) + 1:g}, it should be {sum(args):g}"


def test_a_mistake_with_one_dtype_keeps_the_dtype():
    """What goes wrong for uint8 labels only is shown with one uint8 label."""
    student, _ = student_with(pick=wrong_for(lambda x, y: y.dtype == np.uint8, pick))
    failure_of(test_of_pick, student)
    logits, labels = smallest(student)
    assert labels.dtype == np.uint8
    assert (logits.shape, labels.tolist()) == ((1, 2), [0])
    assert not logits.any()


def test_a_mistake_with_one_row_is_shown_with_one_row():
    """What goes wrong for n = 1 only is shown for n = 1, in simple numbers."""
    student, _ = student_with(pick=lambda x, y: pick(x, y) if len(y) > 1 else pick(x, y)[0])
    failure = failure_of(test_of_pick, student)
    logits, labels = smallest(student)
    assert logits.shape == (1, 2)
    assert labels.tolist() == [0]
    assert failure.message == "pick has shape (), it should be (1,)"


def test_a_mistake_with_many_rows_keeps_as_many_as_it_needs():
    """What goes wrong from four rows on is shown with four."""
    student, _ = student_with(pick=wrong_for(lambda x, y: len(y) >= 4, pick))
    failure_of(test_of_pick, student)
    logits, _ = smallest(student)
    assert logits.shape == (4, 2)


def test_an_exception_is_made_smaller_too():
    """A call that raises is shown with the smallest arguments on which it does."""

    def add(a: float, b: float) -> float:
        if a < -0.5:
            raise ZeroDivisionError("a is negative")
        return a + b

    student, _ = student_with(add=add)
    failure = failure_of(test_of_add, student)
    assert (failure.kind, failure.message) == ("raised", "`add` raised ZeroDivisionError: a is negative")
    assert smallest(student) == (-1.0, 0.0)


def test_a_changed_argument_is_shown_on_the_smallest_array():
    """Writing into an argument is shown where there is little to read."""

    def pick_in_place(logits: np.ndarray, labels: np.ndarray) -> np.ndarray:
        found = pick(logits, labels)
        logits -= 1
        return found

    student, _ = student_with(pick=pick_in_place)
    failure = failure_of(test_of_pick, student)
    assert failure.message == "`pick` changed its argument number 1"
    assert smallest(student)[1].tolist() == [0]


def test_a_failure_is_not_made_smaller_into_another_kind():
    """Where small numbers raise and others are wrong, the wrong answer is what is shown."""

    def add(a: float, b: float) -> float:
        if abs(a) < 0.01:
            raise ZeroDivisionError
        return a + b + 1

    student, _ = student_with(add=add)
    failure = failure_of(test_of_add, student)
    assert failure.kind == "check"
    assert smallest(student) == (1.0, 0.0)


def test_the_same_file_is_shown_the_same_case_twice():
    """The search is a function of the file, not of the time or of what ran before."""

    def run() -> tuple[str, str]:
        student, _ = student_with(pick=wrong_for(lambda x, y: x.max() > 1.234 and y.max() > 1, pick))
        return failure_of(test_of_pick, student).message, repr(smallest(student))

    first = run()
    hypothesis.find(st.integers(), lambda n: n > 100)
    assert run() == first


@contextlib.contextmanager
def stopped_search():
    """Let no smaller case be looked for."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "shrink", lambda *_: None)
        yield


# What is not made smaller.


@pytest.mark.parametrize("late", [True, False])
def test_a_lost_worker_is_not_looked_for_again(late):
    """A call that did not come back is made once."""

    def add(a: float, b: float) -> float:
        raise WorkerLostError("did not finish in 10 s", late=late)

    student, code = student_with(add=add)
    failure = failure_of(test_of_add, student)
    assert failure.message == "`add` did not finish in 10 s"
    assert len(code.calls) == 1


def test_what_is_missing_or_still_to_be_written_is_not_looked_for_again():
    """Nothing smaller can be said of it."""
    student, _ = student_with()
    assert failure_of(test_of_add, student).kind == "missing"

    def add(a: float, b: float) -> float:
        raise NotImplementedError("TODO")

    student, code = student_with(add=add)
    assert failure_of(test_of_add, student).kind == "todo"
    assert len(code.calls) == 1


def test_a_case_that_nobody_will_see_is_not_made_smaller():
    """Only a criterion's first failing test is shown, so only its case is worth the time."""
    student, code = student_with(add=lambda a, b: a + b + 1)
    begin_test(student, shrink=False)
    failure_of(test_of_add, student)
    assert len(code.calls) == 1 + module.EVIDENCE_HIDDEN_MAX
    assert smallest(student) == code.calls[0]


@pytest.mark.parametrize("ending", [WorkerLostError("crashed its process"), WorkerLostError("", late=True)])
def test_a_search_that_ends_the_worker_ends_there(ending):
    """Where a smaller case crashes, the case at hand is told: as a wrong answer, and with its own call."""
    first: list[tuple[float, float]] = []

    def add(a: float, b: float) -> float:
        first.append((a, b))
        if len(first) > 1:
            raise ending
        return a + b + 1

    student, code = student_with(add=add)
    failure = failure_of(test_of_add, student)
    assert failure.kind == "check"
    assert len(code.calls) == 2
    assert smallest(student) == first[0]


def test_a_mistake_that_comes_and_goes_is_told_as_it_came():
    """A function that is wrong only once is told with the call on which it was."""
    calls: list[tuple[float, float]] = []

    def add(a: float, b: float) -> float:
        calls.append((a, b))
        return a + b + (len(calls) == 3)

    student, _ = student_with(add=add)
    failure = failure_of(test_of_add, student)
    assert smallest(student) == calls[2]
    assert failure.message.startswith("add(a, b) is")


def test_a_case_that_only_looks_smaller_is_not_taken():
    """Where the search meets only larger cases than the one at hand, that one is shown."""
    assert module._cost([1, 2]) < module._cost([1, 2, 3])

    def generator(draw: Draw) -> list[float]:
        if type(draw).__name__ == "RandomDraw":
            return [1.0]
        return [draw.real(100.0, 900.0) for _ in range(5)]

    @cases(generator, 1)
    def test(student, numbers):
        check.close(student.total(numbers), sum(numbers), name="total")

    student, _ = student_with(total=lambda numbers: sum(numbers) + 1)
    failure_of(test, student)
    assert smallest(student) == ([1.0],)


# The search itself.


def test_the_search_is_bounded():
    """However long Hypothesis would go on, the file is called four hundred times at most."""
    tries = 0

    def body(case: Any) -> None:
        nonlocal tries
        tries += 1
        raise Failure("wrong")

    def generator(draw: Draw) -> list[float]:
        return [draw.real(-3, 3) + draw.real(0, 1) / 7 for _ in range(8)]

    assert module.shrink(body, generator, "check") is not None
    assert tries <= module.TRIES_MAX


def test_the_search_ends_when_its_time_is_up(monkeypatch):
    """A file whose every call takes long gets a case that is smaller, not the smallest."""
    monkeypatch.setattr(module, "SEARCH_S", -1.0)
    tries: list[float] = []
    assert module.shrink(tries.append, lambda draw: draw.real(-3, 3), "check") is None
    assert tries == []


def test_a_case_of_thousands_of_draws_does_not_take_minutes(monkeypatch):
    """The time is looked at before every drawing, not only before every call."""
    monkeypatch.setattr(module, "SEARCH_S", 0.2)
    started = time.monotonic()
    module.shrink(lambda case: None, lambda draw: [draw.real(-3, 3) for _ in range(3000)], "check")
    assert time.monotonic() - started < 10.0


def test_where_nothing_fails_nothing_is_found():
    """A failure that Hypothesis does not meet again has no smaller case."""
    assert module.shrink(lambda case: None, numbers, "check") is None


@pytest.mark.parametrize("error", [ValueError(), OverflowError(), ZeroDivisionError(), AssertionError()])
def test_a_mistake_of_the_suite_on_a_small_case_is_not_the_learners_end(error):
    """An exception in the suite on a case that no run draws does not hide the failure at hand."""

    @cases(numbers, 50)
    def test(student, numbers):
        if numbers == (0.0, 0.0) or not any(numbers):
            raise error
        check.close(student.add(*numbers), sum(numbers), name="add(a, b)")

    student, _ = student_with(add=lambda a, b: a + b + 1)
    failure_of(test, student)
    assert any(smallest(student))


def test_a_generator_that_fails_under_hypothesis_is_not_the_learners_end():
    """A case that cannot be drawn in the other way is shown as it was drawn."""

    def generator(draw: Draw) -> float:
        if type(draw).__name__ == "HypothesisDraw":
            raise ValueError("no such size")
        return draw.real(1, 2)

    @cases(generator, 3)
    def test(student, number):
        check.close(student.add(number, 0.0), number, name="add")

    student, code = student_with(add=lambda a, b: 0.0)
    assert failure_of(test, student).message.startswith("add is 0")
    assert smallest(student) == code.calls[0]
    assert len(code.calls) == 3


def test_the_other_cases_are_put_too_once_one_has_failed():
    """Where else it goes wrong is what explains it; of a test that is not shown less is asked."""

    @cases(numbers, 50)
    def test(student, numbers):
        check.close(student.add(*numbers), sum(numbers), name="add(a, b)")

    student, code = student_with(add=lambda a, b: a + b + (a > 0))
    with stopped_search():
        failure_of(test, student)
    assert len(code.calls) == 50
    begin_test(student, shrink=False)
    code.calls.clear()
    failure_of(test, student)
    assert module.EVIDENCE_HIDDEN_MAX < len(code.calls) < 50


@pytest.mark.parametrize(
    "generator",
    [
        lambda draw: draw.sizes(3, 1, 2) if type(draw).__name__ == "HypothesisDraw" else draw.real(0, 1),
        lambda draw: draw.array((200, 200)),
        lambda draw: np.random.default_rng().normal(),
    ],
    ids=["cannot be drawn", "large arrays", "no function of its draws"],
)
def test_no_complaint_of_hypothesis_gets_out(generator):
    """Unsatisfiable, too large, too slow or flaky: the failure is the learner's answer all the same."""

    @cases(generator, 1)
    def test(student, case):
        check.that(student.f(case), "f is wrong")

    student, _ = student_with(f=lambda case: False)
    assert failure_of(test, student).message == "f is wrong"


def test_the_search_works_inside_of_a_hypothesis_test():
    """dlgrade may be called from a property test of somebody else's."""
    seen = []

    @hypothesis.given(st.just(1))
    @hypothesis.settings(max_examples=1)
    def outer(one: int) -> None:
        student, _ = student_with(add=lambda a, b: a + b + one)
        seen.append(failure_of(test_of_add, student).message)

    outer()
    assert seen
    assert all(message.startswith("add(a, b) is") for message in seen)


def test_ctrl_c_ends_the_search():
    """An interrupt is not swallowed with the complaints."""

    def body(case: Any) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        module.shrink(body, numbers, "check")


def test_nothing_is_written_into_the_working_directory(tmp_path: Path):
    """What Hypothesis keeps for itself goes to the cache, not beside the learner's file."""
    (tmp_path / "suite.py").write_text(
        "from dlgrade.suite.cases import shrink\n"
        "from dlgrade.student import Failure\n"
        "NUMBERS = [1234, 5678]\n"
        "def body(case):\n"
        "    raise Failure('wrong')\n"
        "print(shrink(body, lambda draw: draw.real(-3, 3), 'check'))\n"
    )
    done = subprocess.run(
        [sys.executable, "suite.py"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout == "(0.0,)\n"
    assert [each.name for each in tmp_path.iterdir()] == ["suite.py"]


# The oracle meanwhile.


def test_the_reference_stands_in_while_a_smaller_case_is_looked_for(tmp_path: Path):
    """The oracle answers the drawn cases, the reference the small ones; only the oracle's are kept."""
    asked: dict[str, int] = {"oracle": 0, "reference": 0}

    def by_reference(reference: Any, a: float, b: float) -> float:
        asked["reference"] += 1
        return reference.add(a, b)

    @oracle.kept(stand_in=by_reference)
    def true_sum(a: float, b: float) -> float:
        asked["oracle"] += 1
        return a + b

    @cases(numbers, 10)
    def test(student, numbers):
        check.close(student.add(*numbers), true_sum(*numbers), name="add(a, b)")

    student, _ = student_with(add=wrong_for(lambda a, b: a < -1.5, lambda a, b: a + b))
    reference = SimpleNamespace(add=lambda a, b: a + b)
    with oracle.opened(oracle.Book(tmp_path / "book", lambda: reference)) as book:
        failure = failure_of(test, student)
    assert failure.message == "add(a, b) is -1, it should be -2"
    assert 0 < asked["oracle"] <= 10
    assert asked["reference"] > 10
    assert len(book._answers) == asked["oracle"]


# Sizes of cases.


def test_cases_are_compared_by_entries_and_then_by_digits():
    """Fewer entries are smaller, and of as many those with fewer digits."""
    ordered = [[], 1, -1.5, (1, np.array([2])), {"a": 1.25, "b": [2.5]}, np.ones(3), np.zeros((2, 3))]
    costs = [module._cost(each) for each in ordered]
    assert costs == sorted(set(costs))


def test_the_failures_own_words_are_of_the_case_that_is_shown():
    """Message, returned value and call belong together."""
    student, _ = student_with(pick=wrong_for(lambda x, y: True, pick))
    failure = failure_of(test_of_pick, student)
    assert failure.returned == "[1.]"
    assert failure.expected == "[0.]"
    record = last_call(student)
    assert record is not None
    assert record.outcome is not None
    assert record.outcome.value.tolist() == [1.0]


# Cases that are drawn once.


def plain_case(draw: Draw) -> dict[str, Any]:
    """Draw one of every kind of plain data."""
    X = np.asfortranarray(draw.array((2, 3)))
    labels = draw.integers((3,), 0, 5, dtype=np.int8)
    return {"X": X, "more": [labels, (draw.real(-1, 1), None, "name", True, np.float32(0.5))]}


def same(one: Any, other: Any) -> bool:
    """Whether two cases are equal to the bit, the layout of their arrays included."""
    if isinstance(one, np.ndarray):
        flags = one.flags.f_contiguous == other.flags.f_contiguous
        return flags and one.dtype == other.dtype and np.array_equal(one, other)
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple):
        return type(one) is type(other) and all(map(same, one, other))
    return type(one) is type(other) and one == other


def seen_by(generator: Callable[[Draw], Any], runs: int, spoil: bool = False) -> tuple[list[list[Any]], int]:
    """Run a test several times while cases are kept; return what it saw each time, and the drawings."""
    drawn = 0
    seen: list[list[Any]] = []

    def counted(draw: Draw) -> Any:
        nonlocal drawn
        drawn += 1
        return generator(draw)

    @cases(counted, 5)
    def test(student: Student, case: Any) -> None:
        seen[-1].append(module._copy(case) if not isinstance(case, np.random.Generator) else case.random())
        if spoil:
            case["X"] *= 0.0
            case["more"].clear()

    with module.keeping():
        for _ in range(runs):
            seen.append([])
            test(student=student_with()[0])
    return seen, drawn


@pytest.mark.parametrize("spoil", [False, True])
def test_kept_cases_are_what_would_be_drawn(spoil):
    """Also where a test changes what it was given."""
    seen, drawn = seen_by(plain_case, 3, spoil)
    assert drawn == 5
    alone = [seen_by(plain_case, 1)[0][0] for _ in range(2)]
    assert all(same(run, alone[0]) for run in [*seen, alone[1]])


def test_a_case_that_holds_more_than_numbers_is_drawn_each_time():
    """A generator that was used once would give other numbers."""
    seen, drawn = seen_by(lambda draw: np.random.default_rng(draw.integer(0, 99)), 3)
    assert drawn == 15
    assert seen[0] == seen[1] == seen[2]


def test_a_test_that_ended_early_keeps_nothing_of_its_cases():
    """Half of them would be taken for all."""
    ends, seen = [2, 5], []

    @cases(numbers, 5)
    def test(student: Student, case: Any) -> None:
        seen.append(case)
        if len(seen) == ends[0]:
            raise Failure("here", kind="lost")

    with module.keeping():
        with pytest.raises(Failure):
            test(student=student_with()[0])
        first, ends[0] = [*seen], -1
        seen.clear()
        test(student=student_with()[0])
    assert len(seen) == 5
    assert seen[:2] == first


def test_other_salts_draw_other_cases_though_cases_are_kept():
    """What is kept is known by its seed."""
    seen = []

    @cases(numbers, 2)
    def test(student: Student, case: Any) -> None:
        seen.append(case)

    with module.keeping():
        for salt in ("", "a", "", "a"):
            with module.salted(salt):
                test(student=student_with()[0])
    assert seen[:2] == seen[4:6]
    assert seen[2:4] == seen[6:8]
    assert seen[:2] != seen[2:4]


def test_a_search_can_be_rehearsed():
    """It imports Hypothesis, and looks for nothing of anybody's."""
    module.rehearse_search()
    assert "hypothesis" in sys.modules
