"""What the project's tests share: places, a quiet environment, derandomised Hypothesis."""

import importlib.util
import os
import signal
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace

import hypothesis
import numpy as np
import pytest

TESTS = Path(__file__).resolve().parent

# The same run gives the same result; a machine that is busy is no failure.
hypothesis.settings.register_profile("dlgrade", derandomize=True, database=None, deadline=None)
hypothesis.settings.load_profile("dlgrade")


@pytest.fixture(scope="session", autouse=True)
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep what the person at the machine has set out of the tests, and the tests out of their home."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        # As in a shell's background; what the tests start would never hear of Ctrl-C.
        signal.signal(signal.SIGINT, signal.default_int_handler)
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        # One folder for all workers: what the oracle has answered once is not asked again.
        shared = shared.parent
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith("DLGRADE_") or name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS"):
                patch.delenv(name)
        patch.setenv("XDG_CACHE_HOME", str(shared / "cache"))
        patch.setenv("DLGRADE_STATE", str(shared / "state"))
        yield


@pytest.fixture(scope="session")
def checkout() -> Path:
    """Return the root of the checkout; away from one, skip."""
    root = TESTS.parent
    if not (root / "grader" / "dlgrade").is_dir():
        pytest.skip("needs the checkout")
    return root


@pytest.fixture(scope="session")
def course() -> SimpleNamespace:
    """Return the folders of the small course that is there for the tests: `.exercises` and `.solutions`."""
    return SimpleNamespace(exercises=TESTS / "course" / "exercises", solutions=TESTS / "course" / "solutions")


@pytest.fixture(scope="session")
def classroom(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """Return the module classroom.py, for courses of nbgrader's; where that is not installed, skip."""
    for needed in ("nbgrader", "jupytext"):
        pytest.importorskip(needed, reason="needs the extra `classroom`")
    spec = importlib.util.spec_from_file_location("classroom", TESTS / "classroom.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.shelf = tmp_path_factory.mktemp("courses")
    return module


@pytest.fixture(scope="session")
def submissions() -> Path:
    """Return the folder of the submissions that the tests hand in."""
    return TESTS / "submissions"


@pytest.fixture(scope="session")
def idx() -> Callable[[np.ndarray], bytes]:
    """Return a function that writes an array of bytes in IDX form."""
    return lambda array: struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape) + array.tobytes()


@pytest.fixture(scope="session")
def write_mnist(idx: Callable[[np.ndarray], bytes]) -> Callable[..., dict[str, np.ndarray]]:
    """Return a function that writes MNIST's four files into a folder, 7 and 3 random images or others."""

    def write(
        folder: Path, *, pack: Callable[[bytes], bytes] = bytes, ending: str = "", dot: str = "-", **arrays
    ) -> dict[str, np.ndarray]:
        rng = np.random.default_rng(0)
        for part, count in (("train", 7), ("t10k", 3)):
            images = rng.integers(0, 256, (count, 28, 28), dtype=np.uint8)
            arrays.setdefault(f"{part}_images", images)
            arrays.setdefault(f"{part}_labels", rng.integers(0, 10, count, dtype=np.uint8))
        folder.mkdir(parents=True, exist_ok=True)
        for name, array in arrays.items():
            file = f"{name.replace('_', '-')}{dot}idx{array.ndim}-ubyte{ending}"
            (folder / file).write_bytes(pack(idx(array)))
        return arrays

    return write


@pytest.fixture
def dlgrade(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Return a function that runs ``dlgrade`` as a process, in an empty folder unless `cwd` says another."""

    def run(*words: object, cwd: Path = tmp_path, **environment: str) -> subprocess.CompletedProcess[str]:
        script = Path(sys.executable).with_name("dlgrade")
        return subprocess.run(
            [script, *map(str, words)],
            cwd=cwd,
            env=os.environ | environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run
