"""What a mutant changes: each operator gives, for a node of the source, what may stand there instead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import libcst as cst

Changes = Iterator[tuple[str, cst.CSTNode | None]]
"""The operator's name, and what takes the node's place; None where it goes."""

AXES = ("axis", "dim")
_BINARY: dict[type[cst.BaseBinaryOp], type[cst.BaseBinaryOp]] = {
    cst.Add: cst.Subtract,
    cst.Subtract: cst.Add,
    cst.Multiply: cst.Divide,
    cst.Divide: cst.Multiply,
    cst.Power: cst.Multiply,
    cst.FloorDivide: cst.Divide,
    cst.Modulo: cst.FloorDivide,
    cst.BitAnd: cst.BitOr,
    cst.BitOr: cst.BitAnd,
}
_UNEQUAL = (cst.Subtract, cst.Divide, cst.Power, cst.MatrixMultiply)
"""Operators whose sides are not the same to them."""

_AUGMENTED: dict[type[cst.BaseAugOp], type[cst.BaseAugOp]] = {
    cst.AddAssign: cst.SubtractAssign,
    cst.SubtractAssign: cst.AddAssign,
    cst.MultiplyAssign: cst.DivideAssign,
    cst.DivideAssign: cst.MultiplyAssign,
}
_COMPARED: dict[type[cst.BaseCompOp], Sequence[type[cst.BaseCompOp]]] = {
    cst.LessThan: (cst.LessThanEqual, cst.GreaterThanEqual),
    cst.LessThanEqual: (cst.LessThan, cst.GreaterThan),
    cst.GreaterThan: (cst.GreaterThanEqual, cst.LessThanEqual),
    cst.GreaterThanEqual: (cst.GreaterThan, cst.LessThan),
    cst.Equal: (cst.NotEqual,),
    cst.NotEqual: (cst.Equal,),
    cst.Is: (cst.IsNot,),
    cst.IsNot: (cst.Is,),
    cst.In: (cst.NotIn,),
    cst.NotIn: (cst.In,),
}
_TWINS = (
    ("min", "max"),
    ("minimum", "maximum"),
    ("argmin", "argmax"),
    ("zeros", "ones"),
    ("zeros_like", "ones_like"),
    ("sum", "mean"),
    ("any", "all"),
    ("floor", "ceil"),
    ("sin", "cos"),
    ("eval", "train"),
)
_SYMMETRIC = ("min", "max", "minimum", "maximum")
"""Functions to which the order of what they are given is the same."""

_TWIN = {one: other for pair in _TWINS for one, other in (pair, pair[::-1])}


def changes(node: cst.CSTNode) -> Changes:
    """Yield what may stand in a node's place."""
    for kind, operator in _OPERATORS.items():
        if isinstance(node, kind):
            yield from operator(node)


def _binary(node: cst.BinaryOperation) -> Changes:
    other = _BINARY.get(type(node.operator))
    if other is not None:
        yield "operator", node.with_changes(operator=other())
    if isinstance(node.operator, _UNEQUAL):
        yield "swapped sides", node.with_changes(left=_bracketed(node.right), right=_bracketed(node.left))


def _augmented(node: cst.AugAssign) -> Changes:
    other = _AUGMENTED.get(type(node.operator))
    if other is not None:
        yield "operator", node.with_changes(operator=other())
    yield "operator", cst.Assign([cst.AssignTarget(node.target)], node.value)


def _compared(node: cst.Comparison) -> Changes:
    for index, each in enumerate(node.comparisons):
        for other in _COMPARED.get(type(each.operator), ()):
            parts = list(node.comparisons)
            parts[index] = each.with_changes(operator=other())
            yield "comparison", node.with_changes(comparisons=parts)


def _joined(node: cst.BooleanOperation) -> Changes:
    other = cst.Or() if isinstance(node.operator, cst.And) else cst.And()
    yield "and/or", node.with_changes(operator=other)


def _unary(node: cst.UnaryOperation) -> Changes:
    # The sign of a number is told by the numbers that take its place.
    if isinstance(node.operator, cst.Minus | cst.Not) and not isinstance(node.expression, cst.Integer):
        yield "unary", _bracketed(node.expression)


def _number(node: cst.Integer | cst.Float) -> Changes:
    value = node.evaluated_value
    real = isinstance(node, cst.Float)
    half = value / 2 if real or value % 2 else value // 2
    for other in dict.fromkeys((0, 1, 2, value + 1, value - 1, half)):
        if other != value:
            yield "constant", literal(float(other) if real else other)


def _name(node: cst.Name) -> Changes:
    if node.value in ("True", "False"):
        yield "constant", cst.Name("False" if node.value == "True" else "True")


def _twin(node: cst.Call) -> Changes:
    """Take the other of two functions that are like each other."""
    other = _TWIN.get(_called(node))
    if other is not None:
        name = cst.Name(other)
        method = isinstance(node.func, cst.Attribute)
        yield "twin", node.with_changes(func=node.func.with_changes(attr=name) if method else name)


def _called(node: cst.Call) -> str:
    """Return the name of what is called, without what it belongs to."""
    name = node.func.attr if isinstance(node.func, cst.Attribute) else node.func
    return name.value if isinstance(name, cst.Name) else ""


def _call(node: cst.Call) -> Changes:
    yield from _twin(node)
    plain = [arg for arg in node.args if arg.keyword is None and not arg.star]
    if plain:
        yield "dropped call", _whole(plain[0].value)
    elif isinstance(node.func, cst.Attribute) and not node.args:
        yield "dropped call", node.func.value
    for first, second in pairwise([] if _called(node) in _SYMMETRIC else plain):
        swapped = {id(first): second.value, id(second): first.value}
        args = [arg.with_changes(value=swapped.get(id(arg), arg.value)) for arg in node.args]
        yield "swapped arguments", node.with_changes(args=args)
    if isinstance(node.func, cst.Name) and node.func.value == "range":
        fewer = cst.BinaryOperation(_bracketed(node.args[-1].value), cst.Subtract(), cst.Integer("1"))
        yield "boundary", node.with_changes(args=[*node.args[:-1], cst.Arg(fewer)])


def _argument(node: cst.Arg) -> Changes:
    """Change what a keyword is given: an axis is no number like others."""
    if node.keyword is None:
        return
    if node.keyword.value in AXES:
        now = cst.Module([]).code_for_node(node.value)
        for other in ("0", "1", "None"):
            if other != now:
                yield "axis", node.with_changes(value=cst.parse_expression(other))
    elif node.keyword.value not in ("keepdims", "keepdim"):
        yield "dropped argument", None


def is_guard(node: cst.CSTNode) -> bool:
    """Whether a node is the `strict=True` of a zip: it guards against what the statement rules out."""
    return isinstance(node, cst.Arg) and node.keyword is not None and node.keyword.value == "strict"


def _conditional(node: cst.IfExp) -> Changes:
    yield "condition", _bracketed(node.body)
    yield "condition", _bracketed(node.orelse)


def _if(node: cst.If | cst.While) -> Changes:
    for other in ("True", "False") if isinstance(node, cst.If) else ("False",):
        yield "condition", node.with_changes(test=cst.Name(other))


def _line(node: cst.SimpleStatementLine) -> Changes:
    """Leave a statement out, unless it is what a function is for, or a sentence."""
    (first, *_) = node.body
    kept = (cst.Return, cst.Import, cst.ImportFrom, cst.Pass, cst.Global, cst.Nonlocal, cst.Break)
    text = isinstance(first, cst.Expr) and isinstance(first.value, cst.SimpleString | cst.ConcatenatedString)
    if not isinstance(first, kept) and not text:
        yield "removed statement", node.with_changes(body=[cst.Pass()])


def _return(node: cst.Return) -> Changes:
    if isinstance(node.value, cst.Tuple) and len(node.value.elements) > 1:
        first, second, *more = node.value.elements
        elements = [first.with_changes(value=second.value), second.with_changes(value=first.value), *more]
        yield "swapped values", node.with_changes(value=node.value.with_changes(elements=elements))


def _break(_node: cst.Break | cst.Continue) -> Changes:
    yield "removed statement", cst.Pass()


def literal(value: float) -> cst.BaseExpression:
    """Write a number, in brackets where a minus is part of it."""
    text = repr(value)
    return cst.parse_expression(f"({text})" if value < 0 else text)


def _whole(node: cst.BaseExpression) -> cst.BaseExpression:
    """Put an expression into brackets, a number too, after which a dot may stand."""
    if isinstance(node, cst.Integer | cst.Float):
        return node.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    return _bracketed(node)


def _bracketed(node: cst.BaseExpression) -> cst.BaseExpression:
    """Put an expression into brackets, unless it holds together anyway."""
    whole = (cst.Name, cst.Integer, cst.Float, cst.Call, cst.Attribute, cst.Subscript, cst.List)
    if isinstance(node, whole) or node.lpar:
        return node
    return node.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])


_OPERATORS = {
    cst.BinaryOperation: _binary,
    cst.AugAssign: _augmented,
    cst.Comparison: _compared,
    cst.BooleanOperation: _joined,
    cst.UnaryOperation: _unary,
    cst.Integer: _number,
    cst.Float: _number,
    cst.Name: _name,
    cst.Call: _call,
    cst.Arg: _argument,
    cst.IfExp: _conditional,
    cst.If: _if,
    cst.While: _if,
    cst.SimpleStatementLine: _line,
    cst.Return: _return,
    cst.Break: _break,
    cst.Continue: _break,
}
