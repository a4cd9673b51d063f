"""What can be seen of an exercise without running it: its files, its hints, its signatures."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from dlgrade import content
from dlgrade.authoring import evidence
from dlgrade.authoring.course import Place
from dlgrade.authoring.finding import Finding

HINTS_MIN = 3
POINTS = 10.0
CERTIFICATE = "CERTIFICATE.md"
EQUIVALENT = "equivalent.toml"

Function = ast.FunctionDef | ast.AsyncFunctionDef


def findings(place: Place) -> Iterator[Finding]:
    """Yield what is wrong with an exercise's files as they lie there."""
    yield from _strays(place)
    yield from _manifest(place)
    yield from _contract(place)
    for path, why in evidence.readable(place)[1].items():
        yield Finding(place.shown(path), why)
    for kind, paths in (("mistakes", place.mistakes), ("variants", place.variants)):
        if not paths:
            yield Finding(place.shown(place.solution / kind), "is empty; write at least one.")


def _strays(place: Place) -> Iterator[Finding]:
    """Yield the files that nobody names."""
    named = {"README.md", "exercise.toml", "test_examples.py", place.exercise.entry}
    folders = [(place.exercise.exercise_dir, named)]
    suites = {
        path.name
        for path in content.modules(place.solution)
        if path.stem.startswith("test_hidden") or path.name == content.PICTURES
    }
    kept = {place.exercise.entry, "clues.py", CERTIFICATE, EQUIVALENT, "mistakes", "variants"}
    folders.append((place.solution, kept | suites | _imported(place.solution, suites)))
    folders += [
        (place.solution / kind, {path.name for path in paths})
        for kind, paths in (("mistakes", place.mistakes), ("variants", place.variants))
    ]
    for folder, allowed in folders:
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            # What Python, pytest and the desktop leave behind is not the author's.
            if path.name not in allowed and not path.name.startswith((".", "__")):
                yield Finding(place.shown(path), "is named by nobody; delete it, or let the suite import it.")


def _imported(folder: Path, suites: set[str]) -> set[str]:
    """Return the modules of a folder that suites import or read by name, and those that these do."""
    modules = {path.name: path for path in content.modules(folder)}
    found: set[str] = set()
    waiting = list(suites)
    while waiting:
        words = _words(ast.parse(modules[waiting.pop()].read_text(encoding="utf-8")))
        more = {name for name in modules if {name, name.removesuffix(".py")} & words} - found
        found |= more
        waiting += more
    return found


def _words(tree: ast.Module) -> set[str]:
    """Return the names of imported modules and the texts, one of which may be a file's name."""
    words: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            words |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            words.add(node.module or "")
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            words.add(node.value)
    return words


def _manifest(place: Place) -> Iterator[Finding]:
    exercise, file = place.exercise, place.shown(place.exercise.exercise_dir / "exercise.toml")
    for criterion in exercise.criteria:
        if len(criterion.hints) < HINTS_MIN:
            has = len(criterion.hints)
            yield Finding(
                file, f"{criterion.id} has {has} hints; give it {HINTS_MIN}, from vague to concrete."
            )
    if exercise.points != POINTS:
        yield Finding(file, f"the points sum to {exercise.points:g}; make them {POINTS:g}.")


def _contract(place: Place) -> Iterator[Finding]:
    """Compare the starter with the reference, and with the manifest."""
    starter, entry = place.exercise.entry_path, place.shown(place.exercise.entry_path)
    given, right = _definitions(starter), _definitions(place.reference)
    for name in place.exercise.functions:
        for where, path in ((given, starter), (right, place.reference)):
            if name not in where:
                yield Finding(
                    place.shown(path), f"there is no `{name}`, which the manifest names; define it."
                )
    tree = ast.parse(starter.read_text(encoding="utf-8"))
    if not ast.get_docstring(tree):
        yield Finding(entry, "the file has no docstring; say what is to be filled in.")
    for name, node in given.items():
        if not ast.get_docstring(node) and not name.endswith(".__init__"):
            yield Finding(entry, f"`{name}` has no docstring; say what it takes and what it returns.")
        if isinstance(node, Function) and isinstance(other := right.get(name), Function):
            mine, theirs = _signature(node), _signature(other)
            if mine != theirs:
                yield Finding(
                    entry, f"`{name}({mine})` is `{name}({theirs})` in the reference; make them alike."
                )


def _definitions(path: Path) -> dict[str, Function | ast.ClassDef]:
    """Return what a module defines at its top, methods as ``Class.method``; private ones are left out."""
    found: dict[str, Function | ast.ClassDef] = {}
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, Function):
            found[node.name] = node
        elif isinstance(node, ast.ClassDef):
            found[node.name] = node
            methods = (each for each in node.body if isinstance(each, Function))
            found |= {f"{node.name}.{each.name}": each for each in methods}
    return {
        name: node
        for name, node in found.items()
        if name.endswith(".__init__") or not any(part.startswith("_") for part in name.split("."))
    }


def _signature(node: Function) -> str:
    """Write down the parameters' names, kinds and defaults, without annotations."""
    arguments = ast.parse(f"def f({ast.unparse(node.args)}): ...").body[0]
    assert isinstance(arguments, ast.FunctionDef)
    for argument in ast.walk(arguments.args):
        if isinstance(argument, ast.arg):
            argument.annotation = None
    return ast.unparse(arguments.args)
