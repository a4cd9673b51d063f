"""All layers of a worker together: what hostile code gets, and what ordinary code does not notice."""

import json
import os
import subprocess
import sys

import pytest

from dlgrade.sandbox import landlock, layers, limits, linux, seccomp
from dlgrade.sandbox.layers import Plan

HOSTILE = (
    *("fork", "clone", "run_a_program", "posix_spawn", "execute", "leave_a_process_behind"),
    *("connect_to_localhost", "listen_on_localhost", "send_a_datagram", "make_a_pair_of_sockets"),
    *("connect_to_an_abstract_socket", "read_what_is_hidden", "list_what_is_hidden"),
    *("read_what_is_nowhere_named", "read_passwords", "read_by_a_link_of_its_own", "write_outside"),
    *("write_to_what_it_may_read", "make_a_folder_outside", "remove_outside", "truncate_by_path"),
    *("truncate_by_reading", "move_out", "chmod", "chown", "set_times", "set_an_attribute", "make_a_device"),
    *("write_to_shared_memory", "watch_a_folder", "read_the_memory_of_the_parent"),
    *("read_the_environment_of_the_parent", "read_the_memory_by_a_call", "trace_the_parent"),
    *("signal_the_parent", "signal_everyone", "open_the_parent_by_number", "signal_by_a_descriptor"),
    *(
        "renice",
        "choose_processors",
        "set_a_limit",
        "become_traceable",
        "outlive_the_parent",
        "change_the_user",
    ),
    *("type_into_a_terminal", "call unshare", "call io_uring_setup", "call memfd_create"),
)
BEYOND = ("allocate_30_gib", "share_4_gib", "write_a_big_file", "open_many_files")
ORDINARY = (
    *("print_floats", "use_threads", "use_files_in_its_scratch", "import_the_standard_library"),
    *("tell_the_time", "load_what_is_compiled", "handle_signals_of_its_own", "ask_about_itself"),
    "call_back_from_c",
)
EVERYTHING = (*HOSTILE, *BEYOND, *ORDINARY)


def kernel_can() -> bool:
    try:
        return landlock.version() >= 6 and bool(linux.architecture())
    except OSError:
        return False


needs_all = pytest.mark.skipif(not kernel_can(), reason="needs Landlock of Linux 6.12 and seccomp")


@pytest.fixture(scope="module")
def worker(probe):
    return probe("all", (*EVERYTHING, "compute_with_numpy"), packages=("numpy",))


@needs_all
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_code_is_refused(name, worker):
    assert worker["went"][name] == "PermissionError"


@needs_all
@pytest.mark.parametrize("name", BEYOND)
def test_what_goes_beyond_a_limit_fails(name, worker):
    assert worker["went"][name] in ("MemoryError", "ENOMEM", "EFBIG", "EMFILE")


@needs_all
@pytest.mark.parametrize("name", [*ORDINARY, "compute_with_numpy"])
def test_ordinary_work_goes_on(name, worker):
    assert worker["went"][name].startswith("did")


@needs_all
def test_every_layer_is_reported_in_order(worker):
    names = ["session", "descriptors", "user", "limits", "memory", "parent", "undumpable"]
    assert list(worker["put"]) == [
        *names,
        "no new privileges",
        "landlock",
        "seccomp",
        "bubblewrap",
        "network",
    ]
    assert {name for name, state in worker["put"].items() if state != "on"} == {"user", "bubblewrap"}
    assert layers.level(worker["put"]) == 2


@needs_all
def test_only_the_named_descriptor_and_the_standard_ones_stay_open(worker):
    assert len(worker["descriptors"]) == 4
    assert worker["descriptors"][:3] == [0, 1, 2]


@needs_all
def test_nothing_is_left_behind(worker):
    assert (worker["strays"], worker["status"], worker["stderr"]) == (0, 0, "")


@needs_all
def test_training_with_torch_works(probe):
    names = ["train_with_torch", "read_what_is_hidden", "fork"]
    assert probe("all", names, packages=("numpy", "torch"))["went"] == {
        "train_with_torch": "did True",
        "read_what_is_hidden": "PermissionError",
        "fork": "PermissionError",
    }


@needs_all
def test_a_package_that_is_not_among_the_tools_cannot_be_imported(probe):
    went = probe("all", ["train_with_torch"], packages=("numpy",))["went"]
    # Python may know from before that the folder is there; it cannot read what is in it.
    assert went["train_with_torch"] in ("PermissionError", "ModuleNotFoundError: No module named 'torch'")


@needs_all
def test_a_user_without_rights_gets_the_same_layers(probe, other_users_python):
    found = probe("all", EVERYTHING, python=other_users_python, user=65534)
    assert {name: found["went"][name] for name in HOSTILE} == dict.fromkeys(HOSTILE, "PermissionError")
    assert not [name for name in BEYOND if found["went"][name].startswith("did")]
    assert all(found["went"][name].startswith("did") for name in ORDINARY)
    assert layers.level(found["put"]) == 2


@needs_all
def test_undumpable_alone_keeps_a_user_out_of_the_zygotes_memory(probe, other_users_python):
    names = ["read_the_memory_of_the_parent", "read_the_memory_by_a_call", "trace_the_parent"]
    went = probe("none", names, python=other_users_python, user=65534)["went"]
    assert went == dict.fromkeys(names, "PermissionError")


@needs_all
def test_roots_worker_becomes_a_user_of_its_own(probe, other_users_python):
    uid = linux.spare_uid()
    found = probe("all", EVERYTHING, python=other_users_python, uid=uid)
    assert found["uid"] == uid
    assert found["put"]["user"] == "on"
    assert {name: found["went"][name] for name in HOSTILE} == dict.fromkeys(HOSTILE, "PermissionError")
    assert all(found["went"][name].startswith("did") for name in ORDINARY)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root")
def test_where_another_user_could_not_run_python_root_gives_up_its_powers(tmp_path):
    (tmp_path / "shut").mkdir(mode=0o700)
    (tmp_path / "shut" / "python").touch()
    code = """
import json, sys
sys.path.insert(0, sys.argv[1])
from dlgrade.sandbox import layers
plan = layers.Plan(readable=(sys.argv[2],), scratch=sys.argv[3], uid=65000)
state = layers._try(lambda: layers._change_user(plan))
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
print(json.dumps([state, int(status["CapEff"], 16), int(status["CapPrm"], 16)]))
"""
    grader = str(limits.__file__).removesuffix("/dlgrade/sandbox/limits.py")
    argv = [sys.executable, "-I", "-c", code, grader, str(tmp_path / "shut" / "python"), str(tmp_path)]
    done = subprocess.run(argv, capture_output=True, text=True, check=True)
    state, effective, permitted = json.loads(done.stdout)
    assert state.endswith("is closed to other users")
    assert (effective, permitted) == (0, 0)


def refuse(*_: object) -> None:
    raise OSError(1, "Operation not permitted")


def states_where(monkeypatch: pytest.MonkeyPatch, **broken: object) -> dict[str, str]:
    """Apply a plan with every step replaced, so that this process stays as it is."""
    for module, name in (
        (layers, "_session"),
        (layers, "_change_user"),
        (limits, "apply"),
        (linux, "close_descriptors"),
        (linux, "set_pdeathsig"),
        (linux, "set_dumpable"),
        (linux, "set_no_new_privs"),
        (landlock, "restrict"),
        (seccomp, "install"),
    ):
        monkeypatch.setattr(module, name, broken.get(name, lambda *_: ()))
    return layers.apply(Plan(readable=(), scratch="/nowhere"))


def test_a_layer_that_fails_leaves_its_reason_and_the_others_go_on(monkeypatch):
    states = states_where(monkeypatch, install=refuse)
    assert states["seccomp"] == "Operation not permitted"
    assert states["landlock" if sys.platform == "linux" else "limits"] == "on"
    assert layers.level(states) == 1


def test_a_network_that_is_only_half_closed_is_not_called_closed(monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    assert states_where(monkeypatch, install=refuse)["network"] == "TCP is closed, UDP is not"
    older = states_where(monkeypatch, install=refuse, restrict=lambda *_: ("TCP",))
    assert older["network"] == "neither a namespace nor seccomp"
    assert states_where(monkeypatch, restrict=refuse)["network"] == "on"


def test_where_there_is_no_linux_each_layer_of_it_says_so(monkeypatch):
    change, install, restrict = layers._change_user, seccomp.install, landlock.restrict
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(linux, "_libc", None)
    states = states_where(
        monkeypatch,
        _change_user=change,
        install=install,
        restrict=restrict,
        set_dumpable=lambda *_: linux.prctl(4),
        set_no_new_privs=lambda: linux.prctl(38),
        set_pdeathsig=lambda *_: linux.prctl(1),
    )
    off = {name for name, state in states.items() if state == "not on this system"}
    assert off == {"user", "parent", "undumpable", "no new privileges", "landlock", "seccomp"}
    assert (states["session"], states["limits"], layers.level(states)) == ("on", "on", 1)
    assert states["memory"] == "on"


def test_the_level_sums_up_the_layers():
    names = ("session", "limits", "undumpable", "no new privileges", "landlock", "seccomp", "bubblewrap")
    everything = dict.fromkeys(names, "on")
    assert layers.level(everything) == 3
    assert layers.level({**everything, "bubblewrap": "not installed"}) == 2
    for name in ("landlock", "seccomp", "undumpable", "no new privileges"):
        assert layers.level({**everything, name: "not on this system"}) == 1
    assert layers.level({**everything, "seccomp": "no", "limits": "no"}) == 0


def test_a_plan_goes_through_json_and_back():
    plan = Plan(("/a", "/b"), "/scratch", ("/c",), limits=limits.Limits(cpu_s=3), uid=7, bubblewrap="on")
    assert Plan.from_dict(json.loads(json.dumps(plan.to_dict()))) == plan


@needs_all
def test_the_modules_a_worker_needs_load_nothing_heavy():
    code = """
import sys
sys.path.insert(0, sys.argv[1])
import numpy
before = set(sys.modules)
import dlgrade.sandbox.layers
print(*sorted({"msgspec", "subprocess", "pathlib", "shutil"} & set(sys.modules) - before))
"""
    grader = str(limits.__file__).removesuffix("/dlgrade/sandbox/limits.py")
    argv = [sys.executable, "-I", "-c", code, grader]
    assert subprocess.run(argv, capture_output=True, text=True, check=True).stdout.split() == []
