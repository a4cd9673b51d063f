"""Reading a syntax tree into scopes, bindings and mentions; nothing is judged here."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from dlgrade.sourcecheck.scopes import ALWAYS, LATER, MANY, Binding, Position, Scope, Star, Unit


class Here(NamedTuple):
    """Where the reader stands.

    Attributes
    ----------
    unit
        None between the module's statements.
    top
        The outermost function or class around.
    certain
        False in a branch or a loop.
    """

    scope: Scope
    unit: Unit | None
    top: str | None
    certain: bool

    def inside(self) -> Here:
        """Return the same place in a unit."""
        return self if self.unit else self._replace(unit=Unit())


class Mention(NamedTuple):
    """An expression that may mean something of another module."""

    node: ast.expr
    scope: Scope
    unit: Unit
    top: str | None
    changes: Unit | None = None  # the unit that stores something into what the name means


class Import(NamedTuple):
    """Another module in an import statement, with the dots of a relative one."""

    module: str
    line: int
    unit: Unit
    top: str | None


_MUTATORS = frozenset(
    {"append", "add", "extend", "insert", "register", "setdefault", "update", "__setitem__"}
)
_BLOCKS = (ast.stmt, ast.excepthandler, ast.match_case)
_Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


class Reader:
    """Reads statements into scopes, bindings and mentions.

    It keeps its own stack: a syntax tree may be deeper than Python lets functions call each other.

    Attributes
    ----------
    module
        The module's scope.
    mentions, imports
        Everything to judge, in the order of the file.
    """

    def __init__(self, body: Iterable[ast.stmt]) -> None:
        self.module = Scope("module")
        self.mentions: list[Mention] = []
        self.imports: list[Import] = []
        self._stack: list[tuple[ast.AST, Here]] = []
        self.read(body, Here(self.module, None, None, certain=True))

    def read(self, body: Iterable[ast.stmt], here: Here) -> None:
        """Read further statements."""
        self._push(body, here)
        while self._stack:
            node, at = self._stack.pop()
            visit = _VISITS.get(type(node), Reader._other)
            visit(self, node, at)

    def _push(self, nodes: Iterable[ast.AST | None], here: Here) -> None:
        self._stack.extend((node, here) for node in reversed([*nodes]) if node is not None)

    def _other(self, node: ast.AST, here: Here) -> None:
        inside = here.inside()
        branch = here._replace(certain=False)
        children = [*ast.iter_child_nodes(node)]
        self._stack.extend(
            (child, branch if isinstance(child, _BLOCKS) else inside) for child in reversed(children)
        )

    def _bind(
        self,
        name: str,
        here: Here,
        position: Position,
        *,
        path: str | None = None,
        values: Sequence[ast.expr] = (),
        values_scope: Scope | None = None,
    ) -> None:
        scope, certain = here.scope, here.certain
        if name in scope.global_names:
            scope, position, certain = self.module, LATER, False
        elif name in scope.nonlocal_names and scope.parent:
            scope, position, certain = scope.parent.enclosing("function"), LATER, False
        unit = here.unit or Unit()
        one = Binding(name, scope, position, certain, unit, path, tuple(values), values_scope or here.scope)
        scope.bind(one)

    def _mention(self, node: ast.expr, here: Here, changes: Unit | None = None) -> None:
        assert here.unit is not None
        self.mentions.append(Mention(node, here.scope, here.unit, here.top, changes))

    # Expressions.

    def _name(self, node: ast.Name, here: Here) -> None:
        if isinstance(node.ctx, ast.Store):
            self._bind(node.id, here, end(node))
        elif isinstance(node.ctx, ast.Load):
            self._mention(node, here)

    def _attribute(self, node: ast.Attribute, here: Here) -> None:
        if isinstance(node.ctx, ast.Load):
            self._mention(node, here)
        base: ast.expr = node
        while isinstance(base, ast.Attribute):
            base = base.value
        self._push([base], here)

    def _subscript(self, node: ast.Subscript, here: Here) -> None:
        if isinstance(node.ctx, ast.Load):
            self._mention(node, here)
        self._other(node, here)

    def _call(self, node: ast.Call, here: Here) -> None:
        self._mention(node, here)
        self._other(node, here)

    def _walrus(self, node: ast.NamedExpr, here: Here) -> None:
        target = here._replace(scope=here.scope.enclosing("function", "class", "module"))
        self._bind(node.target.id, target, end(node), values=[node.value], values_scope=here.scope)
        self._push([node.value], here)

    def _generated(self, node: _Comprehension, here: Here) -> None:
        inner = here._replace(scope=Scope("comprehension", here.scope), certain=True)
        for number, loop in enumerate(node.generators):
            outer = inner if number else here  # the first iterable is evaluated outside
            self._loop(loop.target, loop.iter, inner, outer.scope, ALWAYS)
            self._push([loop.iter], outer)
            self._push(loop.ifs, inner)
        result = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        self._push(result, inner)

    # Definitions.

    def _definition(self, node: ast.FunctionDef | ast.AsyncFunctionDef, here: Here) -> None:
        at = here.inside()._replace(top=here.top or node.name)
        self._bind(node.name, at, end(node))
        self._push([*node.decorator_list, node.returns], at)
        self._function(node, node.body, at)

    def _lambda(self, node: ast.Lambda, here: Here) -> None:
        self._function(node, [node.body], here)

    def _function(self, node: _Function, body: Sequence[ast.AST], here: Here) -> None:
        inner = here._replace(scope=Scope("function", here.scope), certain=True)
        names = node.args
        positional = [*names.posonlyargs, *names.args]
        defaults: list[ast.expr | None] = [None] * (len(positional) - len(names.defaults))
        defaults += [*names.defaults, *names.kw_defaults]
        for parameter, default in zip([*positional, *names.kwonlyargs], defaults, strict=True):
            values = [default] if default else []
            self._bind(parameter.arg, inner, ALWAYS, values=values, values_scope=here.scope)
            self._push([default, parameter.annotation], here)
        for rest in (names.vararg, names.kwarg):
            if rest:
                self._bind(rest.arg, inner, ALWAYS)
                self._push([rest.annotation], here)
        self._push(body, inner)

    def _class(self, node: ast.ClassDef, here: Here) -> None:
        at = here.inside()._replace(top=here.top or node.name)
        self._bind(node.name, at, end(node))
        self._push([*node.decorator_list, *node.bases, *node.keywords], at)
        self._push(node.body, at._replace(scope=Scope("class", here.scope), certain=True))

    def _global(self, node: ast.Global, here: Here) -> None:
        here.scope.global_names.update(node.names)

    def _nonlocal(self, node: ast.Nonlocal, here: Here) -> None:
        here.scope.nonlocal_names.update(node.names)

    # Assignments.

    def _assignment(self, node: ast.Assign, here: Here) -> None:
        target = node.targets[0]
        if len(node.targets) == 1:
            for part, value in pairs(target, node.value):
                self._assign([part], value, node, here)
        else:
            self._assign(node.targets, node.value, node, here)

    def _annotated(self, node: ast.AnnAssign, here: Here) -> None:
        at = here.inside()
        self._push([node.annotation], at)
        if node.value:
            self._assign([node.target], node.value, node, at)

    def _augmented(self, node: ast.AugAssign, here: Here) -> None:
        at = here.inside()
        self._mention(node.target, at)
        self._push([node.value], at)
        self._target(node.target, None, node, at._replace(certain=False))

    def _assign(self, targets: Iterable[ast.expr], value: ast.expr, node: ast.stmt, here: Here) -> None:
        at = here.inside()
        self._push([value], at)
        for target in targets:
            self._target(target, value, node, at, module_level=here.unit is None)

    def _target(
        self,
        target: ast.expr,
        value: ast.expr | None,
        node: ast.stmt,
        here: Here,
        *,
        module_level: bool = False,
    ) -> None:
        if isinstance(target, ast.Name):
            self._bind(target.id, here, end(node), values=[value] if value else [])
            return
        self._push([target], here)
        if module_level:
            self._changed(target, here)

    def _changed(self, target: ast.expr, here: Here) -> None:
        """Note that what a name means was changed: who uses the name uses what was stored."""
        while isinstance(target, ast.Attribute | ast.Subscript):
            target = target.value
        if isinstance(target, ast.Name):
            self._mention(target, here, changes=here.unit)

    def _alone(self, node: ast.Expr, here: Here) -> None:
        at = here.inside()
        self._push([node.value], at)
        if here.unit is None and isinstance(node.value, ast.Call):
            called, arguments = node.value.func, node.value.args
            if isinstance(called, ast.Attribute) and called.attr in _MUTATORS:
                self._changed(called.value, at)
            elif isinstance(called, ast.Name) and called.id == "setattr" and arguments:
                self._changed(arguments[0], at)

    # Blocks.

    def _if(self, node: ast.If, here: Here) -> None:
        branch = here._replace(certain=False)
        self._push(node.orelse, branch)
        if not self._never_runs(node.test):
            self._push(node.body, branch)
            self._push([node.test], here.inside())

    def _never_runs(self, test: ast.expr) -> bool:
        """Whether the block is for type checkers only, or for the file as a script, which it is not here."""
        if isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.Eq) and len(test.ops) == 1:
            sides = [test.left, test.comparators[0]]
            is_main = any(isinstance(side, ast.Constant) and side.value == "__main__" for side in sides)
            is_name = any(isinstance(side, ast.Name) and side.id == "__name__" for side in sides)
            return is_main and is_name and "__name__" not in self.module.bindings
        if isinstance(test, ast.Attribute) and test.attr == "TYPE_CHECKING":
            return self._is_import(test.value, "typing")
        return self._is_import(test, "typing.TYPE_CHECKING")

    def _is_import(self, node: ast.expr, path: str) -> bool:
        meant = self.module.final(node.id) if isinstance(node, ast.Name) else []
        return bool(meant) and all(binding.path == path for binding in meant)

    def _for(self, node: ast.For | ast.AsyncFor, here: Here) -> None:
        at = here.inside()._replace(certain=False)
        self._loop(node.target, node.iter, at, here.scope, end(node.target))
        self._push([node.iter], at)
        self._push([*node.body, *node.orelse], here._replace(certain=False))

    def _loop(
        self, target: ast.expr, values: ast.expr, here: Here, values_scope: Scope, position: Position
    ) -> None:
        if isinstance(target, ast.Name):
            known = values.elts if isinstance(values, ast.Tuple | ast.List | ast.Set) else []
            self._bind(target.id, here, position, values=known, values_scope=values_scope)
            return
        for name in ast.walk(target):
            if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store):
                self._bind(name.id, here, position)

    def _handler(self, node: ast.ExceptHandler, here: Here) -> None:
        if node.name:
            self._bind(node.name, here, (node.lineno, node.col_offset))
        self._other(node, here)

    def _pattern(self, node: ast.MatchAs | ast.MatchStar | ast.MatchMapping, here: Here) -> None:
        name = node.rest if isinstance(node, ast.MatchMapping) else node.name
        if name:
            self._bind(name, here._replace(certain=False), end(node))
        self._other(node, here)

    # Imports.

    def _import(self, node: ast.Import, here: Here) -> None:
        for alias in node.names:
            at = here.inside()
            root = alias.name.partition(".")[0]
            self._bind(alias.asname or root, at, end(node), path=alias.name if alias.asname else root)
            self._imported(alias.name, node, at)

    def _import_from(self, node: ast.ImportFrom, here: Here) -> None:
        module = "." * node.level + (node.module or "")
        for alias in node.names:
            at = here.inside()
            self._imported(module, node, at)
            if alias.name != "*":
                self._bind(alias.asname or alias.name, at, end(node), path=f"{module}.{alias.name}")
            elif at.unit and len(self.module.stars) < MANY:
                self.module.stars.append(Star(module, at.unit, node.lineno))

    def _imported(self, module: str, node: ast.stmt, here: Here) -> None:
        assert here.unit is not None
        self.imports.append(Import(module, node.lineno, here.unit, here.top))


_VISITS: dict[type[ast.AST], Callable[[Reader, Any, Here], None]] = {
    ast.Name: Reader._name,
    ast.Attribute: Reader._attribute,
    ast.Subscript: Reader._subscript,
    ast.Call: Reader._call,
    ast.NamedExpr: Reader._walrus,
    ast.ListComp: Reader._generated,
    ast.SetComp: Reader._generated,
    ast.DictComp: Reader._generated,
    ast.GeneratorExp: Reader._generated,
    ast.FunctionDef: Reader._definition,
    ast.AsyncFunctionDef: Reader._definition,
    ast.Lambda: Reader._lambda,
    ast.ClassDef: Reader._class,
    ast.Global: Reader._global,
    ast.Nonlocal: Reader._nonlocal,
    ast.Assign: Reader._assignment,
    ast.AnnAssign: Reader._annotated,
    ast.AugAssign: Reader._augmented,
    ast.Expr: Reader._alone,
    ast.If: Reader._if,
    ast.For: Reader._for,
    ast.AsyncFor: Reader._for,
    ast.ExceptHandler: Reader._handler,
    ast.MatchAs: Reader._pattern,
    ast.MatchStar: Reader._pattern,
    ast.MatchMapping: Reader._pattern,
    ast.Import: Reader._import,
    ast.ImportFrom: Reader._import_from,
}


def pairs(target: ast.expr, value: ast.expr) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Yield which value goes to which target, as far as ``a, b = 1, 2`` says so."""
    if isinstance(target, ast.Tuple | ast.List) and isinstance(value, ast.Tuple | ast.List):
        several = [*target.elts, *value.elts]
        if len(target.elts) == len(value.elts) and not any(isinstance(one, ast.Starred) for one in several):
            for part, its_value in zip(target.elts, value.elts, strict=True):
                yield from pairs(part, its_value)
            return
    yield target, value


def end(node: ast.expr | ast.stmt | ast.pattern) -> Position:
    """Return where a node ends, which is when what it binds takes effect."""
    return (node.end_lineno or node.lineno, node.end_col_offset or 0)
