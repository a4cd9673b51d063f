"""The teacher's commands: what is asked for, what is said, and how they end."""

import signal
import subprocess
import sys
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from dlgrade import cli
from dlgrade.batch import cluster, local
from dlgrade.batch.gradebook import Gradebook
from dlgrade.errors import ClusterError
from dlgrade.report import CriterionResult, Isolation, Report
from dlgrade.warm import Verdict


def a_report(name, points):
    return Report(
        dlgrade="0.1.0",
        exercise="exercise90",
        name="toy",
        title="A toy",
        file=name,
        scope="suite",
        points=points,
        max_points=10.0,
        passed=points == 10.0,
        criteria=(CriterionResult("all", "All of it", points, 10.0, "passed"),),
        tests=(),
        isolation=Isolation(3, {}),
        seeds={},
    )


@pytest.fixture
def grader(monkeypatch):
    """Put a grader in the place of lanes and clusters: files say their points; what it is asked is kept."""
    told = SimpleNamespace(asked=[], raises=None)

    def source_of(*words, **options):
        told.asked.append((words, options))

        def source(jobs):
            for job in jobs:
                if told.raises is not None and told.raises[0] == job.key:
                    raise told.raises[1]
                text = job.file.read_text()
                if text == "fault":
                    yield Verdict(job.key, fault="the process was lost")
                else:
                    yield Verdict(job.key, a_report(job.name, float(text)))

        return source

    monkeypatch.setattr(local, "lanes", source_of)
    monkeypatch.setattr(cluster, "workers", source_of)
    return told


@pytest.fixture
def handed_in(tmp_path):
    """A folder in which three students have handed in."""
    folder = tmp_path / "class"
    for name, text in {"ada": "10", "bob": "7.5", "cy": "0"}.items():
        (folder / name).mkdir(parents=True)
        (folder / name / "toy.py").write_text(text)
    return folder


@pytest.fixture
def run(course):
    def running_it(*words):
        line = [str(word) for word in words]
        if line[0] == "grade":
            line += ["--exercise", "90", "--exercises", str(course.exercises)]
            line += ["--solutions", str(course.solutions)]
        return CliRunner().invoke(cli.commands, line)

    return running_it


def test_grade_says_in_a_few_lines_what_was_done(run, grader, handed_in):
    """How many, from where, how many passed, and where the gradebook is."""
    done = run("grade", handed_in)
    assert done.exit_code == 0
    assert done.stdout.splitlines()[:2] == [
        "exercise90 toy · 3 submissions (a folder for each student)",
        "  1 passed, 2 failed, 0 errors",
    ]
    assert (handed_in / "gradebook.sqlite").is_file()
    assert done.stderr.startswith("exercise90: 3 of 3, 1 passed, 2 failed, 0 errors, ")


def test_the_options_reach_the_graders(run, grader, handed_in, course):
    """Lanes and isolation here, or a scheduler; a class needs level 2 unless another is named."""
    run("grade", handed_in)
    run("grade", handed_in, "--jobs", 3, "--isolation", 1)
    run("grade", handed_in, "--scheduler", "tcp://head:8786")
    paths = {"exercises": course.exercises, "solutions": course.solutions}
    (here, less, far) = grader.asked
    assert here == (("exercise90",), paths | {"level": 2, "count": None})
    assert less == (("exercise90",), paths | {"level": 1, "count": 3})
    assert far[0][:2] == ("tcp://head:8786", "exercise90")
    assert far[1] == paths | {"level": 2}


def test_a_fault_of_ours_ends_in_1_and_stands_in_the_gradebook(run, grader, handed_in):
    """Somebody is without a verdict, and a later run has another try."""
    (handed_in / "bob" / "toy.py").write_text("fault")
    done = run("grade", handed_in)
    assert done.exit_code == 1
    assert "1 passed, 1 failed, 1 error" in done.stdout
    assert "the process was lost" in run("gradebook", "show", handed_in).stdout


def test_changed_points_are_told(run, grader, handed_in):
    """Of whoever has others than before."""
    run("grade", handed_in)
    (handed_in / "cy" / "toy.py").write_text("2.5")
    done = run("grade", handed_in)
    assert "2 had not changed" in done.stdout
    assert "changed: cy 0 → 2.5" in done.stdout


def test_what_cannot_be_read_is_a_matter_of_the_command(run, grader, tmp_path):
    """Exit status 2 and a sentence: nothing there, nobody there, no such exercise."""
    assert run("grade", tmp_path / "none").exit_code == 2
    (tmp_path / "empty").mkdir()
    done = run("grade", tmp_path / "empty")
    assert done.exit_code == 2
    assert done.stderr.startswith("Error: Nobody handed anything in")
    assert list((tmp_path / "empty").iterdir()) == []


def test_a_gradebook_that_cannot_be_written_is_3_and_not_our_fault(run, grader, handed_in, tmp_path):
    """It names another place to try."""
    (tmp_path / "g.sqlite").write_text("this is a text and no database, and long enough to be one")
    done = run("grade", handed_in, "--gradebook", tmp_path / "g.sqlite")
    assert done.exit_code == 3
    assert "is no gradebook, or is damaged" in done.stderr
    assert "fault of dlgrade" not in done.stderr


def test_a_cluster_that_is_lost_is_3_and_not_our_fault(run, grader, handed_in):
    """With the cluster's own sentence."""
    grader.raises = ("bob", ClusterError("The scheduler was lost."))
    done = run("grade", handed_in, "--scheduler", "tcp://head:8786")
    assert done.exit_code == 3
    assert done.stderr == "Error: The scheduler was lost.\n"


def test_ctrl_c_is_130_and_sigterm_143_and_both_say_what_is_kept(run, grader, handed_in):
    """What was graded before is in the gradebook."""
    grader.raises = ("bob", KeyboardInterrupt())
    done = run("grade", handed_in)
    assert done.exit_code == 130
    assert "Interrupted. Every verdict so far is kept in" in done.stderr
    with Gradebook(handed_in / "gradebook.sqlite") as book:
        assert [row.student.key for row in book.rows()] == ["ada"]
    before = signal.getsignal(signal.SIGTERM)

    class Term:
        __hash__ = None

        def __eq__(self, other):
            signal.raise_signal(signal.SIGTERM)

    grader.raises = (Term(), None)
    done = run("grade", handed_in)
    assert done.exit_code == 143
    assert "Ended. Every verdict so far is kept in" in done.stderr
    assert signal.getsignal(signal.SIGTERM) is before


def test_notes_are_bounded_and_show_no_escapes(run, grader, handed_in):
    """What was left out is said, the first dozen of it, and nothing of it is obeyed by a terminal."""
    for number in range(20):
        (handed_in / f"l\x1b[31m{number}").symlink_to("/etc")
    done = run("grade", handed_in)
    assert done.stdout.count("it is a link") == 12
    assert "note: and 8 more of these" in done.stdout
    assert "\x1b" not in done.stdout


def test_the_gradebook_is_found_in_its_folder_or_by_its_name(run, grader, handed_in, monkeypatch):
    """Also with no words at all, in this folder."""
    run("grade", handed_in)
    monkeypatch.chdir(handed_in)
    shown = [run("gradebook", "show", *words).stdout for words in ([], [handed_in], ["gradebook.sqlite"])]
    assert shown[0] == shown[1] == shown[2]
    assert "exercise90_toy  3 students" in shown[0]


@pytest.mark.parametrize("word", ["90", "exercise90", "toy", "exercise90_toy"])
def test_an_exercise_goes_by_any_of_its_names(word, run, grader, handed_in):
    """Whether it is installed or not."""
    run("grade", handed_in)
    assert "ada" in run("gradebook", "show", handed_in, "--exercise", word).stdout
    assert run("gradebook", "show", handed_in, "--exercise", "91").exit_code == 2


def test_an_export_replaces_a_file_whole(run, grader, handed_in, tmp_path):
    """And leaves nothing beside it."""
    run("grade", handed_in)
    target = tmp_path / "out" / "grades.csv"
    target.parent.mkdir()
    target.write_text("old")
    assert run("gradebook", "export", handed_in, "--output", target).exit_code == 0
    assert target.read_text().startswith("exercise,student,")
    assert [each.name for each in target.parent.iterdir()] == ["grades.csv"]


def test_canvas_says_who_was_left_out(run, grader, handed_in):
    """On stderr, so that the file is clean."""
    (handed_in / "bob" / "toy.py").write_text("fault")
    run("grade", handed_in)
    done = run("gradebook", "export", handed_in, "--format", "canvas", "--assignment", "Toy (1)")
    assert done.stderr == "1 left out: no points yet, by a fault of dlgrade's.\n"
    assert done.stdout.splitlines()[0] == "Student,ID,SIS User ID,SIS Login ID,Section,Toy (1)"


def test_help_and_other_commands_do_not_pay_for_it():
    """Neither SQLite nor rich nor pytest is imported before a class is graded."""
    heavy = ("sqlite3", "rich", "distributed", "numpy")
    script = f"import sys, dlgrade.cli; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"

