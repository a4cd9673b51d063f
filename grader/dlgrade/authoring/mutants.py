"""The reference, changed in one place at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import libcst as cst
from libcst import metadata

from dlgrade.authoring import operators

MODULE = "(module)"
"""Where a mutant is that is in no function."""

_NO_CODE = (cst.Annotation, cst.Import, cst.ImportFrom, cst.Decorator, cst.Raise)
"""What is not changed: of an error that is raised only that it is raised, since its words are free."""


@dataclass(frozen=True)
class Mutant:
    """The reference with one change.

    Attributes
    ----------
    function
        In which function or method it is, such as ``fit`` or ``BatchNorm.forward``.
    line
        The text of the line that was changed.
    operator
        What kind of change it is, such as ``constant``.
    change
        What became of which part of the line, such as ``x - y -> x + y``. Of two equal ones in a line the
        second ends in ``(2)``.
    source
        The whole file.
    """

    function: str
    line: str
    operator: str
    change: str
    source: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells it from the others, wherever in the file it is."""
        return self.function, self.line, self.change

    @property
    def top(self) -> str | None:
        """The learner's function whose tests should catch it."""
        return None if self.function == MODULE else self.function.partition(".")[0]


def mutants(source: str, *, thin: bool = False) -> list[Mutant]:
    """Return every mutant of a source, in its order.

    Parameters
    ----------
    thin
        Whether a number has only the first of its mutants and of every other operator a line has one, for
        exercises that take seconds a file.
    """
    wrapper = metadata.MetadataWrapper(cst.parse_module(source))
    finder = _Finder(source)
    wrapper.visit(finder)
    found = list(_made(wrapper.module, finder.sites, source))
    return _thinned(found) if thin else found


@dataclass(frozen=True)
class _Site:
    node: cst.CSTNode
    function: str
    line: str
    operator: str
    instead: cst.CSTNode | None


class _Finder(cst.CSTVisitor):
    """Finds every place that may be changed, and knows in which function it is."""

    METADATA_DEPENDENCIES = (metadata.PositionProvider,)

    def __init__(self, source: str) -> None:
        super().__init__()
        self.sites: list[_Site] = []
        self._lines = source.split("\n")
        self._names: list[str] = []
        self._axes: set[cst.CSTNode] = set()

    def on_visit(self, node: cst.CSTNode) -> bool:
        """Take note of a node's changes, and look into it."""
        if isinstance(node, _NO_CODE) or operators.is_guard(node):
            return False
        if isinstance(node, cst.FunctionDef | cst.ClassDef):
            self._names.append(node.name.value)
        if isinstance(node, cst.Arg) and node.keyword is not None and node.keyword.value in operators.AXES:
            self._axes |= {node.value, *node.value.children}
        if node not in self._axes:
            self._note(node)
        return True

    def on_leave(self, original_node: cst.CSTNode) -> None:
        """Leave a function."""
        if isinstance(original_node, cst.FunctionDef | cst.ClassDef):
            self._names.pop()

    def _note(self, node: cst.CSTNode) -> None:
        for operator, instead in operators.changes(node):
            number = self.get_metadata(metadata.PositionProvider, node).start.line
            function = ".".join(self._names[:2]) or MODULE
            self.sites.append(_Site(node, function, self._lines[number - 1].strip(), operator, instead))


def _made(module: cst.Module, sites: Sequence[_Site], source: str) -> Iterator[Mutant]:
    seen = {source}
    times: Counter[tuple[str, str, str]] = Counter()
    for site in sites:
        changed = _replaced(module, site)
        if changed in seen or not _is_python(changed):
            continue
        seen.add(changed)
        became = "(nothing)" if site.instead is None else _code(module, site.instead)
        change = f"{_code(module, site.node)} -> {became}"
        mutant = Mutant(site.function, site.line, site.operator, change, changed)
        times[mutant.key] += 1
        again = times[mutant.key]
        yield mutant if again == 1 else replace(mutant, change=f"{change} ({again})")


def _replaced(module: cst.Module, site: _Site) -> str:
    if site.instead is None:
        return cst.ensure_type(module.deep_remove(site.node), cst.Module).code
    return cst.ensure_type(module.deep_replace(site.node, site.instead), cst.Module).code


def _is_python(source: str) -> bool:
    try:
        compile(source, "mutant", "exec")
    except (SyntaxError, ValueError):
        return False
    return True


def _code(module: cst.Module, node: cst.CSTNode) -> str:
    """Write a node on one line; of a block, what stands in its head."""
    if isinstance(node, cst.If | cst.While):
        word = "if" if isinstance(node, cst.If) else "while"
        return f"{word} {module.code_for_node(node.test)}"
    if isinstance(node, cst.SimpleStatementLine):
        node = node.with_changes(leading_lines=[], trailing_whitespace=cst.TrailingWhitespace())
    return " ".join(module.code_for_node(node).split()).removesuffix(",")


def _thinned(every: Sequence[Mutant]) -> list[Mutant]:
    kept: dict[tuple[str, str, str, str], Mutant] = {}
    for mutant in every:
        part = mutant.change.partition(" -> ")[0] if mutant.operator == "constant" else ""
        kept.setdefault((mutant.function, mutant.line, mutant.operator, part), mutant)
    return list(kept.values())
