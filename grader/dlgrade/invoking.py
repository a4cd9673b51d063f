"""Running a suite under pytest with our own settings alone: at once, or collected and then run in forks."""

from __future__ import annotations

import builtins
import contextlib
import itertools
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

import pytest

from dlgrade import content, siblings
from dlgrade.errors import ManifestError
from dlgrade.plugin import Recorder, Task
from dlgrade.student import Failure, Student
from dlgrade.suite.cases import keeping

_PLUGINS_OFF = (
    "cacheprovider",
    "terminal",
    "doctest",
    "junitxml",
    "pastebin",
    "nose",
    "stepwise",
    "logging",
    "faulthandler",
    "unraisableexception",
    "threadexception",
    "debugging",
    "setuponly",
    "setupplan",
    "recwarn",
    "pytester",
    "legacypath",
    "warnings",
    "unittest",
    "tmpdir",
    "monkeypatch",
    "subtests",
    "skipping",
)


def run_examples(examples: Path, recorder: Recorder) -> None:
    """Run the visible examples with the learner's functions called in the worker.

    They import the learner's module by its name, which stands for the `student` here.
    """
    name = recorder.task.entry.removesuffix(".py")
    run(examples, recorder, rewrite=True, instead={name: _Module(name, recorder.student_code)})


class _Module(ModuleType):
    """The learner's module, as its examples import it."""

    def __init__(self, name: str, student: Student) -> None:
        super().__init__(name)
        self.__dict__["_student"] = student

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        function = getattr(self._student, name)

        def call(*args: Any, **kwargs: Any) -> Any:
            try:
                return function(*args, **kwargs)
            except Failure as failure:
                if failure.trouble is not None:  # an example may expect an exception
                    raise _as_builtin(failure) from failure
                raise

        return call


def _as_builtin(failure: Failure) -> Exception:
    """Make the failure an exception of the built-in type that the learner's code raised."""
    assert failure.trouble is not None
    for base in failure.trouble.bases:
        found = getattr(builtins, base, None)
        if isinstance(found, type) and issubclass(found, Exception):
            # One that takes more than a sentence, as UnicodeDecodeError does, is at least of a kind with it.
            with contextlib.suppress(TypeError):
                made: type[Exception] = type(base, (Failure, found), {})
                return made(failure.message)
    return failure


class Watcher(Protocol):
    """A plugin that is told of a suite's tests, and of what stopped pytest."""

    stopped: BaseException | None


class Collected:
    """A suite that was collected once, to be run in one fork of this process after another.

    Parameters
    ----------
    suite
        Its file, as for `run`.
    entry
        The name of the learners' file.
    """

    def __init__(self, suite: Path, entry: str) -> None:
        self._suite = suite
        nobody: Any = None  # until it is known whose tests they are
        self._recorder = Recorder(Task(entry, {}, {}, {}), nobody, nobody, nobody)
        self._session: pytest.Session | None = None

    def hold(self, serve: Callable[[], None]) -> None:
        """Collect the suite, and call `serve` while it is held; the forks are made in there."""
        run(self._suite, self._recorder, loop=lambda session: self._serve(session, serve))
        if self._recorder.stopped is not None:
            raise self._recorder.stopped

    def run(self, recorder: Recorder) -> Recorder:
        """Run the tests in this fork; the recorder that was told of them takes the place of the one given."""
        assert self._session is not None
        vars(self._recorder).update(vars(recorder))
        _run_tests(self._session)
        return self._recorder

    def _serve(self, session: pytest.Session, serve: Callable[[], None]) -> None:
        self._session = session
        with keeping():
            serve()


def _run_tests(session: pytest.Session) -> None:
    """Run what was collected, as pytest's own loop does."""
    for item, following in itertools.zip_longest(session.items, session.items[1:]):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)


def run(
    suite: Path,
    recorder: Watcher,
    *,
    rewrite: bool = False,
    instead: Mapping[str, ModuleType] | None = None,
    loop: Callable[[pytest.Session], None] | None = None,
) -> None:
    """Run a suite under pytest, with nothing but this plugin's own settings.

    Neither a conftest.py nor a pytest.ini nor an environment variable nor an installed plugin
    has a say in it.

    Parameters
    ----------
    suite
        Its file, test_hidden.py; a long suite goes on in files beside it called like test_hidden_network.py.
        All of them can import the other modules of their folder.
    recorder
        Gives the fixtures and collects the results.
    rewrite
        Whether a bare `assert` explains itself.
    instead
        From a name to the module that the suite gets when it imports that.
    loop
        Takes the place of the loop over all tests.
    """
    kept = {name: os.environ.pop(name) for name in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS") if name in os.environ}
    autoload = os.environ.get("PYTEST_DISABLE_PLUGIN_AUTOLOAD")
    current = os.environ.get("PYTEST_CURRENT_TEST")
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    write_bytecode, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        with siblings.importable(suite.parent, instead):
            plugins: list[object] = [recorder]
            if loop is not None:
                plugins.append(_Loop(loop))
            _pytest_main(suite, recorder, plugins, rewrite)
    finally:
        sys.dont_write_bytecode = write_bytecode
        os.environ.update(kept)
        for name, value in (("PYTEST_DISABLE_PLUGIN_AUTOLOAD", autoload), ("PYTEST_CURRENT_TEST", current)):
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


@dataclass(eq=False)
class _Loop:
    """A plugin that runs the collected tests in a way of its own."""

    loop: Callable[[pytest.Session], None]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self.loop(session)
        return True


def _pytest_main(suite: Path, recorder: Watcher, plugins: list[object], rewrite: bool) -> None:
    plugins_off = [arg for name in _PLUGINS_OFF for arg in ("-p", f"no:{name}")]
    where = [
        "-c",
        os.devnull,
        "--rootdir",
        str(suite.parent.parent),
        "--noconftest",
        f"--confcutdir={suite.parent}",  # else every folder above is looked through, file by file
        "--import-mode=importlib",
    ]
    asserts = "--assert=rewrite" if rewrite else "--assert=plain"
    parts = [each for each in content.modules(suite.parent) if each.stem.startswith(f"{suite.stem}_")]
    files = [str(file) for file in (suite, *parts)]
    status = pytest.main([*where, asserts, "-s", *plugins_off, *files], plugins=plugins)
    if status == pytest.ExitCode.INTERRUPTED:
        recorder.stopped = KeyboardInterrupt()
    elif status not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED) and recorder.stopped is None:
        recorder.stopped = ManifestError(f"{suite} could not be run: pytest ended with {status!r}")
