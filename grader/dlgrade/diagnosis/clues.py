"""What is known of an exercise's functions beforehand: from its author, and from its reference."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dlgrade import siblings

NAME = "clues.py"


@dataclass(frozen=True)
class Clues:
    """What an author says of an exercise so that numbers can be put into its words.

    Attributes
    ----------
    links
        From a function to the values of its answer in the order in which one follows from another.
    conditions
        From a function to conditions on its arguments, by the words that follow "right except where".
    names
        From a function to what the values of its answer are called, where the reference does not say.
    opaque
        From a function to the values of its answer that are the learner's own affair, such as a cache.
    not_replayed
        Criteria whose tests take too long to be asked again of every known mistake.
    """

    links: Mapping[str, Sequence[str]] = field(default_factory=dict)
    conditions: Mapping[str, Mapping[str, Callable[..., bool]]] = field(default_factory=dict)
    names: Mapping[str, Sequence[str]] = field(default_factory=dict)
    opaque: Mapping[str, Sequence[str]] = field(default_factory=dict)
    not_replayed: frozenset[str] = frozenset()


def used(source: str) -> dict[str, frozenset[str]]:
    """Read which of a module's functions and classes use which others, directly or through one another."""
    tree = ast.parse(source)
    defined = {
        node.name: {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
    }
    found = {name: (names & defined.keys()) - {name} for name, names in defined.items()}
    for _ in found:
        found = {name: names.union(*(found[each] for each in names)) for name, names in found.items()}
    return {name: frozenset(names - {name}) for name, names in found.items()}


def returned_names(source: str) -> dict[str, tuple[str | None, ...]]:
    """Read what the reference's functions call the values that they return."""
    found = {}
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef):
            for inner in ast.walk(node):
                if isinstance(inner, ast.Return) and isinstance(inner.value, ast.Tuple):
                    found[node.name] = tuple(
                        item.id if isinstance(item, ast.Name) else None for item in inner.value.elts
                    )
    return found


def read(suite_dir: Path) -> Clues:
    """Load what the author says, if there is something.

    Parameters
    ----------
    suite_dir
        The exercise's folder among the solutions.
    """
    path = suite_dir / NAME
    if not path.is_file():
        return Clues()
    module = siblings.load(path, "dlgrade_clues")
    return Clues(
        getattr(module, "LINKS", {}),
        getattr(module, "CONDITIONS", {}),
        getattr(module, "NAMES", {}),
        getattr(module, "OPAQUE", {}),
        frozenset(getattr(module, "NOT_REPLAYED", ())),
    )


def defaults(source: str) -> dict[str, dict[str, Any]]:
    """Read the defaults of a module's functions, where they are plain numbers or strings."""
    found: dict[str, dict[str, Any]] = {}
    for node in ast.parse(source).body:
        if not isinstance(node, ast.FunctionDef):
            continue
        arguments = node.args
        positional = [*arguments.posonlyargs, *arguments.args]
        pairs = list(zip(reversed(positional), reversed(arguments.defaults), strict=False))
        pairs += [
            (arg, value)
            for arg, value in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
            if value
        ]
        found[node.name] = {}
        for argument, value in pairs:
            try:
                found[node.name][argument.arg] = ast.literal_eval(value)
            except ValueError:
                continue
    return found
