"""The exercise that is watched: what its file holds, and the grader that is kept warm for it."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from dlgrade.catalog import Exercise
from dlgrade.warm import Job, Lane, Verdict
from dlgrade.watch.saves import Saves

GIVE_UP_S = 2.0
"""How long a check may go on after the file has been saved again: then it is of no interest any more."""

_GONE = "gone"


class Current:
    """One exercise, while it is watched.

    Parameters
    ----------
    exercise, file
        Which one, and the learner's file of it.
    new_lane
        Makes a grader for it.
    wake
        Is called, in another thread, when something happened to the file.

    Attributes
    ----------
    lane
        The grader.
    saved
        Whether the file was saved since it is watched.
    at, seconds
        When there was a verdict last, and how long it took.
    """

    def __init__(
        self, exercise: Exercise, file: Path, new_lane: Callable[[], Lane], wake: Callable[[], None]
    ) -> None:
        self.exercise = exercise
        self.file = file
        self.saved = False
        self.at: datetime | None = None
        self.seconds = 0.0
        self._saves = Saves(file, wake)
        self._new_lane = new_lane
        self.lane = new_lane()
        self.warm = False
        self._busy_since: float | None = None
        # The digest of what was graded last, or is being graded; and whether that is still to be done.
        self._seen = None if file.exists() else _GONE
        self._due = True

    @property
    def busy_s(self) -> float:
        """For how many seconds the grader has been at work; 0 if it is not."""
        return 0.0 if self._busy_since is None else time.monotonic() - self._busy_since

    @property
    def may_speak(self) -> bool:
        """Whether the grader will have something to say: that it is ready, or a verdict."""
        return not self.warm or self._busy_since is not None

    def look(self) -> bool:
        """See whether the file holds something new, and have it graded; return whether it has just gone."""
        digest = self._saves.digest()
        gone = digest is None and self._seen not in (None, _GONE) and self._saves.lacking
        if gone:
            self._seen, self._due = _GONE, False
        elif digest is not None and digest != self._seen:
            self.saved = self.saved or self._seen is not None
            self._seen, self._due = digest, True
        if self._due and self.busy_s > GIVE_UP_S:
            self._start_over()  # it may hang, and nobody waits for it any more
        elif self._due and self.warm and self._busy_since is None and digest is not None:
            self._due, self._busy_since = False, time.monotonic()
            self.lane.begin(Job(str(self.file), self.file))
        return gone

    def hear(self) -> Verdict | None:
        """Take what the grader has to say; None where it was only that it is ready."""
        if self._busy_since is None:
            self.warm = True
            return None
        self._busy_since = None
        verdict = self.lane.finish()
        self.at, self.seconds = datetime.now(), verdict.seconds
        if verdict.fault is not None:
            self._start_over()
        return verdict

    def again(self) -> None:
        """Have the file graded once more, if there is one."""
        self._due = self._due or self._seen not in (None, _GONE)

    def rest(self) -> None:
        """Take what the file holds now for seen: it is graded when there is something new."""
        self._seen, self._due = self._saves.digest() or self._seen, False

    def close(self) -> None:
        """Stop watching and grading."""
        self._saves.close()
        self.lane.close()

    def _start_over(self) -> None:
        self.lane.close()
        self.lane, self.warm, self._busy_since = self._new_lane(), False, None
