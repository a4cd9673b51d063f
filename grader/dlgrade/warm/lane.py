"""Our end of a lane: starting it, giving it files, taking verdicts."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import msgspec

from dlgrade.errors import LaneError
from dlgrade.report import Report, decode
from dlgrade.sandbox.control import Control
from dlgrade.sandbox.limits import ONE_THREAD

START_S = 300.0
"""How long a lane may take to rehearse: exercise07 trains a network meanwhile."""

END_S = 5.0
_PARENT = str(Path(__file__).resolve().parents[2])
_BOOT = (
    "import sys; sys.path.insert(0, sys.argv[2]); "
    "from dlgrade.warm.server import main; main(int(sys.argv[1]))"
)


@dataclass(frozen=True)
class Job:
    """One file to be graded.

    Attributes
    ----------
    key
        By which the verdict will be known.
    file
        The learner's, .py or .ipynb.
    name
        What the report calls it; its path if None.
    """

    key: str
    file: Path
    name: str | None = None


@dataclass(frozen=True)
class Verdict:
    """What became of a job: one of `report`, `refused` and `fault`.

    Attributes
    ----------
    key
        Of the job.
    report
        The verdict on a file that could be read.
    refused
        Why the file cannot be read at all.
    fault
        What went wrong on our side, so that there is no verdict: never to be charged to a learner.
    seconds
        From the order to the verdict.
    """

    key: str
    report: Report | None = None
    refused: str | None = None
    fault: str | None = None
    seconds: float = 0.0


class Setup(msgspec.Struct, frozen=True):
    """What a lane is told first.

    Attributes
    ----------
    exercise, exercises, solutions, level, record
        As for `dlgrade.grading.check`.
    deadline_s
        Seconds for one file, after which there is a fault; None for as long as its limits allow and a while
        more.
    """

    exercise: str
    exercises: str | None = None
    solutions: str | None = None
    level: int = 1
    record: bool = False
    deadline_s: float | None = None


class Lane:
    """A warm grader of one exercise, which grades one file at a time; it starts at once.

    Parameters
    ----------
    exercise, exercises, solutions, level, record
        As for `dlgrade.grading.check`.
    deadline_s
        Seconds for one file, after which there is a fault. By default as long as the exercise's limits allow,
        and a while more.

    Raises
    ------
    CatalogError
        If no exercise is meant, or one without a suite where one was named.
    """

    def __init__(
        self,
        exercise: str,
        *,
        exercises: Path | None = None,
        solutions: Path | None = None,
        level: int = 1,
        record: bool = False,
        deadline_s: float | None = None,
    ) -> None:
        self._setup = Setup(exercise, _text(exercises), _text(solutions), level, record, deadline_s)
        self._job: Job | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._start()

    def fileno(self) -> int:
        """Give a descriptor that is readable when there is a verdict, to wait on several lanes."""
        return self._control.fileno()

    @property
    def job(self) -> Job | None:
        """The job that is being graded."""
        return self._job

    def begin(self, job: Job) -> None:
        """Have a file graded.

        Raises
        ------
        LaneError
            If the lane cannot be started.
        """
        if self._job is not None:
            raise ValueError(f"the lane still grades {self._job.key!r}")
        self._make_ready()
        self._began = time.perf_counter()
        self._job = job
        with contextlib.suppress(OSError):  # `finish` finds out that it is gone
            self._control.send({"file": str(job.file.absolute()), "name": job.name or str(job.file)})

    def finish(self) -> Verdict:
        """Wait for the verdict on the file that is being graded.

        A lane that was lost gives a verdict too, a fault; the next file gets a new one.
        """
        if self._job is None:
            raise ValueError("no file is being graded")
        job, self._job = self._job, None
        answer = self._control.receive()
        seconds = time.perf_counter() - self._began
        if answer is None:
            fault = f"the process that was to grade it was lost: {self._stop()}"
            return Verdict(job.key, fault=fault, seconds=seconds)
        message: dict[str, Any] = answer[0]
        if (report := message.pop("report", None)) is not None:
            return Verdict(job.key, decode(report.encode()), **message, seconds=seconds)
        return Verdict(job.key, **message, seconds=seconds)

    def check(self, file: Path, *, name: str | None = None) -> Verdict:
        """Grade a file, and wait for the verdict."""
        self.begin(Job(str(file), file, name))
        return self.finish()

    def close(self) -> None:
        """End the lane and all that it started."""
        self._stop()

    def __enter__(self) -> Lane:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def _start(self) -> None:
        self._control, theirs = Control.pair()
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by _stop
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-c", _BOOT, str(theirs.fileno()), _PARENT],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._errors,
            env={**os.environ, **ONE_THREAD},
            start_new_session=True,  # Ctrl-C is for the one who asked
        )
        theirs.close()
        self._control.send(msgspec.to_builtins(self._setup))
        self._is_ready = False

    def _make_ready(self) -> None:
        """Wait until the lane has rehearsed, or start another where it was lost."""
        if self._process is not None and self._process.poll() is not None:
            self._stop()
        if self._process is None:
            self._start()
        if not self._is_ready:
            answer = self._control.receive(START_S)
            if answer is None:
                what = f"a warm grader of {self._setup.exercise}"
                raise LaneError(f"{what} could not be started: {self._stop()}")
            if "wrong" in answer[0]:
                self._stop()
                raise LaneError(answer[0]["wrong"])
            self._is_ready = True

    def _stop(self) -> str:
        """End the process and what it started; return its last words."""
        if self._process is None:
            return "it had ended"
        process, self._process = self._process, None
        self._control.close()
        try:
            process.wait(END_S)  # it ends by itself once the line is closed, whatever it is at
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self._job = None
        self._errors.seek(0)
        words = self._errors.read(1 << 16).decode("utf-8", "replace").strip()
        self._errors.close()
        return words.splitlines()[-1] if words else f"it ended with status {process.returncode}"


def _text(path: Path | None) -> str | None:
    return None if path is None else str(path.absolute())


