"""In a notebook: ``%load_ext dlgrade``, then ``%check`` and ``%hint``.

What is graded are the cells' sources, by processes of their own; what a cell has done to the kernel, to
dlgrade in it for one, has no part in the verdict that is remembered.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell


def load(shell: InteractiveShell) -> None:
    """Register the magics in a shell of IPython's."""
    from dlgrade.magics.commands import Commands
    from dlgrade.magics.session import Session

    commands = Commands(shell, Session(shell))
    # A method of the shell's, which IPython's own annotations call a function.
    register: Callable[..., None] = shell.register_magic_function
    register(commands.check, "line", "check")
    register(commands.hint, "line", "hint")
