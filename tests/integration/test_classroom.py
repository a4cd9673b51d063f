"""Exercises as assignments, through the real nbgrader: released, handed in, autograded in its own way."""

import shutil

import pytest

from dlgrade import catalog, grading
from dlgrade.classroom.course import STUB

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def backprop(checkout):
    """Return the reference of exercise03."""
    return (checkout / "solutions/exercise03_backprop/backprop.py").read_text()


def of_check(course, classroom, student):
    """Return the points that `dlgrade check` gives to the notebook that nbgrader graded."""
    path = course.root / "autograded" / student / classroom.notebook_of("exercise03")
    report = grading.check("exercise03", path)
    return {each.id: each.points for each in report.criteria if each.max_points}


def stripped(text):
    """Return the lines of a text, without their margins."""
    return {line.strip() for line in text.split("\n")}


def submissions(course, classroom, right):
    """Return notebooks of every kind that nbgrader's own way has to come to terms with."""
    wrong = right.replace("return param - lr * grad", "return param + lr * grad")
    partly = wrong.replace('"dL_db": dL_dz * dz_db', '"dL_db": dL_dz * dz_dw')
    new = lambda text=right: course.filled("exercise03", text)  # noqa: E731
    loud = "import os, sys\nimport numpy as np\n%precision 1\nprint('10.0')\nprint('x', file=sys.stderr)\n"
    return {
        "right": new(),
        "uphill": new(wrong),
        "partly": new(partly),
        "empty": course.release("exercise03"),
        "broken": classroom.changed(new(), {"forward-solution": "def forward(w, x, b, y_true:"}),
        "edited": classroom.changed(new(wrong), {"sgd_step-test": "1.0"}),
        "loud": classroom.changed(new(), {"-imports": f"{loud}os.chdir('/')\n10.0"}),
    }


def test_plain_nbgrader_gives_the_points_that_check_gives(classroom, tmp_path, backprop):
    """Right, partly right, wrong, broken, empty and tampered submissions get what `dlgrade check` says."""
    course = classroom.Course.released(tmp_path / "class", "exercise03", plain=True)
    handed_in = submissions(course, classroom, backprop)
    for student, notebook in handed_in.items():
        path = course.submit(student, "exercise03", notebook)
    shutil.copy(path, path.with_name("backprop-Copy1.ipynb"))
    done = course.nbgrader("autograde", "exercise03_backprop")
    assert "Skipping unknown notebook" in done.stderr
    scores = course.scores("exercise03")
    assert scores == {student: of_check(course, classroom, student) for student in handed_in}
    total = {student: sum(points.values()) for student, points in scores.items()}
    assert {name for name, points in total.items() if points == 10} == {"right", "loud"}
    assert {name: points for name, points in total.items() if 0 < points < 10} == {
        "uphill": 9, "edited": 9, "partly": 6.5,
    }  # fmt: skip
    cells = course.autograded("uphill", "exercise03").cells
    said = [output.get("text", "") for cell in cells for output in cell.get("outputs", ())]
    assert any("One step of gradient descent: 0 of 1 points" in text for text in said)


def test_a_deleted_test_cell_is_left_to_the_teacher(classroom, tmp_path, backprop):
    """nbgrader, in its own way, gives it no score and says that it is to be graded by hand."""
    course = classroom.Course.released(tmp_path / "class", "exercise03", plain=True)
    notebook = classroom.changed(course.filled("exercise03", backprop), {"backward-test": None})
    course.submit("ada", "exercise03", notebook)
    course.nbgrader("autograde", "exercise03_backprop")
    given = {"forward": 1.5, "sgd_step": 1, "numerical_gradient": 2, "mlp_loss": 1, "mlp_gradients": 2}
    assert course.scores("exercise03")["ada"] == {**given, "backward": None}


def test_points_that_a_teacher_changed_are_shared_out_in_proportion(classroom, tmp_path, backprop):
    """A cell that is worth 3 in place of 1.5 gives 3 for all and 0 for nothing; the rest is as it was."""
    course = classroom.Course.released(tmp_path / "class", "exercise03", plain=True)
    notebook = course.source("exercise03")
    cell = next(each for each in notebook.cells if each.metadata.nbgrader.grade_id.endswith("forward-test"))
    cell.metadata.nbgrader.points = 3
    classroom.nbformat.write(notebook, course.root / "source" / classroom.notebook_of("exercise03"))
    course.nbgrader("generate_assignment", "exercise03_backprop", "--force")
    course.submit("ada", "exercise03", course.filled("exercise03", backprop))
    course.nbgrader("autograde", "exercise03_backprop")
    assert course.scores("exercise03")["ada"]["forward"] == 3.0
    assert sum(course.scores("exercise03")["ada"].values()) == 11.5


def test_a_fault_of_ours_leaves_no_score_and_is_told(classroom, tmp_path, backprop):
    """Where the hidden suites cannot be found, nbgrader reports the submission as failed, and why."""
    course = classroom.Course.released(tmp_path / "class", "exercise03", plain=True)
    course.submit("ada", "exercise03", course.filled("exercise03", backprop))
    nowhere = str(tmp_path / "nowhere")
    done = course.nbgrader("autograde", "exercise03_backprop", ok=False, DLGRADE_SOLUTIONS=nowhere)
    assert done.returncode == 1
    assert "dlgrade did not grade exercise03's forward" in done.stderr
    assert nowhere in done.stderr
    assert set(course.scores("exercise03")["ada"].values()) == {None}
    assert not (course.root / "autograded" / "ada" / "exercise03_backprop").exists()


def test_nbgrader_validate_passes_the_teachers_version_and_not_an_empty_one(classroom, tmp_path):
    """What is still to do is no success, though the hidden part is not in the learners' version."""
    course = classroom.Course.released(tmp_path / "class", "exercise03")
    for kind, said in (("source", "Success!"), ("release", "VALIDATION FAILED ON 6 CELL(S)")):
        done = course.nbgrader("validate", str(course.root / kind / classroom.notebook_of("exercise03")))
        assert said in done.stdout, kind


def test_every_exercise_is_released_without_its_solution(classroom, tmp_path, checkout):
    """Nothing of reference or suite is in the learners' version; it earns nothing, the other everything."""
    words = [exercise.id for exercise in catalog.exercises()]
    course = classroom.Course.released(tmp_path / "class", *words)
    course.nbgrader("release_assignment", "exercise03_backprop", f"--Exchange.root={tmp_path / 'exchange'}")
    for exercise in catalog.exercises():
        released, source = course.release(exercise.id), course.source(exercise.id)
        text = "\n".join(cell.source for cell in released.cells)
        for hidden in ("BEGIN SOLUTION", "END SOLUTION", "HIDDEN TESTS", "test_hidden", "dlgrade.suite"):
            assert hidden not in text, (exercise.id, hidden)
        starter = exercise.entry_path.read_text()
        reference = (checkout / "solutions" / exercise.folder / exercise.entry).read_text()
        known = f"{starter}\n{exercise.statement()}\n{exercise.examples_path.read_text()}"
        suite = (checkout / "solutions" / exercise.folder).glob("*.py")
        secret = stripped("\n".join([reference, *(file.read_text() for file in suite)])) - stripped(known)
        assert not stripped(text) & secret, exercise.id
        assert STUB in stripped(text)
        for kind, earned in ((released, 0.0), (source, exercise.points)):
            path = tmp_path / f"{exercise.id}.ipynb"
            classroom.nbformat.write(kind, path)
            assert grading.check(exercise.id, path).points == earned, exercise.id
