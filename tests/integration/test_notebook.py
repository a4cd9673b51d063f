"""`%load_ext dlgrade`, `%check` and `%hint` in a real kernel."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from dlgrade.progress import Book

pytestmark = pytest.mark.slow
nbformat = pytest.importorskip("nbformat", reason="needs Jupyter's nbformat")
nbclient = pytest.importorskip("nbclient", reason="needs nbclient")
pytest.importorskip("ipykernel", reason="needs ipykernel")

Run = Callable[..., list[str]]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return an empty folder for a notebook; of its user nothing is known, and no temporary file stays."""
    monkeypatch.setenv("DLGRADE_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "runtime"))
    for name in ("work", "temporary"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    yield tmp_path / "work"
    assert list((tmp_path / "temporary").glob("dlgrade-*")) == []


@pytest.fixture
def sources(submissions: Path) -> dict[str, str]:
    """Return the source of a right file and of one that is wrong by a factor."""
    where = submissions / "exercise03"
    names = {"right": "right.py", "wrong": "wrong_by_two.py"}
    return {name: (where / file).read_text() for name, file in names.items()}


@pytest.fixture
def run(folder: Path) -> Run:
    """Return a function that writes a notebook, executes it, and returns what each cell said.

    What a cell showed as HTML stands before the same as text.
    """

    def execute(*cells: str, name: str = "backprop.ipynb", **metadata: Any) -> list[str]:
        notebook = nbformat.v4.new_notebook(metadata=metadata)
        notebook.cells = [nbformat.v4.new_code_cell(cell) for cell in cells]
        nbformat.write(notebook, folder / name)
        where = {"metadata": {"path": str(folder)}}
        nbclient.NotebookClient(notebook, timeout=120, resources=where, allow_errors=True).execute()
        return ["".join(map(_said, cell.outputs)) for cell in notebook.cells]

    return execute


def _said(output: Any) -> str:
    if output.output_type == "error":
        return "\n".join(output.traceback)
    data = output.get("data", {})
    return data.get("text/html", "") + data.get("text/plain", "") + output.get("text", "")


def test_a_right_notebook_earns_everything(run: Run, sources: dict[str, str], folder: Path) -> None:
    """The report stands in the cell, as HTML and as text, and the check is remembered of the notebook."""
    *_, said, hint = run("%load_ext dlgrade", sources["right"], "%check", "%hint")
    assert "10 of 10 points</span>" in said
    assert "✓ The gradients of the whole network" in said
    assert "backprop.ipynb as saved" in said
    assert "Every criterion was passed when it was last checked." in hint
    record = Book().record("exercise03_backprop")
    assert record.file == str(folder / "backprop.ipynb")


def test_a_wrong_notebook_is_told_why(run: Run, sources: dict[str, str]) -> None:
    """The named mistake, the call and its value, and the next hint, which knows of the check."""
    *_, said, only, hint = run(
        "%load_ext dlgrade", sources["wrong"], "%check", "%check --only backward", "%hint"
    )
    assert "✗ The backward pass of one neuron" in said
    assert "came back" in said
    assert "from backprop import" not in said
    assert "%check --only backward</code> checks that alone" in said
    assert "Only one criterion was asked for" in only
    assert "From the last check" in hint
    assert "Hint 1 of 4" in hint
    assert "has changed" not in hint


def test_the_sources_are_graded_and_not_what_the_kernel_holds(run: Run, sources: dict[str, str]) -> None:
    """A function that was only put into the kernel does not count, and its state does not matter."""
    *_, said = run(
        "%load_ext dlgrade",
        sources["wrong"],
        "exec(open('right.txt').read()) if __import__('os').path.exists('right.txt') else None",
        "backward = None",
        "del backward",
        sources["right"].replace("def backward", "def sdrawkcab"),
        "globals()['backward'] = sdrawkcab",
        "%check",
    )
    assert "10 of 10" in said
    *_, said = run(
        "%load_ext dlgrade", sources["wrong"], "get_ipython().user_ns['backward'] = lambda *_: {}", "%check"
    )
    assert "7.5 of 10" in said


HOSTILE = """
import builtins, sys
import dlgrade.grading, dlgrade.report, dlgrade.scoring, dlgrade.progress, numpy as np
from dlgrade.report import Report

def everything(*_, **__):
    return 10.0

dlgrade.grading.check = dlgrade.scoring.score = dlgrade.progress.Book.note_check = everything
np.abs = np.isfinite = np.array_equal = lambda *_, **__: np.True_
sys.modules["dlgrade.running"] = sys.modules["dlgrade.plugin"] = None
print("10.0")
print("exercise03 backprop    10 of 10 points")
display = print = everything
"""


def test_what_a_cell_does_to_the_kernel_does_not_reach_the_verdict(run: Run, sources: dict[str, str]) -> None:
    """Cells that patch dlgrade and NumPy: what is remembered is what two other processes found out."""
    *_, said = run("%load_ext dlgrade", sources["wrong"], HOSTILE, "%check")
    record = Book().record("exercise03_backprop")
    assert record.findings["backward"].status == "failed"
    assert record.findings["forward"].status == "passed"
    assert "7.5 of 10 points" in said


def test_a_cell_can_fake_what_it_shows_and_nothing_else(run: Run, sources: dict[str, str]) -> None:
    """Whoever owns the kernel owns its screen; the verdict that is remembered is another's all the same."""
    fake = "get_ipython().register_magic_function(lambda line: print('10 of 10 points'), 'line', 'check')"
    said = run("%load_ext dlgrade", sources["wrong"], "%check", fake, "%check")
    assert "7.5 of 10 points" in said[2]
    assert said[4] == "10 of 10 points\n"
    assert Book().record("exercise03_backprop").findings["backward"].status == "failed"


def test_a_kernel_that_was_broken_gives_no_verdict(run: Run, sources: dict[str, str]) -> None:
    """Without `get_ipython` no magic works: nothing is shown that could pass for a report."""
    *_, said = run("%load_ext dlgrade", sources["right"], "get_ipython = lambda: None", "%check")
    assert "points" not in said
    assert not Book().record("exercise03_backprop").findings


def test_markup_of_a_learner_stays_text(run: Run) -> None:
    """What a function prints or raises is shown in the notebook and does nothing there."""
    body = "print('<script>a()</script>'); raise ValueError('<img src=x>')"
    code = f"def forward(w, x, b, y_true):\n    {body}"
    *_, said = run("%load_ext dlgrade", code, "%check")
    rich = said.partition("</section>")[0]
    assert "&lt;script&gt;" in rich
    assert "&lt;img src=x&gt;" in rich
    assert "<script" not in rich
    assert "<img" not in rich


def test_a_broken_cell_has_its_place(run: Run) -> None:
    """The line is named as the learner sees it, by cell."""
    *_, said = run("%load_ext dlgrade", "x = 1\n\ndef forward(:\n    pass", "%check")
    assert "correct cell 2, line 3" in said
    assert "0 of 10 points" in said


def test_a_wrong_line_leaves_no_traceback(run: Run, sources: dict[str, str]) -> None:
    """One sentence, and the cells after it are run."""
    *_, first, second, last = run(
        "%load_ext dlgrade", "a = 1", "%check nonsense", "%hint --criterion nonsense", "print('goes on')"
    )
    for said in (first, second):
        assert 'role="alert"' in said
        assert "Traceback" not in said
    assert "exercise03 has no criterion" in second
    assert last == "goes on\n"


def test_the_metadata_name_the_exercise(run: Run, sources: dict[str, str]) -> None:
    """Whatever the notebook is called."""
    *_, said = run(
        "%load_ext dlgrade",
        sources["right"],
        "%check",
        name="Untitled.ipynb",
        dlgrade={"exercise": "exercise03"},
    )
    assert "10 of 10 points" in said


def test_cells_that_nobody_saved_are_graded_as_run(run: Run, sources: dict[str, str], folder: Path) -> None:
    """Without a file, as in a terminal's IPython, the session's cells count, and that is said."""
    gone = "import os; os.rename('backprop.ipynb', 'elsewhere.txt')"
    *_, said = run("%load_ext dlgrade", sources["right"], gone, "%check backprop")
    assert "10 of 10 points" in said
    assert "run in this session" in said


@pytest.fixture
def kernel(folder: Path) -> Iterator[Any]:
    """Return the client of a kernel in the folder; it is ended with all it has started."""
    from jupyter_client.manager import KernelManager

    manager = KernelManager()
    manager.start_kernel(cwd=str(folder))
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    client.manager = manager
    yield client
    client.stop_channels()
    manager.shutdown_kernel(now=True)
    manager.cleanup_resources()


def test_an_interrupt_ends_a_check_and_leaves_no_process(kernel: Any, folder: Path) -> None:
    """One line in the cell, at once, and none of the processes that were grading is left."""
    psutil = pytest.importorskip("psutil", reason="needs psutil")
    cells = ["def forward(w, x, b, y_true):\n    while True:\n        pass", "%load_ext dlgrade", "%check"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    nbformat.write(notebook, folder / "backprop.ipynb")
    kernel.execute_interactive("%load_ext dlgrade", timeout=60)
    waited_for = kernel.execute("%check")
    me = psutil.Process(kernel.manager.provisioner.process.pid)
    deadline = time.monotonic() + 60
    while len(grading := me.children(recursive=True)) < 3 and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(1)
    grading = me.children(recursive=True)
    assert len(grading) >= 3
    began = time.monotonic()
    kernel.manager.interrupt_kernel()
    while (reply := kernel.get_shell_msg(timeout=60))["parent_header"]["msg_id"] != waited_for:
        pass
    assert time.monotonic() - began < 8
    assert reply["content"]["traceback"] == ["Interrupted: there is no verdict."]
    _, alive = psutil.wait_procs(grading, timeout=10)
    assert alive == []


def test_a_cell_that_was_run_since_the_save_counts(
    kernel: Any, folder: Path, sources: dict[str, str]
) -> None:
    """As JupyterLab does it: the message says which cell of the file it is."""
    wrong = nbformat.v4.new_code_cell(sources["wrong"], id="mine")
    notebook = nbformat.v4.new_notebook(cells=[wrong, nbformat.v4.new_code_cell("%check")])
    nbformat.write(notebook, folder / "backprop.ipynb")
    run_cell(kernel, "%load_ext dlgrade", "one")
    run_cell(kernel, f"__vsc_ipynb_file__ = {str(folder / 'backprop.ipynb')!r}", "two")
    os.utime(folder / "backprop.ipynb")
    assert "7.5 of 10 points" in run_cell(kernel, "%check", "three")
    run_cell(kernel, sources["right"], "mine")
    said = run_cell(kernel, "%check", "three")
    assert "10 of 10 points" in said
    assert "with 1 cell as run since" in said
    assert Book().record("exercise03_backprop").file == str(folder / "backprop.ipynb")


def run_cell(kernel: Any, code: str, cell_id: str) -> str:
    """Run code as a front end runs a cell; return the text of what it displayed."""
    content = {"code": code, "silent": False, "store_history": True, "user_expressions": {}}
    message = kernel.session.msg("execute_request", content, metadata={"cellId": cell_id})
    kernel.shell_channel.send(message)
    shown = ""
    while True:
        reply = kernel.get_iopub_msg(timeout=60)
        if reply["parent_header"].get("msg_id") != message["header"]["msg_id"]:
            continue
        if reply["msg_type"] == "display_data":
            shown += reply["content"]["data"]["text/plain"]
        if reply["msg_type"] == "status" and reply["content"]["execution_state"] == "idle":
            return shown
