"""What the zygote has imported when it forks a worker."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dlgrade.sandbox.launcher import Zygote
from dlgrade.sandbox.limits import Limits
from dlgrade.sandbox.session import Session

IS_WARM = "import sys\n\n\ndef is_warm():\n    return 'torch._dynamo' in sys.modules\n"
STEP = """

def step():
    import torch
    weight = torch.nn.Parameter(torch.ones(3))
    adam = torch.optim.Adam([weight], lr=0.5)
    (2 * weight).sum().backward()
    adam.step()
    return weight.tolist()
"""


@pytest.fixture
def zygote() -> Iterator[Zygote]:
    """Return a zygote that has imported torch."""
    made = Zygote(["torch"], [], Limits(memory_mib=4096))
    yield made
    made.close()


def called(zygote: Zygote, source: str, name: str) -> object:
    """Call one function of a file in a worker of its own."""
    session = Session(zygote, source, "f.py", ["torch"], 60.0, 60.0)
    try:
        session.load()
        outcome = session.call(name, (), {})
        assert outcome.trouble is None, outcome.trouble
        return outcome.value
    finally:
        session.close()


def test_only_a_file_that_names_an_optimizer_waits_for_what_its_first_step_imports(zygote: Zygote) -> None:
    """That import takes as long as torch itself; once it was made, all later workers have it."""
    assert called(zygote, IS_WARM, "is_warm") is False
    assert called(zygote, IS_WARM + STEP, "step") == pytest.approx([0.5, 0.5, 0.5], abs=1e-6)
    assert called(zygote, IS_WARM, "is_warm") is True


def test_an_optimizer_that_no_one_saw_coming_works_too(zygote: Zygote) -> None:
    """A worker can import what the zygote did not."""
    hidden = IS_WARM + STEP.replace("torch.optim.Adam", "getattr(torch, 'op' + 'tim').Adam")
    assert called(zygote, hidden, "is_warm") is False
    assert called(zygote, hidden, "step") == pytest.approx([0.5, 0.5, 0.5], abs=1e-6)
