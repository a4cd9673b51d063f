"""What nbgrader runs when it autogrades: dlgrade in the place of a kernel.

nbgrader finds these by their names in its configuration; nothing else imports this module, since it imports
nbgrader.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.api import Gradebook
from nbgrader.apps import AutogradeApp
from nbgrader.converters import Autograde
from nbgrader.nbgraderformat import MetadataValidator
from nbgrader.preprocessors import DeduplicateIds, Execute, OverwriteCells
from traitlets import Enum, Integer

from dlgrade import catalog
from dlgrade.classroom import marking, once, testcell
from dlgrade.classroom.ahead import upcoming
from dlgrade.classroom.testcell import Graded
from dlgrade.errors import CatalogError, LaneError
from dlgrade.render import html, terminal
from dlgrade.render.outline import Show
from dlgrade.warm import Verdict

Resources = dict[str, Any]


class TidyIds(DeduplicateIds):  # type: ignore[misc]
    """Takes metadata that are none of nbgrader's out of its place in a cell, where its steps fail at them."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        if any(isinstance(each, AutogradeApp) for each in _above(self)):
            once.for_good()  # this is the first step of all, and the process ends with the class

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Tidy the cells of one notebook, then see to it that each id is there once."""
        for cell in nb.cells:
            if not _grade_id(cell):
                cell.metadata.pop("nbgrader", None)
        return super().preprocess(nb, resources)  # type: ignore[no-any-return]


class RestoreCells(OverwriteCells):  # type: ignore[misc]
    """Puts every cell that counts back as the teacher made it, and makes the others count for nothing.

    nbgrader's own takes the learner's word for which cells are tests, leaves deleted ones out, and has a run
    over a whole class end at a cell whose metadata it cannot make sense of.
    """

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Restore the cells of one notebook."""
        where = resources["nbgrader"]
        with Gradebook(where["db_url"]) as gradebook:
            teachers = gradebook.find_notebook(where["notebook"], where["assignment"])
            roles = {cell.name: _role(cell) for cell in teachers.source_cells}
            for cells, role in (
                (teachers.grade_cells, "grade"),
                (teachers.solution_cells, "solution"),
                (teachers.task_cells, "task"),
            ):
                for cell in cells:
                    roles[cell.name][role] = True
                    if role != "solution":
                        roles[cell.name]["points"] = cell.max_score
            missing = {cell.name: cell for cell in teachers.source_cells if roles[cell.name]["grade"]}
            for cell in nb.cells:
                name = _grade_id(cell)
                missing.pop(name, None)
                if name in roles:
                    cell.metadata.nbgrader = NotebookNode(roles[name])
                else:
                    cell.metadata.pop("nbgrader", None)
            for name, cell in missing.items():
                self.log.warning("The cell %s was missing, and is put back at the end", name)
                nb.cells.append(_made(cell, roles[name]))
        return super().preprocess(nb, resources)  # type: ignore[no-any-return]


def _above(configurable: Any) -> Iterator[Any]:
    while (configurable := getattr(configurable, "parent", None)) is not None:
        yield configurable


def _role(cell: Any) -> dict[str, Any]:
    """Return the metadata of a teacher's cell, as far as they do not depend on what else it is."""
    return {
        "schema_version": MetadataValidator.schema_version,
        "grade_id": cell.name,
        "cell_type": cell.cell_type,
        "locked": cell.locked,
        "grade": False,
        "solution": False,
        "task": False,
    }


def _made(cell: Any, role: dict[str, Any]) -> NotebookNode:
    """Make a notebook's cell from a teacher's cell in the gradebook."""
    made: NotebookNode
    if cell.cell_type == "code":
        made = nbformat.v4.new_code_cell(cell.source, metadata={"nbgrader": role})
    else:
        made = nbformat.v4.new_markdown_cell(cell.source, metadata={"nbgrader": role})
    return made


def _grade_id(cell: NotebookNode) -> str:
    """Return what a cell says that it is; metadata may hold anything."""
    own = cell.metadata.get("nbgrader")
    name = own.get("grade_id") if isinstance(own, dict) else None
    return name if isinstance(name, str) else ""


class Grade(Execute):  # type: ignore[misc]
    """Grades a notebook by dlgrade's two processes, and writes points and report into its test cells.

    No kernel is started, unless the notebook has test cells that are not dlgrade's.
    """

    show = Enum(
        ["full", "hints", "points"],
        "full",
        help="How much of a report learners see: full, hints (no values and no counterexamples) or points.",
    ).tag(config=True)
    level = Integer(
        marking.LEVEL,
        min=1,
        max=3,
        help="The isolation that is required: 3 namespaced, 2 kernel-restricted, 1 a process with limits.",
    ).tag(config=True)

    def preprocess(
        self, nb: NotebookNode, resources: Resources | None = None, km: Any = None
    ) -> tuple[NotebookNode, Resources]:
        """Grade one notebook; where a fault of ours prevents that, nbgrader is told and nothing is scored."""
        resources = {} if resources is None else resources
        ours = graded_cells(nb)
        # Taken now: what a kernel writes into the cells is not what was handed in.
        content = nbformat.writes(nb).encode()
        if _has_others(nb, ours):
            self.log.warning("This notebook has test cells that are not dlgrade's: it is run in a kernel")
            nb, resources = super().preprocess(nb, resources, km)
        self._expect(resources, list(dict.fromkeys(graded.exercise for graded in ours.values())))
        verdicts = {
            exercise: self._verdict(exercise, content, resources)
            for exercise in dict.fromkeys(graded.exercise for graded in ours.values())
        }
        shown: Any = self.show
        for index, graded in ours.items():
            nb.cells[index].outputs = outputs(nb.cells[index], graded, verdicts[graded.exercise], shown)
        return nb, resources

    def _expect(self, resources: Resources, exercises: list[str]) -> None:
        """Have the next notebooks graded meanwhile, where nbgrader goes through a class by itself."""
        where, marker = resources.get("nbgrader", {}), marking.marker(self.level)
        converter = getattr(self.parent, "parent", None)
        if type(converter) is Autograde:
            marker.expect(converter, upcoming(converter, where["student"], {where["notebook"]: exercises}))

    def _verdict(self, exercise: str, content: bytes, resources: Resources) -> Verdict:
        name = f"{resources.get('nbgrader', {}).get('notebook', 'notebook')}.ipynb"
        verdict = marking.marker(self.level).verdict(exercise, content, name)
        fault = verdict.fault
        if verdict.report is not None and verdict.report.ours:
            fault = next(test.message for test in verdict.report.tests if test.status == "error")
        if verdict.report is not None and verdict.report.scope != "suite":
            fault = "its hidden suites are not on this machine"
        if fault is not None:
            raise LaneError(f"dlgrade could not grade {name}, by a fault of its own: {fault}")
        return verdict


def graded_cells(nb: NotebookNode) -> dict[int, Graded]:
    """Find the cells that dlgrade grades, by their place among the cells, and what each of them grades."""
    found = {
        index: testcell.graded_by(cell.source) for index, cell in enumerate(nb.cells) if _is_test(cell)
    }
    return {index: graded for index, graded in found.items() if graded is not None}


def outputs(cell: NotebookNode, graded: Graded, verdict: Verdict, show: Show) -> list[NotebookNode]:
    """Make the outputs of a test cell: the report, and the points as nbgrader reads them.

    nbgrader takes a cell's first result for its points if it is a number, and gives *all* points for anything
    else; so there is one result, a plain float, and the report is no result but something displayed.
    """
    if verdict.report is None:
        said = {"text/plain": f"{verdict.refused} So nothing of it could be graded."}
    else:
        hints = _hints(graded.exercise)
        said = {
            "text/html": html.criterion_fragment(verdict.report, graded.criterion, show=show, hints=hints),
            "text/plain": terminal.criterion(verdict.report, graded.criterion, show=show, hints=hints),
        }
    return [
        nbformat.v4.new_output("display_data", data=said),
        nbformat.v4.new_output(
            "execute_result", data={"text/plain": repr(points_of(cell, graded, verdict))}
        ),
    ]


def points_of(cell: NotebookNode, graded: Graded, verdict: Verdict) -> float:
    """Return the points that a test cell gives; none where the notebook could not be read at all.

    Raises
    ------
    CatalogError
        If the cell is for a criterion that the exercise does not have, or not any more.
    """
    if verdict.report is None:
        return 0.0
    criterion = next((each for each in verdict.report.criteria if each.id == graded.criterion), None)
    if criterion is None:
        raise CatalogError(
            f"{graded.exercise} has no criterion {graded.criterion!r}, which a test cell grades: "
            "make the notebook anew with `dlgrade nbgrader init`."
        )
    return testcell.scaled(criterion.points, criterion.max_points, float(cell.metadata.nbgrader["points"]))


def _is_test(cell: NotebookNode) -> bool:
    return cell.cell_type == "code" and utils.is_grade(cell) and not utils.is_solution(cell)


def _has_others(nb: NotebookNode, ours: Mapping[int, Graded]) -> bool:
    """Whether there are tests that a kernel has to run; without one nbgrader would give all their points."""
    return any(_is_test(cell) and index not in ours for index, cell in enumerate(nb.cells))


@cache
def _hints(exercise: str) -> dict[str, tuple[str, ...]]:
    return {each.id: each.hints for each in catalog.find(exercise).criteria}
