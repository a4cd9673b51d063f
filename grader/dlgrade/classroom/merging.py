"""The starter with the reference in it, as nbgrader wants an instructor's version.

Every line of the starter stays as it is. What the reference has and the starter has not is put in between, in
regions that nbgrader cuts out of the version for learners, so that what remains is the starter again.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dlgrade.errors import ManifestError

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True)
class Piece:
    """A part of the instructor's version that becomes one cell.

    Attributes
    ----------
    name
        The function or class that the learner writes in it; empty for imports and helpers.
    text
        Python, with at least one region.
    """

    name: str
    text: str


def merged(starter: str, reference: str) -> list[Piece]:
    """Put a reference into its starter.

    Returns
    -------
    list of Piece
        The imports first, then the starter's functions and classes in its order. Helpers that the reference
        has between two of them are a piece of their own, before the one that they stand above.

    Raises
    ------
    ManifestError
        If a function of the starter is missing in the reference, or is there at another indentation.
    """
    given, solved = _Source(starter), _Source(reference)
    wanted = {node.name for node in given.definitions}
    missing = wanted - {node.name for node in solved.definitions}
    if missing:
        raise ManifestError(f"The reference has no {', '.join(sorted(missing))}, which the starter has.")
    written = {ast.dump(node) for node in given.tree.body}
    own: dict[str, list[ast.stmt]] = {"": []}  # from a definition's name to the helpers that stand above it
    above: list[ast.stmt] = []
    for node in solved.statements:
        if isinstance(node, _Definition) and node.name in wanted:
            own[node.name], above = above, []
        elif ast.dump(node) not in written:
            (own[""] if isinstance(node, ast.Import | ast.ImportFrom) else above).append(node)
    pieces = [Piece("", _top(given, solved, own[""]))]
    by_name = {node.name: node for node in solved.definitions}
    for node in given.definitions:
        if own.get(node.name):
            pieces.append(Piece("", "\n".join(_region(solved.texts(own[node.name]), ""))))
        pieces.append(Piece(node.name, _solved(given, node, solved, by_name[node.name])))
    if above:
        pieces.append(Piece("", "\n".join(_region(solved.texts(above), ""))))
    return pieces


class _Source:
    """A module's text beside its tree."""

    def __init__(self, text: str) -> None:
        self.lines = text.split("\n")
        self.tree = ast.parse(text)

    @property
    def statements(self) -> list[ast.stmt]:
        """What stands in the module below its docstring."""
        return self.tree.body[1:] if _is_text(self.tree.body[:1]) else self.tree.body

    @property
    def definitions(self) -> list[_Definition]:
        """The functions and classes."""
        return [node for node in self.statements if isinstance(node, _Definition)]

    def text(self, first: int, last: int) -> list[str]:
        """Return lines by their numbers, both ends included."""
        return self.lines[first - 1 : last]

    def texts(self, nodes: Sequence[ast.stmt]) -> list[str]:
        """Return the lines of several statements with the comments above them, apart as in the file."""
        lines: list[str] = []
        for node in nodes:
            plain = isinstance(node, ast.Import | ast.ImportFrom)
            lines += ["", ""] if lines and not plain else []
            lines += self.text(self.start(node), node.end_lineno or node.lineno)
        return lines

    def start(self, node: ast.stmt) -> int:
        """Return the line where a statement begins: with its decorators, and the comments above them."""
        first = _first(node)
        while first > 1 and self.lines[first - 2].lstrip().startswith("#"):
            first -= 1
        return first


def _top(given: _Source, solved: _Source, imports: list[ast.stmt]) -> str:
    """Return the first cell: what the starter has outside of its definitions, and the reference's imports."""
    plain = [node for node in given.statements if not isinstance(node, _Definition)]
    lines = given.texts(plain)
    return "\n".join([*lines, *([""] if lines else []), *_region(solved.texts(imports), "")])


def _solved(given: _Source, node: _Definition, solved: _Source, reference: _Definition) -> str:
    """Return a definition of the starter with the regions of the reference's between its lines."""
    insertions = dict(_insertions(given, node, solved, reference))
    lines: list[str] = []
    for number in range(given.start(node), (node.end_lineno or 0) + 1):
        lines += [*insertions.get(number, []), given.lines[number - 1]]
    return "\n".join(lines)


def _insertions(
    given: _Source, node: _Definition, solved: _Source, reference: _Definition
) -> Iterator[tuple[int, list[str]]]:
    """Yield regions, each with the number of the starter's line that it stands above."""
    if reference.col_offset != node.col_offset:
        raise ManifestError(f"{node.name} is indented otherwise in the reference than in the starter.")
    margin = " " * node.col_offset
    known = {ast.dump(decorator) for decorator in node.decorator_list}
    extra = [each for each in reference.decorator_list if ast.dump(each) not in known]
    if extra:
        lines = [f"{margin}@{ast.unparse(each)}" for each in extra]
        yield _first(node), _region(lines, margin)
    if isinstance(node, ast.ClassDef):
        yield from _in_class(given, node, solved, reference)
    else:
        todo = _todo(node)
        if todo is not None:
            yield todo.lineno, _region(_body(solved, reference, node), " " * todo.col_offset)


def _in_class(
    given: _Source, node: ast.ClassDef, solved: _Source, reference: _Definition
) -> Iterator[tuple[int, list[str]]]:
    theirs = {each.name: each for each in reference.body if isinstance(each, _Definition)}
    methods = [each for each in node.body if isinstance(each, _Definition)]
    for method in methods:
        if method.name in theirs:
            yield from _insertions(given, method, solved, theirs[method.name])
    given_already = {ast.dump(each) for each in node.body}
    solved_already = [theirs.get(method.name) for method in methods]
    extra = [
        each
        for each in reference.body
        if each not in solved_already and ast.dump(each) not in given_already and not _is_text([each])
    ]
    if extra:
        where = _first(methods[0]) if methods else (node.end_lineno or 0)
        yield where, _region(solved.texts(extra), " " * (node.col_offset + 4))


def _body(solved: _Source, reference: _Definition, given: _Definition) -> list[str]:
    """Return the lines of a function's body, without its docstring and what the starter already does."""
    body = reference.body[1:] if _is_text(reference.body[:1]) else list(reference.body)
    done = {ast.dump(statement) for statement in given.body[:-1]}
    while body and ast.dump(body[0]) in done:
        body = body[1:]
    if not body:
        return []
    before = body[0].lineno
    above = reference.body[: reference.body.index(body[0])]
    # Comments above the first statement are part of the solution; where the header ends only they tell.
    earliest = (above[-1].end_lineno or 0) if above else reference.lineno
    while before - 1 > earliest and solved.lines[before - 2].lstrip().startswith("#"):
        before -= 1
    comments = solved.text(solved.start(reference), _first(reference) - 1)
    lines = [*_indented(comments, body[0].col_offset), *solved.text(before, reference.end_lineno or 0)]
    # What follows the region is the starter's TODO, and it must not be reached.
    ends = isinstance(body[-1], ast.Return | ast.Raise)
    return lines if ends else [*lines, f"{' ' * body[0].col_offset}return"]


def _region(lines: list[str], margin: str) -> list[str]:
    return [f"{margin}{BEGIN}", *lines, f"{margin}{END}"]


def _indented(lines: list[str], by: int) -> list[str]:
    return [" " * by + line.lstrip() for line in lines]


def _first(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(each.lineno for each in decorators)])


def _todo(node: _Function) -> ast.stmt | None:
    """Return the statement that says that a function is still to be written."""
    last = node.body[-1]
    raised = last.exc if isinstance(last, ast.Raise) else None
    called = raised.func if isinstance(raised, ast.Call) else raised
    return last if isinstance(called, ast.Name) and called.id == "NotImplementedError" else None


def _is_text(body: Sequence[ast.stmt]) -> bool:
    return (
        bool(body)
        and isinstance(body[0], ast.Expr)
        and isinstance(body[0].value, ast.Constant)
        and isinstance(body[0].value.value, str)
    )
