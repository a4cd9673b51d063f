"""What the tests of the classroom share: a course of nbgrader's, and what learners hand in there.

A course is released by the real nbgrader once in a session, and copied. The fixture `classroom` is this
module.
"""

import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from dlgrade import catalog
from dlgrade.classroom import course as making

NBGRADER_S = 600

shelf: Path | None = None
"""Where the courses lie that are copied; the fixture says."""


class Course:
    """A course folder whose assignments are released.

    Attributes
    ----------
    root
        The folder, with nbgrader_config.py, source/, release/ and gradebook.db in it.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    @classmethod
    def released(cls, root: Path, *words: str, plain: bool = False) -> "Course":
        """Make a course with some exercises, as `dlgrade nbgrader init` and `nbgrader` make it.

        With `plain` nbgrader autogrades in its own way.
        """
        shutil.copytree(_released(words), root)
        course = cls(root)
        if plain:
            course.make_plain()
        return course

    def make_plain(self) -> None:
        """Have nbgrader autograde in its own way."""
        config = self.root / making.CONFIG
        config.write_text(config.read_text().replace(f"\n{making.OURS}\n", "\n"))

    def nbgrader(self, *words: str, ok: bool = True, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a command of nbgrader's in the course; with `ok` it must end well."""
        return nbgrader(self.root, *words, ok=ok, **environment)

    def dlgrade(self, *words: str, ok: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a command of `dlgrade nbgrader` in the course; with `ok` it must end well."""
        return dlgrade(self.root, "nbgrader", *words, ok=ok)

    def release(self, word: str) -> NotebookNode:
        """Return the version for learners."""
        return nbformat.read(self.root / "release" / notebook_of(word), as_version=4)

    def source(self, word: str) -> NotebookNode:
        """Return the teacher's version."""
        return nbformat.read(self.root / "source" / notebook_of(word), as_version=4)

    def filled(self, word: str, python: str) -> NotebookNode:
        """Return the release with a whole Python file written into its cells, as a learner would."""
        return filled(self.release(word), word, python)

    def submit(
        self, student: str, word: str, notebook: NotebookNode | bytes, name: str | None = None
    ) -> Path:
        """Hand in a notebook, by another name if one is given."""
        usual = notebook_of(word)
        path = self.root / "submitted" / student / usual.parent / (name or usual.name)
        path.parent.mkdir(parents=True, exist_ok=True)
        text = notebook if isinstance(notebook, bytes) else nbformat.writes(notebook).encode()
        path.write_bytes(text)
        return path

    def autograded(self, student: str, word: str) -> NotebookNode:
        """Return what nbgrader made of a submission."""
        return nbformat.read(self.root / "autograded" / student / notebook_of(word), as_version=4)

    def scores(self, word: str) -> dict[str, dict[str, float | None]]:
        """Return from each student's name what the gradebook holds for each criterion, by its id."""
        from nbgrader.api import Gradebook

        folder = notebook_of(word).parent.name
        with Gradebook(f"sqlite:///{self.root / 'gradebook.db'}") as gradebook:
            return {
                submission.student_id: {
                    grade.cell.name.removeprefix(f"{folder}-").removesuffix("-test"): grade.auto_score
                    for book in submission.notebooks
                    for grade in book.grades
                }
                for submission in gradebook.assignment_submissions(folder)
            }


def nbgrader(
    root: Path, *words: str, ok: bool = True, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run nbgrader in a folder, with this Python's scripts on the path: it looks for alembic there."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *words],
        cwd=root,
        env=os.environ | {"PATH": path} | environment,
        capture_output=True,
        text=True,
        timeout=NBGRADER_S,
        check=False,
    )
    assert not ok or done.returncode == 0, done.stderr
    return done


def dlgrade(root: Path, *words: str, ok: bool = True) -> subprocess.CompletedProcess[str]:
    """Run a command of dlgrade's in a folder; with `ok` it must end well."""
    done = subprocess.run(
        [sys.executable, "-m", "dlgrade", *words],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=NBGRADER_S,
        check=False,
    )
    assert not ok or done.returncode == 0, done.stdout + done.stderr
    return done


def notebook_of(word: str) -> Path:
    """Return the path of an exercise's notebook below source/ and the like."""
    exercise = catalog.find(word)
    return Path(exercise.folder, exercise.entry).with_suffix(".ipynb")


def filled(notebook: NotebookNode, word: str, python: str) -> NotebookNode:
    """Write a whole Python file into a notebook's cells: each function into its own, imports into theirs."""
    prefix = f"{catalog.find(word).folder}-"
    lines, body = python.split("\n"), ast.parse(python).body
    cells = {
        cell.metadata.nbgrader.grade_id.removeprefix(prefix): cell
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("solution")
    }
    texts: dict[str, list[str]] = {name: [] for name in cells}
    for number, node in enumerate(body):
        first = body[number - 1].end_lineno if number else 0
        own = f"{getattr(node, 'name', '')}-solution"
        # What stands between two functions goes with the next one, so that the order stays.
        texts[own if own in texts else _next(body[number:], texts)].append(
            "\n".join(lines[first : node.end_lineno]).strip("\n")
        )
    for name, cell in cells.items():
        cell.source = "\n\n\n".join(texts[name])
    return notebook


def changed(notebook: NotebookNode, edits: Mapping[str, str | Callable[[str], str] | None]) -> NotebookNode:
    """Change cells by the end of their grade_id: to a text, by a function of it, or away with None."""
    for ending, edit in edits.items():
        at = next(
            number
            for number, cell in enumerate(notebook.cells)
            if cell.metadata.get("nbgrader", {}).get("grade_id", "").endswith(ending)
        )
        if edit is None:
            del notebook.cells[at]
        else:
            cell = notebook.cells[at]
            cell.source = edit(cell.source) if callable(edit) else edit
    return notebook


def _next(body: list[ast.stmt], texts: Mapping[str, object]) -> str:
    names = (f"{getattr(node, 'name', '')}-solution" for node in body)
    if isinstance(body[0], ast.Import | ast.ImportFrom | ast.Expr):
        return "imports"
    return next((name for name in names if name in texts), list(texts)[-1])


@cache
def _released(words: tuple[str, ...]) -> Path:
    assert shelf is not None, "ask for the fixture `classroom`"
    root = shelf / "-".join(["class", *words])
    exercises = [catalog.find(word) for word in words]
    making.init(root, exercises)
    for exercise in exercises:
        nbgrader(root, "generate_assignment", exercise.folder)
    return root
