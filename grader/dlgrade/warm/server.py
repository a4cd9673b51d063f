"""A lane's own process: it warms up, then forks a grader for each file and passes its verdict on."""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import select
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import msgspec

from dlgrade.errors import DlgradeError, LaneError, SandboxError, SubmissionError
from dlgrade.grading import Grader
from dlgrade.invoking import Collected
from dlgrade.report import Report, encode
from dlgrade.sandbox import gpu, linux
from dlgrade.sandbox.control import Control
from dlgrade.suite.cases import rehearse_search

GRACE_S = 120.0
"""Seconds for a file beyond what its own limits allow: for the suite's part, and for explanations."""

_PIECE = 1 << 16


def main(control_fd: int) -> None:
    """Rehearse, say so, then serve until the other end closes the line."""
    control = Control(socket.socket(fileno=control_fd))
    first = control.receive()
    if first is None:
        return
    try:
        with Server(control, **first[0]) as server:
            server.serve()
    except DlgradeError as error:  # before it was ready: later ones are verdicts
        with contextlib.suppress(OSError):
            control.send({"wrong": str(error)})


class Server:
    """A grader that forks.

    Parameters
    ----------
    control
        The line to the one who asks; if that is closed, nobody waits for a verdict any more.
    exercise, exercises, solutions, level, record
        As for `dlgrade.grading.check`.
    deadline_s
        Seconds for one file; by default as long as the exercise's limits allow, and a while more.
    """

    def __init__(
        self,
        control: Control,
        exercise: str,
        exercises: str | None = None,
        solutions: str | None = None,
        level: int = 1,
        record: bool = False,
        deadline_s: float | None = None,
    ) -> None:
        self._control = control
        self._grader = Grader(exercise, exercises=exercises, solutions=solutions, level=level)
        self._deadline_s = deadline_s or self._grader.exercise.limits.check_s + GRACE_S
        self._record = record
        self._graded = 0

    def serve(self) -> None:
        """Collect the suite, and grade one file after another until the other end closes the line.

        Raises
        ------
        DlgradeError
            If nothing can be graded on this machine.
        """
        if self._grader.suite_dir is None:
            self._serve()
        else:
            suite = self._grader.suite_dir / "test_hidden.py"
            self._grader.collected = Collected(suite, self._grader.exercise.entry)
            self._grader.collected.hold(self._serve)

    def _serve(self) -> None:
        self._warm_up()
        self._control.send("ready")
        while (order := self._control.receive()) is not None:
            self._control.send(self._grade(**order[0]))

    def _warm_up(self) -> None:
        rehearse(self._grader)
        with contextlib.suppress(OSError):  # not on this system
            linux.set_dumpable(False)
        if linux.count_threads() != 1:
            raise LaneError("a warm grader has more than one thread: a fork would not be safe.")
        self._grader.record = self._record  # not the rehearsal
        # What is there now stays: a search for cycles in a fork would copy every page of it.
        gc.collect()
        gc.freeze()

    def _grade(self, file: str, name: str) -> dict[str, Any]:
        """Have a file graded by a process of its own; the verdict's fields."""
        self._graded += 1
        try:
            self._grader.zygote.renew()
        except SandboxError as error:
            return {"fault": str(error)}
        ours, theirs = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(ours)
            self._control.close()
            _be_grader(self._grader, Path(file), name, f"file{self._graded}-", theirs)
        os.close(theirs)
        try:
            said = self._await(ours, time.monotonic() + self._deadline_s)
        finally:
            os.close(ours)
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        if isinstance(said, bytes) and said:
            verdict: dict[str, Any] = msgspec.json.decode(said)
            return verdict
        # In the middle of something with a worker, which nobody could make sense of now.
        self._grader.zygote.close()
        if said is None:
            return {"fault": f"grading it took more than {self._deadline_s:g} s"}
        return {"fault": f"the process that graded it ended with status {status}"}

    def _await(self, pipe: int, deadline: float) -> bytes | None:
        """Wait for the grader's words; None where the time is up first."""
        said = b""
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                return None
            ready = select.select([pipe, self._control.fileno()], [], [], left)[0]
            if self._control.fileno() in ready and self._control.receive() is None:
                raise SystemExit  # nobody is there any more
            if pipe in ready:
                piece = os.read(pipe, _PIECE)
                if not piece:
                    return said
                said += piece

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *exception: object) -> None:
        self._grader.close()


def rehearse(grader: Grader) -> None:
    """Grade what is known, so that the next file finds everything imported, made and kept.

    Raises
    ------
    LaneError
        If the reference does not pass: whatever that is due to, no learner can be told anything then.
    """
    if "torch" in grader.exercise.tools:
        importlib.import_module("torch").set_num_threads(1)
        if gpu.find() is not None:
            return  # with a GPU in sight, a backward pass starts threads
    if grader.suite_dir is not None:
        rehearse_search()
    for name, source in _known_files(grader):
        with tempfile.TemporaryDirectory(prefix="dlgrade-") as folder:
            file = Path(folder) / grader.exercise.entry
            file.write_text(source, encoding="utf-8")
            report = grader.check(file)
        if name == "reference" and not report.passed:
            what = f"the reference of {grader.exercise.id}"
            raise LaneError(f"{what} does not pass on this machine: {_first_trouble(report)}")


def _known_files(grader: Grader) -> Iterator[tuple[str, str]]:
    """Yield what can be graded beforehand: the reference, and a mistake, for which there is more to do."""
    if grader.suite_dir is None:
        return
    from dlgrade.diagnosis import catalogue

    reference = (grader.suite_dir / grader.exercise.entry).read_text(encoding="utf-8")
    yield "reference", reference
    if "torch" not in grader.exercise.tools:  # there a failure may take as long as all the rest
        for mistake in catalogue.mistakes(grader.suite_dir)[:1]:
            yield mistake.name, f"{reference}\n\n{mistake.source}"


def _first_trouble(report: Report) -> str:
    wrong = next((test for test in report.tests if test.status != "passed"), None)
    return "it loses points." if wrong is None else f"{wrong.title} {wrong.message or ''}".strip()


def _be_grader(grader: Grader, file: Path, name: str, user: str, pipe: int) -> NoReturn:
    """Grade one file and say what came of it; never returns."""
    status = 70
    try:
        with contextlib.suppress(OSError):
            linux.set_pdeathsig()
        gc.disable()  # it ends before it could be worth it
        grader.zygote.adopt(user)
        said = msgspec.json.encode(_verdict(grader, file, name))
        while said:
            said = said[os.write(pipe, said) :]
        status = 0
    except BaseException as error:
        with contextlib.suppress(Exception):
            sys.stderr.write(f"{type(error).__name__}: {error}\n")
            sys.stderr.flush()
    finally:
        with contextlib.suppress(Exception):
            if grader.zygote.is_mine():
                grader.close()
        os._exit(status)


def _verdict(grader: Grader, file: Path, name: str) -> dict[str, Any]:
    try:
        report = grader.check(file)
    except SubmissionError as error:
        return {"refused": str(error)}
    except Exception as error:
        return {"fault": str(error) if isinstance(error, DlgradeError) else repr(error)}
    return {"report": encode(msgspec.structs.replace(report, file=name)).decode()}
