"""nbgrader's gradebook as a CSV for Canvas."""

import csv
import io
import os
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from dlgrade import cli
from dlgrade.errors import ClassroomError

pytest.importorskip("nbgrader", reason="needs the extra `classroom`")
# nbgrader's own, of its own database.
pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Return the folder of a course with two assignments of two cells each, and what people handed in."""
    from nbgrader.api import Gradebook

    root = tmp_path_factory.mktemp("class")
    (root / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'class'\n")
    scripts = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", scripts)  # a new gradebook is made by a script, alembic
        Gradebook(f"sqlite:///{root / 'gradebook.db'}", "class").close()
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}", "class") as gradebook:
        for name in ("first", "second"):
            gradebook.add_assignment(name)
            gradebook.add_notebook("book", name)
            for cell in ("a", "b"):
                gradebook.add_grade_cell(cell, "book", name, max_score=5, cell_type="code")
        gradebook.add_student("ada", first_name="Ada", last_name="Lovelace")
        for student in ("bob", "=eve", "dan"):
            gradebook.add_student(student)
        for student, scores in {"ada": (5, 2.5), "bob": (0, None), "=eve": (5, 5)}.items():
            gradebook.add_submission("first", student)
            for cell, score in zip(("a", "b"), scores, strict=True):
                gradebook.find_grade(cell, "book", "first", student).auto_score = score
        gradebook.find_grade("a", "book", "first", "ada").manual_score = 4
        gradebook.find_submission_notebook("book", "first", "=eve").late_submission_penalty = 12
        gradebook.add_submission("second", "bob")
        for cell in ("a", "b"):
            gradebook.find_grade(cell, "book", "second", "bob").manual_score = 1
        gradebook.db.commit()
    return root


@pytest.fixture
def export(course):
    """Return a function that exports, and gives the table by student and what went to stderr."""

    def run(*words):
        done = CliRunner().invoke(
            cli.commands, ["nbgrader", "export", *words, "--canvas", "-", "--course", str(course)]
        )
        head, most, *rows = list(csv.reader(io.StringIO(done.stdout))) or [[], []]
        people = {row[3]: dict(zip(head, row, strict=True)) for row in rows}
        return SimpleNamespace(head=head, most=most, people=people, err=done.stderr, status=done.exit_code)

    return run


def test_there_is_a_column_for_each_assignment(export):
    """Canvas' own columns come first, and the most points in the second line."""
    found = export()
    assert found.head == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "first", "second"]
    assert found.most == ["    Points Possible", "", "", "", "", "10", "10"]


def test_grades_by_hand_and_late_penalties_count(export):
    """As in nbgrader's own export; less than nothing is nothing."""
    people = export().people
    assert people["ada"]["first"] == "6.5"
    assert people["'=eve"]["first"] == "0"
    assert people["bob"]["second"] == "2"


def test_who_waits_for_a_grade_by_hand_is_left_blank(export):
    """A missing score is not 0, and it is said; who handed in nothing is not there at all."""
    found = export()
    assert found.people["bob"]["first"] == ""
    assert found.err == "bob's first waits for a manual grade, and was left out.\n"
    assert "dan" not in found.people
    assert found.status == 0


def test_names_are_last_name_first_and_no_formulas(export):
    """Who has no name is called by the id."""
    people = export("first").people
    assert people["ada"]["Student"] == "Lovelace, Ada"
    assert people["'=eve"]["Student"] == "'=eve"


def test_one_assignment_may_have_canvas_own_title(export):
    """For several, or for all, one title is a mistake."""
    assert export("second", "--title", "Second (7)").head[5:] == ["Second (7)"]
    assert export("--title", "Second (7)").status == 2


def test_what_is_no_course_and_no_assignment_is_said(export, tmp_path):
    """Both are the teacher's to mend."""
    found = export("third")
    assert found.status == 2
    assert "no assignment 'third'; it has first, second" in found.err
    from dlgrade.classroom.canvas import export as exporting

    with pytest.raises(ClassroomError, match="is no course of nbgrader's"):
        exporting(tmp_path, [], None)
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\n")
    with pytest.raises(ClassroomError, match="has no gradebook yet"):
        exporting(tmp_path, [], None)
    assert not (tmp_path / "gradebook.db").exists()


def test_nbgraders_own_command_takes_it_as_an_exporter(course, tmp_path, monkeypatch):
    """`nbgrader export --exporter dlgrade.classroom.canvas.CanvasExport` writes the same file."""
    from nbgrader.apps import ExportApp

    from dlgrade.classroom.canvas import export as exporting

    monkeypatch.chdir(course)
    app = ExportApp()
    app.initialize(["--exporter=dlgrade.classroom.canvas.CanvasExport", f"--to={tmp_path / 'out.csv'}"])
    app.start()
    assert (tmp_path / "out.csv").read_bytes() == exporting(course, [], None)[0]
