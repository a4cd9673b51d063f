"""Several lanes at once: files in, verdicts out as they come."""

from __future__ import annotations

import contextlib
import itertools
import os
import selectors
from collections.abc import Iterable, Iterator
from typing import Any

from dlgrade.warm.lane import Job, Lane, Verdict


def verdicts(
    exercise: str, jobs: Iterable[Job], *, lanes: int | None = None, **settings: Any
) -> Iterator[Verdict]:
    """Grade files, as many at a time as there are lanes, and yield each verdict as soon as it is there.

    Parameters
    ----------
    exercise
        The one that all files are for.
    jobs
        The files; the next one is taken when a lane is free for it.
    lanes
        How many; as many as there are cores if None.
    **settings
        As for `Lane`.

    Yields
    ------
    Verdict
        In the order in which they come. A lane that is lost costs the file that it had a fault, and goes on.

    Raises
    ------
    LaneError
        If a lane cannot be started.
    """
    waiting = iter(jobs)
    first = list(itertools.islice(waiting, lanes or cores()))
    with contextlib.ExitStack() as open_lanes, selectors.DefaultSelector() as selector:
        # All of them start, and rehearse, before the first is waited for.
        for lane, job in [(open_lanes.enter_context(Lane(exercise, **settings)), job) for job in first]:
            _begin(lane, job, selector)
        while selector.get_map():
            for key, _ in selector.select():
                lane = key.data
                selector.unregister(key.fd)
                verdict = lane.finish()
                following = next(waiting, None)
                if following is not None:
                    _begin(lane, following, selector)
                yield verdict


def _begin(lane: Lane, job: Job, selector: selectors.BaseSelector) -> None:
    lane.begin(job)
    selector.register(lane, selectors.EVENT_READ, lane)


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
