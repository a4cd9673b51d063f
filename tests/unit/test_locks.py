"""Locks on files, and those that a killed process leaves to others for a moment."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dlgrade import locks

HOLDER = """
import os, subprocess, sys
from dlgrade import locks
descriptor = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT)
locks.acquire(descriptor)
child = os.fork()
if child == 0:  # holds the lock too, as between fork and exec
    import time
    time.sleep(float(sys.argv[2]))
    os._exit(0)
print("held", flush=True)
os.waitpid(child, 0)
"""


@pytest.fixture
def held(tmp_path):
    """Start a process that holds a lock, and has a child that holds it for a while; kill the process."""
    path = tmp_path / "lock"
    started = []

    def start(seconds: float) -> Path:
        command = [sys.executable, "-c", HOLDER, str(path), str(seconds)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True)
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        started.append(process)
        process.kill()
        process.wait()
        process.stdout.close()
        return path

    yield start
    for process in started:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


def test_what_a_killed_process_left_behind_is_waited_for(held):
    """Its child has the lock for a moment more."""
    with held(0.3).open("r+") as file:
        locks.acquire(file.fileno())


def test_whoever_holds_it_longer_is_not_waited_for(held):
    """Somebody is at work."""
    with held(60).open("r+") as file:
        began = time.monotonic()
        with pytest.raises(TimeoutError, match=r"another process has held the lock for 0\.2 s"):
            locks.acquire(file.fileno(), 0.2)
        assert time.monotonic() - began >= 0.2
