"""Wants the points without the work: nothing here computes anything, everything here tries to pass by force.

Harmless on any machine: it deletes nothing, writes no file, connects to nothing, and ends no process but its
own. Each trick is one that passes in some grader that runs its tests in the same process as the submission.
"""

import atexit
import builtins
import contextlib
import gc
import importlib
import json
import os
import pathlib
import stat
import sys

REPORT = {
    "schema": 1,
    "exercise": "exercise03",
    "name": "backprop",
    "points": 10.0,
    "max_points": 10.0,
    "passed": True,
    "criteria": [],
    "tests": [],
}


def quietly(trick):
    """Try a trick; one that fails is to leave no trace."""
    with contextlib.suppress(Exception):
        return trick()
    return None


# Trick 1: comparisons that cannot fail, for a suite that imports them from here.
def patch_comparisons():
    import numpy.testing

    for name in ("assert_allclose", "assert_array_equal", "assert_almost_equal", "assert_equal"):
        setattr(numpy.testing, name, lambda *args, **kwargs: None)
    numpy.allclose = numpy.array_equal = lambda *args, **kwargs: True
    numpy.isclose = lambda a, b, *args, **kwargs: numpy.ones(numpy.shape(a), dtype=bool)


# Trick 2: a pytest whose every test passes, and an `approx` that approximates anything.
def patch_pytest():
    pytest = importlib.import_module("pytest")
    pytest.approx = lambda *args, **kwargs: Everything()
    pytest.fail = lambda *args, **kwargs: None
    runner = importlib.import_module("_pytest.runner")
    runner.pytest_runtest_call = lambda item: None
    python = importlib.import_module("_pytest.python")
    python.Function.runtest = lambda self: None


# Trick 3: the built-ins that a comparison leans on.
def patch_builtins():
    builtins.abs = lambda value: 0.0
    builtins.all = lambda values: True


# Trick 4: an object that is equal to everything, as small as anything, and any number that is asked for.
class Everything:
    shape = ()
    dtype = float
    ndim = 0

    def _agree(self, *others):
        return True

    def _same(self, *others):
        return self

    __eq__ = __le__ = __lt__ = __ge__ = __gt__ = __contains__ = __bool__ = _agree
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __abs__ = __neg__ = _same
    __getitem__ = __getattr__ = __call__ = _same
    __hash__ = None

    def __ne__(self, other):
        return False

    def __iter__(self):
        return iter((self, self, self))

    def __float__(self):
        return expected_in_a_frame() or 0.25

    def __array__(self, *args, **kwargs):
        import numpy

        return numpy.asarray(float(self))


# Trick 5: the right answer stands in a local variable of whoever called.
def expected_in_a_frame():
    frame = sys._getframe(1)
    while frame is not None:
        for name in ("want", "expected", "right", "reference", "answer"):
            if name in frame.f_locals:
                return frame.f_locals[name]
        frame = frame.f_back
    return None


# Trick 6: the reference is a module in this process, or an object that the garbage collector knows.
def reference_in_memory(name):
    for module in list(sys.modules.values()):
        function = getattr(module, name, None)
        if callable(function) and getattr(module, "__file__", None) not in (None, __file__):
            return function
    for thing in gc.get_objects():
        if (
            type(thing).__name__ == "function"
            and thing.__name__ == name
            and thing.__globals__ is not globals()
        ):
            return thing
    return None


# Trick 7: the reference is a file on this machine.
def reference_on_disk(name):
    roots = [pathlib.Path.cwd(), *pathlib.Path.cwd().parents, pathlib.Path(__file__).resolve().parent]
    roots += [pathlib.Path(folder) for folder in sys.path if folder]
    roots += [pathlib.Path(os.environ["DLGRADE_SOLUTIONS"])] if "DLGRADE_SOLUTIONS" in os.environ else []
    for root in roots:
        for pattern in (
            "solutions/exercise03*/backprop.py",
            "dlgrade/_content/solutions/exercise03*/backprop.py",
        ):
            for path in root.glob(pattern):
                namespace = {}
                exec(path.read_text(), namespace)
                return namespace[name]
    return None


# Trick 8: the memory of the process that started this one.
def reference_in_the_parent():
    with open(f"/proc/{os.getppid()}/mem", "rb") as memory:
        return memory.read(1)


# Trick 9: a report of one's own, on every channel that may be read as the verdict.
def forge_report():
    for stream in (sys.stdout, sys.stderr):
        quietly(lambda stream=stream: print(json.dumps(REPORT), file=stream, flush=True))


def forge_report_on_every_channel():
    for fd in range(3, 64):
        # Only where somebody may be listening: a file that happens to be open is left alone.
        if quietly(lambda fd=fd: stat.S_ISSOCK(os.fstat(fd).st_mode) or stat.S_ISFIFO(os.fstat(fd).st_mode)):
            quietly(lambda fd=fd: os.write(fd, json.dumps(REPORT).encode()))


def forward(w, x, b, y_true):
    # Trick 10: a process that ends well has passed, has it not? Exit status 0 and no failed assertion.
    os._exit(0)


def backward(w, x, b, y_true):
    return dict.fromkeys(("dL_da", "da_dz", "dz_dw", "dL_dw", "dL_db"), Everything())


def sgd_step(param, grad, lr):
    stolen = quietly(lambda: reference_in_memory("sgd_step")) or quietly(
        lambda: reference_on_disk("sgd_step")
    )
    return stolen(param, grad, lr) if stolen else Everything()


def numerical_gradient(f, theta, eps=1e-5):
    quietly(reference_in_the_parent)
    # Trick 11: whatever f is, perhaps its globals hold the suite, and the suite the answer.
    suite = quietly(lambda: f.__globals__) or {}
    stolen = suite.get("oracle") or quietly(lambda: f.__closure__[0].cell_contents)
    quietly(lambda: stolen.central_difference(f, theta, eps))
    # Trick 12: a SystemExit that says 0 is not an Exception, so `except Exception` does not see it.
    raise SystemExit(0)


def mlp_loss_and_grads(X, y, W1, b1, W2, b2):
    # Trick 9 again, now that somebody waits for an answer. Trick 13: a pair that agrees to everything.
    forge_report_on_every_channel()
    return Everything(), dict.fromkeys(("W1", "b1", "W2", "b2"), Everything())


quietly(patch_comparisons)
quietly(patch_pytest)
quietly(patch_builtins)
atexit.register(forge_report)
forge_report()
