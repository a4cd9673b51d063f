"""What was run in a kernel: the source of each cell, and when."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell


@dataclass(frozen=True)
class Ran:
    """A cell as it was run.

    Attributes
    ----------
    cell_id
        The cell's in the notebook's file, where the front end says so (JupyterLab does); else None.
    at
        When it began, in seconds since the epoch; None if that was before dlgrade was loaded.
    """

    source: str
    cell_id: str | None = None
    at: float | None = None

    @property
    def has_code(self) -> bool:
        """Whether there is more in it than magics, commands of the shell and comments."""
        return any(row.strip() and row.strip()[0] not in "%!?#" for row in self.source.split("\n"))


class Session:
    """Writes down what a shell runs from now on, and has what it ran before.

    Attributes
    ----------
    since
        When it began to.
    """

    def __init__(self, shell: InteractiveShell) -> None:
        self.since = time.time()
        history = shell.history_manager
        self._runs = [Ran(source) for source in history.input_hist_raw[1:]] if history else []
        shell.events.register("pre_run_cell", self._begin)
        shell.events.register("post_run_cell", self._end)

    @property
    def runs(self) -> tuple[Ran, ...]:
        """What was run, in this order, the cell that is being run among it."""
        return tuple(each for each in self._runs if each.source.strip())

    def _begin(self, info: Any) -> None:
        # IPython 7, which Colab still has, says nothing of cells.
        self._runs.append(Ran(info.raw_cell, getattr(info, "cell_id", None), time.time()))

    def _end(self, result: Any) -> None:
        # What is no Python was not run. With an id it is on the screen all the same.
        if result.error_before_exec is not None and self._runs and self._runs[-1].cell_id is None:
            self._runs.pop()
