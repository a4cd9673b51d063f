"""The instructor's notebook of an exercise."""

import ast

import pytest

from dlgrade import catalog
from dlgrade.classroom import testcell

nbformat = pytest.importorskip("nbformat", reason="needs the extra `classroom`")
pytest.importorskip("jupytext", reason="needs the extra `classroom`")

EVERY = pytest.mark.parametrize("exercise", catalog.exercises(), ids=lambda exercise: exercise.id)


@pytest.fixture
def made(checkout):
    """Return a function that makes the notebook of an exercise."""
    from dlgrade.classroom.notebook import instructors

    def make(exercise):
        reference = checkout / "solutions" / exercise.folder / exercise.entry
        return instructors(exercise, reference.read_text())

    return make


def role(cell):
    """Return the end of a cell's grade_id."""
    return cell.metadata.nbgrader.grade_id.partition("-")[2]


@EVERY
def test_there_is_a_test_cell_for_each_criterion(exercise, made):
    """With the manifest's points, and the criterion in its calls; the points sum up to the exercise's."""
    tests = [cell for cell in made(exercise).cells if cell.metadata.nbgrader.grade]
    expected = {each.id: each.points for each in exercise.criteria}
    found = {testcell.graded_by(cell.source): cell.metadata.nbgrader.points for cell in tests}
    assert found == {(exercise.id, name): points for name, points in expected.items()}
    assert {role(cell) for cell in tests} == {f"{name}-test" for name in expected}
    for cell in tests:
        before, hidden = cell.source.split(testcell.BEGIN)
        assert "points(" in hidden
        assert "\npoints(" not in before


@EVERY
def test_there_is_a_solution_cell_for_each_thing_to_write(exercise, made):
    """Each before its examples and tests, none graded by itself, none locked."""
    notebook = made(exercise)
    roles = [role(cell) for cell in notebook.cells]
    solutions = [cell for cell in notebook.cells if cell.metadata.nbgrader.solution]
    assert not any(cell.metadata.nbgrader.grade or cell.metadata.nbgrader.locked for cell in solutions)
    for name in exercise.functions:
        at = roles.index(f"{name}-solution")
        assert name in {getattr(node, "name", "") for node in ast.parse(notebook.cells[at].source).body}
        assert f"{name}-examples" not in roles[:at]
    for criterion in exercise.criteria:
        written = [roles.index(f"{name}-solution") for name in criterion.functions]
        assert max(written) < roles.index(f"{criterion.id}-test")


@EVERY
def test_all_else_is_read_only_and_nothing_is_lost(exercise, made, checkout):
    """The statement is there word for word, and so is every line of the visible tests' bodies."""
    from dlgrade.classroom import notebook as making

    notebook = made(exercise)
    reference = (checkout / "solutions" / exercise.folder / exercise.entry).read_text()
    assert [cell.source for cell in notebook.cells] == [
        cell.text for cell in making._cells(exercise, reference)
    ]
    for cell in notebook.cells:
        told = cell.metadata.nbgrader
        assert told.locked != told.solution
        assert told.schema_version == 3
    text = "\n\n".join(cell.source for cell in notebook.cells if role(cell).startswith("statement"))
    assert text.split() == exercise.statement().split()
    code = "\n".join(cell.source for cell in notebook.cells)
    tests = [node for node in ast.parse(exercise.examples_path.read_text()).body if hasattr(node, "name")]
    assert all(node.name in code for node in tests)


@EVERY
def test_what_is_made_twice_is_the_same(exercise, made):
    """Ids of cells too; it is a valid notebook, and all names are those that nbgrader takes."""
    notebook = made(exercise)
    assert nbformat.writes(notebook) == nbformat.writes(made(exercise))
    nbformat.validate(notebook)
    names = [cell.metadata.nbgrader.grade_id for cell in notebook.cells]
    assert len(set(names)) == len(names)
    assert all(name.replace("-", "").replace("_", "").isalnum() and name.isascii() for name in names)
    assert len({cell.id for cell in notebook.cells}) == len(names)
    assert notebook.metadata.kernelspec.name == "python3"


def test_fences_hide_headings(made, tmp_path):
    """A comment in a block of code is no heading; headings that are equal get names that differ."""
    from dlgrade.classroom.notebook import _sections

    text = "# T\n\n## A\n```python\n## no\n```\n## A\nx\n~~~\n## no\n```\n## no\n~~~\n## B"
    assert [section.partition("\n")[0] for section in _sections(text)] == ["# T", "## A", "## A", "## B"]


def test_magics_are_magics(made):
    """The percent format comments them, the notebook does not."""
    cells = {role(cell): cell.source for cell in made(catalog.find("exercise03")).cells}
    assert (cells["load"], cells["check"]) == ("%load_ext dlgrade", "%check")


@EVERY
def test_run_all_of_the_teachers_notebook_raises_nothing(exercise, made):
    """Solutions and examples stand in an order in which each finds what it needs."""
    scope = {"__name__": "__main__"}
    for cell in made(exercise).cells:
        if cell.cell_type == "code" and not cell.source.startswith("%") and not cell.metadata.nbgrader.grade:
            exec(compile(cell.source, role(cell), "exec"), scope)
