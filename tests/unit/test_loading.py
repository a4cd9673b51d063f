"""Running a learner's file: statement by statement, with what is ruled out standing for itself."""

import json
import linecache
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np  # noqa: F401 - once in the process, and not by one of the files
import pytest

from dlgrade.sandbox import loading
from dlgrade.wire import messages as m

SENTENCE = (
    "torch cannot be used here: in this exercise only the standard library and numpy can be imported, "
    "the point is to do it by hand"
)


@dataclass
class File:
    """A learner's file that was run."""

    namespace: dict[str, Any]
    troubles: list[m.Trouble]

    def __getitem__(self, name: str) -> Any:
        return self.namespace[name]

    @property
    def raised(self) -> list[str]:
        return [trouble.type_name for trouble in self.troubles]


@pytest.fixture
def run() -> Iterator[Callable[..., File]]:
    """Return a function that runs a file; whatever it did to the import system is undone afterwards."""
    modules, path = dict(sys.modules), list(sys.meta_path)
    # As in a worker, torch is not there yet; whether another test has loaded it must not matter.
    for name in modules:
        if name.partition(".")[0] == "torch":
            del sys.modules[name]

    def run_source(source: str, tools: tuple[str, ...] = ("numpy",)) -> File:
        return File(*loading.run_file(textwrap.dedent(source), "toy.py", tools))

    yield run_source
    sys.meta_path[:] = path
    for name in set(sys.modules) - set(modules):
        if name.partition(".")[0] not in (*sys.stdlib_module_names, "numpy"):
            del sys.modules[name]
    sys.modules.update(modules)
    linecache.cache.pop("toy.py", None)


# Statement by statement.


def test_a_file_is_run_and_leaves_its_names(run):
    """Functions, classes and values are there afterwards, and the file knows its own name."""
    file = run('''
        """What it is about."""
        import math
        rate: float = 0.5
        def f(x): return math.sin(x) * rate
        class Net: pass
        where = (__name__, __file__)
    ''')
    assert file.troubles == []
    assert file["f"](0.0) == 0.0
    assert file["where"] == ("toy", "toy.py")
    assert file.namespace["__doc__"] == "What it is about."


def test_a_statement_that_raises_costs_no_other(run):
    """What stands below it is still run; what rests on it raises for itself."""
    file = run('''
        def before(): return 1
        broken = 1 / 0
        def after(): return 2
        rests = broken + 1
    ''')
    assert (file["before"](), file["after"]()) == (1, 2)
    assert file.raised == ["ZeroDivisionError", "NameError"]
    assert [trouble.frames[0].line for trouble in file.troubles] == [3, 5]


@pytest.mark.parametrize(
    ("statement", "type_name"),
    [
        ("raise SystemExit(3)", "SystemExit"),
        ("import sys; sys.exit()", "SystemExit"),
        ("exit()", "SystemExit"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("raise GeneratorExit", "GeneratorExit"),
        ("class Mine(BaseException): pass\nraise Mine", "Mine"),
        ("def f(): f()\nf()", "RecursionError"),
        ("raise ExceptionGroup('g', [ValueError()])", "ExceptionGroup"),
        ("from . import helper", "ImportError"),
        ("assert False, 'no'", "AssertionError"),
        ("def g(): yield 1\nnext(g()), next(iter([]))", "StopIteration"),
    ],
)
def test_whatever_a_statement_raises_is_a_trouble(run, statement, type_name):
    """Even what ends a process elsewhere ends only the statement."""
    file = run(f"{statement}\nafter = 1")
    assert file.raised == [type_name]
    assert file["after"] == 1


REFUSED = {"x = 1\nreturn x": 2, "\n\nyield 1": 3, "break": 1, "def f():\n    nonlocal y": 2, "await x": 1}


@pytest.mark.parametrize(("statement", "line"), REFUSED.items())
def test_what_only_the_compiler_refuses_is_a_trouble_with_its_line(run, statement, line):
    """A `return` outside of a function parses; it costs its own statement, and the line is known."""
    file = run(f"{statement}\nafter = 1")
    (trouble,) = file.troubles
    assert trouble.type_name == "SyntaxError"
    assert trouble.frames == [m.Frame(line, "<module>")]
    assert file["after"] == 1


def test_a_file_of_errors_ends_at_the_twentieth(run):
    """There is a bound to what is told, and to what is run for it."""
    file = run("count = 0\n" + "count += 1; 1 / 0\n" * 50)
    assert file.raised == ["ZeroDivisionError"] * loading.TROUBLES_MAX
    assert file["count"] == loading.TROUBLES_MAX


def test_the_main_block_is_not_run(run):
    """What a learner tries out at the end stays theirs."""
    assert run('if __name__ == "__main__":\n    1 / 0').troubles == []


def test_what_future_imports_ask_for_holds_for_the_whole_file(run):
    """Annotations are not evaluated in any statement, though each is compiled alone."""
    file = run('''
        """Docstring."""
        from __future__ import annotations, division
        def f(x: NoSuchName) -> AnotherOne: return x
        y: AlsoNotThere = 3
        class C:
            z: Nowhere
    ''')
    assert file.troubles == []
    assert file["f"].__annotations__ == {"x": "NoSuchName", "return": "AnotherOne"}


def test_without_the_import_annotations_are_evaluated(run):
    """dlgrade's own future imports are not the file's."""
    assert run("def f(x: NoSuchName): pass").raised == ["NameError"]


def test_an_unknown_future_import_is_a_trouble(run):
    """It is refused as Python refuses it, and costs nothing else."""
    file = run("from __future__ import braces\nafter = 1")
    assert file.raised == ["SyntaxError"]
    assert file["after"] == 1


def test_what_looks_its_module_up_finds_it(run):
    """Dataclasses, NamedTuples, enums, pickle and inspect ask for the module by its name."""
    file = run('''
        from __future__ import annotations
        import copy, enum, inspect, pickle, typing
        from collections import namedtuple
        from dataclasses import dataclass, field
        @dataclass
        class Layer:
            W: list[float]
            b: typing.ClassVar[float] = 0.5
            names: list[str] = field(default_factory=list)
        class Pair(typing.NamedTuple):
            w: float
            b: float = 0.0
        Point = namedtuple("Point", "x y")
        class Kind(enum.Enum):
            RELU = enum.auto()
        class Options(typing.TypedDict):
            lr: float
        def f():
            return inspect.getsource(f)
        layer = pickle.loads(pickle.dumps(Layer([1.0])))
        same = copy.deepcopy(Pair(1.0)) == Pair(1.0) and pickle.loads(pickle.dumps(Kind.RELU)) is Kind.RELU
        hints = typing.get_type_hints(Layer)
        text = f()
    ''')
    assert file.troubles == []
    assert file["layer"] == file["Layer"]([1.0])
    assert file["same"]
    assert file["hints"]["W"] == list[float]
    assert file["text"] == "def f():\n    return inspect.getsource(f)\n"


def test_functions_see_each_other_whatever_their_order(run):
    """A helper below its user, recursion and globals that change work as in any module."""
    file = run('''
        count = 0
        def user(n): return helper(n)
        def helper(n):
            global count
            count += 1
            return 1 if n < 1 else n * helper(n - 1)
    ''')
    assert file["user"](4) == 24
    assert file["count"] == 5


# What a file defines.


def test_names_are_told_by_their_kind(run):
    """Functions, classes and other values are told apart, and modules are left out."""
    file = run('''
        import math
        import numpy as np
        from math import tanh
        def f(): pass
        g = lambda: 0
        class Net:
            def __call__(self): pass
        net = Net()
        rate = 0.5
        ufunc = np.tanh
    ''')
    kinds = {name: kind for name, kind in loading.kinds(file.namespace).items() if "__" not in name}
    assert kinds == {
        "tanh": "function",
        "f": "function",
        "g": "function",
        "Net": "class",
        "net": "function",
        "rate": "other",
        "ufunc": "function",
    }


def test_names_that_are_none_are_left_out(run):
    """What a file puts among its globals by force is bounded, and no object is asked about itself."""
    file = run('''
        class Shy:
            @property
            def __class__(self): 1 / 0
        shy = Shy()
        globals().update({3: 4, "a b": 5, "x" * 201: 6, chr(0xD800): 7, "": 8})
        globals().update({f"name{i}": i for i in range(5000)})
    ''')
    kinds = loading.kinds(file.namespace)
    assert len(kinds) <= 2000
    assert kinds["shy"] == "other"
    assert not {3, "a b", "x" * 201, chr(0xD800), ""} & set(kinds)
    m.decode_from_worker(m.encode(m.Loaded(1, kinds, [])))


# What is ruled out.


@pytest.mark.parametrize(
    "statement",
    [
        "import torch",
        "import torch.nn as nn",
        "import torch.nn.functional",
        "from torch import nn",
        "from torch.nn import functional as F, Linear",
        "from torch import *",
        "import importlib; torch = importlib.import_module('torch')",
        "torch = __import__('torch')",
        "import torch, scipy.special as sp, jax.numpy as jnp",
        "try:\n    import torch\nexcept ImportError:\n    torch = None",
        "import torch\nDEVICE = torch.float32\ndef f(x: torch.Tensor, *, y: int | torch.Tensor | None): pass",
        "import typing, torch\ndef f(x: typing.Optional[torch.Tensor]) -> list[torch.Tensor]: pass",
        "import torch\nif torch:\n    name = torch.__name__",
    ],
)
def test_naming_what_is_ruled_out_is_harmless(run, statement):
    """An import that is not used costs nothing, and nothing of the real module is loaded."""
    file = run(f"{statement}\nimport sys\ntorch = sys.modules['torch']")
    assert file.troubles == []
    assert isinstance(file["torch"], loading.RuledOut)


def test_stand_ins_do_not_stay_among_the_modules(run):
    """Who shares the process with the file, as under --debug, can still import the real ones."""
    file = run("import torch.nn as nn, sys\nimport scipy\nthere = 'torch.nn' in sys.modules")
    assert file["there"]
    assert isinstance(file["nn"], loading.RuledOut)
    assert not [name for name in sys.modules if name.partition(".")[0] in ("torch", "scipy")]
    assert not [module for module in sys.modules.values() if isinstance(module, loading.RuledOut)]


@pytest.mark.parametrize(
    "use",
    [
        "torch.tensor([1.0])",
        "torch.nn.functional.relu(1)",
        "torch.nn.Linear(2, 3)",
        "torch()",
        "class Net(torch.nn.Module): pass",
        "@torch.no_grad()\ndef g(): pass",
        "@torch.compile\ndef g(): pass",
        "@torch.jit.script\nclass G: pass",
        "with torch.no_grad(): pass",
        "with torch.inference: pass",
        "torch.pi + 1",
        "1 - torch.pi",
        "torch.pi / 2",
        "2 ** torch.pi",
        "-torch.pi",
        "abs(torch.pi)",
        "torch.pi < 3",
        "3 >= torch.pi",
        "torch.pi % 2",
        "torch.x @ torch.y",
        "torch.cuda[0]",
        "torch.cuda[0] = 1",
        "3 in torch.x",
        "list(torch.x)",
        "a, b = torch.x",
        "[*torch.x]",
        "float(torch.pi)",
        "int(torch.pi)",
        "[1, 2][torch.x]",
        "import math; math.sin(torch.pi)",
        "isinstance(3, torch.Tensor)",
        "issubclass(int, torch.Tensor)",
        "import numpy as np; np.array(torch.pi)",
        "import numpy as np; np.ones(3) * torch.pi",
        "import numpy as np; np.sin(torch.pi)",
    ],
)
def test_using_what_is_ruled_out_says_so(run, use):
    """A call, a base class, a decorator, arithmetic and the like raise the sentence, whatever the name."""
    file = run(f"import torch\n{use}\nafter = 1")
    (trouble,) = file.troubles
    assert (trouble.type_name, trouble.text) == ("RuledOutError", SENTENCE)
    assert "ImportError" in trouble.bases
    assert trouble.frames[0].function == "<module>"
    assert file["after"] == 1


def test_a_use_inside_a_function_says_so_when_it_is_called(run):
    """The file loads; the function that rests on torch raises at its line."""
    file = run('''
        def f(x):
            import torch
            return torch.tanh(x)
    ''')
    assert file.troubles == []
    with pytest.raises(loading.RuledOutError) as caught:
        file["f"](1.0)
    described = loading.describe(caught.value, "toy.py")
    assert described.text == SENTENCE
    assert described.frames == [m.Frame(4, "f")]


THREAD = """
import threading, sys
thread = threading.Thread(target=__import__, args=("torch",))
thread.start()
thread.join()
torch = sys.modules["torch"]
"""


@pytest.mark.parametrize(
    "way",
    [
        "exec('import torch', {})\nimport sys; torch = sys.modules['torch']",
        "exec('import torch')",
        "torch = eval('__import__(\"torch\")', {})",
        THREAD,
        "import pkgutil; torch = pkgutil.resolve_name('torch')",
        "import functools; torch = functools.partial(__import__, 'torch')()",
        "torch = next(map(__import__, ['torch']))",
        "import pickle; torch = pickle.loads(b'ctorch\\nTensor\\n.')",
        "class Lazy:\n    def __getattr__(self, name): return __import__(name)\ntorch = Lazy().torch",
    ],
)
def test_roundabout_imports_are_found_too(run, way):
    """Who imports on the learner's behalf, the standard library or nobody by name, is the learner."""
    file = run(f"{way}\ntorch.tensor(1)")
    assert file.raised == ["RuledOutError"]


def test_the_sentence_names_the_package_and_the_tools(run):
    """Whatever cannot be imported is named by its root, beside what can be."""
    file = run("from scipy.special import erf\nerf(1)", ("numpy", "torch"))
    assert file.troubles[0].text == (
        "scipy cannot be used here: in this exercise only the standard library, numpy and torch can be "
        "imported, the point is to do it by hand"
    )
    file = run("import scipy.linalg as la\nla.norm(1)", ())
    assert "only the standard library can be imported" in file.troubles[0].text


def test_tools_and_the_standard_library_are_the_real_ones(run):
    """What is allowed is imported as ever, submodules and all."""
    file = run('''
        import numpy as np
        import numpy.linalg
        from numpy.random import default_rng
        import json, xml.dom, unittest.mock, concurrent.futures
        value = float(np.linalg.norm(default_rng(0).normal(size=3)))
    ''')
    assert file.troubles == []
    assert file["value"] > 0


def test_a_tools_own_imports_are_its_own(run, tmp_path, monkeypatch):
    """A tool may import whatever it likes, when it is loaded and later, called by the learner or not."""
    late = "def late():\n    import lateoftool\n    return lateoftool.x\n"
    (tmp_path / "sometool.py").write_text(f"import helperoftool\n{late}")
    (tmp_path / "helperoftool.py").write_text("x = 1\n")
    (tmp_path / "lateoftool.py").write_text("x = 2\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    file = run('''
        import sometool
        found = sometool.late()
        import helperoftool, lateoftool
        import otheroftool
    ''', ("sometool",))
    assert file.troubles == []
    assert file["found"] == 2
    assert isinstance(file["otheroftool"], loading.RuledOut)


def test_a_tool_that_is_optional_to_a_tool_is_still_not_there(run, tmp_path, monkeypatch):
    """A tool that looks whether a package is installed gets the truth."""
    looks = "try:\n    import notinstalled\nexcept ImportError:\n    found = False\n"
    (tmp_path / "sometool.py").write_text(looks)
    monkeypatch.syspath_prepend(str(tmp_path))
    assert run("import sometool\nfound = sometool.found", ("sometool",))["found"] is False


def test_a_misspelt_package_is_told_like_any_other(run):
    """What is not installed cannot be imported either, and the sentence names it."""
    file = run("import nunpy as np\nx = np.zeros(3)")
    assert file.raised == ["RuledOutError"]
    assert file.troubles[0].text.startswith("nunpy cannot be used here")


def test_in_a_process_of_its_own_nothing_of_torch_is_loaded():
    """A worker that runs a file which imports torch stays as small as it was."""
    script = """
import json, sys
from dlgrade.sandbox import loading
_, troubles = loading.run_file("import torch.nn as nn\\nclass Net(nn.Module): pass", "toy.py", ["numpy"])
loaded = [name for name in sys.modules if name.startswith("torch")]
print(json.dumps([[trouble.type_name for trouble in troubles], loaded]))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [["RuledOutError"], []]


# Exceptions as text.


def described(run: Callable[..., File], source: str) -> m.Trouble:
    """Run a file whose `go` raises, and describe what it raised as the wire takes it."""
    file = run(source)
    assert file.troubles == []
    with pytest.raises(BaseException) as caught:  # noqa: PT011 - any exception is described
        file["go"]()
    trouble = loading.describe(caught.value, "toy.py")
    message = m.decode_from_worker(m.encode(m.Raised(1, trouble)))
    assert message == m.Raised(1, trouble)
    return trouble


def test_an_exception_is_its_type_its_bases_its_text_and_the_learners_frames(run):
    """Frames of NumPy and of ours are left out."""
    trouble = described(run, '''
        import numpy as np
        class Wrong(ValueError): pass
        def inner(x):
            raise Wrong(f"x is {x}")
        def go():
            np.apply_along_axis(inner, 0, np.zeros(2))
    ''')
    assert trouble.type_name == "Wrong"
    assert trouble.bases == ["Wrong", "ValueError", "Exception", "BaseException", "object"]
    assert trouble.text == "x is [0. 0.]"
    assert trouble.frames == [m.Frame(7, "go"), m.Frame(5, "inner")]


def test_a_long_way_down_is_told_by_its_ends(run):
    """Of a thousand frames the first three and the last eight are kept."""
    trouble = described(run, "def go(n=50):\n    if n == 0:\n        1 / 0\n    go(n - 1)\n")
    assert [frame.line for frame in trouble.frames] == [4] * 10 + [3]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("raise ValueError('x' * 10**6)", "x" * 2000),
        ("raise ValueError(chr(0x1F600) * 3000)", chr(0x1F600) * 2000),
        ("raise ValueError('a' + chr(0xDCFF))", "a?"),
        ("raise ValueError", ""),
        ("raise Broken(1 / 3)", "(its text could not be made)"),
        ("raise Ending()", "(its text could not be made)"),
        ("raise Wordless()", "(its text could not be made)"),
        ("raise Sneaky()", "plain"),
    ],
)
def test_the_text_of_an_exception_is_bounded_and_can_be_sent(run, body, text):
    """However an exception makes its text, it costs the text and nothing else."""
    trouble = described(run, f"""
class Broken(Exception):
    def __str__(self): raise RuntimeError
class Ending(Exception):
    def __str__(self): raise SystemExit
class Wordless(Exception):
    def __str__(self): return 3
class Text(str):
    def __getitem__(self, key): raise KeyboardInterrupt
    def encode(self, *args): return None
class Sneaky(Exception):
    def __str__(self): return Text("plain")
def go():
    {body}
""")
    assert trouble.text == text


def test_names_of_types_and_functions_are_bounded(run):
    """A type or a function with an endless name is told by its beginning."""
    long = "n" * 300
    trouble = described(run, f"class {long}(Exception): pass\ndef {long}f(): raise {long}\ngo = {long}f")
    assert trouble.type_name == "n" * 200
    assert [len(name) for name in trouble.bases][:2] == [200, 9]
    assert trouble.frames[-1].function == "n" * 200


def test_a_deep_hierarchy_is_cut(run):
    """No more bases are told than the wire takes."""
    classes = "\n".join(f"class E{i}({f'E{i - 1}' if i else 'Exception'}): pass" for i in range(60))
    assert len(described(run, f"{classes}\ndef go(): raise E59").bases) == 32


def test_a_syntax_error_at_run_time_is_told_where_it_came_up(run):
    """What `eval` refuses is told by the line that called it, as is another file's syntax error."""
    trouble = described(run, "def go():\n    eval('1 +')")
    assert (trouble.type_name, trouble.frames) == ("SyntaxError", [m.Frame(2, "go")])
