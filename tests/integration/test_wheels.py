"""What is built holds what it should: sdist, the wheel from it, an editable install, the learners' wheel."""

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

CONTENT = ("exercises", "solutions", "datasets")


@pytest.fixture(scope="module")
def tree(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the checkout with what lies about in one that is in use, and should stay there."""
    tree = tmp_path_factory.mktemp("tree") / "checkout"
    ignore = shutil.ignore_patterns(".git", ".venv", "dist", "build", "*_cache", ".hypothesis", "__pycache__")
    shutil.copytree(checkout, tree, ignore=ignore)
    for folder in ("exercises/exercise03_backprop", "solutions/exercise03_backprop", "grader/dlgrade"):
        for name in ("__pycache__", ".pytest_cache"):
            (tree / folder / name).mkdir()
            (tree / folder / name / "litter.pyc").write_bytes(b"litter")
    (tree / "notes-of-mine.txt").write_text("litter", encoding="utf-8")
    return tree


@pytest.fixture(scope="module")
def sdist(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the sdist, unpacked."""
    out = tmp_path_factory.mktemp("sdist")
    build("--sdist", tree, out)
    (archive,) = out.glob("dlgrade-*.tar.gz")
    # Not tarfile: its filters came with Python 3.11.4, and Debian 12 has 3.11.2.
    subprocess.run(["tar", "-xzf", archive, "-C", out], check=True)
    return out / archive.name.removesuffix(".tar.gz")


@pytest.fixture(scope="module")
def wheel(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the wheel that was built from the sdist."""
    out = tmp_path_factory.mktemp("wheel")
    build("--wheel", sdist, out)
    (wheel,) = out.glob("dlgrade-*.whl")
    return wheel


@pytest.fixture(scope="module")
def learner_wheel(sdist: Path) -> Path:
    """Return the wheel for learners, made in the unpacked sdist by the Makefile's own recipe."""
    # The environment is there already; the recipe is not to make another.
    (sdist / ".venv" / "bin").mkdir(parents=True)
    (sdist / ".venv" / "bin" / "python").write_text(
        f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', encoding="utf-8"
    )
    (sdist / ".venv" / "bin" / "python").chmod(0o755)
    (sdist / ".venv" / ".ready").touch()
    subprocess.run(["make", "learner-wheel"], cwd=sdist, check=True, capture_output=True)
    (wheel,) = (sdist / "dist" / "learner").glob("*.whl")
    return wheel


def build(what: str, source: Path, out: Path) -> None:
    command = [sys.executable, "-m", "build", "--no-isolation", what, "--outdir", out, source]
    subprocess.run(command, check=True, capture_output=True)


def shipped(folder: Path) -> Iterator[str]:
    """Yield what should be shipped of a folder, as paths with slashes."""
    for path in folder.rglob("*"):
        relative = path.relative_to(folder)
        if path.is_file() and not any(
            part.startswith(".") or part == "__pycache__" for part in relative.parts
        ):
            yield relative.as_posix()


def inside(wheel: Path, folder: str) -> set[str]:
    """Return the files below a folder of a wheel."""
    with zipfile.ZipFile(wheel) as archive:
        return {name.removeprefix(folder) for name in archive.namelist() if name.startswith(folder)}


def run(site: Path, *words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run ``python -m dlgrade`` from a folder that a wheel was installed into, before all else."""
    environment = os.environ | {"PYTHONPATH": str(site)}
    return subprocess.run(
        [sys.executable, "-m", "dlgrade", *words],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def installed(wheel: Path, site: Path) -> Path:
    """Install a wheel, without what it depends on, into a folder of its own."""
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--target",
        site,
        wheel,
    ]
    subprocess.run(command, check=True, capture_output=True)
    return site


@pytest.mark.parametrize("name", CONTENT)
def test_the_sdist_and_the_wheel_from_it_hold_the_same_content_as_the_checkout(
    name: str, tree: Path, sdist: Path, wheel: Path
):
    expected = set(shipped(tree / name))
    assert expected
    assert set(shipped(sdist / name)) == expected
    assert inside(wheel, f"dlgrade/_content/{name}/") == expected


def test_the_wheel_holds_every_module_and_nothing_that_lay_about(tree: Path, wheel: Path):
    expected = set(shipped(tree / "grader" / "dlgrade"))
    found = {name for name in inside(wheel, "dlgrade/") if not name.startswith("_content/")}
    assert found == expected
    with zipfile.ZipFile(wheel) as archive:
        top = {name.partition("/")[0] for name in archive.namelist()}
        assert not [name for name in archive.namelist() if "litter" in name]
    assert {name.partition("-")[0] for name in top} == {"dlgrade"}


def test_the_sdist_holds_what_is_needed_to_work_on_it_and_nothing_that_lay_about(tree: Path, sdist: Path):
    assert not [path for path in sdist.rglob("*") if path.name in ("litter.pyc", "notes-of-mine.txt")]
    for name in (
        "Makefile",
        "constraints.txt",
        "README.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "LICENSE",
        ".ci/run",
    ):
        assert (sdist / name).read_bytes() == (tree / name).read_bytes()
    assert set(shipped(sdist / "tests")) == set(shipped(tree / "tests"))


def test_an_editable_install_reads_the_checkout_itself(tree: Path, tmp_path: Path):
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--no-build-isolation",
    ]
    subprocess.run(
        [*command, "--target", tmp_path / "site", "--editable", tree], check=True, capture_output=True
    )
    (link,) = (tmp_path / "site").glob("*dlgrade*.pth")
    # One folder on the path: modules and exercises that are added are seen without another install.
    assert link.read_text(encoding="utf-8").split() == [str(tree / "grader")]
    script = "from dlgrade import content; print(content.exercises_dir(), content.solutions_dir(), sep='\\n')"
    environment = os.environ | {"PYTHONPATH": str(tree / "grader")}
    found = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.split() == [str(tree / "exercises"), str(tree / "solutions")]


def test_the_installed_wheel_finds_its_exercises_away_from_the_checkout(wheel: Path, tmp_path: Path):
    site = installed(wheel, tmp_path / "site")
    listed = run(site, "list", cwd=tmp_path)
    assert listed.returncode == 0, listed.stderr
    assert [line.split()[0] for line in listed.stdout.splitlines()] == sorted(
        path.name.partition("_")[0] for path in (site / "dlgrade" / "_content" / "exercises").iterdir()
    )


def test_the_learners_wheel_holds_all_but_the_solutions(wheel: Path, learner_wheel: Path):
    for name in ("exercises", "datasets"):
        folder = f"dlgrade/_content/{name}/"
        assert inside(learner_wheel, folder) == inside(wheel, folder)
    assert inside(wheel, "dlgrade/_content/solutions/")
    with zipfile.ZipFile(learner_wheel) as archive:
        names = archive.namelist()
        assert not [
            name for name in names if "solutions" in name or "test_hidden" in name or "mistakes" in name
        ]
        assert b"solutions" not in archive.read(next(name for name in names if name.endswith("RECORD")))


def test_the_learners_wheel_cannot_be_taken_for_the_other(wheel: Path, learner_wheel: Path):
    assert learner_wheel.name == wheel.name.replace("-py3", "+learner-py3", 1)


def test_the_learners_wheel_lists_and_shows(learner_wheel: Path, tmp_path: Path):
    site = installed(learner_wheel, tmp_path / "site")
    assert "exercise03" in run(site, "list", cwd=tmp_path).stdout
    assert run(site, "show", "backprop", cwd=tmp_path).stdout.startswith("# ")
    script = "from dlgrade import content; print(content.solutions_dir())"
    environment = os.environ | {"PYTHONPATH": str(site)}
    found = subprocess.run(
        [sys.executable, "-P", "-c", script],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == "None"
