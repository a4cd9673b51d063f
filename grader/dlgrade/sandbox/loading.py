"""Running a learner's file in the worker: statement by statement, with imports watched.

A statement that raises costs what depends on it and nothing else, so that one mistake is
one mistake: the functions below it are still defined. What an exercise rules out can be
named in an import; it then stands for a module that says so as soon as it is used.
"""

from __future__ import annotations
import __future__

import ast
import importlib.machinery
import linecache
import random
import sys
import types
from collections.abc import Sequence
from typing import Any

from dlgrade.wire import messages as m

TROUBLES_MAX = 20
TEXT_MAX = 2000
_FRAMES_FIRST, _FRAMES_LAST = 3, 8
_FUTURE = {name: getattr(__future__, name).compiler_flag for name in __future__.all_feature_names}
_USES = (
    "call mro_entries instancecheck subclasscheck iter contains getitem setitem enter exit "
    "array float int complex index neg pos abs lt le gt ge "
    "add radd sub rsub mul rmul truediv rtruediv floordiv rfloordiv mod rmod pow rpow matmul rmatmul"
)


class RuledOutError(ImportError):
    """A module that the exercise does not allow was used."""


class RuledOut(types.ModuleType):
    """Stands for a module, or something in it, that may be imported but not used."""

    def __init__(self, name: str, sentence: str) -> None:
        super().__init__(name)
        self.__dict__["_sentence"] = sentence
        self.__dict__["__path__"] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return RuledOut(f"{self.__name__}.{name}", self._sentence)

    def __or__(self, other: Any) -> RuledOut:
        """Stand in an annotation such as ``torch.Tensor | None``, which is no use yet."""
        return self

    __ror__ = __or__

    def _refuse(self, *_: Any, **__: Any) -> Any:
        raise RuledOutError(self._sentence)


for _use in _USES.split():
    setattr(RuledOut, f"__{_use}__", RuledOut._refuse)

_made: set[str] = set()  # names of the stand-ins that may be among sys.modules


class ImportGuard:
    """Gives a `RuledOut` where the learner's file imports what is not among its tools.

    Parameters
    ----------
    module_name
        The name under which the learner's file runs; imports from elsewhere pass, since
        the tools' own code imports what it likes.
    tools
        What may be imported beside the standard library.
    """

    def __init__(self, module_name: str, tools: Sequence[str]) -> None:
        self._module_name = module_name
        self._allowed = {*sys.stdlib_module_names, *tools}
        *first, last = ["the standard library", *tools]
        self._may_import = f"{', '.join(first)} and {last}" if first else last

    def find_spec(self, name: str, *_: object) -> importlib.machinery.ModuleSpec | None:
        """Take over an import of the learner's that is not allowed."""
        root = name.partition(".")[0]
        if root in self._allowed or not self._asked_by_learner():
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=True)  # type: ignore[arg-type]

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        """Make the stand-in."""
        root = spec.name.partition(".")[0]
        _made.add(spec.name)
        return RuledOut(
            spec.name,
            f"{root} cannot be used here: in this exercise only {self._may_import} can be imported, "
            "the point is to do it by hand",
        )

    def exec_module(self, module: types.ModuleType) -> None:
        """There is nothing to run."""

    def _asked_by_learner(self) -> bool:
        """Whether the nearest code that is not Python's own is the learner's, or is nobody's.

        Python's own is passed over, since ``importlib.import_module`` or a thread imports on
        somebody's behalf; what ``exec`` runs in an empty namespace has no name.
        """
        frame: types.FrameType | None = sys._getframe(2)
        while frame is not None:
            asker = frame.f_globals.get("__name__")
            if asker in (self._module_name, "__main__", None):
                return True
            if str(asker).partition(".")[0] not in sys.stdlib_module_names:
                return False
            frame = frame.f_back
        return True


def run_file(source: str, filename: str, tools: Sequence[str]) -> tuple[dict[str, Any], list[m.Trouble]]:
    """Run a file's top-level statements; return its namespace and what raised.

    Parameters
    ----------
    source
        Python that `ast.parse` has accepted before, in the grader.
    filename
        Name for tracebacks; its stem is the module's name.
    tools
        What may be imported beside the standard library.
    """
    module = types.ModuleType(filename.removesuffix(".py"))
    module.__file__ = filename
    sys.modules[module.__name__] = module
    sys.meta_path.insert(0, ImportGuard(module.__name__, tools))
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    tree = ast.parse(source, filename)
    flags = _future_flags(tree)
    troubles: list[m.Trouble] = []
    for statement in tree.body:
        try:
            code = compile(ast.Module([statement], []), filename, "exec", flags, dont_inherit=True)
            exec(code, module.__dict__)
        except BaseException as error:  # SystemExit and KeyboardInterrupt too: a verdict, not our end
            troubles.append(describe(error, filename))
            if len(troubles) >= TROUBLES_MAX:
                break
    forget_ruled_out()
    return module.__dict__, troubles


def forget_ruled_out() -> None:
    """Take the stand-ins out again: under ``--debug`` the oracle imports the real ones in this process."""
    while _made:  # asked after every call, and mostly empty
        name = _made.pop()
        if type(sys.modules.get(name)) is RuledOut:
            del sys.modules[name]


def _future_flags(tree: ast.Module) -> int:
    """Collect what ``from __future__`` asks for: it holds for the whole file, not for its statement."""
    flags = 0
    for statement in tree.body:
        if isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
            for alias in statement.names:
                flags |= _FUTURE.get(alias.name, 0)
    return flags


def seed() -> None:
    """Seed the random generators that belong to nobody, so that no test depends on those before it."""
    random.seed(0)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(0)
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(0)


def kinds(namespace: dict[Any, Any]) -> dict[str, Any]:
    """Say of each name whether it is a function, a class or something else."""
    found = {}
    for name, value in list(namespace.items())[:2000]:
        kind = type(value)  # isinstance would ask the value for its __class__
        named = isinstance(name, str) and name.isidentifier() and len(name) <= 200
        if named and not issubclass(kind, types.ModuleType):
            found[name] = "class" if issubclass(kind, type) else "function" if callable(value) else "other"
    return found


def describe(error: BaseException, filename: str) -> m.Trouble:
    """Put an exception into bounded text: its type, its words, the learner's own frames."""
    try:
        text = str.__getitem__(str(error), slice(TEXT_MAX))  # of a str, even if it is a subclass of one
        text = text.encode(errors="replace").decode()  # lone surrogates cannot be sent
    except BaseException:  # an exception's own __str__ is the learner's code too
        text = "(its text could not be made)"
    frames = []
    step = error.__traceback__
    while step is not None:
        if step.tb_frame.f_code.co_filename == filename:
            frames.append(m.Frame(step.tb_lineno or 0, step.tb_frame.f_code.co_name[:200]))
        step = step.tb_next
    if isinstance(error, SyntaxError) and error.filename == filename and not frames:
        frames.append(m.Frame(error.lineno or 0, "<module>"))  # a ``return`` outside a function, and the like
    if len(frames) > _FRAMES_FIRST + _FRAMES_LAST:
        frames = frames[:_FRAMES_FIRST] + frames[-_FRAMES_LAST:]
    bases = [base.__name__[:200] for base in type(error).__mro__[:32]]
    return m.Trouble(type(error).__name__[:200], bases, text, frames)
