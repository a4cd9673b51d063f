"""Which files a worker may read."""

import importlib.util
import os
import sys
from pathlib import Path

import pytest

from dlgrade.sandbox import landlock, roots

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="not on Windows")


def covered(path: Path, found: roots.Roots) -> bool:
    allowed = landlock.spread(tuple(found.readable), tuple(found.hidden))
    real = str(path.resolve())
    return any(real == root or real.startswith(root + "/") for root in allowed)


def folder_of(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent


@pytest.fixture(scope="module")
def for_numpy():
    return roots.python_roots(["numpy"])


def test_all_that_is_listed_exists(for_numpy):
    assert all(os.path.exists(path) for path in (*for_numpy.readable, *for_numpy.hidden))  # noqa: PTH110


def test_the_standard_library_is_readable(for_numpy):
    import _ctypes
    import json

    assert covered(Path(json.__file__), for_numpy)
    assert covered(Path(_ctypes.__file__), for_numpy)


def test_the_named_package_is_readable_with_its_libraries(for_numpy):
    site = folder_of("numpy").parent
    assert covered(site / "numpy" / "__init__.py", for_numpy)
    assert all(covered(path, for_numpy) for path in site.glob("numpy.libs/*"))


@pytest.mark.parametrize("package", ["torch", "pytest", "hypothesis"])
def test_other_packages_are_not(package, for_numpy):
    assert not covered(folder_of(package) / "__init__.py", for_numpy)


def test_the_folders_that_packages_lie_in_are_not(for_numpy):
    assert not covered(folder_of("pytest").parent, for_numpy)


def test_what_a_package_requires_comes_along():
    found = roots.python_roots(["torch"])
    for package in ("torch", "sympy", "mpmath", "jinja2", "markupsafe", "typing_extensions"):
        assert covered(folder_of(package) / "__init__.py", found) or package == "typing_extensions"
    assert covered(folder_of("typing_extensions") / "typing_extensions.py", found)
    assert not covered(folder_of("pytest") / "__init__.py", found)


def test_of_this_package_only_what_a_worker_runs_is_readable(for_numpy):
    package = Path(roots.__file__).parents[1]
    assert covered(package / "sandbox" / "worker.py", for_numpy)
    assert covered(package / "errors.py", for_numpy)
    for other in ("_content", "suite", "cli", "catalog.py", "content.py"):
        assert not covered(package / other, for_numpy)


def test_home_and_the_working_directory_are_not_readable(for_numpy):
    assert not covered(Path.home() / "anything", for_numpy)
    assert not covered(Path(__file__), for_numpy)


def test_a_package_that_is_not_installed_is_no_error(for_numpy):
    assert set(roots.python_roots(["numpy", "no-such-package"]).readable) == set(for_numpy.readable)


def test_packages_of_every_python_in_a_readable_folder_are_hidden(tmp_path):
    for name in ("python3.9/site-packages", "python3/dist-packages", "site-packages", "python3.9/json"):
        (tmp_path / name).mkdir(parents=True)
    found = {path for path in roots._sites_below(tmp_path) if path.exists()}
    assert {str(path.relative_to(tmp_path)) for path in found} == {
        "python3.9/site-packages",
        "python3/dist-packages",
        "site-packages",
    }
