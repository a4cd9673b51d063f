"""The worker and the session on both ends of one socket, in this process: what a call's outcome says."""

from __future__ import annotations

import linecache
import sys
import textwrap
import threading
from collections.abc import Callable, Iterator

import pytest

from dlgrade.errors import WireError
from dlgrade.sandbox import worker
from dlgrade.sandbox.local import LocalZygote
from dlgrade.sandbox.session import Outcome, Session
from dlgrade.student import Failure, Source, Student
from dlgrade.wire import messages as m

Open = Callable[..., Session]


@pytest.fixture
def load() -> Iterator[Open]:
    """Return a function that loads a source; what it did to the import system is undone afterwards."""
    sessions = []
    modules, path = dict(sys.modules), list(sys.meta_path)
    for name in modules:  # whether another test has loaded it must not matter
        if name.partition(".")[0] == "torch":
            del sys.modules[name]

    def opened(source: str) -> Session:
        session = Session(LocalZygote(), textwrap.dedent(source), "toy.py", ["numpy"], 20.0, 20.0)
        sessions.append(session)
        loading = session.load()
        assert (loading.lost, loading.troubles) == (None, [])
        return session

    yield opened
    for session in sessions:
        session.close()
    sys.meta_path[:] = path
    sys.modules.pop("toy", None)
    sys.modules.update(modules)
    linecache.cache.pop("toy.py", None)


def message(session: Session, function: str, *args: object) -> str:
    """What a learner is told of a call that went wrong."""
    student = Student(session, Source("toy.py", {function: "function"}, {function: ["x"]}))
    with pytest.raises(Failure) as caught:
        getattr(student, function)(*args)
    return caught.value.message


TOO_MUCH = {
    "[0] * 300_000": "more than 262,144 values in one message",
    "[np.zeros(1)] * 5000": "more than 4,096 arrays in one message",
    "np.broadcast_to(0.0, (1 << 26,))": "arrays of more than 268,435,456 bytes in one message",
    "['x' * 60_000] * 5": "a message of 300,049 bytes is over the limit of 262,144",
}


@pytest.mark.parametrize("value", TOO_MUCH)
def test_what_is_too_large_to_be_sent_is_no_exception_of_the_learners(load: Open, value: str) -> None:
    """The sentence is about what came back, and says why it cannot be sent."""
    session = load(f"import numpy as np\ndef f(): return {value}")
    told = message(session, "f")
    assert told.startswith("what `f` returned cannot be sent because it is too large: ")
    assert told.rpartition(": ")[2].split()[-5:] == TOO_MUCH[value].split()[-5:]


def test_what_is_too_large_to_be_sent_is_no_value_error(load: Open) -> None:
    """A suite that asks for a ValueError does not take our own for the learner's."""
    outcome = load("def f(): return [0] * 300_000").call("f", (), {})
    assert outcome.trouble is not None
    assert not {"ValueError", WireError.__name__} & set(outcome.trouble.bases)


def test_after_it_the_worker_answers_as_before(load: Open) -> None:
    """Nothing of a message that is too large has been sent."""
    session = load("def f(n): return [0] * n")
    assert session.call("f", (300_000,), {}).trouble is not None
    assert session.call("f", (2,), {}) == Outcome([0, 0])


def test_threads_are_counted_in_every_outcome(load: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a call returned or raised, a thread that it left behind is told of."""
    sent: list[m.FromWorker] = []
    original = worker.Worker._send

    def noted(self: worker.Worker, message: m.FromWorker, *rest: object) -> None:
        sent.append(message)  # before the grader has it; the last one is the one that could be sent
        original(self, message, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(worker.Worker, "_send", noted)
    session = load(
        """
        import threading
        go = threading.Event()
        def start(): threading.Thread(target=go.wait, daemon=True).start()
        def fine(): return 1
        def wrong(): return 1 / 0
        def many(): return [0] * 300_000
        def long(): return ["x" * 60_000] * 5
        def stop(): go.set()
        """
    )
    before = threading.active_count()
    session.call("start", (), {})
    for name in ("fine", "wrong", "many", "long"):
        session.call(name, (), {})
        assert isinstance(sent[-1], m.Answer | m.Raised)
        assert sent[-1].threads >= before
    session.call("stop", (), {})


def test_an_argument_that_grew_too_large_has_changed(load: Open) -> None:
    """A list that a call has made too long to be looked at is no longer what it was."""
    told = message(load("def f(x): x.extend([0] * 300_000)"), "f", [1])
    assert told == "`f` changed its argument `x`"


def test_what_has_no_items_comes_back_as_it_is(load: Open) -> None:
    """A None where items were to be kept is for the suite to judge: the learner's code raised nothing."""
    assert load("def f(): return None").call("f", (), {}, keep=(1,)) == Outcome(None)


def test_a_callback_that_is_given_too_much_refuses(load: Open) -> None:
    """The learner is told of the function that was handed in, not of our messages."""
    told = message(load("def f(g): return g([0] * 300_000)"), "f", lambda x: 0.0)
    assert told == (
        "`f` called the function that it was given, and that refused: more than 262,144 values in one message"
    )


RULED_OUT = """
def f():
    import torch.nn
    return 1

def g():
    import torch
    raise ValueError("no")

def h(ask):
    import torch
    return ask()
"""


@pytest.mark.parametrize("name", ["f", "g"])
def test_a_stand_in_that_a_function_imported_does_not_stay(load: Open, name: str) -> None:
    """Under --debug the suite runs in the same process, and imports the real one."""
    session = load(RULED_OUT)
    session.call(name, (), {})
    assert not [each for each in sys.modules if each.partition(".")[0] == "torch"]


def test_a_callback_does_not_meet_a_stand_in(load: Open) -> None:
    """What the suite does while the learner's function waits is done with real modules."""
    found = load(RULED_OUT).call("h", (lambda: "torch" in sys.modules,), {})
    assert found == Outcome(False)
