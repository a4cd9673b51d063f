"""Why it went wrong, as a learner's report says it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from dlgrade import catalog, content
from dlgrade.grading import Grader, check
from dlgrade.report import Report

SOLUTIONS = content.solutions_dir()
if SOLUTIONS is None:
    pytest.skip("the solutions are not on this machine", allow_module_level=True)
BACKPROP = catalog.find("03")
REFERENCE = (BACKPROP.solution_dir(SOLUTIONS) / BACKPROP.entry).read_text()

Grade = Callable[[str], Report]


@pytest.fixture(scope="module")
def backprop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grade]:
    """Return a function that grades the reference of exercise03 with something put behind it."""
    file = tmp_path_factory.mktemp("diagnosis") / "backprop.py"
    with Grader("03") as grader:

        def run(source: str) -> Report:
            file.write_text(f"{REFERENCE}\n\n{source}")
            return grader.check(file)

        yield run


def said(report: Report) -> dict[str, str]:
    """From a criterion to its diagnosis."""
    return {test.criterion: test.diagnosis for test in report.tests if test.diagnosis}


def test_a_known_mistake_is_named_in_the_tutors_words(backprop):
    """However it was written: only its answers count."""
    report = backprop(
        "def sgd_step(param, grad, lr):\n"
        "    moves = np.multiply(grad, lr)\n"
        "    return -(np.negative(param) - moves)\n"
    )
    assert said(report) == {"sgd_step": "You walked uphill. Which way does the gradient point?"}


def test_the_first_wrong_link_of_a_chain_is_named(backprop):
    """What stands before it is right."""
    report = backprop(
        "def backward(w, x, b, y_true):\n"
        "    z = w * x + b\n"
        "    dL_da, da_dz = 2.0 * (max(z, 0.0) - y_true), 3.0 * (z > 0)\n"
        "    dL_db = dL_da * da_dz\n"
        "    return dict(dL_da=dL_da, da_dz=da_dz, dz_dw=x, dL_dw=dL_db * x, dL_db=dL_db)\n"
    )
    assert said(report) == {
        "backward": "dL_da is right, da_dz is where it goes wrong. da_dz is right except where z > 0."
    }


NEURON = (
    "def forward(w, x, b, y_true):\n    z = {z}\n    a = max(z, 0.0)\n    return {order}, (a - y_true) ** 2\n"
)
NO_SINGLE_NUMBERS = """
reference_gradient = numerical_gradient


def numerical_gradient(f, theta, eps=1e-5):
    found = reference_gradient(f, theta, eps)
    return np.float64(0.0) if np.ndim(theta) == 0 else found
"""
SMALL_RATES = "def sgd_step(param, grad, lr):\n    return param - min(lr, 1.0) * grad\n"


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (NEURON.format(z="w * x + b", order="a, z"), "z and a have changed places."),
        (
            NEURON.format(z="w * x", order="z, a"),
            "The answers are those for b = 0, whatever it is: where is it used?",
        ),
        (SMALL_RATES, "What `sgd_step` gives is right except where `lr` is large (here from 1.01 on)."),
        (
            NO_SINGLE_NUMBERS,
            "What `numerical_gradient` gives is right except where `theta` is a single number.",
        ),
    ],
    ids=["exchanged", "ignored", "large", "shape"],
)
def test_numbers_speak_where_no_known_mistake_fits(backprop, source, words):
    """A fact about all calls that were made."""
    assert list(said(backprop(source)).values()) == [words]


def test_a_mistake_of_ones_own_is_not_guessed_at(backprop):
    """Where nothing fits, nothing is said."""
    report = backprop("def sgd_step(param, grad, lr):\n    return param - lr * grad * np.cos(7.0 * grad)\n")
    assert not report.passed
    assert said(report) == {}


def test_what_is_still_to_be_written_needs_no_explanation(backprop):
    """The starter's TODO is no mistake."""
    report = backprop("def sgd_step(param, grad, lr):\n    raise NotImplementedError('TODO')\n")
    assert said(report) == {}


def test_two_runs_say_the_same(backprop):
    """An explanation does not depend on when it is made."""
    source = "def sgd_step(param, grad, lr):\n    return param - np.clip(lr * grad, -0.5, 0.5)\n"
    first, second = backprop(source), backprop(source)
    assert [test.diagnosis for test in first.tests] == [test.diagnosis for test in second.tests]


def test_the_mistake_is_blamed_on_the_function_that_makes_it(tmp_path: Path):
    """A wrong softmax is wrong in every function that calls it."""
    exercise = catalog.find("02")
    folder = exercise.solution_dir(SOLUTIONS)
    mistake = (folder / "mistakes" / "softmax_one_sum_for_all.py").read_text()
    file = tmp_path / exercise.entry
    file.write_text(f"{(folder / exercise.entry).read_text()}\n\n{mistake}")
    sentence = "The whole batch shares one unit of probability here. How much should each row have?"
    found = said(check("02", file))
    assert found["softmax"] == sentence
    assert {words for key, words in found.items() if key != "softmax"} == {
        f"It comes from `softmax`. {sentence}"
    }


def test_a_mistake_is_named_that_works_on_a_cache_of_the_learners_own(tmp_path: Path):
    """Nobody looks into a cache, yet the calls that were given it can be asked again."""
    exercise = catalog.find("05")
    folder = exercise.solution_dir(SOLUTIONS)
    mistake = (folder / "mistakes" / "batchnorm_backward_writes_into_the_cache.py").read_text()
    file = tmp_path / exercise.entry
    file.write_text(f"{(folder / exercise.entry).read_text()}\n\n{mistake}")
    sentence = "Ask the same cache twice: the second answer is another. What did you write into?"
    assert said(check("05", file, only="batchnorm_backward")) == {"batchnorm_backward": sentence}


def test_a_learners_code_is_not_run_again_for_an_explanation(backprop, tmp_path: Path):
    """Only known code is asked: what the file does when it is loaded happens once."""
    report = backprop("print('loaded')\n\n\ndef sgd_step(param, grad, lr):\n    return param + lr * grad\n")
    assert said(report)
    assert "".join(test.output for test in report.tests).count("loaded") == 1


def test_a_fault_of_an_explanation_costs_no_verdict(course: SimpleNamespace, tmp_path: Path):
    """The report says so, and that it is ours."""
    solutions = tmp_path / "solutions"
    shutil.copytree(course.solutions, solutions)
    folder = solutions / "exercise90_toy"
    (folder / "clues.py").write_text("LINKS = 1 / 0\n")
    file = tmp_path / "toy.py"
    file.write_text((folder / "toy.py").read_text() + "\n\ndef add(a, b):\n    return a - b\n")
    report = check("90", file, exercises=course.exercises, solutions=solutions)
    assert not report.passed
    assert report.exit_code() == 1
    assert said(report) == {}
    assert "by a fault of its own: ZeroDivisionError" in report.notes[0]
