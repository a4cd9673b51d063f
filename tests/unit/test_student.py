"""The learner's functions as a suite sees them: every failure's sentence, and objects that stay behind."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pytest

from dlgrade import student as module
from dlgrade.sandbox.session import Handle, Outcome, WorkerLostError
from dlgrade.student import Failure, Held, Source, Student
from dlgrade.wire import messages as m

NAMES = {"forward": "function", "Net": "class", "rate": "other", "sgdStep": "function", "helper": "function"}
PARAMETERS = {"forward": ["w", "x", "b", "y_true"], "sgd_step": ["param", "grad", "lr"], "relu": ["z"]}
LINES = ["import numpy as np", "def forward(w, x, b, y_true):", "    return 1 / 0  ", ""]


class Scripted:
    """Stands for the worker: answers every call with the same outcome, and remembers the calls."""

    def __init__(self, outcome: Outcome | WorkerLostError) -> None:
        self.outcome = outcome
        self.calls: list[tuple[str, list[Any], dict[str, Any], Handle | None, Sequence[int], bool]] = []

    def call(self, target, args, kwargs, *, handle=None, keep=(), quiet=False) -> Outcome:
        self.calls.append((target, list(args), kwargs, handle, keep, quiet))
        if isinstance(self.outcome, WorkerLostError):
            raise self.outcome
        return self.outcome

    def provide(self, name: str, source: str) -> Handle:
        self.calls.append((name, [source], {}, None, (), False))
        if isinstance(self.outcome, WorkerLostError):
            raise self.outcome
        return Handle(9, "module", 1)


def source(**changes: Any) -> Source:
    def line_text(line: int) -> str:
        return LINES[line - 1] if 0 < line <= len(LINES) else ""

    given = {"entry": "backprop.py", "names": NAMES, "parameters": PARAMETERS, "line_text": line_text}
    return Source(**{**given, **changes})


def student(outcome: Any = None, **changes: Any) -> Student:
    """Make a student whose every call ends in this outcome, or gives this value."""
    if not isinstance(outcome, Outcome | WorkerLostError):
        outcome = Outcome(outcome)
    return Student(Scripted(outcome), source(**changes))


def scripted(student: Student) -> Scripted:
    code = student._code
    assert isinstance(code, Scripted)
    return code


def raised(type_name: str, text: str = "", *frames: m.Frame) -> Outcome:
    return Outcome(trouble=m.Trouble(type_name, [type_name, "Exception"], text, list(frames)))


def failure(call: Any, *args: Any, **kwargs: Any) -> Failure:
    with pytest.raises(Failure) as caught:
        call(*args, **kwargs)
    assert "\n" not in caught.value.message
    return caught.value


IN_FORWARD = m.Frame(3, "forward")


# What comes back.


@pytest.mark.parametrize("value", [None, 0.5, "text", [1, (2,)], {"dW": 1.0}, np.float64(0.5)])
def test_what_comes_back_is_given_back(value):
    """Plain data passes as it is."""
    found = student(value).forward(1, 2, b=3)
    assert found is value


def test_arguments_are_passed_on_as_they_are():
    """Positions and keywords arrive at the worker as the suite wrote them."""
    one = student()
    x = np.arange(3)
    one.forward(0.5, x, [1, {"a": (2,)}], eps=1e-5)
    assert scripted(one).calls == [("forward", [0.5, x, [1, {"a": (2,)}]], {"eps": 1e-5}, None, (), False)]
    assert scripted(one).calls[0][1][1] is x


def test_a_quiet_call_says_so():
    """`quietly` is the same call with NumPy's warnings asked for."""
    one = student(0.5)
    assert one.forward.quietly(1, b=2) == 0.5
    assert scripted(one).calls == [("forward", [1], {"b": 2}, None, (), True)]


def test_private_names_are_no_functions_of_the_learner():
    """What Python itself looks for on an object is not looked for in the learner's file."""
    with pytest.raises(AttributeError):
        student()._repr_html_  # noqa: B018 - the access is what is tried
    assert not hasattr(student(), "__array__")


# What is missing.


def test_a_name_that_is_not_there_is_missing():
    """The sentence names the function and the file, and no call is made."""
    one = student()
    found = failure(one.tanh, 1)
    assert found.message == "`tanh` is missing: backprop.py does not define it"
    assert found.kind == "missing"
    assert scripted(one).calls == []


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("sgd_step", "sgdStep"),
        ("Forwards", "forward"),
        ("net", "Net"),
        ("help", "helper"),
        ("helping_hand", None),
        ("Rate", None),
        ("backward", None),
    ],
)
def test_a_name_that_is_nearly_there_is_pointed_out(name, near):
    """Another spelling of a missing function is a hint; a number of that name is none."""
    one = student(names=NAMES, parameters={"sgd_step": ["param"]})
    hint = f" (there is a `{near}`)" if near else ""
    message = f"`{name}` is missing: backprop.py does not define it{hint}"
    assert failure(getattr(one, name)).message == message


def test_another_function_of_the_exercise_is_no_hint():
    """A function that is asked for itself is not the missing one under another name."""
    one = student(names={"relu6": "function"}, parameters={"relu6": ["z"], "relu": ["z"]})
    assert failure(one.relu).message == "`relu` is missing: backprop.py does not define it"


def test_a_statement_that_raised_is_named_where_a_name_is_missing():
    """What went wrong while the file was run may be why."""
    line = m.Frame(7, "<module>")
    troubles = [m.Trouble("SystemExit", [], "", []), m.Trouble("NameError", [], "np", [line])]
    one = student(troubles=troubles, where=lambda line: f"cell 2, line {line - 5}")
    assert failure(one.tanh).message == (
        "`tanh` is missing: backprop.py does not define it; it raised NameError at cell 2, line 2"
    )


def test_what_is_no_function_cannot_be_called():
    """A number where a function is asked for is told as that."""
    found = failure(student().rate, 1)
    assert found.message == "`rate` is not a function: it cannot be called"
    assert found.kind == "missing"


def test_a_class_can_be_called():
    """Whatever can be called is as good as a function."""
    assert student(3).Net(1) == 3


# What went wrong in a call.


def test_an_exception_is_told_with_its_words_and_lines():
    """The sentence has the type and the text; the traceback the learner's own lines."""
    outcome = raised("ZeroDivisionError", "division by zero", m.Frame(2, "<module>"), IN_FORWARD)
    found = failure(student(outcome).forward, 1)
    assert found.message == "`forward` raised ZeroDivisionError: division by zero"
    assert found.kind == "raised"
    assert found.trouble is outcome.trouble
    assert found.traceback == (
        "backprop.py, line 2\n"
        "    def forward(w, x, b, y_true):\n"
        "backprop.py, line 3, in forward\n"
        "    return 1 / 0\n"
        "ZeroDivisionError: division by zero"
    )


def test_a_traceback_says_where_the_learner_sees_a_line():
    """In a notebook a line is a line of a cell; a line without text is named alone."""
    outcome = raised("KeyError", "'x'", m.Frame(99, "forward"))
    found = failure(student(outcome, where=lambda line: f"cell 3, line {line - 90}").forward)
    assert found.traceback == "backprop.py, cell 3, line 9, in forward\nKeyError: 'x'"


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (raised("KeyboardInterrupt"), "raised KeyboardInterrupt"),
        (raised("SystemExit", "0"), "raised SystemExit: 0"),
        (raised("ValueError", "  a\n   b\n\nc  "), "raised ValueError: a / b / c"),
        (raised("TypeError", "unsupported operand", IN_FORWARD), "raised TypeError: unsupported operand"),
        (raised("TypeError", "no such argument", IN_FORWARD), "raised TypeError: no such argument"),
        (raised("TypeError", "no way"), "raised TypeError: no way"),
        (
            raised("TypeError", "forward() missing 1 required positional argument: 'b'"),
            "cannot be called as the exercise says: forward() missing 1 required positional argument: 'b'",
        ),
        (
            raised("TypeError", "forward() got an unexpected keyword argument 'eps'"),
            "cannot be called as the exercise says: forward() got an unexpected keyword argument 'eps'",
        ),
        (raised("RuledOutError", "torch cannot be used here"), "could not go on: torch cannot be used here"),
        (
            raised("CallbackError", "TypeError: test_f.<locals>.f() takes 1 argument", IN_FORWARD),
            "called the function that it was given, and that refused: TypeError: f() takes 1 argument",
        ),
    ],
)
def test_the_sentence_of_an_exception(outcome, words):
    """A wrong call, one of the suite's function, and a ruled-out module have sentences of their own."""
    found = failure(student(outcome).forward, 1)
    assert found.message == f"`forward` {words}"
    assert found.kind == "raised"


def test_an_exception_without_lines_of_the_learners_has_no_traceback():
    """Where none of the learner's lines took part, none is shown."""
    assert failure(student(raised("TypeError", "no way")).forward).traceback is None


def test_a_function_of_the_starter_is_still_to_be_written():
    """The starter's `NotImplementedError` is no error but a TODO."""
    found = failure(student(raised("NotImplementedError", "TODO: the forward pass", IN_FORWARD)).forward)
    assert found.message == "`forward` is still to be written"
    assert found.kind == "todo"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (("0",), "argument `w`"),
        (("3",), "argument `y_true`"),
        (("4",), "argument number 5"),
        (("eps",), "argument `eps`"),
        (("0", "eps"), "arguments `w` and `eps`"),
        (("0", "7"), "arguments `w` and number 8"),
        (("0", "1", "2"), "arguments `w`, `x` and `b`"),
    ],
)
def test_a_changed_argument_is_named_as_the_exercise_names_it(changed, words):
    """Positions are told by the names of the contract, keywords by their own."""
    found = failure(student(Outcome(1.0, changed=changed)).forward, 1)
    assert found.message == f"`forward` changed its {words}"
    assert found.kind == "changed"


def test_a_changed_argument_of_a_function_that_is_not_in_the_contract_is_counted():
    """Without names there are numbers."""
    assert "argument number 2" in failure(student(Outcome(1.0, changed=("1",))).helper, 1).message


@pytest.mark.parametrize("warning", ["overflow encountered in exp", "invalid value encountered in divide"])
def test_a_warning_of_numpy_is_a_failure(warning):
    """Where warnings are asked for, an overflow or an invalid value fails the call."""
    found = failure(student(Outcome(1.0, warned=("underflow encountered in exp", warning))).forward.quietly)
    assert found.message == f"`forward` made NumPy warn: {warning}"
    assert found.kind == "check"


def test_other_warnings_are_none_of_ours():
    """Underflow and division by zero are the learner's business."""
    warned = ("underflow encountered in exp", "divide by zero encountered in log")
    assert student(Outcome(1.0, warned=warned)).forward.quietly() == 1.0


@pytest.mark.parametrize(("late", "kind"), [(True, "late"), (False, "lost")])
def test_a_lost_worker_is_told_with_the_functions_name(late, kind):
    """The reason why it was lost is the rest of the sentence."""
    found = failure(student(WorkerLostError("did not finish in 10 s", late=late)).forward)
    assert found.message == "`forward` did not finish in 10 s"
    assert found.kind == kind


# The last call.


def test_the_last_call_is_remembered_as_it_ended():
    """Its arguments and its outcome make the counterexample."""
    one = student(0.5)
    assert module.last_call(one) is None
    one.forward(1, b=2)
    record = module.last_call(one)
    assert (record.function, record.args, record.kwargs) == ("forward", (1,), {"b": 2})
    assert record.outcome == Outcome(0.5)


@pytest.mark.parametrize(
    ("one", "has_outcome"),
    [
        (student(raised("ValueError")), True),
        (student(Outcome(1.0, changed=("0",))), True),
        (student(WorkerLostError("crashed")), False),
        (student(names={}), False),
    ],
    ids=["raised", "changed", "lost", "missing"],
)
def test_a_call_that_went_wrong_is_remembered_too(one, has_outcome):
    """A call that has no outcome is remembered without one."""
    failure(one.forward, 7)
    record = module.last_call(one)
    assert record.args == (7,)
    assert (record.outcome is not None) == has_outcome


def test_a_test_begins_with_no_call_behind_it():
    """Whether to look for a smaller case is said at the beginning of a test."""
    one = student(0.5)
    one.forward(1)
    module.begin_test(one, shrink=False)
    assert module.last_call(one) is None
    assert not module.shrinking_allowed(one)
    module.begin_test(one, shrink=True)
    assert module.shrinking_allowed(one)


def test_a_call_can_be_put_back():
    """After a search in vain the call that failed is the last one again."""
    one = student(0.5)
    one.forward(1)
    record = module.last_call(one)
    one.forward(2)
    module.put_back(one, record)
    assert module.last_call(one).args == (1,)


def test_a_snippet_repeats_the_call():
    """It is Python for the learner's folder."""
    one = student(0.5)
    one.forward(np.array([1.0]), b=2)
    assert module.snippet(module.last_call(one), "backprop.py") == (
        "import numpy as np\nfrom backprop import forward\nprint(forward(np.array([1.0]), b=2))"
    )


# Objects that stay behind.

CACHE = Handle(5, "Cache", 1)


def test_a_kept_answer_is_held():
    """The answer stays in the worker; what the suite has is passed back by its number."""
    one = student(CACHE)
    cache = one.forward.keep()(1)
    assert isinstance(cache, Held)
    assert scripted(one).calls[-1][4] == (-1,)
    one.helper(cache, 2, cache=cache)
    assert scripted(one).calls[-1][1:3] == ([CACHE, 2], {"cache": CACHE})


def test_single_items_of_an_answer_can_be_kept():
    """Of a pair the second stays, and the first comes back."""
    one = student((0.5, CACHE))
    loss, cache = one.forward.keep(1)(1)
    assert loss == 0.5
    assert isinstance(cache, Held)
    assert scripted(one).calls[-1][4] == (1,)


class Layers(NamedTuple):
    first: Any
    second: Any


def test_held_objects_are_found_in_lists_tuples_and_dicts():
    """Wherever a held object lies among the arguments, its number is sent."""
    one = student(CACHE)
    cache = one.forward.keep()()
    one.helper([cache, (1, [cache])], Layers(cache, 2), state={"cache": cache})
    _, args, kwargs, *_ = scripted(one).calls[-1]
    assert args == [[CACHE, (1, [CACHE])], (CACHE, 2)]
    assert kwargs == {"state": {"cache": CACHE}}


def test_a_held_object_has_the_methods_of_the_learners():
    """They are called in the worker, with everything that a function can do."""
    one = student(CACHE)
    cache = one.forward.keep()()
    assert isinstance(cache.step(0.1), Held)
    cache.step.quietly(lr=0.2)
    cache.step.keep(0)()
    cache(7)
    assert [call[0] for call in scripted(one).calls[1:]] == ["step", "step", "step", ""]
    assert all(call[3] is CACHE for call in scripted(one).calls[1:])
    assert scripted(one).calls[2][5]
    assert scripted(one).calls[3][4] == (0,)


def test_methods_need_not_be_names_of_the_file():
    """Nothing is looked up in the file for a method, and private ones of Python are not asked for."""
    held = Held(student(1), CACHE)
    assert held.no_such_name_in_the_file() == 1
    assert held._private() == 1
    assert not hasattr(held, "__array__")
    assert not hasattr(held, "__len__")


def test_what_went_wrong_in_a_method_is_told_by_its_name():
    """An object that is called itself goes by its type; the contract has no names for its arguments."""
    held = Held(student(raised("ValueError", "no")), CACHE)
    assert failure(held.step).message == "`step` raised ValueError: no"
    assert failure(held).message == "`Cache` raised ValueError: no"
    changed = Held(student(Outcome(1, changed=("0",))), CACHE)
    assert failure(changed.forward, 1).message == "`forward` changed its argument number 1"


def test_a_snippet_of_a_method_names_the_object():
    """What stays in the worker is shown by its type, as an argument and as the owner of a method."""
    one = student(0.5)
    held = Held(one, CACHE)
    held.step(np.array([1.0]), lr=0.1)
    assert module.snippet(module.last_call(one), "backprop.py") == "<Cache>.step(np.array([1.0]), lr=0.1)"
    held(3)
    assert module.snippet(module.last_call(one), "backprop.py") == "<Cache>(3)"
    one.forward([held], cache=held)
    assert module.snippet(module.last_call(one), "backprop.py").endswith("forward([<Cache>], cache=<Cache>))")


# What a suite brings along.


def test_a_source_of_the_suites_runs_beside_the_file():
    """Its functions are called like methods."""
    one = student(0.5)
    lab = module.provide(one, "lab", "def make(): ...")
    assert lab.make(3) == 0.5
    assert scripted(one).calls[0][:2] == ("lab", ["def make(): ..."])
    assert scripted(one).calls[1][3] == Handle(9, "module", 1)


def test_a_worker_that_is_lost_meanwhile_is_a_failure():
    """The reason is the rest of the sentence."""
    found = failure(module.provide, student(WorkerLostError("crashed its process")), "lab", "")
    assert (found.message, found.kind) == ("the file crashed its process", "lost")
