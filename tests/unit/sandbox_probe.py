"""Tries, as a worker, what hostile code tries and what ordinary code does, and says how each went.

Run as a program: the one argument is a JSON object (see `main`), the answer is one JSON object on stdout. It
is a program of its own, with the standard library only, so that it runs in a sandbox and as another user.
"""

import ctypes
import errno
import fcntl
import json
import mmap
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

GIB = 1 << 30
X32 = 0x40000000

At = dict[str, Any]
ATTEMPTS: dict[str, Callable[[At], object]] = {}
ORDINARY: dict[str, Callable[[At], object]] = {}


def attempt(function: Callable[[At], object]) -> Callable[[At], object]:
    ATTEMPTS[function.__name__] = function
    return function


def ordinary(function: Callable[[At], object]) -> Callable[[At], object]:
    ORDINARY[function.__name__] = function
    return function


def call(number: int, *words: int) -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    result = libc.syscall(*(ctypes.c_long(word) for word in (number, *words)))
    if result == -1:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return int(result)


# Other programs and processes.


@attempt
def fork(at: At) -> object:
    if (pid := os.fork()) == 0:
        os._exit(0)
    return os.waitpid(pid, 0)[1]


@attempt
def run_a_program(at: At) -> object:
    return subprocess.run(["/bin/true"], check=True).returncode


@attempt
def posix_spawn(at: At) -> object:
    return os.waitpid(os.posix_spawn("/bin/true", ["true"], {}), 0)[1]


@attempt
def execute(at: At) -> object:
    # It is no program, so that where nothing forbids it this one goes on.
    return os.execv(at["not_a_program"], ["x"])


@attempt
def clone(at: At) -> object:
    if (pid := call(at["numbers"]["clone"], signal.SIGCHLD, 0, 0, 0, 0)) == 0:
        os._exit(0)
    return os.waitpid(pid, 0)[1]


@attempt
def leave_a_process_behind(at: At) -> object:
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.closerange(0, 100)
            signal.pause()
        os._exit(0)


# The network.


@attempt
def connect_to_localhost(at: At) -> object:
    return socket.create_connection(("127.0.0.1", at["port"]), timeout=2).close()


@attempt
def listen_on_localhost(at: At) -> object:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))


@attempt
def send_a_datagram(at: At) -> object:
    with socket.socket(type=socket.SOCK_DGRAM) as sock:
        return sock.sendto(b"x", ("127.0.0.1", at["port"]))


@attempt
def connect_to_an_abstract_socket(at: At) -> object:
    with socket.socket(socket.AF_UNIX) as sock:
        return sock.connect(at["abstract"])


@attempt
def make_a_named_socket(at: At) -> object:
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as sock:
        return sock.bind("named")


@attempt
def make_a_pair_of_sockets(at: At) -> object:
    for end in socket.socketpair():
        end.close()


# Files.


@attempt
def read_what_is_hidden(at: At) -> object:
    return Path(at["secret"]).read_text()


@attempt
def list_what_is_hidden(at: At) -> object:
    return [path.name for path in Path(at["secret"]).parent.iterdir()]


@attempt
def read_what_is_nowhere_named(at: At) -> object:
    return Path(at["elsewhere"], "file").read_text()


@attempt
def read_passwords(at: At) -> object:
    return Path("/etc/passwd").read_text()


@attempt
def read_by_a_link_of_its_own(at: At) -> object:
    Path("link").symlink_to(at["secret"])
    return Path("link").read_text()


@attempt
def read_by_its_own_root(at: At) -> object:
    return Path(f"/proc/self/root{at['secret']}").read_text()


@attempt
def write_outside(at: At) -> object:
    return Path(at["elsewhere"], "new").write_text("x")


@attempt
def write_to_what_it_may_read(at: At) -> object:
    return Path(at["readable"], "file").write_text("x")


@attempt
def make_a_folder_outside(at: At) -> object:
    return Path(at["elsewhere"], "folder").mkdir()


@attempt
def remove_outside(at: At) -> object:
    return Path(at["elsewhere"], "spare").unlink()


@attempt
def truncate_by_path(at: At) -> object:
    return os.truncate(Path(at["elsewhere"], "truncated"), 0)


@attempt
def truncate_by_reading(at: At) -> object:
    return os.close(os.open(Path(at["readable"], "truncated"), os.O_RDONLY | os.O_TRUNC))


@attempt
def move_out(at: At) -> object:
    Path("moved").write_text("x")
    return Path("moved").rename(Path(at["elsewhere"], "moved"))


@attempt
def chmod(at: At) -> object:
    return Path(at["elsewhere"], "file").chmod(0o777)


@attempt
def chown(at: At) -> object:
    return os.chown(Path(at["elsewhere"], "file"), os.getuid(), os.getgid())


@attempt
def set_times(at: At) -> object:
    return os.utime(Path(at["elsewhere"], "file"), (1, 1))


@attempt
def set_an_attribute(at: At) -> object:
    return os.setxattr(Path(at["elsewhere"], "file"), "user.x", b"x")


@attempt
def make_a_device(at: At) -> object:
    return os.mkfifo("pipe")


@attempt
def write_to_shared_memory(at: At) -> object:
    path = Path(f"/dev/shm/dlgrade-test-{os.getpid()}")
    path.write_text("x")
    return path.unlink()


@attempt
def watch_a_folder(at: At) -> object:
    return os.close(call(at["numbers"]["inotify_init1"], 0))


# What CUDA does when it starts.


@attempt
def name_a_thread(at: At) -> object:
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    try:
        return Path(f"/proc/{os.getpid()}/task/{thread.native_id}/comm").write_text("cuda-EvtHandlr")
    finally:
        done.set()
        thread.join()


@attempt
def listen_on_an_abstract_socket(at: At) -> object:
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as sock:
        sock.bind(f"\0dlgrade-probe-{os.getpid()}")
        return sock.listen()


@attempt
def make_memory(at: At) -> object:
    return os.close(os.memfd_create("memory"))


@attempt
def read_its_own_maps(at: At) -> object:
    return len(Path("/proc/self/maps").read_text()) > 0


@attempt
def use_the_device(at: At) -> object:
    with Path("/dev/full").open("r+b", buffering=0) as device:
        try:
            fcntl.ioctl(device, 0x30000001)
        except OSError as error:
            if error.errno != errno.ENOTTY:  # it takes no requests, but was asked
                raise
        return len(device.read(3))


# Other processes.


@attempt
def read_the_memory_of_the_parent(at: At) -> object:
    with Path(f"/proc/{at['target']}/mem").open("rb") as memory:
        memory.seek(at["address"])
        return memory.read(1).hex()


@attempt
def read_the_environment_of_the_parent(at: At) -> object:
    return len(Path(f"/proc/{at['target']}/environ").read_bytes())


@attempt
def read_the_memory_by_a_call(at: At) -> object:
    got = ctypes.create_string_buffer(1)
    local = (ctypes.c_size_t * 2)(ctypes.addressof(got), 1)
    remote = (ctypes.c_size_t * 2)(at["address"], 1)
    words = (ctypes.addressof(local), 1, ctypes.addressof(remote), 1, 0)
    return call(at["numbers"]["process_vm_readv"], at["target"], *words)


@attempt
def trace_the_parent(at: At) -> object:
    return call(at["numbers"]["ptrace"], 0x4206, at["target"], 0, 0)  # PTRACE_SEIZE; its end lets go


@attempt
def signal_the_parent(at: At) -> object:
    return os.kill(at["target"], signal.SIGCONT)


@attempt
def signal_everyone(at: At) -> object:
    return os.kill(-1, 0)


@attempt
def open_the_parent_by_number(at: At) -> object:
    return os.close(os.pidfd_open(at["target"]))


@attempt
def signal_by_a_descriptor(at: At) -> object:
    ends = os.pipe()
    try:
        return fcntl.fcntl(ends[0], 8, at["target"])  # F_SETOWN
    finally:
        for end in ends:
            os.close(end)


# Limits, and what it is.


@attempt
def renice(at: At) -> object:
    return os.setpriority(os.PRIO_PROCESS, 0, os.getpriority(os.PRIO_PROCESS, 0) + 1)


@attempt
def choose_processors(at: At) -> object:
    return os.sched_setaffinity(0, os.sched_getaffinity(0))


@attempt
def set_a_limit(at: At) -> object:
    soft, hard = resource.getrlimit(resource.RLIMIT_STACK)
    return resource.prlimit(0, resource.RLIMIT_STACK, (soft, hard))


@attempt
def become_traceable(at: At) -> object:
    return call(at["numbers"]["prctl"], 4, 1, 0, 0, 0)


@attempt
def outlive_the_parent(at: At) -> object:
    return call(at["numbers"]["prctl"], 1, 0, 0, 0, 0)


@attempt
def change_the_user(at: At) -> object:
    return os.setuid(os.getuid())


@attempt
def type_into_a_terminal(at: At) -> object:
    ours, theirs = os.openpty()
    try:
        return fcntl.ioctl(ours, 0x5412, b"x")  # TIOCSTI
    finally:
        os.close(ours)
        os.close(theirs)


# Calls by number, with arguments that no kernel accepts, so that an open door says EINVAL or the like.


def knock(name: str) -> Callable[[At], object]:
    return lambda at: call(at["numbers"][name], *[-1] * 5)


@attempt
def call_by_the_x32_numbers(at: At) -> object:
    return call(X32 + at["numbers"]["getpid"])


@attempt
def call_by_the_32_bit_gate(at: At) -> object:
    """Run ``mov eax, 20; int 0x80; ret`` (getpid of the i386 table)."""
    page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    page.write(b"\xb8\x14\x00\x00\x00\xcd\x80\xc3")
    code = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))
    if (result := code()) < 0:
        raise OSError(-result, os.strerror(-result))
    return result


@attempt
def call_what_is_too_new(at: At) -> object:
    return call(999)


# What the limits are for.


@attempt
def allocate_30_gib(at: At) -> object:
    return len(bytearray(30 * GIB))


@attempt
def allocate_4_gib(at: At) -> object:
    # Untouched pages cost nothing: without a limit this works on a small machine too.
    return mmap.mmap(-1, 4 * GIB, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS).close()


@attempt
def share_4_gib(at: At) -> object:
    return mmap.mmap(-1, 4 * GIB).close()


@attempt
def write_a_big_file(at: At) -> object:
    with Path("big").open("wb", buffering=0) as big:
        for _ in range(at["big_mib"]):
            big.write(bytes(1 << 20))
    return Path("big").unlink()


@attempt
def open_many_files(at: At) -> object:
    held = []
    try:
        while len(held) < at["many"]:
            held.append(os.dup(1))
    finally:
        for descriptor in held:
            os.close(descriptor)
    return len(held)


# Ordinary work.


@ordinary
def print_floats(at: At) -> object:
    return f"{0.1 + 0.2!r} {1e300 * 1e10} {3.14159:.3f}"


@ordinary
def use_threads(at: At) -> object:
    from concurrent.futures import ThreadPoolExecutor

    seen: list[int] = []
    threads = [threading.Thread(target=seen.append, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with ThreadPoolExecutor(3) as pool:
        return sorted(seen), list(pool.map(abs, range(-3, 0)))


@ordinary
def use_files_in_its_scratch(at: At) -> object:
    import pickle
    import shutil
    import tempfile

    with tempfile.TemporaryDirectory(dir=".") as folder:
        Path(folder, "a").write_bytes(pickle.dumps({1: 2}))
        shutil.copyfile(Path(folder, "a"), Path(folder, "b"))
        Path(folder, "b").rename("c")
    with tempfile.TemporaryFile() as file:
        file.write(b"x" * 1000)
        file.truncate(10)
    return pickle.loads(Path("c").read_bytes()), [str(path) for path in Path().iterdir()]


@ordinary
def import_the_standard_library(at: At) -> object:
    import collections
    import copy
    import csv
    import dataclasses
    import decimal
    import difflib
    import fractions
    import functools
    import hashlib
    import heapq
    import html.parser
    import inspect
    import itertools
    import logging
    import math
    import operator
    import pprint
    import queue
    import random
    import re
    import sqlite3
    import statistics
    import string
    import textwrap
    import timeit
    import traceback
    import typing
    import unittest
    import uuid
    import xml.etree.ElementTree as ET
    import zipfile

    made = dataclasses.make_dataclass("Made", ["x"])(decimal.Decimal("0.1") + 1)
    modules = (collections, copy, csv, difflib, functools, html, itertools, logging, math, operator, pprint)
    others = (
        queue,
        re,
        sqlite3,
        statistics,
        string,
        textwrap,
        timeit,
        traceback,
        typing,
        unittest,
        ET,
        zipfile,
    )
    assert all((*modules, *others, heapq))
    digest = hashlib.sha256(b"x").hexdigest()[:8]
    random.seed(1)
    source = len(inspect.getsource(fractions.Fraction)) > 1000
    return repr(made), digest, random.random(), source, len(str(uuid.uuid4()))


@ordinary
def tell_the_time(at: At) -> object:
    import time
    import zoneinfo

    time.sleep(0.001)
    return time.localtime(0).tm_year, str(zoneinfo.ZoneInfo("Europe/Zurich")), time.process_time() > 0


@ordinary
def load_what_is_compiled(at: At) -> object:
    import _decimal
    import bz2
    import lzma
    import zlib

    packed = (zlib.compress(b"x"), bz2.compress(b"x"), lzma.compress(b"x"))
    return [len(data) > 1 for data in packed], bool(_decimal)


@ordinary
def handle_signals_of_its_own(at: At) -> object:
    seen: list[int] = []
    signal.signal(signal.SIGUSR1, lambda number, _: seen.append(number))
    signal.raise_signal(signal.SIGUSR1)
    os.kill(os.getpid(), signal.SIGUSR1)
    signal.pthread_kill(threading.get_ident(), signal.SIGUSR1)
    return len(seen)


@ordinary
def ask_about_itself(at: At) -> object:
    import getpass
    import platform
    import socket  # only imported

    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    return platform.system(), os.cpu_count() is not None, limits[0] > 0, bool(getpass), bool(socket)


@ordinary
def call_back_from_c(at: At) -> object:
    compare = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_int), ctypes.POINTER(ctypes.c_int))
    numbers = (ctypes.c_int * 3)(3, 1, 2)
    ctypes.CDLL(None).qsort(numbers, 3, 4, compare(lambda a, b: a[0] - b[0]))
    return list(numbers)


@ordinary
def compute_with_numpy(at: At) -> object:
    import numpy as np

    rng = np.random.default_rng(0)
    a = rng.normal(size=(300, 300))
    np.savez("arrays.npz", a=a)
    with np.load("arrays.npz") as kept:
        same = bool((kept["a"] == a).all())
    np.linalg.svd(a)
    np.polynomial.Polynomial([1, 2])(3.0)
    np.testing.assert_allclose(a @ np.linalg.inv(a), np.eye(300), atol=1e-8)
    np.memmap("mapped", dtype=np.float64, mode="w+", shape=(10,))[:] = 1
    return same, repr(np.fft.fft(np.ones(4)))


@ordinary
def train_with_torch(at: At) -> object:
    import torch
    from torch.utils.data import DataLoader, TensorDataset

    torch.manual_seed(0)
    x, y = torch.randn(64, 3, 8, 8), torch.randint(0, 2, (64,))
    first = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.BatchNorm2d(4), torch.nn.ReLU())
    model = torch.nn.Sequential(first, torch.nn.Flatten(), torch.nn.Linear(144, 2))
    losses = []
    for make in (torch.optim.SGD, torch.optim.Adam):
        optimizer = make(model.parameters(), lr=0.01)
        for batch, labels in DataLoader(TensorDataset(x, y), batch_size=16, shuffle=True):
            optimizer.zero_grad()
            loss = torch.nn.functional.cross_entropy(model(batch), labels)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    torch.save(model.state_dict(), "model.pt")
    model.load_state_dict(torch.load("model.pt"))
    attention = torch.nn.functional.scaled_dot_product_attention(*[torch.randn(1, 2, 5, 4)] * 3)
    (
        repr(attention),
        model.eval(),
        torch.linalg.svd(torch.randn(5, 5)),
        torch.einsum("ij,jk", x[0, 0], x[0, 1]),
    )
    return all(loss == loss for loss in losses)


def outcome(function: Callable[[At], object], at: At) -> str:
    """Say how an attempt went: what it gave, or the name of the exception."""
    try:
        return f"did {function(at)!r}"
    except OSError as error:
        known = type(error) is not OSError
        return type(error).__name__ if known else errno.errorcode.get(error.errno or 0, "OSError")
    except BaseException as error:
        return type(error).__name__ if isinstance(error, MemoryError) else f"{type(error).__name__}: {error}"


def put_on(layer: str, plan: Any, descriptor: int) -> object:
    """Put one layer over this process, or all of them in order."""
    from dlgrade.sandbox import landlock, layers, limits, linux, seccomp

    if layer == "all":
        return layers.apply(plan, keep_fd=descriptor, parent=os.getppid())
    linux.set_no_new_privs()
    if layer == "landlock":
        return landlock.restrict(plan.readable, (plan.scratch, *plan.writable), plan.hidden)
    if layer == "seccomp":
        return seccomp.install()
    if layer == "limits":
        return limits.apply(plan.limits)
    return None


def worker(setup: At, descriptor: int) -> None:
    """Put the layers on, try everything, and answer through the one descriptor that is kept."""
    from dlgrade.sandbox import layers

    plan = layers.Plan.from_dict(setup["plan"])
    os.chdir(plan.scratch)
    os.environ.update(HOME=plan.scratch, TMPDIR=plan.scratch)
    at = setup["at"]
    at["target"] = os.getppid()
    put = put_on(setup["layer"], plan, descriptor)
    known = {**ATTEMPTS, **ORDINARY, **{f"call {name}": knock(name) for name in at["numbers"]}}
    went = {name: outcome(known[name], at) for name in setup["names"]}
    left = [number for number in range(256) if _is_open(number)]
    answer = {"put": put, "went": went, "uid": os.getuid(), "descriptors": left}
    with os.fdopen(descriptor, "w") as out:
        json.dump(answer, out)


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def main() -> None:
    """
    Be a zygote: fork one worker and pass its answer on.

    The setup has ``grader`` (the folder to import from), ``layer``, ``plan``, ``names`` (what to try),
    ``at`` (what the attempts aim at) and ``imports`` (what to import before the fork).
    """
    setup = json.loads(sys.argv[1])
    sys.path.insert(0, setup["grader"])
    from dlgrade.sandbox import layers, linux, seccomp

    for name in setup["imports"]:
        __import__(name)
    linux.set_child_subreaper()
    linux.set_dumpable(False)
    layers.prepare(layers.Plan.from_dict(setup["plan"]))
    secret = ctypes.create_string_buffer(b"the zygote's")
    setup["at"]["address"] = ctypes.addressof(secret)
    column = ("x86_64", "aarch64").index(linux.architecture())
    table = seccomp.DENIED + seccomp.AS_UNKNOWN + seccomp.LOOKED_AT
    setup["at"]["numbers"] = {"getpid": (39, 172)[column], **seccomp.numbers(table, column)}
    reading, writing = os.pipe()
    os.open("/", os.O_RDONLY)  # a descriptor that a worker should not find
    if (pid := os.fork()) == 0:
        os.close(reading)
        try:
            worker(setup, writing)
        except BaseException as error:
            print(repr(error), file=sys.stderr, flush=True)
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answers:
        answer = answers.read()
    status = os.waitpid(pid, 0)[1]
    strays = linux.kill_strays()
    whole = json.loads(answer) if answer else {}
    print(json.dumps({**whole, "status": os.waitstatus_to_exitcode(status), "strays": strays}))


if __name__ == "__main__":
    main()
