"""Two files cut into the functions that an exercise asks for, so that they can be shown side by side."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """One function, or everything around the functions.

    Attributes
    ----------
    name
        The function's name; None for what is around them.
    theirs, yours
        Source without docstrings; None where there is none.
    """

    name: str | None
    theirs: str | None
    yours: str | None


def parts(theirs: str, yours: str | None, names: Sequence[str]) -> tuple[Part, ...]:
    """Put the functions of two sources beside each other.

    Parameters
    ----------
    theirs, yours
        Python that can be parsed; `yours` is None where there is none.
    names
        The functions and classes that are asked for, in the order to show them.
    """
    left, right = _Cut(theirs, names), _Cut(yours or "", names)
    paired = [Part(name, left.found.get(name), right.found.get(name)) for name in names]
    if left.rest or right.rest:
        paired.append(Part(None, left.rest or None, right.rest or None))
    return tuple(paired)


class _Cut:
    """One source: the last definition of each name, and what else is defined."""

    def __init__(self, source: str, names: Sequence[str]) -> None:
        self._lines = source.split("\n")
        self.found: dict[str, str] = {}
        rest = []
        for node in ast.parse(source).body:
            bound = _bound(node)
            asked = [name for name in bound if name in names]
            self.found |= dict.fromkeys(asked, self._text(node, without_docstrings=True))
            if bound and not asked:
                rest.append(self._text(node))
        self.rest = "\n\n".join(rest)

    def _text(self, node: ast.stmt, *, without_docstrings: bool = False) -> str:
        left_out = set(_docstring_lines(node)) if without_docstrings else set()
        first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", ()))])
        while first > 1 and self._lines[first - 2].startswith("#") and "%%" not in self._lines[first - 2]:
            first -= 1  # what is said of it right above it
        assert node.end_lineno is not None
        numbers = (number for number in range(first, node.end_lineno + 1) if number not in left_out)
        return "\n".join(self._lines[number - 1].rstrip() for number in numbers).strip("\n")


def _bound(node: ast.stmt) -> list[str]:
    """Return the names that a statement at the top of a file defines."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return [node.name]
        case ast.Assign():
            return [
                each.id for target in node.targets for each in ast.walk(target) if isinstance(each, ast.Name)
            ]
        case ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
        # What runs when the file is started is no part of the answer.
        case ast.If(test=ast.Compare(left=ast.Name(id="__name__"))):
            return []
        case ast.If() | ast.Try() | ast.With():
            return [name for each in node.body for name in _bound(each)]
        case _:
            return []


def _docstring_lines(top: ast.stmt) -> Iterator[int]:
    """Yield the numbers of the lines that hold docstrings and nothing else.

    They say what is asked for, at length, and the reader knows that by now.
    """
    for node in ast.walk(top):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        match node.body:
            case [ast.Expr(value=ast.Constant(value=str())) as docstring, after, *_]:
                assert docstring.end_lineno is not None
                if node.lineno < docstring.lineno and docstring.end_lineno < after.lineno:
                    yield from range(docstring.lineno, docstring.end_lineno + 1)
