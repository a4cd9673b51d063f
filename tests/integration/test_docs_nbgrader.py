"""The page for teachers with nbgrader: its commands are run, one after another, as they stand there."""

import csv
import getpass
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

pytestmark = pytest.mark.slow

LEARNER = "exercise03_backprop"


@pytest.fixture
def page(checkout):
    """Return the page."""
    return (checkout / "docs" / "nbgrader.md").read_text()


@pytest.fixture
def shell(classroom, tmp_path):
    """Return a function that runs a command in a folder, with a new home and an exchange of nbgrader's."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    home = tmp_path / "home"
    (home / ".jupyter").mkdir(parents=True)
    exchange = f"c = get_config()\nc.Exchange.root = {str(tmp_path / 'exchange')!r}\n"
    (home / ".jupyter" / "nbgrader_config.py").write_text(exchange)
    (tmp_path / "exchange").mkdir(mode=0o777)
    (tmp_path / "exchange").chmod(0o777)

    def run(line, folder):
        done = subprocess.run(
            shlex.split(line),
            cwd=folder,
            env=os.environ | {"PATH": path, "HOME": str(home)},
            input="y\n",
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
        return done

    return run


def commands(page):
    """Return the lines that a reader types."""
    blocks = re.findall(r"^```console\n(.*?)^```$", page, flags=re.DOTALL | re.MULTILINE)
    return [line.removeprefix("$ ") for block in blocks for line in block.splitlines()]


def hand_in(shell, classroom, folder, reference):
    """Fetch the assignment, solve it but for one sign, and submit it, as a learner does."""
    shell(f"nbgrader fetch_assignment {LEARNER} --course my-course", folder)
    path = folder / classroom.notebook_of("exercise03")
    wrong = reference.replace("return param - lr * grad", "return param + lr * grad")
    notebook = classroom.filled(nbformat.read(path, as_version=4), "exercise03", wrong)
    nbformat.write(notebook, path)
    shell(f"nbgrader submit {LEARNER} --course my-course", folder)


def test_a_term_goes_as_the_page_says(page, shell, classroom, tmp_path, checkout):
    """From init to regrade: each command ends well, and the files that the page names are there."""
    reference = (checkout / "solutions" / LEARNER / "backprop.py").read_text()
    course, desk = tmp_path / "my-course", tmp_path / "desk"
    desk.mkdir()
    folder = tmp_path
    for line in commands(page):
        if line.startswith("pip install"):
            continue
        if line.startswith("cd "):
            folder = folder / line.removeprefix("cd ")
            continue
        if line.startswith("nbgrader collect"):
            hand_in(shell, classroom, desk, reference)
        shell(line, folder)
    student = getpass.getuser()
    assert (course / "source/exercise04_kaiming/kaiming.ipynb").is_file()
    feedback = (course / "feedback" / student / LEARNER / "backprop.html").read_text()
    assert "One step of gradient descent" in feedback
    with (course / "canvas.csv").open() as file:
        titles, _, row = csv.reader(file)
    found = dict(zip(titles, row, strict=True))
    assert (found["SIS Login ID"], found[LEARNER]) == (student, "9")
    assert "Backprop (4711)" in (course / "backprop.csv").read_text()
    assert f"{LEARNER}," in (course / "grades.csv").read_text()
    assert (course / ".dlgrade" / "autograde.log").is_file()


def test_the_page_names_what_there_is(page):
    """Lines of configuration on it are those that the code has."""
    from dlgrade.classroom import autograde_with_dlgrade, course, preprocessors

    assert course.OURS in page
    assert f"`{autograde_with_dlgrade.__name__}(c, kernel=True)`" in page
    traits = preprocessors.Grade.class_trait_names()
    assert {"show", "level", "timeout"} <= set(traits)
    assert all(f'"{value}"' in page for value in preprocessors.Grade.show.values)
