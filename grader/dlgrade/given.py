"""What --data names: read before anything is graded, and refused where no test would run on it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dlgrade import datasets, invoking, plugin
from dlgrade.catalog import Exercise
from dlgrade.errors import DatasetError, GivenDataError, ManifestError
from dlgrade.suite.criterion import mark_of

if TYPE_CHECKING:
    from dlgrade.datasets.loading import Split


def read(path_or_name: Path | str, exercise: Exercise, suite_dir: Path | None, only: str | None) -> Split:
    """Read the data that tests of an exercise are to run on.

    Parameters
    ----------
    path_or_name
        As for `datasets.larger`.
    suite_dir
        The folder of the exercise's suite, or None where it is not on this machine.
    only
        The one criterion that is asked for; None for all.

    Raises
    ------
    GivenDataError
        If no test asks for data, which is found out before any are fetched, or if they cannot be read.
    """
    if suite_dir is None:
        raise GivenDataError(f"The hidden suite of {exercise.id} is not on this machine: leave out --data.")
    if not _is_asked_for(suite_dir / "test_hidden.py", only):
        whose = exercise.id if only is None else f"{exercise.id}'s criterion {only!r}"
        raise GivenDataError(f"No test of {whose} runs on data of your own: leave out --data.")
    try:
        return datasets.larger(path_or_name)
    except DatasetError as error:
        raise GivenDataError(str(error)) from error


def _is_asked_for(suite: Path, only: str | None) -> bool:
    """Whether a test of the suite, or of its one criterion, has the fixture `data`."""
    listing = _Listing()
    invoking.run(suite, listing)
    if listing.stopped is not None:
        raise listing.stopped
    wanted = [item for item in listing.items if plugin.asks_for_data(item)]
    marks = [mark_of(item.function) for item in wanted]  # type: ignore[attr-defined]
    return any(mark is not None and only in (None, mark.criterion) for mark in marks)


class _Listing:
    """Collects the tests of a suite and runs none of them."""

    stopped: BaseException | None = None
    items: tuple[pytest.Item, ...] = ()

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Write down which tests there are."""
        self.items = tuple(items)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Keep why the suite cannot be collected: that is our fault."""
        if report.failed:
            self.stopped = ManifestError(f"the suite {report.nodeid} cannot be collected: {report.longrepr}")

    def pytest_runtestloop(self) -> bool:
        """Say that all has been run."""
        return True
