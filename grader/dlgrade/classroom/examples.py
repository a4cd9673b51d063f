"""The visible examples as cells: what pytest would call is called in plain Python, beside the function."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

_NOQA = re.compile(r"  # noqa\b.*")


@dataclass(frozen=True)
class Examples:
    """The visible tests of an exercise, by the function that they are about.

    Attributes
    ----------
    common
        What all of them need: imports, numbers, helpers. Empty if there is nothing.
    beside
        From a function of the exercise to the tests that can be run once it is written.
    """

    common: str
    beside: dict[str, str] = field(default_factory=dict)


def examples(source: str, module: str, functions: Sequence[str], reference: str) -> Examples:
    """Read an exercise's visible tests.

    Parameters
    ----------
    source
        The text of test_examples.py.
    module
        The name of the module that holds the functions; in a notebook there is none.
    functions
        The exercise's functions, in the order in which they are written.
    reference
        The text of the reference: what its functions call must be there before an example can run.

    Notes
    -----
    Tests that need a fixture of pytest's are left out: there is no plain call for them.
    """
    lines = [_NOQA.sub("", line) for line in source.split("\n")]
    body = ast.parse("\n".join(lines)).body
    tests = [node for node in body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]
    others = [node for node in body if node not in tests and not _is_left_out(node, module)]
    known = [*others, *ast.parse(reference).body]
    uses = {name: _names([node]) for node in known for name in _defined(node)}
    beside: dict[str, list[str]] = {}
    for test in tests:
        needed = [function for function in functions if function in _reached(_names([test]), uses)]
        call = _call(test, lines)
        if needed and call is not None:
            text = "\n".join(lines[test.lineno - 1 : test.end_lineno])
            beside.setdefault(needed[-1], []).append(f"{text}\n\n{call}")
    common = "\n".join(_texts(others, lines))
    return Examples(common, {name: "\n\n\n".join(texts) for name, texts in beside.items()})


def _is_left_out(node: ast.stmt, module: str) -> bool:
    """Whether a statement is the docstring, or imports what the notebook's cells define."""
    if isinstance(node, ast.ImportFrom):
        return node.module == module
    if isinstance(node, ast.Import):
        return any(each.name == module for each in node.names)
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _texts(nodes: Iterable[ast.stmt], lines: list[str]) -> list[str]:
    found: list[str] = []
    last: ast.stmt | None = None
    for node in nodes:
        first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", []))])
        while first > 1 and lines[first - 2].startswith("#"):
            first -= 1
        imports = isinstance(node, ast.Import | ast.ImportFrom)
        if last is not None and isinstance(last, ast.Import | ast.ImportFrom) != imports:
            found.append("")
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            found += ["", ""]
        found += lines[first - 1 : node.end_lineno]
        last = node
    return found


def _call(test: ast.FunctionDef, lines: list[str]) -> str | None:
    """Return the Python that calls a test with all its arguments, or None if some come from pytest."""
    loops: list[tuple[list[str], str]] = []
    for decorator in test.decorator_list:
        if not (isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "pytest.mark.parametrize"):
            continue
        if len(decorator.args) < 2 or "pytest.param" in ast.unparse(decorator.args[1]):
            return None
        loops.append((_argnames(decorator.args[0]), _written(decorator.args[1], lines)))
    given = [name for names, _ in loops for name in names]
    wanted = [each.arg for each in (*test.args.posonlyargs, *test.args.args, *test.args.kwonlyargs)]
    if sorted(given) != sorted(wanted):
        return None
    rows = []
    for depth, (names, values) in enumerate(loops):
        margin = "    " * depth
        rows.append(margin + f"for {', '.join(names)} in {values}:".replace("\n", f"\n{margin}"))
    return "\n".join([*rows, f"{'    ' * len(loops)}{test.name}({', '.join(wanted)})"])


def _written(node: ast.expr, lines: list[str]) -> str:
    """Return an expression as it stands in the file, its lines as far to the left as its first."""
    text = ast.get_source_segment("\n".join(lines), node) or ast.unparse(node)
    return text.replace(f"\n{' ' * node.col_offset}", "\n")


def _argnames(node: ast.expr) -> list[str]:
    value = ast.literal_eval(node)
    return [name.strip() for name in (value.split(",") if isinstance(value, str) else value)]


def _names(nodes: Iterable[ast.AST]) -> set[str]:
    return {each.id for node in nodes for each in ast.walk(node) if isinstance(each, ast.Name)}


def _defined(node: ast.stmt) -> set[str]:
    """Return the names that a statement of a module binds."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return {node.name}
    names = (each for each in ast.walk(node) if isinstance(each, ast.Name))
    return {each.id for each in names if isinstance(each.ctx, ast.Store)}


def _reached(names: set[str], uses: dict[str, set[str]]) -> set[str]:
    """Return the names, and those that what they stand for needs, and so on."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += uses.get(name, ())
    return found
