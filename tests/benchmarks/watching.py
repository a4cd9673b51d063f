"""From a save to the verdict on the screen: `dlgrade watch` in a terminal of its own, saved to repeatedly."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import shutil
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from pathlib import Path

from dlgrade import catalog, content

DLGRADE = str(Path(sys.executable).with_name("dlgrade"))
EXERCISES = ("exercise01", "exercise02", "exercise03")
LIMIT_S = 0.25
"""How long it may take, in the median, for a file that is right."""

QUIET_S = 0.5
_SHOWN = b"graded at"


class Watched:
    """One exercise, watched in a pseudo-terminal; it is the only one there is, so that no other opens."""

    def __init__(self, exercise_id: str, folder: Path) -> None:
        exercise = catalog.find(exercise_id)
        self.right = (exercise.solution_dir(content.root() / "solutions") / exercise.entry).read_text()
        shutil.copytree(exercise.exercise_dir, folder / "exercises" / exercise.folder)
        self.file = folder / exercise.entry
        self.file.write_text(self.right)
        words = [DLGRADE, "watch", exercise_id, "--file", str(self.file)]
        words += ["--exercises", str(folder / "exercises"), "--solutions", str(content.root() / "solutions")]
        environment = os.environ | {"DLGRADE_STATE": str(folder / "state"), "TERM": "xterm", "NO_COLOR": "1"}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 100, 0, 0))
        self._process = subprocess.Popen(
            words, cwd=folder, stdin=theirs, stdout=theirs, stderr=theirs, env=environment
        )
        os.close(theirs)
        self._wait()

    def seconds(self, text: str) -> float:
        """Save, and return how long it takes until the verdict is on the screen."""
        fresh = self.file.with_suffix(".new")
        fresh.write_text(text)
        while select.select([self._ours], [], [], QUIET_S)[0]:  # what else was said of the last one
            os.read(self._ours, 1 << 16)
        start = time.perf_counter()
        fresh.replace(self.file)
        self._wait()
        return time.perf_counter() - start

    def close(self) -> None:
        """End it."""
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(10)
        os.close(self._ours)

    def _wait(self) -> None:
        said = b""
        while _SHOWN not in said or not said.endswith(b"q quit\r\n"):
            if not select.select([self._ours], [], [], 60)[0]:
                raise SystemExit(f"dlgrade watch shows nothing: {said[-2000:]!r}")
            said = (said + os.read(self._ours, 1 << 16)).rpartition(b"\x1b[H")[2]


def measure_watching(repeats: int) -> dict[str, tuple[float, float]]:
    """Return by exercise the median seconds of a file that is right, and of one whose first line is wrong."""
    found = {}
    for exercise_id in EXERCISES:
        with tempfile.TemporaryDirectory() as name:
            watched = Watched(exercise_id, Path(name))
            try:
                right, wrong = [], []
                for turn in range(repeats + 1):
                    right.append(watched.seconds(f"{watched.right}\n# {turn}\n"))
                    # Every function gives what it should not.
                    wrong.append(watched.seconds(watched.right.replace("return ", f"return {turn + 2} * ")))
            finally:
                watched.close()
        found[exercise_id] = statistics.median(right[1:]), statistics.median(wrong[1:])
    return found


def watching_table(found: dict[str, tuple[float, float]], machine: str) -> str:
    """Return the medians as a table in Markdown."""
    rows = [
        f"| `{key}` | {right * 1000:.0f} ms | ≤ {LIMIT_S * 1000:.0f} ms | {wrong * 1000:.0f} ms |"
        for key, (right, wrong) in found.items()
    ]
    head = "| from save to verdict | right | goal | all wrong, explained |\n|---|---|---|---|"
    return "\n".join([head, *rows, "", f"Medians, on {machine}"])


if __name__ == "__main__":
    print(watching_table(measure_watching(15), "this machine"))
