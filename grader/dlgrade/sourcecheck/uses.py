"""Judging what a source mentions: what is ruled out, and which of its functions it belongs to."""

from __future__ import annotations

import ast
import re
import sys
import warnings
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import NamedTuple

import msgspec

from dlgrade.manifest import RuledOut
from dlgrade.sourcecheck.meaning import Meanings
from dlgrade.sourcecheck.reader import Here, Mention, Reader
from dlgrade.sourcecheck.scopes import Binding, Scope, Unit

# fmt: off
_BY_HAND = frozenset(
    {
        "aesara", "autograd", "casadi", "chainer", "cntk", "cupy", "equinox", "fastai", "flax",
        "haiku", "jax", "jaxlib", "keras", "lightning", "micrograd", "mindspore", "minitorch",
        "mxnet", "optax", "paddle", "pytensor", "pytorch_lightning", "scipy", "skimage", "sklearn",
        "statsmodels", "sympy", "tensorflow", "tf_keras", "theano", "tinygrad", "torch",
        "torchaudio", "torchvision",
    }
)
# fmt: on
"""Packages that do what an exercise without torch asks to do by hand."""

# Where NumPy keeps what it offers under its own name.
_NUMPY_INSIDE = re.compile(
    r"^numpy(\.(_core|core|_multiarray_umath|umath|numeric|fromnumeric|multiarray|matlib))+\."
)

_RUN_LIMIT = 10_000
_RUN_ROUNDS = 3
_FAULTS_LIMIT = 1000


class Use(msgspec.Struct, frozen=True):
    """One place where something is used that is ruled out.

    Attributes
    ----------
    name
        The dotted name: a module as it was imported, or what a rule names.
    line
        Counted from 1.
    function
        The outermost function or class around; None between the module's statements.
    functions
        The names of the module that use it, directly or through others; for a rule that is
        about some functions only, those of them.
    because
        The reason.
    sentence
        All of it, as a learner reads it.
    """

    name: str
    line: int
    function: str | None
    functions: tuple[str, ...]
    because: str
    sentence: str


def find(
    source: str,
    tools: Collection[str],
    ruled_out: Iterable[RuledOut] = (),
    *,
    asked: Collection[str] = (),
    where: Callable[[int], str] = "line {}".format,
) -> tuple[Use, ...]:
    """Find what a source uses that is ruled out.

    Parameters
    ----------
    source
        Python text; of what does not parse nothing is said.
    tools
        What may be imported beside the standard library.
    ruled_out
        The names that are ruled out beside that, and where.
    asked
        The names that the exercise asks for: a function that is imported under such a name is used by it.
    where
        Says where the learner sees a line.

    Returns
    -------
    tuple of Use
        In the order of the lines.
    """
    tree = _parsed(source)
    if tree is None:
        return ()
    reader = Reader(tree.body)
    _read_what_is_run(reader)
    judge = _Judge(reader, tools, tuple(ruled_out), asked)
    judge.judge()
    return tuple(sorted(judge.uses(where), key=lambda use: (use.line, use.name)))


def _parsed(source: str) -> ast.Module | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _read_what_is_run(reader: Reader) -> None:
    """Read the constant texts given to `exec` and `eval` too, as if they stood there."""
    done: set[int] = set()
    for _ in range(_RUN_ROUNDS):
        meanings = Meanings(reader.module)
        mentions = [one for one in reversed(reader.mentions) if id(one.node) not in done]
        found = [(one, text) for one in mentions for text in meanings.runs(one.node, one.scope)]
        for mention, text in found:
            done.add(id(mention.node))
            tree = _parsed(text.strip()) if len(text) <= _RUN_LIMIT else None
            if tree is not None:
                _read_at(tree, mention, reader)


def _read_at(tree: ast.Module, mention: Mention, reader: Reader) -> None:
    for node in ast.walk(tree):
        ast.copy_location(node, mention.node)
    # What is run in a function cannot bind its local names.
    inner = mention.scope if mention.scope.kind == "module" else Scope("comprehension", mention.scope)
    reader.read(tree.body, Here(inner, mention.unit, mention.top, certain=False))


class _Fault(NamedTuple):
    """What a `Use` says, without those that use it."""

    verb: str
    name: str
    line: int
    top: str | None
    because: str
    within: tuple[str, ...] = ()


class _Judge:
    """Collects faults and the units that they are found in."""

    def __init__(
        self, reader: Reader, tools: Collection[str], rules: tuple[RuledOut, ...], asked: Collection[str]
    ) -> None:
        self._reader = reader
        self._module = reader.module
        self._meanings = Meanings(reader.module)
        self._rules = rules
        self._provided = {*asked}.union(*(rule.within for rule in rules))
        self._by_hand = _BY_HAND.difference(tools)
        self._allowed = {"__main__", *sys.stdlib_module_names, *tools}
        only = _listed(["the standard library", *tools])
        self._only = f"only {only} can be imported here"
        self._hand = f"the point is to do it by hand, with {only} alone"
        self._without_torch = "torch" not in tools
        self._found: dict[_Fault, set[Unit]] = {}
        self._names: dict[_Fault, set[str]] = {}  # from a fault without its name to the names

    def judge(self) -> None:
        """Go through everything that was read."""
        self._bind_stars()
        # Inner expressions come after the outer ones: known first, they keep the way to the outer ones short.
        for mention in reversed(self._reader.mentions):
            self._connect(mention)
            self._judge_loading(mention)
            self._judge_naming(mention)
        for one in self._reader.imports:
            if not self._is_allowed(one.module):
                self._note_import(one.module, one.line, one.top, one.unit)
        for name in self._provided:
            self._judge_provided(self._module.final(name))

    def uses(self, where: Callable[[int], str]) -> Iterator[Use]:
        """Yield a `Use` for each fault that counts."""
        users = _Users(self._module, self._provided)
        for fault, units in self._found.items():
            functions = users.of(units)
            if fault.within:
                functions = tuple(name for name in functions if name in fault.within)
            if (functions or not fault.within) and not self._is_part_of_another(fault):
                place = f" in `{fault.top}`" if fault.top else ""
                sentence = f"{where(fault.line)} {fault.verb} {fault.name}{place}: {fault.because}"
                yield Use(fault.name, fault.line, fault.top, functions, fault.because, sentence)

    # What refers to what.

    def _bind_stars(self) -> None:
        """Let a name that the exercise asks for come from a star import, if it comes from nowhere else."""
        for name in sorted(self._provided.difference(self._module.bindings)):
            for star in self._module.stars:
                one = Binding(name, self._module, (star.line, 0), False, star.unit, f"{star.module}.{name}")
                self._module.bind(one)

    def _connect(self, mention: Mention) -> None:
        bindings = self._meanings.bindings(mention.node, mention.scope)
        for binding in bindings:
            if mention.changes is None:
                mention.unit.refers_to.add(binding.unit)
            elif not binding.path:
                binding.unit.refers_to.add(mention.changes)
        if isinstance(mention.node, ast.Name) and not bindings:
            paths = self._meanings.paths(mention.node, mention.scope)
            if not any(path.startswith("builtins.") for path in paths):
                mention.unit.refers_to.update(star.unit for star in self._module.stars)

    # What is ruled out.

    def _judge_loading(self, mention: Mention) -> None:
        node, scope = mention.node, mention.scope
        loaded = [name for name in self._meanings.loads(node, scope) if not self._is_allowed(name)]
        # The learner's own module is in sys.modules too, so there only known packages are named.
        taken = [name for name in self._meanings.looks_up(node, scope) if _root(name) in self._by_hand]
        for name in loaded + taken:
            self._note_import(name, node.lineno, mention.top, mention.unit)

    def _judge_naming(self, mention: Mention) -> None:
        bindings = self._meanings.bindings(mention.node, mention.scope)
        if isinstance(mention.node, ast.Name) and bindings:
            # What an assignment gives a name is found where it is assigned.
            paths = [binding.path for binding in bindings if binding.path]
        else:
            paths = self._meanings.paths(mention.node, mention.scope)
        for path in paths if mention.changes is None else []:
            self._judge_path(path, mention.node.lineno, mention.top, mention.unit)

    def _judge_provided(self, bindings: list[Binding]) -> None:
        """Judge what is nothing but an import, of a name that the exercise asks for."""
        for one in bindings:
            if one.path:
                self._judge_path(one.path, int(one.position[0]), None, one.unit)

    def _judge_path(self, path: str, line: int, top: str | None, unit: Unit) -> None:
        public = _NUMPY_INSIDE.sub("numpy.", path)
        for rule in self._rules:
            if any(public == name or public.startswith(f"{name}.") for name in rule.names):
                shown = path.partition(".__")[0]
                fault = _Fault("uses", shown, line, top, rule.because, rule.within)
                self._note(fault, unit)

    def _note_import(self, name: str, line: int, top: str | None, unit: Unit) -> None:
        by_hand = self._without_torch and _root(name) in self._by_hand
        fault = _Fault("imports", name, line, top, self._hand if by_hand else self._only)
        self._note(fault, unit)

    def _is_allowed(self, module: str) -> bool:
        return _root(module) in self._allowed and not module.startswith(".")

    def _note(self, fault: _Fault, unit: Unit) -> None:
        if fault in self._found or len(self._found) < _FAULTS_LIMIT:
            self._found.setdefault(fault, set()).add(unit)
            self._names.setdefault(fault._replace(name=""), set()).add(fault.name)

    def _is_part_of_another(self, fault: _Fault) -> bool:
        """Whether it is the ``F`` of an ``F.conv2d`` that was found as a whole."""
        longer = f"{fault.name}."
        return any(name.startswith(longer) for name in self._names[fault._replace(name="")])


class _Users:
    """Finds the names whose code, as it stands when the module has run, uses something."""

    def __init__(self, module: Scope, provided: set[str]) -> None:
        self._order = {name: number for number, name in enumerate(module.bindings)}
        self._names: dict[Unit, set[str]] = {}
        for name in module.bindings:
            for binding in module.final(name):
                # An import by itself uses nothing, unless it is what the exercise asks for.
                if not binding.path or name in provided:
                    self._names.setdefault(binding.unit, set()).add(name)
        self._referring: dict[Unit, set[Unit]] = {}
        todo = [binding.unit for bindings in module.bindings.values() for binding in bindings]
        for unit in _all(todo, lambda unit: unit.refers_to):
            for other in unit.refers_to:
                self._referring.setdefault(other, set()).add(unit)

    def of(self, units: Iterable[Unit]) -> tuple[str, ...]:
        """Return the names that use one of these units, in the order of the file."""
        reached = _all(units, lambda unit: self._referring.get(unit, set()))
        names = set().union(*(self._names.get(unit, set()) for unit in reached))
        return tuple(sorted(names, key=self._order.__getitem__))


def _all(units: Iterable[Unit], following: Callable[[Unit], set[Unit]]) -> set[Unit]:
    """Return the units and whatever follows from them."""
    found, todo = set(units), [*units]
    while todo:
        more = following(todo.pop()) - found
        found |= more
        todo += more
    return found


def _root(module: str) -> str:
    return module.partition(".")[0]


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
