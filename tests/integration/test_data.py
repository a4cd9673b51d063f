"""`--data`: tests that ask for larger data run where a learner names some, and nowhere else."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from dlgrade import content, datasets, grading
from dlgrade.errors import DlgradeError, GivenDataError
from dlgrade.grading import Grader, check
from dlgrade.report import Report

Dlgrade = Callable[..., subprocess.CompletedProcess[str]]
Toy = Callable[..., Report]

ASKS = '''

@criterion("double")
def test_double_doubles_larger_data(student, data):
    """The images that were named come back doubled."""
    x = data.X_train.astype(np.float64)
    check.close(student.double(x), x + x, name="double(x)")
'''
NAME = "test_double_doubles_larger_data"
NOTE = "Also tested on MNIST, drawn from 7 images to train on and 3 to validate with."


@pytest.fixture
def solutions(course: SimpleNamespace, tmp_path: Path) -> Path:
    """Return the toy's solutions, with one test more, which asks for data."""
    shutil.copytree(course.solutions, tmp_path / "solutions")
    suite = tmp_path / "solutions" / "exercise90_toy" / "test_hidden.py"
    suite.write_text(suite.read_text() + ASKS)
    return tmp_path / "solutions"


@pytest.fixture
def mnist(tmp_path: Path, write_mnist: Callable[..., object]) -> Path:
    """Return a folder with a tiny MNIST."""
    write_mnist(tmp_path / "data" / "mnist")
    return tmp_path / "data" / "mnist"


@pytest.fixture
def toy(course: SimpleNamespace, solutions: Path, tmp_path: Path) -> Toy:
    """Return a function that grades the toy's reference, with something replaced in it."""

    def run(old: str = "", new: str = "", **options: object) -> Report:
        source = (course.solutions / "exercise90_toy" / "toy.py").read_text()
        assert old in source
        (tmp_path / "toy.py").write_text(source.replace(old, new) if old else source)
        where = {"exercises": course.exercises, "solutions": solutions} | options
        return check("90", tmp_path / "toy.py", **where)  # type: ignore[arg-type]

    return run


def names(report: Report) -> set[str]:
    """The tests that were run."""
    return {test.id for test in report.tests}


def test_without_data_the_test_that_asks_for_them_is_left_out(toy: Toy) -> None:
    """The other tests run, and nothing is said of data."""
    report = toy()
    assert report.passed
    assert report.points == report.max_points
    assert NAME not in names(report)
    assert report.notes == ()


def test_with_data_it_runs_and_the_report_says_on_what(toy: Toy, mnist: Path) -> None:
    """One test more than without, and a note with the name and the numbers."""
    without, report = toy(), toy(data=mnist)
    assert names(report) == names(without) | {NAME}
    assert report.passed
    assert report.notes == (NOTE,)


def test_what_is_wrong_only_on_the_data_costs_the_criterion(toy: Toy, mnist: Path) -> None:
    """A test that runs on data counts like any other."""
    wrong = "    if np.ndim(x) > 2:\n        return x\n    return 2 * x"
    assert toy("    return 2 * x", wrong).passed
    report = toy("    return 2 * x", wrong, data=mnist)
    assert [each.id for each in report.criteria if each.status == "failed"] == ["double"]
    assert [test.id for test in report.tests if test.status == "failed"] == [NAME]


def test_a_file_that_cannot_be_run_was_not_tested_on_data(toy: Toy, mnist: Path) -> None:
    """Nothing is said of data where no test ran."""
    report = toy("import numpy as np", "import numpy as np\n(", data=mnist)
    assert not report.passed
    assert NOTE not in report.notes


def test_one_grader_reads_the_data_once(
    course: SimpleNamespace, solutions: Path, mnist: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files that are graded one after another share what was read."""
    reads = []
    monkeypatch.setattr(
        datasets, "larger", lambda path, larger=datasets.larger: reads.append(1) or larger(path)
    )
    reference = solutions / "exercise90_toy" / "toy.py"
    with Grader("90", exercises=course.exercises, solutions=solutions, data=mnist) as grader:
        assert [NAME in names(grader.check(reference)) for _ in range(2)] == [True, True]
    assert reads == [1]


def no_worker(*_: object) -> None:
    raise AssertionError("a worker was started")


def test_data_that_cannot_be_read_are_usage_before_anything_is_run(
    toy: Toy, mnist: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A torn file, and a path that is none, are refused before there is a worker."""
    monkeypatch.setattr(grading, "_zygote", no_worker)
    with pytest.raises(GivenDataError, match="There is no file or folder"):
        toy(data=tmp_path / "nowhere")
    torn = mnist / "t10k-images-idx3-ubyte"
    torn.write_bytes(torn.read_bytes()[:-5])
    with pytest.raises(
        GivenDataError, match=r"^t10k-images-idx3-ubyte is cut short: 5 of 2,352 bytes are missing\.$"
    ):
        toy(data=mnist)


def never_fetched(*_: object) -> None:
    raise AssertionError("data were read")


def test_data_that_no_test_asks_for_are_usage_and_not_fetched(
    toy: Toy, course: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither an exercise nor a single criterion takes what it has no use for."""
    monkeypatch.setattr(grading, "_zygote", no_worker)
    monkeypatch.setattr(datasets, "larger", never_fetched)
    with pytest.raises(
        GivenDataError, match=r"^No test of exercise90 runs on data of your own: leave out --data\.$"
    ):
        toy(data="mnist", solutions=course.solutions)
    with pytest.raises(GivenDataError, match=r"^No test of exercise90's criterion 'add' runs on data"):
        toy(data="mnist", only="add")


def test_data_without_the_hidden_suite_are_usage(toy: Toy, monkeypatch: pytest.MonkeyPatch) -> None:
    """The visible examples run on no data."""
    monkeypatch.setattr(content, "solutions_dir", lambda override: None)
    with pytest.raises(GivenDataError, match="The hidden suite of exercise90 is not on this machine"):
        toy(data="mnist")


def test_a_suite_that_cannot_be_collected_is_our_fault(toy: Toy, solutions: Path, mnist: Path) -> None:
    """A fault of the suite is not said to be one of the command."""
    suite = solutions / "exercise90_toy" / "test_hidden.py"
    suite.write_text(suite.read_text() + "\n1 / 0\n")
    with pytest.raises(DlgradeError, match="cannot be collected") as caught:
        toy(data=mnist)
    assert not isinstance(caught.value, GivenDataError)


def test_an_exercise_without_use_for_data_ends_with_2(dlgrade: Dlgrade, mnist: Path) -> None:
    """One sentence on stderr, and no report."""
    done = dlgrade("check", "03", "--data", mnist)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "Error: No test of exercise03 runs on data of your own: leave out --data.\n"


# The exercise that has one.


@pytest.fixture
def digits(tmp_path: Path, write_mnist: Callable[..., object]) -> Path:
    """Return a folder with 300 and 100 of the shipped digits as MNIST: enlarged, and with noise."""
    shipped = datasets.load("digits")
    rng = np.random.default_rng(0)
    large = np.pad(np.kron(shipped["images"] / 16, np.ones((1, 3, 3))), ((0, 0), (2, 2), (2, 2)))
    noisy = np.clip(large + rng.normal(0, 0.1, large.shape), 0, 1)
    images, labels = (255 * noisy).astype(np.uint8), shipped["labels"].astype(np.uint8)
    write_mnist(
        tmp_path / "digits",
        train_images=images[:300],
        train_labels=labels[:300],
        t10k_images=images[-100:],
        t10k_labels=labels[-100:],
    )
    return tmp_path / "digits"


@pytest.fixture
def cnn() -> Path:
    """Return the reference of exercise07."""
    solutions = content.solutions_dir()
    if solutions is None:
        pytest.skip("the solutions are not on this machine")
    return solutions / "exercise07_cnn" / "cnn.py"


@pytest.mark.slow
def test_the_network_is_trained_on_larger_data(cnn: Path, digits: Path, tmp_path: Path) -> None:
    """The reference does better than the nearest class mean, and training without steps does not."""
    report = check("07", cnn, only="digits", data=digits)
    assert report.passed, report.tests
    assert "test_network_learns_larger_data" in names(report)
    assert report.notes[-1].startswith("Also tested on MNIST, drawn from 300 images")
    still = tmp_path / "cnn.py"
    still.write_text(cnn.read_text().replace("optimizer.step()", "pass"))
    failed = {test.id: test.message or "" for test in check("07", still, only="digits", data=digits).tests}
    assert "the nearest class mean alone gets" in failed["test_network_learns_larger_data"]


@pytest.mark.slow
def test_a_torn_file_ends_with_2(cnn: Path, digits: Path, dlgrade: Dlgrade) -> None:
    """The sentence names the file; nothing is graded, and it is not called a fault of ours."""
    torn = digits / "train-images-idx3-ubyte"
    torn.write_bytes(torn.read_bytes()[:5000])
    done = dlgrade("check", "07", "--file", cnn, "--data", digits)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("Error: train-images-idx3-ubyte is cut short: ")
    assert done.stderr.count("\n") == 1
