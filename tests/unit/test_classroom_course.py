"""Writing a course for nbgrader, and not losing what a teacher wrote."""

import pytest
from click.testing import CliRunner

from dlgrade import catalog, cli
from dlgrade.classroom import course
from dlgrade.errors import ClassroomError

nbformat = pytest.importorskip("nbformat", reason="needs the extra `classroom`")
pytest.importorskip("jupytext", reason="needs the extra `classroom`")

CELSIUS = "source/exercise00_celsius/celsius.ipynb"


@pytest.fixture
def init(tmp_path, checkout):
    """Return a function that writes a course with exercise00 and says what became of each file."""

    def write(**how):
        done = course.init(tmp_path / "My Course", [catalog.find("00")], **how)
        return {each.path.relative_to(tmp_path / "My Course").as_posix(): each.state for each in done}

    return write


@pytest.fixture
def notebook(tmp_path):
    """Return where its notebook is."""
    return tmp_path / "My Course" / CELSIUS


def edited(path, change):
    """Change a notebook as Jupyter would save it."""
    found = nbformat.read(path, as_version=4)
    change(found)
    nbformat.write(found, path)


def test_a_new_course_has_a_configuration_and_notebooks(init, tmp_path):
    """Its id is the folder's name, without what nbgrader does not take; written again, nothing changes."""
    assert init() == {"nbgrader_config.py": "written", CELSIUS: "written"}
    config = (tmp_path / "My Course" / "nbgrader_config.py").read_text()
    assert 'course_id = "My_Course"' in config
    assert course.OURS in config
    compile(config, "nbgrader_config.py", "exec")
    assert init() == {"nbgrader_config.py": "unchanged", CELSIUS: "unchanged"}
    assert not list(tmp_path.rglob("*.part"))


def test_what_a_teacher_changed_is_not_overwritten(init, notebook):
    """The sentence names the file; with force it is written anew."""
    init()
    edited(notebook, lambda found: found.cells[0].update(source="# My own title"))
    with pytest.raises(ClassroomError, match=r"Nothing was written.*celsius\.ipynb.*--force"):
        init()
    assert "My own title" in notebook.read_text()
    assert init(force=True)[CELSIUS] == "written"
    assert "My own title" not in notebook.read_text()


def test_points_that_a_teacher_changed_count_as_a_change(init, notebook):
    """They are in nbgrader's metadata of a cell."""
    init()

    def revalue(found):
        next(cell for cell in found.cells if cell.metadata.nbgrader.grade).metadata.nbgrader.points = 7

    edited(notebook, revalue)
    with pytest.raises(ClassroomError):
        init()


def test_running_and_saving_is_no_change(init, notebook):
    """Outputs, counts and what Jupyter writes into the metadata are not the teacher's words."""
    init()

    def run(found):
        found.cells[2].update(execution_count=1, outputs=[nbformat.v4.new_output("stream", text="x")])
        found.metadata.language_info.version = "3.13"

    edited(notebook, run)
    assert init()[CELSIUS] == "unchanged"


def test_a_notebook_of_an_older_dlgrade_is_renewed(init, notebook, monkeypatch):
    """It is told from a teacher's by what was noted when it was written."""
    from dlgrade.classroom import notebook as making

    with monkeypatch.context() as patch:
        patch.setattr(making, "_CHECK", "## Check it")
        init()
    assert "## Check it" in notebook.read_text()
    assert init()[CELSIUS] == "written"
    assert "## Check it" not in notebook.read_text()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"cells": 1}', "\x00"])
def test_a_file_that_is_no_notebook_is_somebodys(init, notebook, text):
    """Whatever it is, it is not overwritten."""
    notebook.parent.mkdir(parents=True)
    notebook.write_text(text)
    with pytest.raises(ClassroomError):
        init()
    assert notebook.read_text() == text


def test_a_configuration_that_is_there_is_kept(init, tmp_path, monkeypatch):
    """The command says which lines it needs; with force, too."""
    config = tmp_path / "My Course" / "nbgrader_config.py"
    config.parent.mkdir()
    config.write_text("c = get_config()\n")
    ran = CliRunner().invoke(cli.commands, ["nbgrader", "init", str(config.parent), "celsius", "--force"])
    assert ran.exit_code == 0, ran.output
    assert course.OURS in ran.stdout
    assert config.read_text() == "c = get_config()\n"
    config.write_text(f"c = get_config()\n{course.NEEDED}c.x = 1\n")
    assert init()["nbgrader_config.py"] == "unchanged"


def test_the_command_says_what_it_did_and_what_is_next(tmp_path, checkout):
    """An exercise named twice is one assignment; a wrong one is a usage error, and nothing is written."""
    ran = CliRunner().invoke(cli.commands, ["nbgrader", "init", str(tmp_path), "0", "celsius"])
    assert ran.stdout.count("celsius.ipynb: written") == 1
    assert "nbgrader generate_assignment exercise00_celsius" in ran.stdout
    ran = CliRunner().invoke(cli.commands, ["nbgrader", "init", str(tmp_path / "other"), "nonsense"])
    assert (ran.exit_code, (tmp_path / "other").exists()) == (2, False)


def test_a_folder_that_cannot_be_written_to_is_named(init, tmp_path):
    """It is no fault of dlgrade's; nothing half-written is left."""
    (tmp_path / "My Course").mkdir()
    (tmp_path / "My Course" / "source").write_text("a file")
    with pytest.raises(ClassroomError, match=r"celsius\.ipynb' cannot be written: [FN]"):
        init()
    assert not list(tmp_path.rglob("*.part"))


def test_without_solutions_there_is_no_teachers_notebook(init, monkeypatch, tmp_path):
    """A learner's installation says so in a sentence."""
    monkeypatch.setattr("dlgrade.content.solutions_of", lambda *_, **__: None)
    with pytest.raises(ClassroomError, match="reference of exercise00 is not on this machine"):
        init()
