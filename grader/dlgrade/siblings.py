"""The modules beside a suite: importable by their plain names while it runs, and only then."""

from __future__ import annotations

import contextlib
import importlib.util
import site
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType

from dlgrade import content


def load(path: Path, name: str) -> ModuleType:
    """Run a module of our own and return it, without making it known to anybody's imports."""
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@contextlib.contextmanager
def importable(folder: Path, instead: Mapping[str, ModuleType] | None = None) -> Iterator[None]:
    """Let what runs import the modules of a folder by their names; afterwards all is as it was.

    Parameters
    ----------
    folder
        The suite's folder. Its modules are forgotten afterwards: another course may have equal names.
    instead
        From a name to the module that is imported by it, whatever lies in the folder.
    """
    stand_ins = dict(instead or {})
    finder = _Finder(folder.absolute())
    named = finder.names | stand_ins.keys()
    before = dict(sys.modules)
    for name in named:
        sys.modules.pop(name, None)
    sys.modules.update(stand_ins)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for name in set(sys.modules) - (set(before) - named):
            if name in named or _lies_in(sys.modules[name], folder.absolute()):
                del sys.modules[name]
        sys.modules.update({name: before[name] for name in named if name in before})


# A finder, not an entry of sys.path. At its front, a helper called queue.py would be the queue of whatever
# NumPy or torch imports late; at its end, a learner's file in the working directory would be run here in
# place of a helper. Asked first, and only for names that nothing installed has, it allows neither.
class _Finder(MetaPathFinder):
    """Finds the modules of one folder, by their plain names."""

    def __init__(self, folder: Path) -> None:
        files = {path.stem: path for path in content.modules(folder)}
        self._files = {name: path for name, path in files.items() if not _is_known(name)}

    @property
    def names(self) -> set[str]:
        """The names that it finds."""
        return set(self._files)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find a module that is asked for by its plain name, not as part of a package."""
        file = self._files.get(fullname) if path is None else None
        return None if file is None else importlib.util.spec_from_file_location(fullname, file)


def _is_known(name: str) -> bool:
    """Whether a name is the standard library's or an installed package's."""
    if name in sys.stdlib_module_names:
        return True
    found = PathFinder.find_spec(name, [*site.getsitepackages(), site.getusersitepackages()])
    return found is not None and found.has_location


def _lies_in(module: ModuleType, folder: Path) -> bool:
    file = getattr(module, "__file__", None)
    return file is not None and Path(file).is_relative_to(folder)
