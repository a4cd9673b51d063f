"""exercise07 on a GPU, where there is one: graded on it, and trained on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from dlgrade import catalog, content, student
from dlgrade.grading import check
from dlgrade.sandbox import bubblewrap, gpu, layers
from dlgrade.sandbox.launcher import Zygote
from dlgrade.sandbox.limits import Limits
from dlgrade.sandbox.session import Session
from dlgrade.suite import lab

EXERCISE = catalog.find("07")
LAB = """
import torch

def device(name):
    return torch.device(name)

def tensors(images, labels):
    return torch.from_numpy(images).float(), torch.from_numpy(labels)

def where(model):
    return sorted({each.device.type for each in (*model.parameters(), *model.buffers())})
"""


def why_not() -> str | None:
    """Say why nothing can be computed on a GPU here."""
    if gpu.find() is None:
        return "needs an NVIDIA GPU with its driver"
    import torch

    return None if torch.version.cuda else "needs a PyTorch that was built for CUDA"


WHY_NOT = why_not()
on_a_gpu = [pytest.mark.gpu, pytest.mark.skipif(WHY_NOT is not None, reason=str(WHY_NOT))]


@pytest.fixture
def reference() -> str:
    """The reference's source; away from the solutions, skip."""
    folder = content.solutions_dir(None)
    if folder is None:
        pytest.skip("needs the solutions")
    return (EXERCISE.solution_dir(folder) / EXERCISE.entry).read_text()


@pytest.fixture
def worker(reference: str) -> Iterator[student.Student]:
    """The reference in a worker."""
    limits = EXERCISE.limits
    zygote = Zygote(EXERCISE.tools, [], Limits(memory_mib=limits.memory_mib))
    session = Session(zygote, reference, EXERCISE.entry, EXERCISE.tools, limits.call_s, limits.load_s)
    loaded = session.load()
    assert loaded.lost is None
    yield student.Student(session, student.Source(EXERCISE.entry, loaded.names, {}))
    session.close()
    zygote.close()


@pytest.mark.parametrize("name", ["cpu", pytest.param("cuda", marks=on_a_gpu)])
def test_what_is_trained_ends_where_it_was_told_to_be(worker: student.Student, name: str) -> None:
    """After training, each of the network's parameters lies on the device that was asked for."""
    rng = np.random.default_rng(0)
    images, labels = rng.random((48, 1, 8, 8)), rng.integers(0, 10, 48)
    here = lab(worker, LAB)
    given = here.tensors.keep(0, 1)(images, labels)
    model = worker.DigitCNN.keep()()
    assert here.where(model) == ["cpu"]
    worker.train_cnn(model, *given, *given, device=here.device.keep()(name), epochs=1)
    assert here.where(model) == [name]


@pytest.mark.parametrize("level", [pytest.param(level, marks=on_a_gpu) for level in (2, 3)])
def test_the_reference_earns_everything_on_a_gpu(
    reference: str, level: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The suite that trains on the CPU trains on the GPU too, in a worker that says what CUDA costs it."""
    if level == 3 and bubblewrap.available() is None:
        pytest.skip(f"needs bubblewrap: {bubblewrap.why_not()}")
    if level == 2:
        monkeypatch.setattr(bubblewrap, "available", lambda: None)
        monkeypatch.setattr(bubblewrap, "why_not", lambda: "left out by the test")
    file = tmp_path / EXERCISE.entry
    file.write_text(reference)
    report = check("07", file, level=level)
    assert [test.message for test in report.tests if test.status != "passed"] == []
    assert report.passed
    assert report.isolation.layers["memory"] == layers.WATCHED
