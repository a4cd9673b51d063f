"""What happens between the keys, the file and the grader: one loop, which waits for whichever comes first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from dlgrade import hinting, workplace
from dlgrade.catalog import Exercise
from dlgrade.errors import DlgradeError
from dlgrade.learning import folder, standing
from dlgrade.progress import Book
from dlgrade.settings import Settings
from dlgrade.warm import Lane, Verdict
from dlgrade.watch import views
from dlgrade.watch.current import Current
from dlgrade.watch.screen import Screen

SLOW_S = 0.4
"""After how long it is said that grading goes on."""

_TICK_S = 0.25
_ENTER = ("\r", "\n", " ")
_QUIT = ("q", "Q", "\x03", "\x04", "")


class Session:
    """Watches one exercise after another, until it is told to quit.

    Parameters
    ----------
    every
        The exercises there are.
    first
        The one to begin with.
    file
        The learner's file of it; None where it is to be put into the learner's folder.
    root
        The learner's folder.
    exercises, solutions
        Where they lie, as for a check.
    settings
        What a teacher has settled.
    """

    def __init__(
        self,
        every: Sequence[Exercise],
        first: Exercise,
        file: Path | None,
        root: Path,
        *,
        exercises: Path | None = None,
        solutions: Path | None = None,
        settings: Settings | None = None,
    ) -> None:
        self._every = every
        self._root = root
        self._exercises, self._solutions = exercises, solutions
        self._settings = settings or Settings()
        self._first = first, file
        # What is shown, and the report that any key comes back to; below it a sentence, until the next key.
        self._view: Callable[[], str] = str
        self._report: Callable[[], str] = str
        self._notice = ""
        self._asked = self._said_busy = False

    def run(self) -> None:
        """Watch until it is told to quit; the terminal is then as it was."""
        with Screen() as self._screen:
            self._current = self._opened(*self._first)
            try:
                self._introduce()
                while not self._screen.ended and self._turn():
                    pass
            except KeyboardInterrupt:
                pass
            finally:
                self._current.close()

    def _turn(self) -> bool:
        """Wait for what comes next, and see to it; return whether to go on."""
        here = self._current
        for each in self._screen.wait([here.lane] if here.may_speak else [], _TICK_S):
            if not isinstance(each, str):
                self._hear()
            elif each in _QUIT:
                return False
            else:
                self._on_key(each)
            break  # what the others have to say stays readable; another exercise may be open by now
        here = self._current
        if here.look():
            self._come_back_to(lambda: views.gone(here.file))
        busy = here.busy_s > SLOW_S
        if self._screen.resized or busy > self._said_busy:
            self._screen.resized = False
            self._show()
        self._said_busy = busy
        return True

    def _hear(self) -> None:
        here = self._current
        verdict = here.hear()
        if verdict is None:
            self._show()
            return
        self._come_back_to(lambda: views.verdict(verdict))
        if here.saved and verdict.report is not None and verdict.report.passed:
            self._finish(verdict)

    def _finish(self, verdict: Verdict) -> None:
        """Open the exercise after the one that was passed, below its last report."""
        done, following = self._current.exercise, self._following()
        if following is not None:
            self._switch(following)
            self._current.rest()  # what was passed stays to be read, until there is something new
        file = None if following is None else self._current.file
        self._come_back_to(lambda: views.verdict(verdict) + views.passed(done, following, file))

    def _following(self) -> Exercise | None:
        """Return the first exercise that is not passed, from the one that is open onwards."""
        standings = standing.standings(self._every, Book())
        folders = [each.exercise.folder for each in standings]
        here = self._current.exercise.folder
        start = folders.index(here) + 1 if here in folders else 0
        later = (each.exercise for each in (*standings[start:], *standings[:start]) if not each.passed)
        return next((each for each in later if each.folder != here), None)

    def _on_key(self, key: str) -> None:
        actions = {"h": self._hint, "l": self._list, "n": self._next, "r": self._ask_to_reset}
        actions |= dict.fromkeys(_ENTER, self._current.again)
        if self._asked:
            actions["y"] = self._reset
        self._asked, self._notice, self._view = False, "", self._report
        try:
            actions.get(key.casefold(), lambda: None)()
        except DlgradeError as error:
            self._notice = views.sentence(str(error))
        self._show()

    def _hint(self) -> None:
        here = self._current
        if self._settings.classroom.hints:
            given = replace(hinting.advise(here.exercise, Book(), here.file), ways=())
            self._view = lambda: views.advice(given, here.exercise)
        else:
            said = f"There are no hints for {here.exercise.id}: so it was settled for this class."
            self._notice = views.sentence(said)

    def _list(self) -> None:
        every = standing.standings(self._every, Book())
        self._view = lambda: views.exercises(every)

    def _next(self) -> None:
        following = self._following()
        if following is None:
            self._notice = views.sentence("Every other exercise is passed.")
        else:
            self._switch(following)
            self._introduce()

    def _ask_to_reset(self) -> None:
        self._asked = True
        self._notice = views.sentence(
            f"Begin {self._current.file} anew? What it holds is kept in {folder.BACKUPS}/ beside it. "
            "y to do so, any other key not to."
        )

    def _reset(self) -> None:
        here = self._current
        done = folder.reset(here.exercise, here.file, datetime.now())
        kept = f"What it was is kept as {done.backup}." if done.backup else "It was as it had been given."
        self._notice = views.sentence(f"{here.file} is the starter again. {kept}")

    def _introduce(self) -> None:
        here = self._current
        self._come_back_to(lambda: views.waiting(here.exercise, here.file))

    def _come_back_to(self, report: Callable[[], str]) -> None:
        """Show something that stays what the keys come back to."""
        self._view = self._report = report
        self._show()

    def _show(self) -> None:
        here = self._current
        busy = "grading ..." if here.busy_s > SLOW_S else "" if here.warm else "getting ready ..."
        notice = f"\n{self._notice}" if self._notice else ""
        self._screen.show(self._view() + notice + views.foot(here.file, busy, here.at, here.seconds))

    def _switch(self, exercise: Exercise) -> None:
        opened = self._opened(exercise, None)
        self._current.close()
        self._current = opened

    def _opened(self, exercise: Exercise, file: Path | None) -> Current:
        if file is None:
            file = workplace.find(exercise) or folder.place(exercise, self._root).file

        def new_lane() -> Lane:
            where = self._exercises, self._solutions
            return Lane(exercise.folder, exercises=where[0], solutions=where[1], record=True)

        return Current(exercise, file, new_lane, self._screen.wake)
