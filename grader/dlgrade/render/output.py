"""Standard output: how wide it is, what it can show, and writing to it."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import sys

import click

from dlgrade.render.visible import holds, visible


def encoding() -> str:
    """Return the encoding that stdout writes with."""
    return getattr(sys.stdout, "encoding", None) or "utf-8"


def width() -> int:
    """Return the columns of the terminal; 80 where there is none."""
    return shutil.get_terminal_size((80, 24)).columns


def interactive() -> bool:
    """Say whether somebody reads at a terminal."""
    # A process that was started without a standard output has None there.
    return sys.stdout is not None and sys.stdout.isatty()


def colored(refused: bool = False) -> bool:
    """Say whether to write colours: on a terminal, unless the environment or the user decided.

    Parameters
    ----------
    refused
        Whether the user said no.
    """
    if refused or os.environ.get("NO_COLOR"):
        return False
    if (forced := os.environ.get("FORCE_COLOR")) is not None:
        return bool(forced)
    return interactive() and os.environ.get("TERM") not in ("dumb", "unknown")


def write(text: str | bytes, color: bool = False) -> None:
    """Write to stdout at once: bytes as they are, and text so that the encoding can hold it.

    A reader that has gone away is no error: a verdict does not depend on who reads it.

    Parameters
    ----------
    text
        What to write, line ends included.
    color
        Whether the ANSI colours in it are to be kept.

    Raises
    ------
    OSError
        If stdout cannot be written to, because the disk is full for one.
    """
    if isinstance(text, str) and not holds(encoding(), text):
        text = "".join(each if holds(encoding(), each) else visible(each, encoding()) for each in text)
    try:
        click.echo(text, nl=False, color=color)
    except OSError as error:
        give_up()
        # Windows has EINVAL for a pipe that nobody reads.
        if error.errno not in (errno.EPIPE, errno.EINVAL):
            raise


def give_up() -> None:
    """Let whatever is still to be written to stdout go nowhere."""
    # What is still in the buffer would be written, and fail, once more when the interpreter ends.
    with contextlib.suppress(AttributeError, OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
