"""What the tests with a browser share: a Jupyter server of their own, and Chromium."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

Serve = Callable[..., Callable[[str], str]]

_QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Return a function that starts JupyterLab in a folder, on a free port of this machine.

    It returns a function from a path to the whole address, token included. The servers, and the kernels they
    started, end with the test; their settings and those of the person at the machine are kept apart.
    """
    pytest.importorskip("jupyterlab", reason="needs JupyterLab")
    home = tmp_path / "home"
    folders = ("CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR")
    apart = {f"JUPYTER_{name}": str(home / name) for name in folders} | {
        "HOME": str(home),
        "IPYTHONDIR": str(home / "ipython"),
        "DLGRADE_STATE": str(home / "state"),
    }
    # Else it asks whether to fetch news, on top of what is looked at.
    asks = home / "CONFIG_DIR" / "lab" / "user-settings" / "@jupyterlab" / "apputils-extension"
    asks.mkdir(parents=True)
    quiet = '{"fetchNews": "false", "checkForUpdates": false}'
    (asks / "notification.jupyterlab-settings").write_text(quiet)
    started: list[subprocess.Popen[bytes]] = []

    def start(folder: Path, *options: str) -> Callable[[str], str]:
        port, token = _free_port(), secrets.token_hex(16)
        command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
        command += ["--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}", "--ServerApp.port_retries=0"]
        command += [f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={folder}"]
        command += options
        with (home / "server.log").open("ab") as log:
            server = subprocess.Popen(
                command,
                cwd=folder,
                env=os.environ | apart,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        started.append(server)

        def address(path: str) -> str:
            return f"http://127.0.0.1:{port}/{path}?token={token}"

        _await(address("api"), server, home / "server.log")
        return address

    yield start
    for server in started:
        _end(server)


@pytest.fixture
def browser() -> Iterator[Any]:
    """Return Chromium, driven by Playwright, with an empty profile."""
    driver = pytest.importorskip("playwright.sync_api", reason="needs Playwright")
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        pytest.skip("needs Chromium")
    with driver.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=_QUIET)
        yield chromium
        chromium.close()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def _await(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until a server answers."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert server.poll() is None, log.read_text()
        with suppress(urllib.error.URLError, ConnectionError), urllib.request.urlopen(address, timeout=10):
            return
        time.sleep(0.1)
    pytest.fail(f"the server does not answer:\n{log.read_text()}")


def _end(server: subprocess.Popen[bytes]) -> None:
    """End a server, which ends its kernels."""
    server.send_signal(signal.SIGTERM)
    try:
        server.wait(timeout=20)
    except subprocess.TimeoutExpired:
        with suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)
        server.wait()


@pytest.fixture
def command(course: SimpleNamespace) -> Callable[..., list[str]]:
    """Return a function that makes the command line for a folder of submissions."""

    def make(folder: Path, *more: object) -> list[str]:
        line = [Path(sys.executable).with_name("dlgrade"), "grade", folder, "--exercise", "90"]
        line += ["--exercises", course.exercises]
        return [str(word) for word in (*line, "--solutions", course.solutions, *more)]

    return make
