"""A sheet that rich writes on, and nothing but what is said here decides what that looks like."""

from __future__ import annotations

import io

from rich.console import Console
from rich.theme import Theme


class Sheet:
    """Text that is laid out as it is added.

    Parameters
    ----------
    width
        Its columns.
    color
        Whether ANSI colours are written; only the 16 that a terminal's theme chooses.
    theme
        Styles by name, beside rich's own.

    Attributes
    ----------
    console
        What prints on it.
    file
        What was printed so far.
    """

    def __init__(self, width: int, color: bool, theme: Theme | None = None) -> None:
        self.file = io.StringIO()
        # All that rich would ask the environment for is said here: a sheet is a pure function.
        self.console = Console(
            file=self.file,
            width=width,
            height=25,
            color_system="standard" if color else None,
            force_terminal=color,
            force_jupyter=False,
            no_color=not color,
            legacy_windows=False,
            markup=False,
            emoji=False,
            highlight=False,
            theme=theme,
        )

    def __str__(self) -> str:
        return "".join(f"{line.rstrip()}\n" for line in self.file.getvalue().split("\n")[:-1])
