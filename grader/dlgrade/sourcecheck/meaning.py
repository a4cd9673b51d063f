"""Which objects of other modules, and which texts, an expression stands for."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable
from typing import NamedTuple

from dlgrade.sourcecheck.scopes import Binding, Position, Scope, lookup

_DEPTH_LIMIT = 60
_TEXT_LIMIT = 1 << 16
_MEANINGS_LIMIT = 16

_LOADERS = frozenset(
    {
        "builtins.__import__",
        "importlib.__import__",
        "importlib.import_module",
        "pkgutil.resolve_name",
        "pydoc.locate",
        "runpy.run_module",
    }
)
_GETTERS = frozenset({"builtins.getattr", "builtins.object.__getattribute__", "inspect.getattr_static"})
_RUNNERS = frozenset({"builtins.exec", "builtins.eval", "builtins.compile"})
_GLOBALS = "globals()"
_LOADED = "sys.modules"


class Thing(NamedTuple):
    """Something of another module, by its dotted name: ``numpy.tanh``."""

    path: str


class Text(NamedTuple):
    """A string that is known without running anything."""

    text: str


class Getter(NamedTuple):
    """What ``operator.attrgetter("tanh")`` gives."""

    attribute: str


Meaning = Thing | Text | Getter
_NOTHING: frozenset[Meaning] = frozenset()


class Meanings:
    """Answers for one state of the module's bindings; what is not certain means nothing.

    Parameters
    ----------
    module
        The scope of the module.
    """

    def __init__(self, module: Scope) -> None:
        self._module = module
        self._known: dict[int, frozenset[Meaning]] = {}
        self._depth = 0

    def of(self, node: ast.expr, scope: Scope) -> frozenset[Meaning]:
        """Return what an expression may stand for; the empty set if that is not known."""
        known = self._known.get(id(node))
        if known is not None or self._depth >= _DEPTH_LIMIT:
            return known or _NOTHING
        self._known[id(node)] = _NOTHING  # what is bound to itself stands for nothing
        self._depth += 1
        found = self._of(node, scope)
        self._depth -= 1
        self._known[id(node)] = found if len(found) <= _MEANINGS_LIMIT else _NOTHING
        return self._known[id(node)]

    def paths(self, node: ast.expr, scope: Scope) -> list[str]:
        """Return the dotted names that an expression may stand for."""
        return sorted(one.path for one in self.of(node, scope) if isinstance(one, Thing))

    def texts(self, node: ast.expr, scope: Scope) -> list[str]:
        """Return the strings that an expression may stand for."""
        return sorted(one.text for one in self.of(node, scope) if isinstance(one, Text))

    def loads(self, node: ast.expr, scope: Scope) -> list[str]:
        """Return the modules that are imported by a call such as ``importlib.import_module("torch")``."""
        if not isinstance(node, ast.Call) or not _LOADERS & {*self.paths(node.func, scope)}:
            return []
        name = _argument(node, 0, "name", "path", "mod_name")
        if name is None:
            return []
        modules = [text.replace(":", ".") for text in self.texts(name, scope)]
        package = _argument(node, 1, "package")
        home = self.texts(package, scope) if package else []
        full = [home[0] + one if one.startswith(".") and home else one for one in modules]
        # `pydoc.locate("int")` imports nothing.
        return [one for one in full if not hasattr(builtins, one.partition(".")[0] or "abs")]

    def looks_up(self, node: ast.expr, scope: Scope) -> list[str]:
        """Return the modules that are taken out of ``sys.modules``."""
        return [key for table, key in self._items(node, scope) if table == _LOADED]

    def runs(self, node: ast.expr, scope: Scope) -> list[str]:
        """Return the source texts that a call of ``exec``, ``eval`` or ``compile`` is given."""
        if not isinstance(node, ast.Call) or not _RUNNERS & {*self.paths(node.func, scope)}:
            return []
        source = _argument(node, 0, "source")
        return self.texts(source, scope) if source else []

    def bindings(self, node: ast.expr, scope: Scope) -> list[Binding]:
        """Return the bindings that a name, or an item of ``globals()``, may be."""
        if isinstance(node, ast.Name):
            return lookup(node.id, scope, _start(node))
        keys = [key for table, key in self._items(node, scope) if table == _GLOBALS]
        return [one for key in keys for one in self._module.final(key)]

    def _of(self, node: ast.expr, scope: Scope) -> frozenset[Meaning]:
        match node:
            case ast.Constant(value=str(text)):
                return frozenset({Text(text)})
            case ast.Constant(value=bytes(raw)):
                return frozenset({Text(raw.decode("utf-8", "replace"))})
            case ast.Name(id=name):
                return self._name(name, lookup(name, scope, _start(node)))
            case ast.Attribute():
                return self._attribute(node, scope)
            case ast.Call():
                return self._items_of(node, scope) | self._call(node, scope)
            case ast.Subscript():
                return self._items_of(node, scope)
            case ast.NamedExpr(value=value):
                return self.of(value, scope)
            case ast.IfExp(body=body, orelse=orelse):
                return self.of(body, scope) | self.of(orelse, scope)
            case ast.BoolOp(values=values):
                return frozenset().union(*(self.of(value, scope) for value in values))
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return self._joined([left, right], scope)
            case ast.JoinedStr(values=values):
                return self._joined(values, scope)
            case ast.FormattedValue(value=value, conversion=-1, format_spec=None):
                return self._joined([value], scope)
        return _NOTHING

    def _name(self, name: str, bindings: Iterable[Binding]) -> frozenset[Meaning]:
        found: set[Meaning] = set()
        for one in bindings:
            if one.path:
                found.add(Thing(one.path))
            for value in one.values:
                found |= self.of(value, one.values_scope or one.scope)
        if not [*bindings]:
            if name == "__builtins__":
                found.add(Thing("builtins"))
            elif hasattr(builtins, name):
                found.add(Thing(f"builtins.{name}"))
            if not name.startswith("_"):
                found |= {Thing(f"{star.module}.{name}") for star in self._module.stars}
        return frozenset(found)

    def _attribute(self, node: ast.Attribute, scope: Scope) -> frozenset[Meaning]:
        names = []
        base: ast.expr = node
        while isinstance(base, ast.Attribute):
            names.append(base.attr)
            base = base.value
        dotted = ".".join(reversed(names))
        return frozenset(Thing(f"{path}.{dotted}") for path in self.paths(base, scope))

    def _call(self, node: ast.Call, scope: Scope) -> frozenset[Meaning]:
        if isinstance(node.func, ast.Attribute) and node.func.attr == "join":
            return self._join(node, scope)
        found: set[Meaning] = set()
        whole = len(node.args) > 3 or any(keyword.arg == "fromlist" for keyword in node.keywords)
        for module in self.loads(node, scope):
            is_root = not whole and "builtins.__import__" in self.paths(node.func, scope)
            found.add(Thing(module.partition(".")[0] if is_root else module))
        for called in self.of(node.func, scope):
            if isinstance(called, Getter) and node.args:
                found |= {Thing(f"{path}.{called.attribute}") for path in self.paths(node.args[0], scope)}
            elif isinstance(called, Thing):
                found |= self._result(called.path, node.args, scope)
        return frozenset(found)

    def _result(self, path: str, arguments: list[ast.expr], scope: Scope) -> set[Meaning]:
        """Return what a call of one of the few functions that are known gives."""
        if path == "builtins.globals":
            return {Thing(_GLOBALS)}
        if not arguments:
            return set()
        first = arguments[0]
        if path == "builtins.vars":
            return {Thing(f"{owner}.__dict__") for owner in self.paths(first, scope)}
        if path in ("operator.attrgetter", "operator.methodcaller"):
            return {Getter(attribute) for attribute in self.texts(first, scope)}
        if path in _GETTERS and len(arguments) > 1:
            names = self.texts(arguments[1], scope)
            return {Thing(f"{owner}.{name}") for owner in self.paths(first, scope) for name in names}
        if path.endswith(".__getattribute__"):
            owner = path.removesuffix(".__getattribute__")
            return {Thing(f"{owner}.{name}") for name in self.texts(first, scope)}
        return set()

    def _items_of(self, node: ast.expr, scope: Scope) -> frozenset[Meaning]:
        found: set[Meaning] = set()
        for table, key in self._items(node, scope):
            if table == _LOADED:
                found.add(Thing(key))
            elif table == _GLOBALS:
                found |= self._name(key, self._module.final(key))
            else:
                found.add(Thing(f"{table.removesuffix('.__dict__')}.{key}"))
        return frozenset(found)

    def _items(self, node: ast.expr, scope: Scope) -> list[tuple[str, str]]:
        """Return table and key where an item is taken out of a known table, as ``vars(np)["tanh"]`` does."""
        if isinstance(node, ast.Subscript):
            tables, key = self.paths(node.value, scope), node.slice
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            if node.func.attr not in ("get", "pop", "setdefault", "__getitem__"):
                return []
            tables, key = self.paths(node.func.value, scope), node.args[0]
        else:
            return []
        known = [
            table
            for table in tables
            if table in (_LOADED, _GLOBALS, "builtins") or table.endswith(".__dict__")
        ]
        return [(table, name) for table in known for name in self.texts(key, scope)]

    def _join(self, node: ast.Call, scope: Scope) -> frozenset[Meaning]:
        """Read ``"".join(["tor", "ch"])``."""
        assert isinstance(node.func, ast.Attribute)
        parts = node.args[0] if node.args else None
        if not isinstance(parts, ast.Tuple | ast.List) or self.texts(node.func.value, scope) != [""]:
            return _NOTHING
        return self._joined(parts.elts, scope)

    def _joined(self, parts: list[ast.expr], scope: Scope) -> frozenset[Meaning]:
        """Put texts together, where each part is known and has one meaning only."""
        texts = [self.texts(part, scope) for part in parts]
        if any(len(one) != 1 for one in texts):
            return _NOTHING
        joined = "".join(one[0] for one in texts)
        return frozenset({Text(joined)}) if len(joined) <= _TEXT_LIMIT else _NOTHING


def _argument(node: ast.Call, position: int, *names: str) -> ast.expr | None:
    if len(node.args) > position:
        return node.args[position]
    return next((keyword.value for keyword in node.keywords if keyword.arg in names), None)


def _start(node: ast.expr) -> Position:
    return (node.lineno, node.col_offset)
