"""Everything that must hold of an exercise before it is given to anybody."""

from __future__ import annotations

import importlib
import math
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from typing import Any

from dlgrade import siblings
from dlgrade.authoring import directions, evidence, illustrations, layout, quizzes, statement
from dlgrade.authoring.course import Place
from dlgrade.authoring.finding import Finding
from dlgrade.authoring.pool import Tell
from dlgrade.errors import DlgradeError

_PYTEST = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", ".", "-c", os.devnull)


def lint(place: Place, tell: Tell | None = None) -> list[Finding]:
    """Return what is wrong with an exercise, by file.

    Parameters
    ----------
    place
        The exercise.
    tell
        Is told of each file that was graded.
    """
    return sorted(dict.fromkeys(_all(place, tell)))


def at_rest(place: Place) -> Iterator[Finding]:
    """Yield what can be found without grading anything: files, signatures, and the statement's numbers."""
    for path in (place.reference, place.exercise.entry_path):
        try:
            compile(path.read_text(encoding="utf-8"), path.name, "exec")
        except SyntaxError as error:
            yield Finding(place.shown(path), f"is no Python: {error.msg}, line {error.lineno}.")
            return
    yield from layout.findings(place)
    yield from _statement(place)


def _all(place: Place, tell: Tell | None) -> Iterator[Finding]:
    found = list(at_rest(place))
    yield from found
    if any("is no Python" in finding.advice for finding in found):
        return
    yield from _examples(place)
    yield from quizzes.findings(place)
    yield from illustrations.findings(place)
    yield from directions.findings(place, evidence.gathered(place, tell))


def _statement(place: Place) -> Iterator[Finding]:
    readme = place.exercise.exercise_dir / "README.md"
    try:
        text = place.exercise.statement()
    except DlgradeError as error:
        yield Finding(place.shown(readme), str(error))
        return
    if statement.worked(text) == 0:
        advice = (
            "has no worked numbers; show some in a ```python block with >>>, so that they are recomputed."
        )
        yield Finding(place.shown(readme), advice)
        return
    for sentence in statement.recomputed(text, _names(place)):
        yield Finding(place.shown(readme), sentence)


def _names(place: Place) -> dict[str, Any]:
    """Return what the statement's examples may use: the reference's names, NumPy as np, torch, math."""
    with siblings.importable(place.solution):
        module = siblings.load(place.reference, place.reference.stem)
    names: dict[str, Any] = {"math": math}
    for tool, name in (("numpy", "np"), ("torch", "torch")):
        if tool in place.exercise.tools:
            names[name] = importlib.import_module(tool)
    return names | {name: each for name, each in vars(module).items() if not name.startswith("__")}


def _examples(place: Place) -> Iterator[Finding]:
    """Run the visible examples as a learner does, beside the solved file and beside the starter."""
    examples = place.exercise.examples_path
    shown = place.shown(examples)
    if not examples.is_file():
        yield Finding(shown, "is missing; write examples whose numbers can be checked by hand.")
        return
    for solved, file in ((True, place.reference), (False, place.exercise.entry_path)):
        with tempfile.TemporaryDirectory(prefix="dlgrade-") as folder:
            shutil.copy(examples, folder)
            shutil.copy(file, folder)
            command = [sys.executable, *_PYTEST, examples.name]
            environment = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONDONTWRITEBYTECODE": "1"}
            done = subprocess.run(
                command, cwd=folder, env=environment, capture_output=True, text=True, check=False
            )
        if solved and done.returncode != 0:
            last = (done.stdout.strip().splitlines() or ["nothing was run"])[-1]
            yield Finding(shown, f"fails beside the reference ({last.strip('= ')}); mend one of the two.")
        if not solved and done.returncode == 0:
            yield Finding(shown, "passes beside the starter; test something.")
    text = examples.read_text(encoding="utf-8")
    for name in place.exercise.functions:
        if name not in text:
            yield Finding(shown, f"does not mention `{name}`; show an example of it.")


def steps(place: Place) -> int:
    """Return how often `lint` tells of a file."""
    return evidence.count(place)
