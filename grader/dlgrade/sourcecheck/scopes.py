"""Scopes, bindings, and what depends on what in a learner's file.

The module's own statements are taken apart into units: what one definition, assignment or import binds. A
unit refers to others through names, and whatever reaches a unit that uses something uses it too.
"""

from __future__ import annotations

import ast
import bisect
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Position = tuple[float, float]
"""Line and column, to tell what was bound before."""

ALWAYS: Position = (0, 0)
LATER: Position = (math.inf, 0)

MANY = 50
"""So many meanings of one name are looked at: more are there only to keep this busy."""


@dataclass(eq=False)
class Unit:
    """One piece of the module's code, and the units whose names it mentions."""

    refers_to: set[Unit] = field(default_factory=set)


@dataclass(eq=False)
class Binding:
    """One place where a name gets a value.

    Attributes
    ----------
    position
        Where it takes effect.
    certain
        Whether it replaces what the name meant before; not so in a branch or a loop.
    path
        The dotted name of what is imported, for an import: importing a thing is not yet using it.
    values
        The expressions it may be bound to, to be read in `values_scope`; none where that is not known.
    """

    name: str
    scope: Scope
    position: Position
    certain: bool
    unit: Unit
    path: str | None = None
    values: tuple[ast.expr, ...] = ()
    values_scope: Scope | None = None


class Star(NamedTuple):
    """A ``from module import *``."""

    module: str
    unit: Unit
    line: int


@dataclass(eq=False)
class Scope:
    """A namespace of the file."""

    kind: Literal["module", "function", "class", "comprehension"]
    parent: Scope | None = None
    bindings: dict[str, list[Binding]] = field(default_factory=dict)
    global_names: set[str] = field(default_factory=set)
    nonlocal_names: set[str] = field(default_factory=set)
    stars: list[Star] = field(default_factory=list)

    def bind(self, binding: Binding) -> None:
        """Add a binding, in the order of what takes effect when."""
        bisect.insort(self.bindings.setdefault(binding.name, []), binding, key=_position)

    def final(self, name: str) -> list[Binding]:
        """Return the bindings that may hold once the scope's code has run."""
        bindings = self.bindings.get(name, [])
        return _last(bindings, len(bindings))

    def before(self, name: str, position: Position) -> list[Binding]:
        """Return the bindings that may hold at a place in the scope's own code."""
        bindings = self.bindings.get(name, [])
        return _last(bindings, bisect.bisect_right(bindings, position, key=_position))

    def enclosing(self, *kinds: str) -> Scope:
        """Return the nearest scope of one of these kinds, this one included."""
        scope = self
        while scope.kind not in kinds and scope.parent:
            scope = scope.parent
        return scope


def _position(binding: Binding) -> Position:
    return binding.position


def _last(bindings: Sequence[Binding], end: int) -> list[Binding]:
    """Return the bindings before an index, backwards to the one that certainly replaced all earlier ones."""
    found: list[Binding] = []
    for index in range(end - 1, max(-1, end - 1 - MANY), -1):
        found.append(bindings[index])
        if bindings[index].certain:
            break
    return found


def lookup(name: str, scope: Scope, position: Position) -> list[Binding]:
    """Find what a name may mean where it stands; nothing for a builtin or a name from a star import."""
    at: Scope | None = scope
    runs_now = True
    while at:
        if name in at.global_names:
            runs_now = runs_now and at.kind == "module"
            at = at.enclosing("module")
        # Methods do not see the names of their class.
        if at is scope or at.kind != "class":
            found = at.before(name, position) if runs_now else at.final(name)
            if not found and at.kind in ("function", "comprehension"):
                found = at.bindings.get(name, [])[:MANY]  # bound later, as in a loop; never the outer name
            if found:
                return found
        runs_now = runs_now and at.kind != "function"
        at = at.parent
    return []
