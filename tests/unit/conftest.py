"""What the tests of the sandbox share: running its probe under chosen layers, as a chosen user."""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

import dlgrade.sandbox
from dlgrade.sandbox import bubblewrap
from dlgrade.sandbox.layers import Plan
from dlgrade.sandbox.limits import Limits
from dlgrade.sandbox.roots import Roots, python_roots

GRADER = Path(dlgrade.sandbox.__file__).parents[2]
PROBE = Path(__file__).with_name("sandbox_probe.py")
NOBODY = 65534
LIMITS = Limits(cpu_s=20, memory_mib=1024, file_mib=8, open_files=64)
_ROOTS = """
import json, sys
sys.path.insert(0, sys.argv[1])
from dlgrade.sandbox.roots import python_roots
print(json.dumps(python_roots(sys.argv[2:])))
"""


@dataclass
class Probe:
    """Runs `sandbox_probe.py`; see there for what can be tried.

    Attributes
    ----------
    base
        A folder in which each run gets a small tree of its own to aim at.
    port, abstract
        Where something listens.
    """

    base: Path
    port: int
    abstract: str
    runs: int = 0

    def __call__(
        self,
        layer: str,
        names: Iterable[str],
        *,
        packages: tuple[str, ...] = (),
        wrapped: bool = False,
        python: str = sys.executable,
        user: int | None = None,
        **changes: Any,
    ) -> dict[str, Any]:
        """Try `names` under a layer ("all", "none" or one of them); `changes` are made to the plan."""
        tree, at = self._tree(user)
        roots = python_roots(packages) if python == sys.executable else _roots_of(python, packages)
        readable = (*roots.readable, str(tree / "course"))
        hidden = (*roots.hidden, str(tree / "course" / "hidden"))
        plan = Plan(readable, str(tree / "scratch"), hidden, limits=LIMITS)
        plan = replace(plan, bubblewrap="on" if wrapped else "not asked for", **changes)
        setup = {
            "grader": str(GRADER),
            "layer": layer,
            "plan": plan.to_dict(),
            "names": list(names),
            "at": at,
        }
        argv = [python, "-I", str(PROBE), json.dumps({**setup, "imports": list(packages)})]
        if wrapped:
            given = [*readable, str(PROBE)]
            argv = bubblewrap.command(argv, given, plan.writable, hidden, plan.scratch, devices=plan.devices)
        return _run(argv, user)

    def _tree(self, user: int | None) -> tuple[Path, dict[str, Any]]:
        self.runs += 1
        tree = self.base / str(self.runs)
        for folder in ("scratch", "course/hidden", "course/open", "elsewhere"):
            (tree / folder).mkdir(parents=True)
        for file in ("course/hidden/secret", "course/open/file", "course/open/truncated"):
            (tree / file).write_text("secret")
        for file in ("file", "spare", "truncated", "program"):
            (tree / "elsewhere" / file).write_text("secret")
        (tree / "elsewhere" / "program").chmod(0o755)
        if user is not None:
            for path in (tree, *tree.rglob("*")):
                os.chown(path, user, user)
        at = {"secret": tree / "course/hidden/secret", "readable": tree / "course/open"}
        at |= {"elsewhere": tree / "elsewhere", "not_a_program": tree / "elsewhere/program"}
        aims = {name: str(path) for name, path in at.items()}
        return tree, {**aims, "port": self.port, "abstract": self.abstract, "big_mib": 32, "many": 200}


def _roots_of(python: str, packages: tuple[str, ...]) -> Roots:
    argv = [python, "-I", "-c", _ROOTS, str(GRADER), *packages]
    return Roots(*json.loads(subprocess.run(argv, capture_output=True, check=True).stdout))


def _run(argv: list[str], user: int | None) -> dict[str, Any]:
    switch: dict[str, Any] = {} if user is None else {"user": user, "group": user, "extra_groups": []}
    environment = {"PATH": os.defpath, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        argv, capture_output=True, text=True, env=environment, timeout=90, check=False, **switch
    )
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return {**answer, "stderr": done.stderr}


@pytest.fixture(scope="session")
def probe() -> Iterator[Probe]:
    """Return a function that runs the probe, in a folder that every user can reach; away from Linux, skip."""
    if sys.platform != "linux":
        pytest.skip("needs Linux")
    base = Path(tempfile.mkdtemp(prefix="dlgrade-test-", dir="/tmp"))
    base.chmod(0o755)
    abstract = f"\0dlgrade-test-{os.getpid()}"
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(socket.AF_UNIX) as local:
        local.bind(abstract)
        local.listen()
        yield Probe(base, server.getsockname()[1], abstract)
    shutil.rmtree(base)


@pytest.fixture(scope="session")
def other_users_python() -> str:
    """Return a Python that a user without rights can run; skip unless run as root, who can become one."""
    if os.geteuid() != 0:
        pytest.skip("only root can become another user: run as one user, the other tests test that one")
    place = f"import sys; sys.path.insert(0, {str(GRADER)!r})"
    question = f"{place}; import dlgrade.errors; assert sys.version_info >= (3, 11)"
    for python in (sys.executable, "/usr/bin/python3", "/usr/local/bin/python3"):
        try:
            argv = [python, "-I", "-c", question]
            done = subprocess.run(
                argv, user=NOBODY, group=NOBODY, extra_groups=[], capture_output=True, check=False
            )
        except OSError:
            continue
        if done.returncode == 0:
            return python
    pytest.skip("no Python of 3.11 or later here that another user can run")
