"""What a watching terminal shows: a page for each thing, ended by what the keys do."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from dlgrade.catalog import Exercise
from dlgrade.hinting import Advice
from dlgrade.learning.standing import Standing
from dlgrade.render import hint, output, terminal
from dlgrade.render.learning import listing
from dlgrade.render.plain import Plain
from dlgrade.render.visible import visible
from dlgrade.warm import Verdict

_OURS = "This is a fault of dlgrade's, not of yours: nothing was graded. Save again to try once more."


def width() -> int:
    """Return the columns of the terminal as it is now, whatever COLUMNS says."""
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or output.width()
    except OSError:
        return output.width()


def page() -> Plain:
    """Return an empty page as wide as the terminal is now."""
    return Plain(width(), output.colored(), output.encoding())


def verdict(found: Verdict) -> str:
    """Return a report, or why there is none."""
    if found.report is not None:
        color, encoding = output.colored(), output.encoding()
        return terminal.render(
            found.report, width=width(), color=color, encoding=encoding, door="watch"
        )
    plain = page()
    if found.refused is not None:
        plain.put(found.refused, fg="red")
    else:
        plain.put(_OURS, fg="yellow")
        plain.put(found.fault or "")
    return plain.said


def waiting(exercise: Exercise, file: Path) -> str:
    """Return what stands there before the first verdict."""
    plain = page()
    plain.put(f"{exercise.id} {exercise.name} · {exercise.title}", bold=True)
    plain.put(f"Write in {file}, and save: each time it is graded.")
    plain.put(f"What is asked for stands in {file.parent / 'README.md'}.")
    return plain.said


def gone(file: Path) -> str:
    """Return what is said of a file that is not there."""
    plain = page()
    plain.put(f"{file} is not there. As soon as it is there again, it is graded.", fg="yellow")
    return plain.said


def advice(said: Advice, exercise: Exercise) -> str:
    """Return a hint."""
    return hint.render(
        said, exercise, width=width(), color=output.colored(), encoding=output.encoding()
    )


def exercises(every: Sequence[Standing]) -> str:
    """Return the list of exercises."""
    return listing(every, color=output.colored(), encoding=output.encoding(), width=width())


def sentence(text: str) -> str:
    """Return a sentence."""
    plain = page()
    plain.put(text)
    return plain.said


def passed(exercise: Exercise, following: Exercise | None, file: Path | None) -> str:
    """Say that an exercise is finished, and what is next."""
    plain = page()
    plain.blank()
    plain.put(f"{exercise.id} is passed.", fg="green", bold=True)
    if following is None:
        plain.put("So are all the others; `dlgrade recap` asks for some of it again when it is time.")
    else:
        plain.put(f"Next is {following.id} {following.name} · {following.title}: open {file}.")
    return plain.said


def foot(file: Path, busy: str, at: datetime | None, seconds: float) -> str:
    """Return the last lines: what is going on, and what the keys do."""
    plain = page()
    plain.blank()
    graded = f"graded at {at:%H:%M:%S} in {seconds:.2f} s" if at is not None else "not graded yet"
    plain.put(f"{visible(str(file))} · {busy or graded}", dim=True)
    plain.put("h hint · l list · n next exercise · r reset · Enter check again · q quit", dim=True)
    return plain.said
