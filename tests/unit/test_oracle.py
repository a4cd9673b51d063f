"""The oracle: answers are kept by content, gradients are checked by a second road, stand-ins are not kept."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
import pytest

from dlgrade.errors import OracleError
from dlgrade.suite import oracle


def no_reference() -> ModuleType:
    raise AssertionError("the reference was asked for")


def book(path: Path | None, reference: Any = None) -> oracle.Book:
    return oracle.Book(path, no_reference if reference is None else lambda: reference)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where a book is kept; its folder is not there yet."""
    return tmp_path / "cache" / "exercise03.answers"


class Counted:
    """A kept function that counts how often it is really called."""

    def __init__(self, function: Callable[..., Any], **kept: Any) -> None:
        self.calls = 0

        def answer(*args: Any) -> Any:
            self.calls += 1
            return function(*args)

        self.kept = oracle.kept(**kept)(answer)

    def __call__(self, *args: Any) -> Any:
        return self.kept(*args)


# Books.

ANSWERS = [
    None,
    0.1,
    -0.0,
    (1.5, [True, "text"], {"dW": np.arange(6.0).reshape(2, 3), "db": np.float32(0.5)}),
    np.array([1, 2], np.uint8),
    np.array(3.0),
    {0: (), "": []},
]


def test_answers_are_kept_from_run_to_run(path):
    """What one run has worked out, the next finds, of the same types and bits."""
    for run in range(2):
        function = Counted(lambda i: ANSWERS[i])
        with oracle.opened(book(path)):
            found = [function(i) for i in range(len(ANSWERS))]
        assert function.calls == (len(ANSWERS) if run == 0 else 0)
        assert repr(found) == repr(ANSWERS)
        assert found[3][2]["dW"].dtype == np.float64
        assert found[4].dtype == np.uint8


def test_answers_are_kept_across_processes(path):
    """Another process finds them, and needs no torch for it."""
    with oracle.opened(book(path)):
        Counted(lambda x: x * 2)(np.array([1.0, 2.0]))
    script = f"""
import sys, numpy as np
from pathlib import Path
from dlgrade.suite import oracle
answer = oracle.kept()(lambda x: 1 / 0)
answer.__wrapped__.__name__ = "answer"
with oracle.opened(oracle.Book(Path({str(path)!r}), lambda: None)):
    print(answer(np.array([1.0, 2.0])), "torch" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "[2. 4.] False\n"


def test_a_tensor_that_was_kept_is_a_tensor_again(path):
    """Answers of torch come back as they were."""
    import torch

    for _ in range(2):
        with oracle.opened(book(path)):
            found = Counted(lambda: torch.tensor([0.5, 1.5]))()
        assert torch.equal(found, torch.tensor([0.5, 1.5]))


def test_an_answer_may_be_changed_by_who_gets_it(path):
    """What a test does with its answer does not reach the next test's."""
    function = Counted(lambda: np.zeros(3))
    with oracle.opened(book(path)):
        for _ in range(3):
            answer = function()
            assert answer.tolist() == [0, 0, 0]
            answer += 1


class Pair(NamedTuple):
    w: float
    b: float


def test_the_first_answer_is_like_the_later_ones(path):
    """What keeping does to an answer, such as making a plain tuple of it, it does the first time too."""
    for _ in range(2):
        with oracle.opened(book(path)):
            assert type(Counted(lambda: Pair(1.0, 2.0))()) is tuple


DIFFERENT = [
    (0,),
    (0.0,),
    (-0.0,),
    (False,),
    (None,),
    ("",),
    ("0",),
    ((),),
    ([],),
    ({},),
    (),
    (0, 0),
    ((0, 0),),
    ([0, 0],),
    (np.float64(0),),
    (np.float32(0),),
    (np.int64(0),),
    (np.zeros(()),),
    (np.zeros(1),),
    (np.zeros((1, 1)),),
    (np.zeros((2, 3)),),
    (np.zeros((3, 2)),),
    (np.zeros(6),),
    (np.zeros(6, np.float32),),
    (np.zeros(6, np.int64),),
    (np.zeros(6, np.uint64),),
    (np.zeros(12, np.float32),),
    (np.array([0.0, -0.0]),),
    (np.array([-0.0, 0.0]),),
    (np.zeros(1), np.ones(1)),
    (np.ones(1), np.zeros(1)),
    (np.array([0.0, 1.0]),),
    ({"a": 1, "b": 2},),
    ({"b": 2, "a": 1},),
    (float("nan"),),
]


def test_whatever_differs_in_the_arguments_has_an_answer_of_its_own(path):
    """Type, dtype, shape, order and the sign of zero make other arguments; equal content makes the same."""
    function = Counted(lambda *args: function.calls)
    with oracle.opened(book(path)):
        first = [function(*args) for args in DIFFERENT]
        second = [function(*args) for args in DIFFERENT]
    assert first == second == list(range(1, len(DIFFERENT) + 1))


def test_the_layout_of_an_array_is_no_difference(path):
    """A view, a Fortran-ordered and a big-endian array of the same numbers have the same answer."""
    function = Counted(lambda x: x.sum())
    x = np.arange(6.0).reshape(2, 3)
    with oracle.opened(book(path)):
        for same in (x, np.asfortranarray(x), x.astype(">f8"), np.stack([x, x])[1], x[:, :]):
            assert function(same) == 15.0
    assert function.calls == 1


def test_functions_do_not_share_their_answers(path):
    """The same arguments to two functions are two questions."""

    @oracle.kept()
    def one(x):
        return "one"

    @oracle.kept()
    def other(x):
        return "other"

    with oracle.opened(book(path)):
        assert [one(1), other(1), one(1)] == ["one", "other", "one"]


UNTELLABLE = [{1, 2}, np.random.default_rng(0), lambda x: x, iter([1]), object(), np.array([None]), [{1}]]


@pytest.mark.parametrize("value", [*UNTELLABLE, {(1, 2): 3}], ids=lambda value: type(value).__name__)
def test_what_cannot_be_told_apart_is_refused_at_once(path, value):
    """Two such arguments would share one answer, and such an answer would not come back as it was."""
    with oracle.opened(book(path)):
        with pytest.raises(OracleError, match="takes and gives plain data"):
            Counted(lambda x: 1)(value)
        with pytest.raises(OracleError, match="takes and gives plain data"):
            Counted(lambda: value)()


def test_without_a_book_a_kept_function_is_just_a_function():
    """Outside of a run nothing is kept, and anything may be passed."""
    function = Counted(lambda x: x)
    marker = object()
    assert function(marker) is marker
    assert function(marker) is marker
    assert function.calls == 2


def test_a_book_without_a_path_keeps_for_one_run():
    """Where nothing may be written the run itself still asks once."""
    function = Counted(lambda x: x)
    with oracle.opened(book(None)):
        assert [function(3), function(3)] == [3, 3]
    assert function.calls == 1


def test_a_run_that_fails_writes_nothing(path):
    """Answers are saved at the end of a run that got there."""

    def run() -> None:
        with oracle.opened(book(path)):
            Counted(lambda: 1)()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run()
    assert not path.exists()


def test_a_run_that_asked_nothing_new_does_not_write(path):
    """The file of an earlier run is left as it is."""
    with oracle.opened(book(path)):
        Counted(lambda: 1)()
    before = path.stat()
    path.chmod(0o400)
    with oracle.opened(book(path)):
        assert Counted(lambda: 2)() == 1
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == (before.st_mtime_ns, before.st_ino)


def test_only_the_file_is_left_behind(path):
    """Saving leaves no temporary file beside it."""
    for answer in range(3):
        with oracle.opened(book(path)):
            Counted(lambda x: x)(answer)
    assert [each.name for each in path.parent.iterdir()] == [path.name]


@pytest.fixture
def unwritable(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Return a path at which no file can be made."""
    (tmp_path / "file").write_text("")
    (tmp_path / "folder" / "here.answers").mkdir(parents=True)
    return {
        "below a file": tmp_path / "file" / "here.answers",
        "a folder": tmp_path / "folder" / "here.answers",
        "no such device": Path("/proc/nowhere/here.answers"),
    }[request.param]


@pytest.mark.parametrize("unwritable", ["below a file", "a folder", "no such device"], indirect=True)
def test_a_place_that_cannot_be_written_to_is_no_error(unwritable, tmp_path):
    """Answers that cannot be kept are worked out again, and nothing is left lying about."""
    for _ in range(2):
        with oracle.opened(book(unwritable)):
            function = Counted(lambda: 7)
            assert function() == 7
        assert function.calls == 1
    assert {each.name for each in (tmp_path / "folder").iterdir()} == {"here.answers"}


def kept_file(path: Path) -> bytes:
    with oracle.opened(book(path)):
        Counted(lambda: np.arange(3.0))()
    return path.read_bytes()


def test_a_torn_file_counts_as_absent(path):
    """A file cut off anywhere is read as if it were not there, and then written anew."""
    whole = kept_file(path)
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with oracle.opened(book(path)):
            function = Counted(lambda: np.arange(3.0))
            assert function().tolist() == [0, 1, 2]
        assert function.calls == 1
        assert path.read_bytes() == whole


def test_a_changed_file_counts_as_absent(path):
    """A single byte that differs, wherever it is, makes the whole file one of somebody else's."""
    whole = kept_file(path)
    for index in range(len(whole)):
        path.write_bytes(whole[:index] + bytes([whole[index] ^ 1]) + whole[index + 1 :])
        function = Counted(lambda: np.arange(3.0))
        with oracle.opened(book(path)):
            assert function().tolist() == [0, 1, 2]
        assert function.calls == 1


def test_a_file_that_was_never_ours_counts_as_absent(path):
    """Text, a pickle and bytes under a right checksum that say nothing are no answers."""
    import hashlib
    import pickle

    path.parent.mkdir()
    nonsense = (5).to_bytes(8, "big") + b"\xc1nonsense"
    signed = hashlib.blake2b(nonsense, digest_size=16).digest() + nonsense
    for data in (b"", b"text" * 20, pickle.dumps({"key": 1}), signed):
        path.write_bytes(data)
        with oracle.opened(book(path)):
            assert Counted(lambda: 1)() == 1


def test_nothing_is_pickled(path, monkeypatch):
    """Neither saving nor loading touches pickle."""
    import pickle

    def refuse(*args: Any, **kwargs: Any) -> None:
        raise AssertionError("pickle was used")

    for name in ("dump", "dumps", "load", "loads", "Pickler", "Unpickler"):
        monkeypatch.setattr(pickle, name, refuse)
    whole = kept_file(path)
    with oracle.opened(book(path)):
        assert Counted(lambda: None)().tolist() == [0, 1, 2]
    assert b"\x80\x04" not in whole[:24]


# Stand-ins.


@pytest.fixture
def reference() -> SimpleNamespace:
    return SimpleNamespace(double=lambda x: ("reference", 2 * x))


def by_reference(reference: SimpleNamespace, x: float) -> Any:
    return reference.double(x)


def test_the_reference_stands_in_only_while_a_smaller_case_is_looked_for(path, reference):
    """Before and after, the oracle itself is asked."""
    function = Counted(lambda x: ("oracle", 2 * x), stand_in=by_reference)
    with oracle.opened(book(path, reference)):
        assert function(1) == ("oracle", 2)
        with oracle.stand_in():
            assert function(1) == ("oracle", 2)  # it is kept already
            assert function(2) == ("reference", 4)
            with oracle.stand_in():
                assert function(3) == ("reference", 6)
            assert function(4) == ("reference", 8)
        assert function(2) == ("oracle", 4)


def test_what_a_stand_in_says_is_never_kept(path, reference):
    """The next run asks the oracle, whatever the reference said in this one."""
    with oracle.opened(book(path, reference)), oracle.stand_in():
        assert Counted(lambda x: 0, stand_in=by_reference)(2)[0] == "reference"
        assert Counted(lambda x: "asked")(3) == "asked"
    assert not path.exists()
    with oracle.opened(book(path, reference)):
        assert Counted(lambda x: "oracle", stand_in=by_reference)(2) == "oracle"


def test_without_a_stand_in_the_oracle_is_asked_and_not_kept(path):
    """A function that has none works while a smaller case is looked for, and keeps nothing."""
    function = Counted(lambda x: x)
    with oracle.opened(book(path)), oracle.stand_in():
        assert [function(1), function(1)] == [1, 1]
    assert function.calls == 2


def test_standing_in_ends_with_an_exception(path, reference):
    """A search that stops in the middle leaves the oracle in charge."""
    function = Counted(lambda x: "oracle", stand_in=lambda reference, x: "reference")
    with oracle.opened(book(path, reference)):
        with pytest.raises(KeyboardInterrupt), oracle.stand_in():
            raise KeyboardInterrupt
        assert function(1) == "oracle"


def test_standing_in_without_a_book_does_nothing():
    """Outside of a run there is nothing to stand in for."""
    with oracle.stand_in():
        assert Counted(lambda x: x, stand_in=lambda reference, x: None)(1) == 1


def test_books_may_be_opened_in_each_other(tmp_path):
    """The inner one is used until it is closed, and then the outer one again."""
    with oracle.opened(book(tmp_path / "outer")):
        Counted(lambda x: "outer")(1)
        with oracle.opened(book(tmp_path / "inner")):
            assert Counted(lambda x: "inner")(1) == "inner"
        assert Counted(lambda x: "asked again")(1) == "outer"
    assert oracle._book.get() is None


# Gradients.


@pytest.fixture(scope="module")
def torch() -> ModuleType:
    import torch

    return torch


def test_gradients_are_numpy_of_the_arguments_shapes(torch):
    """Floats for numbers, float64 arrays for arrays, one for each argument, in any integer or float dtype."""
    w, x, b = oracle.gradients(lambda w, x, b: (w * x).sum() + b**2, 2.0, np.arange(3, dtype=np.float32), 3)
    assert (type(w), w) == (float, 3.0)
    assert (x.dtype, x.tolist()) == (np.float64, [2.0, 2.0, 2.0])
    assert (type(b), b) == (float, 6.0)
    (matrix,) = oracle.gradients(lambda X: (X**3).sum(), np.array([[1.0, 2.0]]))
    assert matrix.tolist() == [[3.0, 12.0]]


def test_the_arguments_are_not_changed(torch):
    """A function that writes into its tensors writes into copies."""
    x = np.array([1.0, 2.0])
    oracle.gradients(lambda t: (t * t).sum(), x)
    assert x.tolist() == [1.0, 2.0]


def wrong_square(torch: ModuleType, factor: float, offset: float = 0.0) -> Callable[[Any], Any]:
    """Make x² with a slope that is off."""

    class Square(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x * x

        @staticmethod
        def backward(ctx, grad):
            (x,) = ctx.saved_tensors
            return grad * (2 * factor * x + offset)

    return Square.apply


@pytest.mark.parametrize("factor", [0.5, 2.0, -1.0, 0.0, 1.001, float("nan")])
@pytest.mark.parametrize("size", [1.0, 100.0, 1e4])
def test_a_wrong_derivative_is_our_error(torch, factor, size):
    """An autograd function whose backward is off by a factor is found out, however steep the function is."""
    x = size * np.array([0.5, -1.5, 2.0])
    square = wrong_square(torch, factor)
    with pytest.raises(OracleError, match=r"autograd gives a slope of .*, central differences"):
        oracle.gradients(lambda t: square(t).sum(), x)
    oracle.gradients(lambda t: wrong_square(torch, 1.0)(t).sum(), x)


def test_a_derivative_that_is_wrong_in_one_entry_is_found(torch):
    """All entries are moved at once, each by its own amount, so one that is off shows."""
    mask = torch.tensor([[0.0, 0.0, 0.0], [0.0, 0.01, 0.0]], dtype=torch.float64)
    square = wrong_square(torch, 1.0, mask)
    with pytest.raises(OracleError):
        oracle.gradients(lambda t: square(t).sum(), np.ones((2, 3)))


def test_a_detached_part_is_found(torch):
    """What was cut out of the graph by mistake has a slope that autograd does not see."""
    with pytest.raises(OracleError):
        oracle.gradients(lambda t: (t * t.detach()).sum(), np.ones(3))


@pytest.mark.parametrize("x", [[0.0], [0.0, 0.0], [0.0, 1.5], [-1.0, 0.0]])
@pytest.mark.parametrize("scale", [1.0, 50.0])
def test_a_corner_is_no_disagreement(torch, x, scale):
    """On the corner of ReLU, of the absolute value and of a maximum, differences say nothing."""
    for f in (torch.relu, torch.abs, lambda t: torch.clamp(t, max=0.0)):
        (slope,) = oracle.gradients(lambda t, f=f: (scale * f(t) + t**2).sum(), np.array(x))
        assert np.isfinite(slope).all()
    (slope,) = oracle.gradients(lambda t: torch.relu(t).sum(), np.array(x))
    assert slope.tolist() == [float(each > 0) for each in x]


def test_right_gradients_of_large_values_pass(torch):
    """Central differences of a large value lose digits, which is no disagreement."""
    x = np.random.default_rng(0).normal(size=20)
    for size in (1e3, 1e6, 1e9):
        oracle.gradients(lambda t, size=size: (t**2).sum() + size, x)
        oracle.gradients(lambda t, size=size: size * torch.sin(t).sum(), x)


def test_right_gradients_of_usual_losses_pass(torch):
    """Cross-entropy, a steep exponential and a network's loss agree with their differences."""
    rng = np.random.default_rng(0)
    labels = torch.tensor([0, 2, 1, 1])
    for scale in (0.1, 1.0, 10.0):
        logits, W = scale * rng.normal(size=(4, 3)), rng.normal(size=(3, 5))
        oracle.gradients(lambda t: torch.nn.functional.cross_entropy(t, labels), logits)
        oracle.gradients(lambda t, w: torch.tanh(t @ w).pow(2).mean(), logits, W)
        oracle.gradients(lambda t: torch.exp(t).sum(), logits.clip(max=8))


# Central differences.


@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (2, 1, 2)])
def test_central_differences_have_thetas_shape(shape):
    """Each entry is moved alone, to both sides, by eps; theta stays as it was."""
    theta = np.asarray(np.random.default_rng(0).normal(size=shape))
    before = theta.copy()
    found = oracle.central_difference(lambda t: float(np.sum(t**3)), theta, eps=0.25)
    assert found.dtype == np.float64
    assert found.shape == shape
    np.testing.assert_allclose(found, 3 * theta**2 + 0.25**2, rtol=1e-12)
    assert theta.tobytes() == before.tobytes()


def test_central_differences_take_whole_numbers():
    """A theta of integers is moved as floats, and the default step is small."""
    found = oracle.central_difference(lambda t: float(np.sum(t**2)), np.array([1, 2]))
    np.testing.assert_allclose(found, [2.0, 4.0], rtol=1e-9)


def test_the_cache_of_the_tests_is_not_the_users(environment):
    """These tests write nothing to the home of the person at the machine."""
    import platformdirs

    assert str(platformdirs.user_cache_path("dlgrade")).startswith(os.environ["XDG_CACHE_HOME"])


# Books that nobody opens any more.

MONTH_S = 31 * 24 * 3600


def aged(path: Path, seconds: float) -> Path:
    """Write a file that was last used so long ago."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    os.utime(path, (path.stat().st_atime - seconds, path.stat().st_mtime - seconds))
    return path


def test_a_new_book_takes_away_the_unused_ones_of_its_exercise(tmp_path):
    """What no version of the suite has opened for a month goes; other exercises' and other files stay."""
    gone = [aged(tmp_path / f"exercise03-{end}", MONTH_S) for end in ("old.answers", "old-half.answers")]
    stays = [
        aged(tmp_path / "exercise03-recent.answers", MONTH_S - 2 * 24 * 3600),
        aged(tmp_path / "exercise04-old.answers", MONTH_S),
        aged(tmp_path / "exercise030-old.answers", MONTH_S),
        aged(tmp_path / "exercise03-old.txt", MONTH_S),
    ]
    kept_file(tmp_path / "exercise03-new.answers")
    assert not any(path.exists() for path in gone)
    assert all(path.exists() for path in stays)


def test_a_book_that_is_opened_counts_as_used(tmp_path):
    """Another version's new book does not take away one that is read every day, though never written."""
    path = tmp_path / "exercise03-one.answers"
    whole = kept_file(path)
    aged(path, MONTH_S)
    with oracle.opened(book(path)):
        pass
    kept_file(tmp_path / "exercise03-other.answers")
    assert path.read_bytes() == whole


def test_without_a_new_answer_nothing_is_looked_for(tmp_path):
    """To read a book costs no search for others."""
    path = tmp_path / "exercise03-one.answers"
    kept_file(path)
    old = aged(tmp_path / "exercise03-old.answers", MONTH_S)
    with oracle.opened(book(path)):
        Counted(lambda: np.arange(3.0))()
    assert old.exists()


@pytest.mark.parametrize("function", ["stat", "unlink", "iterdir"])
def test_two_processes_that_clear_up_at_once_do_not_fall_over_each_other(function, tmp_path, monkeypatch):
    """A file, or the whole folder, that is gone in the meantime is no error."""

    def gone(self: Path, *_: object, **__: object) -> None:
        raise FileNotFoundError(2, "No such file or directory")

    aged(tmp_path / "exercise03-old.answers", MONTH_S)
    monkeypatch.setattr(Path, function, gone)
    oracle._remove_unused(tmp_path / "exercise03-new.answers")


def test_a_folder_of_that_name_stays(tmp_path):
    """What is no file of ours is left alone."""
    (tmp_path / "exercise03-old.answers").mkdir()
    aged(tmp_path / "exercise03-old.answers", MONTH_S)
    kept_file(tmp_path / "exercise03-new.answers")
    assert (tmp_path / "exercise03-old.answers").is_dir()
