"""The plugin's own decisions: what an author has forgotten, and what a visible example may expect."""

from __future__ import annotations

import builtins
import inspect
from types import SimpleNamespace
from typing import Any

import pytest

from dlgrade import invoking, plugin
from dlgrade.errors import ManifestError
from dlgrade.report import TestResult
from dlgrade.student import Failure
from dlgrade.wire import messages as m


def recorder(*tested: tuple[str, str], **more: Any) -> plugin.Recorder:
    """Make a recorder of a suite that has run, with results for pairs of criterion and function."""
    functions = {"forward": ("forward",), "activations": ("relu", "gelu")}
    task = plugin.Task("toy.py", functions, {}, {}, **more)
    nothing: Any = SimpleNamespace()
    results = [TestResult(f"test_{n}", *pair, "It is right.", "passed") for n, pair in enumerate(tested)]
    return plugin.Recorder(task, nothing, nothing, nothing, results=results)


FORWARD, RELU, GELU = ("forward", "forward"), ("activations", "relu"), ("activations", "gelu")


def test_a_suite_that_tests_everything_is_whole():
    """Every criterion and every function with a share has a test."""
    found = recorder(FORWARD, RELU, GELU, weighted=["activations"]).finished()
    assert [result.function for result in found] == ["forward", "relu", "gelu"]


def test_a_criterion_without_a_test_is_the_authors_fault():
    """Its points would be decided by nothing."""
    with pytest.raises(ManifestError, match="'forward'"):
        recorder(RELU, GELU).finished()


def test_a_function_with_a_share_and_no_test_is_the_authors_fault():
    """Nobody could earn its share."""
    with pytest.raises(ManifestError) as caught:
        recorder(FORWARD, RELU, weighted=["activations"]).finished()
    assert str(caught.value) == "'gelu' has a share of the criterion 'activations' and no test"


def test_where_points_are_given_all_at_once_not_every_function_needs_a_test():
    """A test of one may be a test of the other."""
    assert len(recorder(FORWARD, RELU).finished()) == 2


def test_only_the_criterion_that_was_asked_for_must_have_its_tests():
    """The others have not been run."""
    assert len(recorder(FORWARD, weighted=["activations"], only="forward").finished()) == 1
    with pytest.raises(ManifestError, match="'gelu'"):
        recorder(RELU, weighted=["activations"], only="activations").finished()


def raised(error: type[BaseException]) -> Failure:
    bases = [base.__name__ for base in error.__mro__]
    return Failure("`f` raised it: no", trouble=m.Trouble(error.__name__, bases, "no", []))


EXCEPTIONS = sorted(
    (each for each in vars(builtins).values() if inspect.isclass(each) and issubclass(each, BaseException)),
    key=lambda each: each.__name__,
)


@pytest.mark.parametrize("error", EXCEPTIONS)
def test_an_example_that_expects_an_exception_gets_one(error):
    """Whatever was raised is a failure with our words, and of the built-in type where that can be."""
    found = invoking._as_builtin(raised(error))
    assert isinstance(found, Failure)
    assert found.message == "`f` raised it: no"
    if not issubclass(error, ExceptionGroup | UnicodeError) and issubclass(error, Exception):
        assert isinstance(found, error)


@pytest.mark.parametrize("error", [UnicodeDecodeError, UnicodeEncodeError, UnicodeTranslateError])
def test_an_exception_that_takes_more_than_words_is_one_of_what_it_is_a_kind_of(error):
    """An example that expects a ValueError gets one."""
    assert isinstance(invoking._as_builtin(raised(error)), UnicodeError)


def test_a_class_of_the_learners_is_what_it_is_derived_from():
    """Its own class does not exist here."""

    class NegativeError(ValueError):
        pass

    assert isinstance(invoking._as_builtin(raised(NegativeError)), ValueError)
