"""How a command ends: what is said on stderr of every exception, and the exit status."""

from __future__ import annotations

import contextlib
import os
from typing import IO, Any

import click

from dlgrade.errors import (
    CatalogError,
    ClassroomError,
    ClusterError,
    DlgradeError,
    GivenDataError,
    GradebookError,
    IntakeError,
    LearningError,
    SettingsError,
    SubmissionError,
    WithheldError,
)
from dlgrade.render import output

TRACEBACK_VARIABLE = "DLGRADE_TRACEBACK"
"""The environment variable that asks for the traceback of a fault of ours."""


_USAGE = (
    CatalogError,
    ClassroomError,
    GivenDataError,
    IntakeError,
    LearningError,
    SettingsError,
    SubmissionError,
)
"""What says that something was asked for which there is not."""


class Problem(click.ClickException):
    """What stderr is told before the process ends with `exit_code`."""

    def show(self, file: IO[Any] | None = None) -> None:
        """Write it to stderr, with nothing in it that a terminal would obey."""
        from dlgrade.render.visible import lines, visible

        click.echo("\n".join(map(visible, lines(self.message))), file=file, err=True)


class Usage(Problem):
    """Something was asked for that does not exist."""

    exit_code = 2


class Refusal(Problem):
    """Something exists, and is not to be shown, or not yet."""

    exit_code = 1


class OurFault(Problem):
    """Nobody but dlgrade is to blame."""

    exit_code = 3


class Interrupted(Problem):
    """Ctrl-C, or the end of a debugger."""

    exit_code = 130  # 128 and the number of SIGINT, as shells count


class Group(click.Group):
    """Commands whose every exception becomes a sentence and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command, and say of what it raised who is to blame."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit):
            raise
        except _USAGE as error:
            raise Usage(f"Error: {error}") from error
        except (ClusterError, GradebookError) as error:
            raise OurFault(f"Error: {error}") from error
        except WithheldError as error:
            raise Refusal(str(error)) from error
        except BaseException as error:
            # A debugger that was left raises its own exception; bdb is not imported for its name.
            if isinstance(error, KeyboardInterrupt) or type(error).__name__ == "BdbQuit":
                raise Interrupted("Interrupted: there is no verdict.") from None
            # SystemExit too: only a report is a verdict. A broken pipe or an end of file in the grader is not
            # one of the terminal's, as click would take it.
            raise OurFault(_blame(error)) from error


def print_out(text: str | bytes, color: bool = False) -> None:
    """Write to stdout.

    Raises
    ------
    OurFault
        If stdout cannot be written to.
    """
    try:
        output.write(text, color)
    except OSError as error:
        raise OurFault(f"Error: stdout cannot be written to: {error.strerror}.") from error


def _blame(error: BaseException) -> str:
    """Return what to say of an exception that nobody but us is to blame for."""
    how = f" {TRACEBACK_VARIABLE}=1 in the environment shows the traceback."
    if os.environ.get(TRACEBACK_VARIABLE, "0") not in ("", "0"):
        import traceback

        click.echo("".join(traceback.format_exception(error)), err=True)
        how = ""
    what = str(error) if isinstance(error, DlgradeError) else _summary(error)
    return (
        f"Error in dlgrade itself: {what}\n"
        "This is a fault of dlgrade's, not of yours, and nothing was graded.\n"
        f"Please report it to {_where_to_report()}.{how}"
    )


def _summary(error: BaseException) -> str:
    first = str(error).strip().partition("\n")[0]
    return f"{type(error).__name__}: {first[:500]}" if first else type(error).__name__


def _where_to_report() -> str:
    from importlib.metadata import PackageNotFoundError, metadata

    with contextlib.suppress(PackageNotFoundError):
        for entry in metadata("dlgrade").get_all("Project-URL", []):
            label, _, url = str(entry).partition(", ")
            if label.casefold() in ("issues", "bug tracker"):
                return url
    return "whoever gave you dlgrade"
