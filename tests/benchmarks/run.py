"""Measure dlgrade beside what it is compared with, in one run; prints a Markdown table.

Run by ``make bench``. Commands take turns, so that a noise of the machine hits all alike;
what counts are the ratios of the medians.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BASELINE = Path(__file__).with_name("plain_pytest.py")
EXERCISE = ROOT / "exercises" / "exercise03_backprop"
RIGHT = ROOT / "tests" / "submissions" / "exercise03" / "right.py"
DLGRADE = str(Path(sys.executable).with_name("dlgrade"))


@dataclass(frozen=True)
class Row:
    """One comparison: what is measured, what with, and how large the ratio may be."""

    what: str
    against: str
    limit: float


def timed(command: Sequence[str], cwd: Path, environment: dict[str, str]) -> float:
    """Run a command and return its seconds; one that fails stops the benchmark."""
    start = time.perf_counter()
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, check=False)
    seconds = time.perf_counter() - start
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout.decode()}{done.stderr.decode()}")
    return seconds


def commands(folder: Path) -> dict[str, Callable[[], float]]:
    """The commands, by the names that the table gives them."""
    # As on a learner's machine, where Python keeps what it has compiled.
    plain = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    kept = plain | {"XDG_CACHE_HOME": str(folder / "kept")}
    check = [DLGRADE, "check", "exercise03", "--file", str(folder / "backprop.py")]
    python = sys.executable

    def first_time() -> float:
        shutil.rmtree(folder / "fresh", ignore_errors=True)
        return timed(check, folder, plain | {"XDG_CACHE_HOME": str(folder / "fresh")})

    return {
        "plain pytest": lambda: timed([python, "-m", "pytest", "-q", "-p", "no:cacheprovider"], folder, kept),
        "check exercise03, first time": first_time,
        "check exercise03, answers kept": lambda: timed(check, folder, kept),
        "import torch": lambda: timed([python, "-c", "import torch"], folder, kept),
        "import click": lambda: timed([python, "-c", "import click"], folder, kept),
        "dlgrade list": lambda: timed([DLGRADE, "list"], folder, kept),
        "dlgrade --help": lambda: timed([DLGRADE, "--help"], folder, kept),
    }


ROWS = (
    Row("check exercise03, first time", "plain pytest", 0.8),
    Row("check exercise03, answers kept", "import torch", 0.4),
    Row("dlgrade list", "import click", 2.5),
    Row("dlgrade --help", "import click", 2.5),
)


def call_cost(calls: int = 2000) -> float:
    """Seconds of one call with small arguments across the socket, all layers on."""
    from dlgrade.sandbox.launcher import Zygote
    from dlgrade.sandbox.limits import Limits
    from dlgrade.sandbox.session import Session

    zygote = Zygote(["numpy"], [], Limits())
    session = Session(zygote, "def f(w, x):\n    return w * x\n", "f.py", ["numpy"], 10.0, 10.0)
    try:
        session.load()
        start = time.perf_counter()
        for _ in range(calls):
            session.call("f", (0.5, 2.0), {})
        return (time.perf_counter() - start) / calls
    finally:
        session.close()
        zygote.close()


def measure(repeats: int) -> dict[str, float]:
    """The median seconds of every command; the first round warms the disk and does not count."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copy(RIGHT, folder / "backprop.py")
        shutil.copy(EXERCISE / "test_examples.py", folder)
        shutil.copy(BASELINE, folder / "test_autograd.py")
        todo = commands(folder)
        taken: dict[str, list[float]] = {key: [] for key in todo}
        for turn in range(repeats + 1):
            for key, run in todo.items():
                seconds = run()
                if turn:
                    taken[key].append(seconds)
    return {key: statistics.median(values) for key, values in taken.items()}


def table(medians: dict[str, float], call_s: float, repeats: int) -> str:
    """The results as Markdown."""
    lines = ["| what | median | beside it | median | ratio | goal |", "|---|---|---|---|---|---|"]
    for row in ROWS:
        ours, theirs = medians[row.what], medians[row.against]
        lines.append(
            f"| `{row.what}` | {ours:.3f} s | {row.against} | {theirs:.3f} s "
            f"| {ours / theirs:.2f} | ≤ {row.limit:g} |"
        )
    lines.append(f"| a call across the socket | {call_s * 1e6:.0f} µs | | | | ≤ 150 µs |")
    system = f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    where = f"on {os.cpu_count()} cores, {system}; {time.strftime('%Y-%m-%d')}"
    return "\n".join([*lines, "", f"Medians of {repeats}, in turns, {where}."])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=7)
    repeats = parser.parse_args().repeats
    call_s = statistics.median(call_cost() for _ in range(repeats))
    print(table(measure(repeats), call_s, repeats))


if __name__ == "__main__":
    main()
