"""The end of a cluster where grading is done: lanes inside a Dask worker.

A Dask worker has threads of its own and must not fork, and learners' code must never reach it. So it starts
lanes by exec, one for each of its threads, and only hands them files and takes their verdicts.
"""

from __future__ import annotations

import contextlib
import queue
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from distributed import Worker, WorkerPlugin, get_worker

from dlgrade import catalog
from dlgrade.batch.decider import Decider, decider
from dlgrade.errors import DlgradeError, LaneError
from dlgrade.report import encode
from dlgrade.warm import Job, Lane

Answer = dict[str, Any]
"""A verdict as plain values, or under ``wrong`` why this worker cannot grade at all."""


class LanePlugin(WorkerPlugin):
    """Keeps a worker's lanes, from when it joins to when it leaves.

    Parameters
    ----------
    name
        Of this run: two at the same time do not share lanes.
    by
        What decides there where the gradebook is; a worker where anything else would does not grade.
    exercise, exercises, solutions, level
        As for `dlgrade.warm.Lane`; paths are the worker's.
    """

    def __init__(
        self,
        name: str,
        by: Decider,
        exercise: str,
        exercises: Path | None,
        solutions: Path | None,
        level: int,
    ) -> None:
        self.name = name
        self._by = by
        self._exercise = exercise
        self._exercises = exercises
        self._solutions = solutions
        self._level = level

    def setup(self, worker: Worker) -> None:
        """Start the lanes; what is wrong is said by the first task, so that the worker itself goes on."""
        self._lanes: list[Lane] = []
        self._free: queue.SimpleQueue[Lane] = queue.SimpleQueue()
        self.wrong = self._what_is_wrong()
        if not self.wrong:
            for _ in range(worker.state.nthreads):
                lane = Lane(
                    self._exercise, exercises=self._exercises, solutions=self._solutions, level=self._level
                )
                self._lanes.append(lane)
                self._free.put(lane)

    def teardown(self, worker: Worker) -> None:  # noqa: ARG002 - as Dask calls it
        """End the lanes."""
        for lane in self._lanes:
            lane.close()

    def grade(self, key: str, file: str, name: str | None, data: bytes) -> Answer:
        """Grade a file by the next lane that is free."""
        if self.wrong:
            return {"wrong": self.wrong}
        lane = self._free.get()
        try:
            with tempfile.TemporaryDirectory(prefix="dlgrade-batch-") as folder:
                path = Path(folder) / file
                path.write_bytes(data)
                lane.begin(Job(key, path, name))
                verdict = lane.finish()
        except LaneError as error:
            return {"wrong": str(error)}
        finally:
            self._free.put(lane)
        answer = {name: getattr(verdict, name) for name in ("refused", "fault", "seconds")}
        return answer | {"report": None if verdict.report is None else encode(verdict.report)}

    def _what_is_wrong(self) -> str:
        """Compare what decides here with what decides where the gradebook is."""
        try:
            here = decider(catalog.find(self._exercise, self._exercises), self._solutions)
        except DlgradeError as error:
            return str(error)
        theirs, ours = asdict(here), asdict(self._by)
        parts = [f"{name} {theirs[name] or 'none'}, not {ours[name] or 'none'}" for name in ours]
        other = [part for name, part in zip(ours, parts, strict=True) if theirs[name] != ours[name]]
        return f"it would grade by {'; '.join(other)}: install the same on all machines." if other else ""


def grade(plugin: str, key: str, file: str, name: str | None, data: bytes) -> Answer:
    """Grade a file in the worker that this task was sent to."""
    worker = get_worker()
    found = worker.plugins.get(plugin)
    if not isinstance(found, LanePlugin):
        return {"wrong": "it has no lanes."}
    answer = found.grade(key, file, name, data)
    with contextlib.suppress(KeyError):
        answer["wrong"] = f"The worker {worker.address} cannot grade: {answer['wrong']}"
    return answer
