"""Landlock alone, tried for real: what it stops, what it lets pass, and older versions of it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import dlgrade.sandbox
from dlgrade.sandbox import landlock

GRADER = str(Path(dlgrade.sandbox.__file__).parents[2])
OF_THE_ZYGOTE = (
    *("read_the_memory_of_the_parent", "read_the_environment_of_the_parent", "read_the_memory_by_a_call"),
    "trace_the_parent",
)
STOPPED = (
    *("run_a_program", "posix_spawn", "execute"),
    *("read_what_is_hidden", "list_what_is_hidden", "read_what_is_nowhere_named", "read_passwords"),
    *("read_by_a_link_of_its_own", "write_outside", "write_to_what_it_may_read", "make_a_folder_outside"),
    *("remove_outside", "move_out", "make_a_device", "write_to_shared_memory"),
    *OF_THE_ZYGOTE,
)
SINCE = {
    "truncate_by_path": 3,
    "truncate_by_reading": 3,
    "connect_to_localhost": 4,
    "listen_on_localhost": 4,
    "connect_to_an_abstract_socket": 6,
    "signal_the_parent": 6,
}
WORKS = (
    *("print_floats", "use_threads", "use_files_in_its_scratch", "import_the_standard_library"),
    "tell_the_time",
)


def version() -> int:
    try:
        return landlock.version()
    except OSError:
        return 0


VERSION = version()
pytestmark = pytest.mark.skipif(VERSION == 0, reason="needs a Linux kernel with Landlock")


@pytest.fixture(scope="module")
def restricted(probe):
    return probe("landlock", [*STOPPED, *SINCE, *WORKS])


@pytest.fixture(scope="module")
def free(probe):
    return probe("none", [*STOPPED, *SINCE])["went"]


@pytest.mark.parametrize("name", STOPPED)
def test_what_its_rules_do_not_name_is_refused(name, restricted):
    assert restricted["went"][name] == "PermissionError"


@pytest.mark.parametrize("name", SINCE)
def test_what_later_versions_stop_is_refused(name, restricted):
    if SINCE[name] > VERSION:
        pytest.skip(f"this kernel's Landlock is version {VERSION}")
    assert restricted["went"][name] == "PermissionError"


@pytest.mark.parametrize("name", [*STOPPED, *SINCE])
def test_without_it_nothing_would_have_refused(name, free):
    if name in OF_THE_ZYGOTE and free[name] == "PermissionError":
        pytest.skip("the zygote is undumpable, which alone stops all but root")
    assert free[name].startswith("did") or free[name] == "ENOEXEC"


@pytest.mark.parametrize("name", WORKS)
def test_ordinary_work_goes_on(name, restricted):
    assert restricted["went"][name].startswith("did")


def test_what_this_kernel_cannot_restrict_is_named(restricted):
    assert bool(restricted["put"]) == (VERSION < 6)


@pytest.mark.parametrize("older", range(1, VERSION + 1))
def test_every_version_from_the_first_works_with_what_it_has(older, tmp_path):
    for name in ("open", "hidden", "scratch"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text(name)
    code = """
import json, sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from dlgrade.sandbox import landlock, linux
base, landlock.version = Path(sys.argv[2]), lambda: int(sys.argv[3])
linux.set_no_new_privs()
missing = landlock.restrict([str(base)], [str(base / "scratch")], [str(base / "hidden")])
went = []
for act in (lambda: (base / "open/file").read_text(), lambda: (base / "scratch/new").write_text("x"),
            lambda: (base / "hidden/file").read_text(), lambda: (base / "open/new").write_text("x")):
    try:
        went.append(bool(act()))
    except PermissionError:
        went.append("refused")
print(json.dumps([went, missing]))
"""
    argv = [sys.executable, "-I", "-c", code, GRADER, str(tmp_path), str(older)]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=30, check=True)
    went, missing = json.loads(done.stdout)
    assert went == [True, True, "refused", "refused"]
    assert ("TCP" in missing, "truncating" in missing, bool(missing)) == (older < 4, older < 3, older < 6)


@pytest.fixture
def tree(tmp_path):
    for folder in ("a/b/hidden/shown", "a/c", "a/b/d"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "a" / "link").symlink_to(tmp_path / "a" / "b" / "hidden")
    return tmp_path


def spread(tree: Path, readable: list[str], hidden: list[str]) -> list[str]:
    wanted, shut = (tuple(str(tree / path) for path in paths) for paths in (readable, hidden))
    found = landlock.spread(wanted, shut)
    return [str(Path(path).relative_to(tree)) for path in found]


def test_siblings_stand_in_for_a_folder_with_something_hidden_in_it(tree):
    assert spread(tree, ["a"], ["a/b/hidden"]) == ["a/b/d", "a/c"]


def test_a_link_to_what_is_hidden_hides_it_too(tree):
    assert spread(tree, ["a"], ["a/link"]) == ["a/b/d", "a/c"]


def test_what_is_readable_below_what_is_hidden_stays_readable(tree):
    assert spread(tree, ["a", "a/b/hidden/shown"], ["a/b/hidden"]) == ["a/b/d", "a/b/hidden/shown", "a/c"]


def test_what_is_both_readable_and_hidden_is_hidden(tree):
    assert spread(tree, ["a/b/hidden", "a/c"], ["a/b/hidden"]) == ["a/c"]


def test_what_lies_above_changes_nothing_when_it_is_hidden(tree):
    assert spread(tree, ["a/b"], ["."]) == ["a/b"]


def test_a_path_that_another_covers_is_named_once(tree):
    assert spread(tree, ["a", "a/b", "a/c"], []) == ["a"]
