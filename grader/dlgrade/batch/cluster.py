"""Grading on other machines, by the workers of a Dask scheduler.

The gradebook stays here: files go out, verdicts come back as they are made, and this process alone writes
them. A worker that dies is Dask's to replace; what it was grading is tried again, by itself and with nothing
beside it, so that what ends a second worker too is known to have done it.
"""

from __future__ import annotations

import collections
import contextlib
import logging
import queue
import time
import uuid
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dlgrade.batch.decider import Decider
from dlgrade.batch.running import Source
from dlgrade.errors import ClusterError
from dlgrade.report import decode
from dlgrade.warm import Job, Verdict

_CONNECT_S = 15.0
_LOOK_S = 1.0
_FETCH_S = 30.0
_SENT_MAX = 8
_AHEAD = 2
"""Files on their way to each thread of a worker: the one that is graded, and the next."""


def workers(
    address: str,
    exercise: str,
    by: Decider,
    *,
    exercises: Path | None = None,
    solutions: Path | None = None,
    level: int = 2,
) -> Source:
    """Return what turns files into verdicts on the workers of a scheduler.

    Parameters
    ----------
    address
        The scheduler's, such as ``tcp://head:8786``.
    by
        What decides here; a worker that would grade by anything else ends the run.
    exercise, exercises, solutions, level
        As for `dlgrade.grading.check`. Paths are to be the same on all machines.
    """

    def source(jobs: Iterable[Job]) -> Generator[Verdict]:
        from dlgrade.batch.remote import LanePlugin

        name = f"dlgrade-{uuid.uuid4().hex}"
        plugin = LanePlugin(name, by, exercise, _absolute(exercises), _absolute(solutions), level)
        with _connected(address) as client:
            client.register_plugin(plugin, name=name)
            try:
                yield from _Stream(client, name, address).verdicts(jobs)
            finally:
                with contextlib.suppress(Exception):  # whoever is gone has ended its lanes already
                    client.unregister_worker_plugin(name)

    return source


@dataclass
class _Task:
    """A file that is to be graded somewhere.

    Attributes
    ----------
    sent
        How often it was.
    deaths
        Workers that were lost while they graded it.
    """

    job: Job
    data: bytes
    sent: int = 0
    deaths: int = 0
    future: Any = field(default=None, repr=False)


class _Stream:
    """Files out, verdicts in.

    Parameters
    ----------
    client
        Connected to the scheduler.
    plugin
        The name of the lanes in its workers.
    address
        The scheduler's, for sentences.
    """

    def __init__(self, client: Any, plugin: str, address: str) -> None:
        self._client = client
        self._plugin = plugin
        self._address = address
        self._heard: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()
        self._out: dict[str, _Task] = {}
        self._suspects: collections.deque[_Task] = collections.deque()
        self._room = 0
        self._looked = 0.0

    def verdicts(self, jobs: Iterable[Job]) -> Iterator[Verdict]:
        """Yield verdicts in the order in which they come."""
        self._client.subscribe_topic("all", self._note)
        waiting = iter(jobs)
        try:
            while self._send_some(waiting):
                with contextlib.suppress(queue.Empty):
                    kind, what = self._heard.get(timeout=_LOOK_S)
                    verdict = self._done(what) if kind == "done" else self._died(what)
                    if verdict is not None:
                        yield verdict
        finally:
            with contextlib.suppress(Exception):
                self._client.unsubscribe_topic("all")
                self._client.cancel([task.future for task in self._out.values()])

    def _send_some(self, waiting: Iterator[Job]) -> bool:
        """Keep the workers busy; say whether anything is still out."""
        if time.monotonic() - self._looked > _LOOK_S:
            self._looked = time.monotonic()
            try:
                self._room = _AHEAD * max(sum(self._client.nthreads().values()), 1)
            except (OSError, TimeoutError):
                raise self._lost() from None
        while len(self._out) < self._room and (job := next(waiting, None)) is not None:
            self._send(_Task(job, job.file.read_bytes()))
        if not self._out and self._suspects:
            self._send(self._suspects.popleft())  # all else has come back: it is alone
        return bool(self._out)

    def _send(self, task: _Task) -> None:
        from dlgrade.batch import remote

        task.sent += 1
        key = f"{self._plugin}-{task.job.key}-{task.sent}"
        job = task.job
        self._out[key] = task
        task.future = self._client.submit(
            remote.grade, self._plugin, job.key, job.file.name, job.name, task.data, key=key, pure=False
        )
        task.future.add_done_callback(lambda future: self._heard.put(("done", future.key)))

    def _note(self, event: tuple[float, Any]) -> None:
        """Take note, in the client's own thread, of a worker that was lost."""
        message = event[1]
        if message.get("action") == "remove-worker" and not message.get("expected"):
            self._heard.put(("died", [str(key) for key in message.get("processing-tasks", ())]))

    def _done(self, key: str) -> Verdict | None:
        task = self._out.get(key)
        if task is None:
            return None  # taken for a suspect meanwhile
        if task.future.status == "error":
            error = task.future.exception()
            if type(error).__name__ == "KilledWorker":
                return self._died([key])
            raise ClusterError(self._failure(error))
        del self._out[key]
        answer = self._fetched(task)
        if answer is None:
            self._send(task)  # the verdict was lost with the worker that had made it
            return None
        if "wrong" in answer:
            raise ClusterError(answer["wrong"])
        report = answer.pop("report")
        return Verdict(task.job.key, None if report is None else decode(report), **answer)

    def _fetched(self, task: _Task) -> dict[str, Any] | None:
        from concurrent.futures import CancelledError

        with contextlib.suppress(CancelledError, OSError, TimeoutError):
            if task.future.status == "finished":
                answer: dict[str, Any] = task.future.result(timeout=_FETCH_S)
                return answer
        if self._client.status != "running" or task.sent >= _SENT_MAX:
            raise self._lost()
        return None

    def _lost(self) -> ClusterError:
        return ClusterError(f"The scheduler {self._address} was lost; every verdict so far is kept.")

    def _died(self, keys: Iterable[str]) -> Verdict | None:
        """Set aside what a lost worker was grading; a second time, it was its doing."""
        verdict = None
        for key in keys:
            task = self._out.pop(key, None)
            if task is None:
                continue
            task.future.cancel()
            task.deaths += 1
            if task.deaths == 1:
                self._suspects.append(task)
            else:  # it was alone
                fault = f"the worker that graded it was lost, {task.deaths} times in a row"
                verdict = Verdict(task.job.key, fault=fault)
        return verdict

    def _failure(self, error: BaseException) -> str:
        words = f"{type(error).__name__}: {error}"
        return f"A worker of {self._address} cannot grade ({words}): is the same dlgrade installed there?"


@contextlib.contextmanager
def _connected(address: str) -> Iterator[Any]:
    try:
        from distributed import Client
    except ImportError:
        raise ClusterError(
            "--scheduler needs Dask.distributed, which is not installed: pip install 'dlgrade[cluster]'."
        ) from None
    # What a worker's loss means is said here; Dask would say it in pages.
    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        connect: Callable[..., Any] = Client
        client = connect(address, timeout=_CONNECT_S, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        words = str(error).partition("\n")[0] or type(error).__name__
        raise ClusterError(f"The scheduler {address} cannot be reached: {words}.") from None
    try:
        yield client
    finally:
        with contextlib.suppress(Exception):
            client.close(timeout=5)


def _absolute(path: Path | None) -> Path | None:
    return None if path is None else path.absolute()
