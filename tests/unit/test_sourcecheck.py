"""What a source uses that is ruled out: every road there, and nothing that only looks like one."""

import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlgrade import sourcecheck
from dlgrade.manifest import RuledOut

TANH = RuledOut(names=("numpy.tanh", "math.tanh"), because="tanh is to be written by hand", within=("tanh",))
ANYWHERE = RuledOut(names=("numpy.tanh", "math.tanh"), because="tanh is to be written by hand")
CONVOLUTIONS = RuledOut(
    names=("torch.nn.functional", "torch.conv2d"), because="convolutions are to be written"
)


def find(source, *rules, tools=("numpy",), asked=(), **kwargs):
    return sourcecheck.find(textwrap.dedent(source).strip() + "\n", tools, rules, asked=asked, **kwargs)


def only(uses):
    assert len(uses) == 1, [use.sentence for use in uses]
    return uses[0]


# Imports.


@pytest.mark.parametrize(
    "statement",
    [
        "import torch",
        "import torch as t",
        "import math, torch",
        "import torch.nn as nn",
        "from torch import nn as n",
        "from torch.nn.functional import *",
        "import importlib; importlib.import_module('torch')",
        "import importlib as i; t = i.import_module(name='torch')",
        "from importlib import import_module as im; im('torch.nn')",
        "from importlib import import_module; load = import_module; load('torch')",
        "import importlib; importlib.import_module('.nn', 'torch')",
        "import importlib; importlib.import_module('.nn', package='torch')",
        "import importlib; importlib.__import__('torch')",
        "im = __import__('importlib').import_module; im('tor' 'ch')",
        "__import__('torch')",
        "__import__('tor' + 'ch')",
        "__import__(f'tor{\"ch\"}')",
        "__import__(''.join(['tor', 'ch']))",
        "name = 'tor'; name2 = name + 'ch'; __import__(name2)",
        "for name in ('math', 'torch'): __import__(name)",
        "[__import__(name) for name in ['torch', 'math']]",
        "import builtins; builtins.__import__('torch')",
        "import builtins; getattr(builtins, '__import__')('torch')",
        "__builtins__['__import__']('torch')",
        "__builtins__.__import__('torch')",
        "vars(__builtins__)['__import__']('torch')",
        "globals()['__builtins__']['__import__']('torch')",
        "exec('import torch')",
        "exec('import tor' + 'ch')",
        "code = 'import torch'; exec(code)",
        "exec(b'import torch')",
        "exec(compile('import torch', 'x', 'exec'))",
        "eval(\"__import__('torch')\")",
        "exec('exec(\"import torch\")')",
        "import sys; sys.modules['torch']",
        "from sys import modules as m; t = m.get('torch')",
        "import pkgutil; pkgutil.resolve_name('torch:tensor')",
        "import pydoc; pydoc.locate('torch.tensor')",
        "try:\n    import torch\nexcept ImportError:\n    torch = None",
        "if False:\n    pass\nelse:\n    import torch",
        "with open('x') as f:\n    import torch",
        "class A:\n    import torch",
        "match 1:\n    case 1:\n        import torch",
        "a = lambda: __import__('torch')",
        "def f(x=__import__('torch')): ...",
        "async def f():\n    async with x:\n        import torch",
        "x = 1 if (t := __import__('torch')) else 2",
        "if __name__ == '__main__':\n    pass\nelse:\n    import torch",
        "if __name__ != '__main__':\n    import torch",
        "__name__ = '__main__'\nif __name__ == '__main__':\n    import torch",
        "from mylib import TYPE_CHECKING\nif TYPE_CHECKING:\n    import torch",
    ],
)
def test_every_way_to_import_torch_is_found(statement):
    """Whatever imports torch is found, with the sentence that it is to be done by hand."""
    use = next(use for use in find(statement) if use.name.startswith("torch"))
    assert "the point is to do it by hand, with the standard library and numpy alone" in use.sentence


@pytest.mark.parametrize(
    "statement",
    [
        "import numpy, numpy as np, os.path, collections.abc as abc",
        "from numpy.linalg import norm",
        "from __future__ import annotations",
        "import __main__",
        "import importlib; importlib.import_module('math')",
        "import importlib; importlib.import_module(name)",
        "import importlib; importlib.import_module(*names)",
        "import importlib; importlib.import_module()",
        "import importlib; importlib.import_module('.nn')",
        "import importlib; importlib.reload(importlib)",
        "import pydoc; pydoc.locate('int')",
        "# import torch",
        "'import torch'",
        "'''\nimport torch\n'''",
        "text = 'import torch'; print(text)",
        "exec('import math')",
        "exec('this is no Python')",
        "exec(text)",
        "import sys; sys.modules['backprop']; sys.modules[__name__]; 'torch' in sys.modules",
        "import sys; sys.modules['torch'] = None; del sys.modules['torch']",
        "def import_module(name): ...\nimport_module('torch')",
        "def __import__(name): ...\n__import__('torch')",
        "def f(exec): exec('import torch')",
        "torch = 1; torch + 1",
        "def torch(x): return torch(x - 1)",
        "if __name__ == '__main__':\n    import torch\n    print(torch)",
        "if '__main__' == __name__:\n    import matplotlib.pyplot as plt",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import torch",
        "import typing as t\nif t.TYPE_CHECKING:\n    import torch",
        "x = {'torch': 1}; x['torch']; x.get('torch'); x.torch",
        "",
    ],
)
def test_what_imports_nothing_that_is_ruled_out_is_let_be(statement):
    """The standard library, the tools, strings, comments and a learner's own names import no torch."""
    assert find(statement) == ()


def test_another_package_is_named_with_what_can_be_imported():
    """A package that is not among the tools is named with what can be imported."""
    use = only(find("import os\nimport pandas as pd\n"))
    assert use.sentence == "line 2 imports pandas: only the standard library and numpy can be imported here"
    assert (use.name, use.line, use.function, use.functions) == ("pandas", 2, None, ())


def test_torch_is_named_with_the_reason_of_the_exercises():
    """The sentence about torch says where, what, and that it is to be done by hand."""
    use = only(find("def f(x):\n    import torch.nn as nn\n    return nn.ReLU()(x)\n"))
    assert use.sentence == (
        "line 2 imports torch.nn in `f`: "
        "the point is to do it by hand, with the standard library and numpy alone"
    )
    assert (use.name, use.line, use.function, use.functions) == ("torch.nn", 2, "f", ("f",))


def test_where_torch_is_a_tool_other_packages_are_plainly_not_to_be_had():
    """With torch among the tools nothing is said of doing it by hand."""
    uses = find("import torch\nimport scipy.special", tools=("numpy", "torch"))
    assert only(uses).because == "only the standard library, numpy and torch can be imported here"


def test_without_any_tool_only_the_standard_library_is_left():
    """An exercise without tools leaves the standard library."""
    assert only(find("import numpy", tools=())).because == "only the standard library can be imported here"


@pytest.mark.parametrize(
    "statement", ["from . import helper", "from .helper import f", "from .. import torch"]
)
def test_relative_imports_are_found(statement):
    """A learner's file stands alone: there is nothing beside it."""
    assert only(find(statement)).name.startswith(".")


def test_each_import_is_named_once():
    """Several names of one statement are one use, several statements are several."""
    uses = find("from torch import nn, optim\nimport scipy, math, jax\n")
    assert [(use.name, use.line) for use in uses] == [("torch", 1), ("jax", 2), ("scipy", 2)]


def test_the_place_is_said_as_the_learner_sees_it():
    """The caller says how a line is called."""
    use = only(find("import torch", where=lambda line: f"cell 7, line {line}"))
    assert use.sentence.startswith("cell 7, line 1 imports torch: ")


# Which functions an import is charged to.


def test_an_import_that_nobody_uses_is_charged_to_nobody():
    """An unused import is a use, of no function."""
    assert only(find("import torch\nfrom math import exp\ndef f(x): return exp(x)")).functions == ()


def test_an_import_is_charged_to_those_who_use_it():
    """Functions that use the name, directly or through others, are charged; the others are not."""
    source = """
        import torch as t
        from torch import nn as n

        def direct(x): return t.tanh(x)
        def helper(x): return n.ReLU()(x)
        def through(x): return helper(x)
        def innocent(x): return x
        def shadowed(t): return t.tanh(0)
        def local():
            n = 3
            return n
        through_a_lambda = lambda x: direct(x)
        alias = helper
        ready = t.ones(3)
        def reader(): return ready
        class Net:
            def forward(self, x): return [helper(y) for y in x]
        def builder(): return Net()
    """
    users = {"through", "through_a_lambda", "builder", "reader", "ready", "alias", "direct", "helper", "Net"}
    assert {name for use in find(source) for name in use.functions} == users


def test_functions_stand_in_the_order_of_the_file():
    """The functions of a use come in the order in which they are defined."""
    source = "import torch\ndef b(): return torch\ndef a(): return b()\ndef c(): return a()"
    assert only(find(source)).functions == ("b", "a", "c")


def test_an_import_in_a_function_is_charged_to_it_and_its_callers():
    """Who calls a function that imports torch uses torch; a neighbour does not."""
    source = "def a():\n    import torch\ndef b(): return a()\ndef c(): return 1\ndef a2(): return torch"
    assert only(find(source)).functions == ("a", "b")


def test_a_function_that_is_defined_anew_is_not_charged_for_its_predecessor():
    """Only the last definition of a name counts for it, and for those who call it."""
    source = """
        import torch
        def f(x): return torch.tanh(x)
        def g(x): return f(x)
        def f(x): return x
    """
    assert only(find(source)).functions == ()


def test_a_definition_that_was_kept_under_another_name_still_counts():
    """A replaced function that somebody kept is charged to its keeper."""
    source = """
        import torch
        def f(x): return torch.tanh(x)
        kept = f
        def f(x): return kept(x)
    """
    assert only(find(source)).functions == ("f", "kept")


def test_either_definition_of_a_branch_counts():
    """What an if or a try may define may be what runs."""
    source = """
        try:
            import torch
            def f(x): return torch.tanh(x)
        except ImportError:
            def f(x): return x
    """
    assert only(find(source)).functions == ("f",)


def test_a_name_that_is_set_globally_is_charged():
    """A function that sets a global to torch charges those who read it."""
    source = """
        def setup():
            global t
            import torch as t
        t = None
        def f(x): return t.tanh(x)
        def g(x): return x
    """
    assert only(find(source)).functions == ("setup", "f")


def test_what_is_run_from_a_string_binds_names_too():
    """A module-level exec of an import is charged to the users of the imported name."""
    source = "exec('import torch as t')\ndef f(x): return t.tanh(x)\ndef g(x): return x"
    use = only(find(source))
    assert (use.line, use.functions) == (1, ("f",))


def test_a_star_import_is_charged_to_those_who_use_names_from_nowhere_else():
    """After a star import an unknown name comes from there; a builtin does not."""
    source = "from torch import *\ndef f(x): return relu(x)\ndef g(x): return sum(x)\ndef h(x): return g(x)"
    assert only(find(source)).functions == ("f",)


def test_functions_in_a_table_are_charged_to_its_users():
    """What is stored into a module's table or class belongs to those who use it."""
    source = """
        import torch
        TABLE = {}
        TABLE["f"] = torch.tanh
        LIST = []
        LIST.append(torch.tanh)
        class Net: pass
        Net.act = torch.tanh
        class Other: pass
        setattr(Other, "act", torch.tanh)
        CLEAN = {}
        CLEAN["f"] = abs
        def a(x): return TABLE["f"](x)
        def b(x): return LIST[0](x)
        def c(x): return Net.act(x)
        def d(x): return Other.act(x)
        def e(x): return CLEAN["f"](x)
    """
    assert only(find(source)).functions == ("TABLE", "LIST", "Net", "Other", "a", "b", "c", "d")


def test_only_the_matching_half_of_an_unpacking_is_charged():
    """In a pair each name is charged for its own value alone."""
    source = "import torch\nf, g = torch.tanh, abs\ndef a(x): return f(x)\ndef b(x): return g(x)"
    assert only(find(source)).functions == ("f", "a")


def test_a_function_that_is_imported_under_an_asked_name_is_charged():
    """An import that is itself what the exercise asks for is used by it."""
    assert only(find("from torch import softmax, nn", asked=["softmax"])).functions == ("softmax",)
    assert only(find("from torch import *", asked=["softmax"])).functions == ("softmax",)
    assert only(find("from torch import softmax\ndef softmax(z): ...", asked=["softmax"])).functions == ()


# Names.


@pytest.mark.parametrize(
    "source",
    [
        "import numpy as np\ndef tanh(z): return np.tanh(z)",
        "import numpy\ndef tanh(z): return numpy.tanh(z)",
        "import math\ndef tanh(z): return [math.tanh(x) for x in z]",
        "import numpy as n; t = n.tanh\ndef tanh(z): return t(z)",
        "from numpy import tanh as th\ndef tanh(z): return th(z)",
        "from numpy import tanh as th\ndef tanh(z): return list(map(th, z))",
        "import numpy as np\ndef tanh(z, f=np.tanh): return f(z)",
        "import numpy as np\ndef tanh(z, lib=np): return lib.tanh(z)",
        "import numpy as np\ndef tanh(z, *, lib=np): return lib.tanh(z)",
        "import numpy as np\ntanh = np.tanh",
        "import numpy as np\ntanh = lambda z: np.tanh(z)",
        "import numpy as np\ntanh: object = np.tanh",
        "import numpy as np\nfor tanh in [np.tanh]: pass",
        "import numpy as np\n(tanh := np.tanh)",
        "from numpy import tanh",
        "from numpy import *",
        "from numpy import tanh as tanh\nprint(tanh(0))",
        "from math import *\ndef helper(z): return tanh(z)",
        "import numpy as np\ndef helper(z): return np.tanh(z)\ndef tanh(z): return helper(z)",
        "import numpy as np\ndef a(z): return np.tanh(z)\ndef b(z): return a(z)\ntanh = b",
        "import numpy as np\ndef tanh(z): return getattr(np, 'tanh')(z)",
        "import numpy as np\ndef tanh(z): return getattr(np, 'ta' + 'nh', None)(z)",
        "import numpy as np\ndef tanh(z): return np.__dict__['tanh'](z)",
        "import numpy as np\ndef tanh(z): return np.__dict__.get('tanh')(z)",
        "import numpy as np\ndef tanh(z): return vars(np)['tanh'](z)",
        "import numpy as np\ndef tanh(z): return np.__getattribute__('tanh')(z)",
        "import numpy as np\ndef tanh(z):\n    f = np\n    return f.tanh(z)",
        "import numpy as np\nf = g = np\ndef tanh(z): return g.tanh(z)",
        "import numpy as np\ndef tanh(z): return (lib := np).tanh(z)",
        "import numpy as np\ndef tanh(z): return (np if z else None).tanh(z)",
        "import numpy as np\ndef tanh(z): return (None or np).tanh(z)",
        "import operator, numpy as np\ndef tanh(z): return operator.attrgetter('tanh')(np)(z)",
        "import operator, numpy as np\ndef tanh(z): return operator.methodcaller('tanh', z)(np)",
        "import functools, numpy as np\ntanh = functools.partial(np.tanh)",
        "import numpy as np\n@np.vectorize\ndef tanh(z): return np.tanh(z)",
        "import numpy as np\ndef use(f): return lambda g: f\n@use(np.tanh)\ndef tanh(z): ...",
        "import numpy as np\nclass tanh:\n    def __init__(self): self.x = np.tanh",
        "import numpy as np\nclass T:\n    f = np.tanh\ndef tanh(z): return T.f(z)",
        "import numpy as np\nclass T:\n    def f(self): np.tanh(0)\nt = T()\ndef tanh(z): return t.f()",
        "import numpy as np\ndef tanh(z):\n    def inner(): return np.tanh(z)\n    return inner()",
        "def tanh(z):\n    import numpy as np\n    return np.tanh(z)",
        "def tanh(z):\n    from numpy import tanh\n    return tanh(z)",
        "def tanh(z): return __import__('numpy').tanh(z)",
        "import sys\ndef tanh(z): return sys.modules['numpy'].tanh(z)",
        "import numpy as np\ndef tanh(z): return globals()['np'].tanh(z)",
        "import numpy as np\ndef helper(z): return np.tanh(z)\ndef tanh(z): return globals()['helper'](z)",
        "import numpy as np\ndef tanh(z): return eval('np.tanh(z)')",
        "import numpy as np\nexec('def tanh(z): return np.tanh(z)')",
        "import numpy as np\nif True:\n    def tanh(z): return np.tanh(z)\nelse:\n    def tanh(z): return z",
        "import numpy as np\ntry: f = np.tanh\nexcept Exception: f = 0\ndef tanh(z): return f(z)",
        "import numpy as np\nF = {'t': np.tanh, 'e': np.exp}\ndef tanh(z): return F['t'](z)",
        "import numpy as np\nF = []\nF += [np.tanh]\ndef tanh(z): return F[0](z)",
        "import numpy as np\nasync def tanh(z): return np.tanh(z)",
        "import numpy as np\ndef tanh(z):\n    match z:\n        case x: return np.tanh(x)",
        "import numpy as np\ndef tanh(z): return np.tanh.__call__(z)",
        "import numpy as np\nu = np\nnp = None\ndef tanh(z): return u.tanh(z)",
        "import numpy as np\ndef tanh(z): return np.core.umath.tanh(z)",
        "from numpy._core import tanh as t\ndef tanh(z): return t(z)",
    ],
)
def test_every_road_to_a_ruled_out_name_is_found(source):
    """Whatever reaches NumPy's tanh from the learner's tanh is found, with that name and that function."""
    use = only(find(source, TANH, asked=["tanh", "sigmoid"]))
    assert use.name in ("numpy.tanh", "math.tanh", "numpy.core.umath.tanh", "numpy._core.tanh")
    assert use.functions == ("tanh",)
    assert use.sentence.endswith(": tanh is to be written by hand")


@pytest.mark.parametrize(
    "source",
    [
        "import numpy as np\ndef tanh(z): return np.exp(z)  # not np.tanh",
        "import numpy as np\ndef tanh(z):\n    'Like np.tanh.'\n    return 'np.tanh'",
        "import numpy as np\ndef gelu(z): return np.tanh(z)\ndef tanh(z): return z",
        "import numpy as np\ndef tanh(z): return z\ndef gelu(z): return tanh(z) - np.tanh(z)",
        "import numpy as np\ndef tanh(z): return z\nprint(np.tanh(1), tanh(1))",
        "import numpy as np\ndef tanh(z): return z\nassert np.allclose(tanh(1), np.tanh(1))",
        "import numpy as np\ndef tanh(z): return z\ndef test_tanh(): assert tanh(1) == np.tanh(1)",
        "from numpy import *\ndef tanh(z): return exp(z)",
        "from numpy import tanh\ndef tanh(z): return z",
        "from numpy import tanh as th\ndef tanh(z): return z",
        "def tanh(z): return tanh(z / 2)",
        "class math:\n    tanh = None\ndef tanh(z): return math.tanh(z)",
        "import math\ndef tanh(z, math): return math.tanh(z)",
        "import math\ndef tanh(z):\n    math = Mine()\n    return math.tanh(z)",
        "import math\ndef tanh(z): return [math.tanh(z) for math in z]",
        "import math\ndef tanh(z): return (lambda math: math.tanh(z))(mine)",
        "import math\ndef tanh(z):\n    for math in z: math.tanh(z)",
        "import math\ndef tanh(z):\n    with z as math: math.tanh(z)",
        "import math\ndef tanh(z):\n    try: pass\n    except E as math: math.tanh(z)",
        "import math\ndef tanh(z):\n    match z:\n        case [math, *_]: return math.tanh(z)",
        "import math\nmath = Mine()\ndef tanh(z): return math.tanh(z)",
        "from math import tanh as t\ndef t(z): return z\ndef tanh(z): return t(z)",
        "import math\ndef tanh(z): return math.exp(z)\ndef f(): math.tanh",
        "import torch\ndef tanh(z): return z.tanh()",
        "def tanh(z): return np.tanh(z)",
        "import numpy as np\ndef tanh(z): return getattr(np, z)(z)",
        "import numpy as np\ndef tanh(z): return np.tanhh(z) + np.linalg.tanh(z)",
        "import numpy as np\nx = {'tanh': 1}\ndef tanh(z): return x['tanh'] + vars(z)['tanh']",
        "import numpy as np\nclass Net:\n    tanh = np.exp\n    def f(self): self.tanh\ndef tanh(z): ...",
        "import numpy as np\nclass Net:\n    t = np\n    def f(self, t): t.tanh\ndef tanh(z): Net()",
        "import numpy as np\nf, g = np.tanh, np.exp\ndef tanh(z): return g(z)",
        "import numpy as np\nlog = Log()\nlog.info(np.tanh(1))\ndef tanh(z): log.info(z)",
        "import numpy as np\ntest(tanh, np.tanh)\ndef tanh(z): return z\ndef test(f, g): ...",
        "import numpy as np\ntanh = np.tanh\ndef tanh(z): return z",
        "import numpy as np\ndef tanh(z): return z\nif __name__ == '__main__':\n    tanh = np.tanh",
    ],
)
def test_what_only_looks_like_a_ruled_out_name_is_let_be(source):
    """Comments, strings, other functions, shadowed and replaced names are no use of NumPy's tanh in tanh."""
    assert [use.sentence for use in find(source, TANH, tools=("numpy", "torch"), asked=["tanh"])] == []


def test_a_name_is_reported_where_it_stands():
    """The sentence names the line, the name, the function around it and the reason."""
    source = (
        "import numpy as np\n\ndef squash(z):\n    return np.tanh(z)\n\ndef tanh(z):\n    return squash(z)\n"
    )
    use = only(find(source, TANH))
    assert use.sentence == "line 4 uses numpy.tanh in `squash`: tanh is to be written by hand"
    assert (use.name, use.line, use.function) == ("numpy.tanh", 4, "squash")


def test_a_rule_without_functions_holds_everywhere():
    """Without `within` every use counts, also one between the statements, and all of its users are named."""
    source = "import numpy as np\nprint(np.tanh(1))\ndef f(z): return np.tanh(z)\ndef g(z): return f(z)"
    assert [(use.line, use.functions) for use in find(source, ANYWHERE)] == [(2, ()), (3, ("f", "g"))]


def test_a_rule_about_some_functions_names_only_those():
    """A rule about tanh charges tanh alone, whoever else uses the same helper."""
    source = (
        "import numpy as np\ndef h(z): return np.tanh(z)\ndef tanh(z): return h(z)\ndef gelu(z): return h(z)"
    )
    assert only(find(source, TANH)).functions == ("tanh",)


def test_a_whole_module_can_be_ruled_out():
    """Everything in a module that is ruled out is, under whatever name, and by its full name."""
    source = """
        import torch
        import torch.nn.functional as F
        from torch.nn import functional
        from torch.nn.functional import conv2d as c
        def a(x): return F.conv2d(x)
        def b(x): return torch.nn.functional.conv2d(x)
        def d(x): return functional.relu(x)
        def e(x): return c(x)
        def f(x): return torch.conv2d(x)
        def g(x): return torch.nn.Conv2d(1, 1, 1)(x)
        def h(x): return a(F)
    """
    found = [
        (use.name, use.line, use.functions) for use in find(source, CONVOLUTIONS, tools=["numpy", "torch"])
    ]
    assert found == [
        ("torch.nn.functional.conv2d", 5, ("a", "h")),
        ("torch.nn.functional.conv2d", 6, ("b",)),
        ("torch.nn.functional.relu", 7, ("d",)),
        ("torch.nn.functional.conv2d", 8, ("e",)),
        ("torch.conv2d", 9, ("f",)),
        ("torch.nn.functional", 11, ("h",)),
    ]


def test_builtins_can_be_ruled_out():
    """A builtin is ruled out under the name of its module, as long as it is not defined anew."""
    rule = RuledOut(names=("builtins.sum",), because="sum is to be written")
    assert only(find("def f(x): return sum(x)", rule)).functions == ("f",)
    assert find("def sum(x): ...\ndef f(x): return sum(x)", rule) == ()


def test_several_rules_are_judged_side_by_side():
    """Each rule reports for itself, and imports are reported beside the rules."""
    other = RuledOut(names=("numpy.exp",), because="no exponentials", within=("relu",))
    source = """
        import numpy as np
        import scipy
        def tanh(z): return np.tanh(z) + np.exp(z)
        def relu(z): return np.exp(z) + np.tanh(z)
    """
    found = [(use.name, use.line, use.functions) for use in find(source, TANH, other)]
    assert found == [("scipy", 2, ()), ("numpy.tanh", 3, ("tanh",)), ("numpy.exp", 4, ("relu",))]


def test_a_method_counts_for_its_class():
    """What a method uses, its class uses."""
    rule = RuledOut(names=("numpy.tanh",), because="by hand", within=("Net",))
    source = "import numpy as np\nclass Net:\n    def f(self, z):\n        return np.tanh(z)"
    use = only(find(source, rule))
    assert (use.function, use.functions, use.line) == ("Net", ("Net",), 4)


# What is no Python, or was made to hurt.


@pytest.mark.parametrize("source", ["def f(:", "\0", "x = \ud800", "(" * 500, "-" * 100_000 + "1"])
def test_of_what_is_no_python_nothing_is_said(source):
    """A source that does not parse has its verdict from elsewhere."""
    assert sourcecheck.find(source, ["numpy"]) == ()


@pytest.mark.parametrize(
    "source",
    [
        "a" + ".a" * 2000,
        "a" + "()" * 900,
        "x = " + "1+" * 900 + "1",
        "x = a" + "['a']" * 900,
        "if 1: pass\n" + "elif 1: pass\n" * 900,
        "\n".join(f"a{n} = a{n + 1}" for n in range(2000)) + "\na2000 = __import__",
        "\n".join(f"a{n + 1} = a{n} + a{n}" for n in range(2000)) + "\nexec(a2000)",
        "a = 'x' * 10\n" + "\n".join("a = a + a" for _ in range(500)),
        "a = b\nb = a\na()",
        "def f():\n    global f\n    nonlocal g\n    f = f",
        "exec('exec(\"exec(1)\")')\n" * 50,
        "x = 'exec(x)'\nexec(x)",
        "from a import *\nfrom b import *\nx",
        "lambda: (yield)",
        "".join(f"import a{n}\n" for n in range(3000)),
        "import n\n" * 3000 + "def f(): return n\n" * 1000,
        "if 1: n = n\n" * 3000,
        "from n import *\n" * 1000 + "x\n" * 1000,
        "if 1+" + "1+" * 900 + "1 == '__main__': import torch",
    ],
)
def test_odd_sources_are_judged_in_no_time(source):
    """Long chains, circles and strings that run themselves end, without an exception."""
    assert isinstance(find(source, ANYWHERE), tuple)


_PIECES = st.sampled_from(
    """
    import torch
    import numpy as np
    from numpy import tanh
    from numpy import *
    def tanh(z): return np.tanh(z)
    def tanh(z): return f(z)
    f = np.tanh
    f = lambda z, g=f: g(z)
    np = f
    global np
    class f: tanh = np.tanh
    exec('import torch as np')
    exec(f)
    f = 'import torch'
    tanh, f = f, tanh
    for f in (np, tanh): f.tanh
    f = [tanh for tanh in f if (np := tanh)]
    vars(np)[f]
    getattr(np, 'tanh')
    globals()['f']
    f.append(np.tanh)
    del f
    """.strip().splitlines()
)


@settings(derandomize=True, deadline=None, max_examples=300)
@given(st.lists(_PIECES, max_size=8))
def test_any_order_of_statements_is_judged(pieces):
    """However definitions, aliases and imports follow each other, there is an answer, and twice the same."""
    source = "\n".join(piece.strip() for piece in pieces)
    uses = find(source, TANH, ANYWHERE, asked=["tanh"])
    assert uses == find(source, TANH, ANYWHERE, asked=["tanh"])
    assert all(1 <= use.line <= max(1, len(pieces)) and use.sentence for use in uses)
