"""The documentation: its commands are run as they stand there, and what it shows is what there is."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from dlgrade import catalog
from dlgrade.render import json_report

PAGES = ["start", "notebooks", "authors", "report"]
ELSEWHERE = {"nbgrader", "batch", "cluster"}
"""Pages whose commands need a class; tests of their own run them."""


@pytest.fixture
def docs(checkout: Path) -> Path:
    """Return the folder."""
    return checkout / "docs"


def commands(page: Path) -> list[str]:
    """Return the lines that a reader types."""
    blocks = re.findall(r"^```console\n(.*?)^```$", page.read_text(), flags=re.DOTALL | re.MULTILINE)
    return [line.removeprefix("$ ") for block in blocks for line in block.splitlines()]


@pytest.mark.slow
@pytest.mark.parametrize("name", PAGES)
def test_the_commands_of_a_page_can_be_typed_one_after_another(name: str, docs: Path, tmp_path: Path) -> None:
    """In an empty folder; a check of what is not written yet may say that there is something to do."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    folder = tmp_path
    for line in commands(docs / f"{name}.md"):
        if line.startswith("pip install"):
            continue
        if line.startswith("cd "):
            folder = folder / line.removeprefix("cd ")
            continue
        named = f" --file {catalog.find('exercise03').entry_path}" if name == "report" else ""
        done = subprocess.run(
            line + named,
            shell=True,
            cwd=folder,
            env=os.environ | {"PATH": path, "DLGRADE_STATE": str(tmp_path / "state")},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        allowed = (0, 1) if " check " in line or " recap" in line else (0,)
        assert done.returncode in allowed, f"{line}\n{done.stdout}\n{done.stderr}"
        assert done.stdout or line.startswith("mkdir"), line


def test_every_page_with_commands_is_run_by_a_test(docs: Path) -> None:
    """A page that nobody runs would go on saying what was once true."""
    assert {page.stem for page in docs.glob("*.md") if commands(page)} <= {*PAGES, *ELSEWHERE}


def test_the_schema_on_the_page_is_the_reports(docs: Path) -> None:
    """docs/report-schema.json is what `json_report.schema` gives."""
    shown = json.loads((docs / "report-schema.json").read_text())
    assert shown == json.loads(json.dumps(json_report.schema()))


def test_every_exercise_has_a_page(docs: Path) -> None:
    """And the index lists them in order; each has the statement and every picture."""
    folders = [exercise.folder for exercise in catalog.exercises()]
    pages = sorted(page.stem for page in (docs / "exercises").glob("*.md") if page.stem != "index")
    assert pages == folders
    assert re.findall(r"^exercise\w+$", (docs / "exercises/index.md").read_text(), re.MULTILINE) == folders
    for folder in folders:
        text = (docs / "exercises" / f"{folder}.md").read_text()
        assert f"exercises/{folder}/README.md" in text
        shown = set(re.findall(r"\.\./pictures/(\S+\.png)", text))
        assert shown == {path.name for path in (docs / "pictures").glob(f"{folder.partition('_')[0]}-*.png")}
        assert len(shown) >= 3
