"""A course whose gradebook is in PostgreSQL, as nbgrader allows: a real server, on a socket of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

pytest.importorskip("nbgrader")
pytest.importorskip("psycopg")

SERVERS = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
ASSIGNMENT = "exercise03_backprop"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not SERVERS, reason="PostgreSQL is not installed"),
]


@pytest.fixture
def database() -> Iterator[str]:
    """Return the address of an empty database; its server ends with the test."""
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))  # a socket's path has to be short
    as_user: list[str] = []
    if os.geteuid() == 0:  # a server refuses to run as root
        shutil.chown(folder, "postgres", "postgres")
        as_user = ["runuser", "-u", "postgres", "--"]
    data, log = folder / "data", folder / "log"

    def run(name: str, *words: object) -> None:
        command = [*as_user, str(SERVERS[-1].with_name(name)), *map(str, words)]
        subprocess.run(command, check=True, capture_output=True, cwd=folder, timeout=120)

    run("initdb", "--pgdata", data, "--auth", "trust", "--username", "teacher", "--no-sync")
    options = f"-k {folder} -c listen_addresses='' -c fsync=off"
    try:
        run("pg_ctl", "--pgdata", data, "--log", log, "--wait", "-o", options, "start")
        run("createdb", "--host", folder, "--username", "teacher", "class")
        yield f"postgresql+psycopg://teacher@/class?host={folder}"
    finally:
        run("pg_ctl", "--pgdata", data, "--mode", "immediate", "stop")
        shutil.rmtree(folder)


def test_scores_land_in_a_postgresql_gradebook(
    classroom: ModuleType, tmp_path: Path, database: str, checkout: Path
) -> None:
    """nbgrader puts the assignment in, dlgrade the scores of a class; nothing is written anywhere else."""
    from nbgrader.api import Gradebook

    course = classroom.Course.released(tmp_path / "class", "exercise03")
    (course.root / "gradebook.db").unlink()
    config = course.root / "nbgrader_config.py"
    config.write_text(f"{config.read_text()}\nc.CourseDirectory.db_url = {database!r}\n")
    course.nbgrader("generate_assignment", ASSIGNMENT, "--force")
    right = (checkout / "solutions" / ASSIGNMENT / "backprop.py").read_text()
    wrong = right.replace("return param - lr * grad", "return param + lr * grad")
    for student, source in (("ada", right), ("bob", wrong), ("eve", right)):
        course.submit(student, "exercise03", course.filled("exercise03", source))
    done = course.dlgrade("autograde", ASSIGNMENT, "--jobs", "2")
    assert "3 graded, 2 of them with all points." in done.stdout
    with Gradebook(database) as gradebook:
        scores = {each.student_id: each.score for each in gradebook.assignment_submissions(ASSIGNMENT)}
    assert scores == {"ada": 10.0, "bob": 9.0, "eve": 10.0}
    assert not (course.root / "gradebook.db").exists()
