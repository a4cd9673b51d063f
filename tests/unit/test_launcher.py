"""The zygote's process, as the grader starts and ends it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from dlgrade.sandbox import bubblewrap
from dlgrade.sandbox.launcher import Zygote
from dlgrade.sandbox.limits import Limits


def processes_of(scratch: str) -> list[str]:
    """The processes whose command line names a zygote's folder."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes()
        except OSError:  # it ended meanwhile
            continue
        if scratch.encode() in words:
            found.append(path.parent.name)
    return found


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="this system has no /proc")
@pytest.mark.skipif(bubblewrap.available() is None, reason="bubblewrap is not available")
def test_a_zygote_that_is_ended_while_it_starts_leaves_no_process():
    """Whenever that is: bubblewrap's own child must not go on waiting for it."""
    left = []
    for pause_ms in (0, 0, 0, 1, 1, 2, 3, 4, 6, 9, 15):
        zygote = Zygote(["numpy"], [], Limits())
        scratch = str(zygote._scratch)
        time.sleep(pause_ms / 1000)
        zygote.close()
        left.append(scratch)
    deadline = time.monotonic() + 10.0
    while time.monotonic() < deadline and any(map(processes_of, left)):
        time.sleep(0.05)
    assert [each for scratch in left for each in processes_of(scratch)] == []
