"""Several lanes at once: files in, verdicts out as they come."""

from __future__ import annotations

import itertools
import os
import selectors
from collections.abc import Iterable, Iterator
from typing import Any

from dlgrade.warm.lane import Job, Lane, Verdict


class Lanes:
    """So many files are graded at a time, of one exercise or of several.

    Parameters
    ----------
    count
        How many; as many as there are cores if None.
    **settings
        As for `Lane`.
    """

    def __init__(self, count: int | None = None, **settings: Any) -> None:
        # What one core has to do at a time: a lane for each exercise that it was asked for, all but one idle.
        self._free: list[dict[str, Lane]] = [{} for _ in range(count or cores())]
        self._every = list(self._free)
        self.settings = settings
        self._selector = selectors.DefaultSelector()

    @property
    def has_room(self) -> bool:
        """Whether another file can be begun."""
        return bool(self._free)

    @property
    def busy(self) -> bool:
        """Whether there is a verdict to wait for."""
        return len(self._free) < len(self._every)

    @property
    def has_verdict(self) -> bool:
        """Whether a verdict is there, so that `finish` need not wait."""
        return bool(self._selector.select(0))

    def prepare(self, exercise: str, count: int | None = None) -> None:
        """Start lanes for an exercise, which rehearse side by side, without waiting for them."""
        for lanes in self._free[:count]:
            if exercise not in lanes:
                lanes[exercise] = Lane(exercise, **self.settings)

    def begin(self, exercise: str, job: Job) -> None:
        """Have a file graded; there must be room.

        Raises
        ------
        LaneError
            If no lane can be started.
        """
        lanes = next((each for each in self._free if exercise in each), self._free[0])
        if exercise not in lanes:
            lanes[exercise] = Lane(exercise, **self.settings)
        lanes[exercise].begin(job)
        self._free = [each for each in self._free if each is not lanes]
        self._selector.register(lanes[exercise], selectors.EVENT_READ, (lanes, exercise))

    def finish(self) -> Verdict:
        """Wait for the next verdict, whichever file it is on; a lane that is lost costs its file a fault."""
        (key, _), *_ = self._selector.select()
        lanes, exercise = key.data
        self._selector.unregister(key.fd)
        self._free.append(lanes)
        verdict: Verdict = lanes[exercise].finish()
        return verdict

    def close(self) -> None:
        """End all lanes."""
        self._selector.close()
        for lanes in self._every:
            while lanes:
                lanes.popitem()[1].close()

    def __enter__(self) -> Lanes:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


def verdicts(
    exercise: str, jobs: Iterable[Job], *, lanes: int | None = None, **settings: Any
) -> Iterator[Verdict]:
    """Grade files of one exercise, and yield each verdict as soon as it is there.

    Parameters
    ----------
    exercise
        The one that all files are for.
    jobs
        The files; the next one is taken when a lane is free for it.
    lanes
        How many are graded at a time; as many as there are cores if None.
    **settings
        As for `Lane`.

    Yields
    ------
    Verdict
        In the order in which they come. A lane that is lost costs its file a fault.

    Raises
    ------
    LaneError
        If a lane cannot be started.
    """
    waiting = iter(jobs)
    with Lanes(lanes, **settings) as every:
        first = list(itertools.islice(waiting, lanes or cores()))
        every.prepare(exercise, len(first))
        waiting = itertools.chain(first, waiting)
        while True:
            while every.has_room and (job := next(waiting, None)) is not None:
                every.begin(exercise, job)
            if not every.busy:
                return
            yield every.finish()


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
