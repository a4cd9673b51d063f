"""One file graded in a process of its own: ``python -P -m dlgrade.classroom.alone EXERCISE FILE``.

A notebook's kernel asks for it, where a learner's code runs as well: what it needs is in the arguments, and
all that it says is one JSON object on stdout.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from pathlib import Path

import msgspec

from dlgrade.errors import DlgradeError, SubmissionError, UngradedError
from dlgrade.report import Report

_KEPT = ("PATH", "HOME", "LANG", "TMPDIR", "XDG_CACHE_HOME", "LD_LIBRARY_PATH", "DLGRADE_SOLUTIONS")


class Outcome(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of the file: the report, why it cannot be read at all, or what went wrong on our side."""

    report: Report | None = None
    refused: str | None = None
    fault: str | None = None


def grade(exercise: str, file: Path) -> Outcome:
    """Grade a file in another process, which takes nothing of this one but a few variables.

    Raises
    ------
    UngradedError
        If there is no verdict; that is not the learner's fault.
    """
    command = [sys.executable, "-P", "-m", __name__, exercise, str(file.resolve())]
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, env=environment, cwd="/", check=False
    )
    try:
        outcome = msgspec.json.decode(done.stdout, type=Outcome)
    except msgspec.DecodeError:
        raise UngradedError(f"the grader ended with status {done.returncode}.") from None
    if outcome.fault is not None:
        raise UngradedError(outcome.fault)
    return outcome


def main(exercise: str, file: str) -> None:
    """Grade a file, and write the outcome to stdout."""
    from dlgrade import grading

    with contextlib.redirect_stdout(sys.stderr):
        try:
            outcome = Outcome(report=grading.check(exercise, Path(file)))
        except SubmissionError as error:
            outcome = Outcome(refused=str(error))
        except Exception as error:
            outcome = Outcome(fault=str(error) if isinstance(error, DlgradeError) else repr(error))
    sys.stdout.buffer.write(msgspec.json.encode(outcome))


if __name__ == "__main__":
    main(*sys.argv[1:])
