"""Grading from inside a kernel, by processes that share nothing with it.

The kernel has run the learner's code: whatever that did to Python, to NumPy or to dlgrade must not reach the
verdict. So another Python does what `dlgrade check` does, and its report is read here.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import msgspec

from dlgrade.errors import MagicError, SandboxError
from dlgrade.pictures import model
from dlgrade.pictures.model import Drawing
from dlgrade.report import Report, decode

_GRACE_S = 5.0
"""Seconds in which an interrupted check may end by itself, its workers with it."""


def check(
    exercise: str,
    file: Path,
    *,
    only: str | None = None,
    copy_of: Path | None = None,
    drawings: Path | None = None,
) -> Report:
    """Grade a file in a process of its own; an interrupt ends it.

    Parameters
    ----------
    exercise, file, only, copy_of
        As for `dlgrade.grading.check`; what is found is remembered.
    drawings
        Where that process is to write the pictures, if there are to be any: `drawn` reads them.

    Raises
    ------
    MagicError
        If there is no such exercise or criterion, or the file cannot be read.
    """
    # -P: what lies in the working directory is the learner's, a functools.py for one.
    command = [sys.executable, "-P", "-m", "dlgrade", "check", exercise, "--format", "json"]
    command += ["--file", str(file)]
    command += [] if only is None else ["--only", only]
    command += [] if copy_of is None else ["--copy-of", str(copy_of)]
    command += [] if drawings is None else ["--drawings", str(drawings)]
    grader = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # An interrupt of the kernel is passed on below, once.
        start_new_session=True,
    )
    try:
        said, complaint = grader.communicate()
    except BaseException:
        _end(grader)
        raise
    if not said:
        raise MagicError(_sentence(complaint))
    try:
        return decode(said)
    except msgspec.MsgspecError as error:
        raise SandboxError(f"the grading process said something that is no report: {error}") from None


def drawn(drawings: Path) -> tuple[Drawing, ...]:
    """Read the pictures that a check wrote; none where it could not."""
    try:
        return model.decode(drawings.read_bytes())
    except FileNotFoundError:
        return ()
    except msgspec.MsgspecError as error:
        raise SandboxError(f"the grading process wrote something that is no pictures: {error}") from None


def _end(grader: subprocess.Popen[bytes]) -> None:
    """End a check and everything it has started."""
    with contextlib.suppress(ProcessLookupError):
        grader.send_signal(signal.SIGINT)
    try:
        grader.communicate(timeout=_GRACE_S)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(grader.pid, signal.SIGKILL)
        grader.communicate()


def _sentence(complaint: bytes) -> str:
    """Return what was said on stderr, without what a terminal needs around it."""
    lines = complaint.decode("utf-8", "replace").strip().splitlines()
    # A traceback of Python's own: its last line says what it was.
    told = lines[-1:] if lines and lines[0].startswith("Traceback") else lines
    return " ".join(told).removeprefix("Error: ") or "The grading process ended without a word."
