"""`dlgrade watch` in a real terminal, tmux's: saves of every kind, keys, resizing, and every way to leave."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dlgrade import catalog

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed"),
]
DLGRADE = Path(sys.executable).with_name("dlgrade")
PATIENCE_S = 30.0


class Terminal:
    """A terminal of tmux's with a shell in it."""

    def __init__(self, folder: Path, socket: Path, **environment: str) -> None:
        self._tmux = ["tmux", "-S", str(socket), "-f", os.devnull]
        set_here = [word for key, value in environment.items() for word in ("-e", f"{key}={value}")]
        size = ["-x", "100", "-y", "45"]
        settings = socket.with_name("rc")
        settings.write_text("PS1='$ '\n")
        # Python's readline puts the size of its own terminal into what its children inherit.
        shell = f"env -u COLUMNS -u LINES bash --rcfile {settings}"
        self._run("new-session", "-d", *size, "-c", str(folder), *set_here, shell)

    def _run(self, *words: str) -> str:
        return subprocess.run([*self._tmux, *words], check=True, capture_output=True, text=True).stdout

    def keys(self, *keys: str) -> None:
        self._run("send-keys", *keys)

    def resize(self, columns: int, rows: int) -> None:
        self._run("resize-window", "-x", str(columns), "-y", str(rows))

    def text(self) -> str:
        return self._run("capture-pane", "-p")

    def wait_for(self, *texts: str, without: str = "\0") -> str:
        """Wait until all of these are seen, and this one is not."""
        end = time.monotonic() + PATIENCE_S
        while True:
            seen = self.text()
            if all(text in seen for text in texts) and without not in seen:
                return seen
            assert time.monotonic() < end, f"not seen: {texts} in\n{seen}"
            time.sleep(0.02)

    def shell(self, command: str) -> str:
        """Run a command in the shell, and return what it wrote."""
        self.keys("clear; " + command + "; echo do''ne", "Enter")
        return self.wait_for("done").split("done")[0].strip()

    def close(self) -> None:
        subprocess.run([*self._tmux, "kill-server"], check=False, capture_output=True)


@pytest.fixture
def work(tmp_path: Path, dlgrade: Callable[..., subprocess.CompletedProcess[str]]) -> Path:
    """Return a learner's folder."""
    made = dlgrade("init", tmp_path / "work")
    assert made.returncode == 0
    return tmp_path / "work"


@pytest.fixture
def terminal(work: Path, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    # A socket's path has to be short.
    socket = tmp_path_factory.mktemp("tmux", numbered=True) / "s"
    cache = os.environ["XDG_CACHE_HOME"]
    opened = Terminal(work, socket, DLGRADE_STATE=str(tmp_path / "state"), XDG_CACHE_HOME=cache)
    try:
        opened.wait_for("$")
        yield opened
    finally:
        opened.close()


@pytest.fixture(scope="session")
def right() -> str:
    exercise = catalog.find("3")
    where = exercise.solutions()
    if where is None:
        pytest.skip("needs the solutions")
    return (exercise.solution_dir(where) / exercise.entry).read_text(encoding="utf-8")


def replaced(file: Path, text: str) -> None:
    """Save as an editor that puts a new file in the old one's place."""
    fresh = file.with_name(".backprop.py.swp1")
    fresh.write_text(text)
    fresh.replace(file)


def watching(terminal: Terminal, *words: str) -> None:
    terminal.keys(" ".join(["clear;", str(DLGRADE), "watch", *words]), "Enter")
    terminal.wait_for("q quit", "graded at")


def test_every_way_to_save_is_seen(terminal: Terminal, work: Path, right: str):
    """Into the file, another in its place, taken away and written anew, in two halves; what is no Python."""
    file = work / "exercise03_backprop" / "backprop.py"
    watching(terminal, "3")
    terminal.wait_for("0 of 10 points", "Still to do: forward, backward")
    file.write_text(right.replace("param - lr", "param + lr"))
    terminal.wait_for("9 of 10 points", "You walked uphill", "from backprop import sgd_step")
    replaced(file, "def forward(:\n")
    terminal.wait_for("Python cannot read backprop.py: correct line 1")
    replaced(file, right.replace("def forward(", "def forwards("))
    terminal.wait_for("8.5 of 10 points")
    file.unlink()
    file.write_text(right.replace("param - lr", "param * lr"))
    seen = terminal.wait_for("9 of 10 points")
    assert "is not there" not in seen
    half = len(right) // 2
    with file.open("w") as open_file:
        open_file.write(right[:half])
        open_file.flush()
        time.sleep(0.05)
        open_file.write(right[half:].replace("hidden.T @ dlogits", "2 * hidden.T @ dlogits"))
    terminal.wait_for("8 of 10 points")
    file.unlink()
    terminal.wait_for("exercise03_backprop/backprop.py is not there.")
    file.write_text("")
    terminal.wait_for("backprop.py is empty")
    file.write_text(right)
    terminal.wait_for("exercise03 is passed.", "Next is exercise04 kaiming", "exercise04_kaiming/kaiming.py")
    # The next one is watched, and what was passed stays until there is something new.
    terminal.wait_for("exercise03 is passed.", without="getting ready")
    (work / "exercise04_kaiming" / "kaiming.py").write_text("import numpy as np\n")
    terminal.wait_for("exercise04 kaiming", "0 of 10 points")


def test_the_keys(terminal: Terminal, work: Path):
    """Hint, list, next, reset, Enter; any other key goes back to the report."""
    file = work / "exercise03_backprop" / "backprop.py"
    file.write_text("import numpy as np\n")
    watching(terminal, "3")
    terminal.keys("h")
    terminal.wait_for("Hint 1 of 3")
    terminal.keys("h")
    terminal.wait_for("Hint 2 of 3")
    terminal.keys("l")
    terminal.wait_for("exercise03  backprop    0/10 points")
    terminal.keys("Left")
    terminal.wait_for("Backprop by hand · exercise03_backprop/backprop.py", without="exercise07")
    terminal.keys("r")
    terminal.wait_for("Begin exercise03_backprop/backprop.py anew?")
    terminal.keys("x")
    terminal.wait_for("0 of 10 points", without="anew?")
    assert file.read_text() == "import numpy as np\n"
    terminal.keys("y")
    terminal.keys("r")
    terminal.wait_for("anew?")
    terminal.keys("y")
    terminal.wait_for("is the starter again", "is kept as\n", "Still to do")
    (backup,) = (file.parent / "backups").iterdir()
    assert backup.read_text() == "import numpy as np\n"
    terminal.keys("Enter")
    terminal.wait_for("Still to do: forward", without="is the starter again")
    terminal.keys("n")
    terminal.wait_for("exercise04 kaiming", "graded at")


def test_resizing_and_stopping(terminal: Terminal, right: str, work: Path):
    """The page is as wide as the terminal; after Ctrl-Z the shell is as it was, and `fg` goes on."""
    before = terminal.shell("stty -g")
    watching(terminal, "3")
    terminal.resize(50, 45)
    terminal.wait_for("h hint · l list · n next exercise · r reset ·\n")
    terminal.resize(100, 45)
    terminal.wait_for("h hint · l list · n next exercise · r reset · Enter check again · q quit")
    terminal.keys("C-z")
    terminal.wait_for("Stopped")
    assert terminal.shell("stty -g") == before
    terminal.keys("fg", "Enter")
    terminal.wait_for("0 of 10 points", "q quit")
    (work / "exercise03_backprop" / "backprop.py").write_text(right.replace("param - lr", "param + lr"))
    terminal.wait_for("9 of 10 points")


@pytest.mark.parametrize("how", ["q", "C-c", "C-d", "SIGTERM", "SIGHUP"])
def test_the_terminal_is_as_it_was_however_it_ends(terminal: Terminal, how: str, tmp_path: Path):
    """And nothing that it started is left."""
    before = terminal.shell("stty -g")
    pid = tmp_path / "pid"
    terminal.keys(f"clear; sh -c 'echo $$ > {pid}; exec {DLGRADE} watch 3'", "Enter")
    terminal.wait_for("q quit", "graded at")
    leader = int(pid.read_text())
    children = [int(each) for each in Path(f"/proc/{leader}/task/{leader}/children").read_text().split()]
    if how.startswith("SIG"):
        os.kill(leader, getattr(signal, how))
    else:
        terminal.keys(how)
    terminal.wait_for("q quit\n", "\n$")
    assert terminal.shell("stty -g") == before
    end = time.monotonic() + 10
    while any(Path(f"/proc/{each}").exists() for each in (leader, *children)):
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_file_that_never_ends_does_not_keep_the_next_one_waiting(
    terminal: Terminal, work: Path, right: str
):
    """Saved again, it is graded anew, though the first grading would take a minute."""
    file = work / "exercise03_backprop" / "backprop.py"
    watching(terminal, "3")
    file.write_text("while True:\n    pass\n")
    terminal.wait_for("grading ...")
    began = time.monotonic()
    file.write_text(right.replace("param - lr", "param + lr"))
    terminal.wait_for("9 of 10 points")
    assert time.monotonic() - began < 9.0


def test_a_print_cannot_write_over_the_page(terminal: Terminal, work: Path):
    """What a learner's file prints is shown, never obeyed."""
    file = work / "exercise03_backprop" / "backprop.py"
    watching(terminal, "3")
    file.write_text("print('\\x1b[2J\\x1b[H10 of 10 points')\nraise ValueError('\\x1b]0;mine\\x07')\n")
    seen = terminal.wait_for("0 of 10 points", "\\x1b]0;mine\\x07")
    assert "\n10 of 10 points" not in seen


def test_without_a_terminal_it_says_what_to_use(dlgrade: Callable[..., subprocess.CompletedProcess[str]]):
    """In a pipe there is nobody who presses keys."""
    done = dlgrade("watch", "3")
    assert (done.returncode, done.stdout) == (2, "")
    assert "watch needs a terminal; in a pipe, use `dlgrade check exercise03`." in done.stderr
