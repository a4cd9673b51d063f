"""Mutants of a reference."""

import pytest

pytest.importorskip("libcst")

from dlgrade.authoring.mutants import MODULE, mutants


def changes(source: str, **options) -> set[str]:
    return {mutant.change for mutant in mutants(source, **options)}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a + b", {"a + b -> a - b"}),
        ("a - b", {"a - b -> a + b", "a - b -> b - a"}),
        ("a @ b", {"a @ b -> b @ a"}),
        ("a < b", {"a < b -> a <= b", "a < b -> a >= b"}),
        ("a and b", {"a and b -> a or b"}),
        ("-a", {"-a -> a"}),
        ("not a", {"not a -> a"}),
        ("f(a)", {"f(a) -> a"}),
        ("a.copy()", {"a.copy() -> a"}),
        ("max(a, b)", {"max(a, b) -> a", "max(a, b) -> min(a, b)"}),
        ("f(a, b)", {"f(a, b) -> a", "f(a, b) -> f(b, a)"}),
        ("a if b else c", {"a if b else c -> a", "a if b else c -> c"}),
        ("3", {"3 -> 0", "3 -> 1", "3 -> 2", "3 -> 4", "3 -> 1.5"}),
        ("0.5", {"0.5 -> 0.0", "0.5 -> 1.0", "0.5 -> 2.0", "0.5 -> 1.5", "0.5 -> (-0.5)", "0.5 -> 0.25"}),
        ("f(keepdims=True)", {"True -> False"}),
        ("f(axis=1)", {"axis=1 -> axis=0", "axis=1 -> axis=None"}),
        ("f(lr=a)", {"lr=a -> (nothing)"}),
        ("range(n)", {"range(n) -> n", "range(n) -> range(n - 1)"}),
        ("np.sum(a)", {"np.sum(a) -> a", "np.sum(a) -> np.mean(a)"}),
        ("(a, b)", {"return (a, b) -> return (b, a)"}),
    ],
)
def test_each_operator_changes_what_it_is_for(source: str, expected: set[str]):
    """Of an expression that is returned, every mutant is known."""
    assert changes(f"def f():\n    return {source}\n") == expected


def test_statements_and_conditions_are_changed():
    """A statement can be left out, a condition be fixed, a default be another."""
    found = changes("def f(a, n=2):\n    if a:\n        a = n\n    return a\n")
    assert found >= {"a = n -> pass", "if a -> if True", "if a -> if False", "2 -> 3"}


def test_what_is_no_code_is_left_alone():
    """Docstrings, imports and annotations have no mutants."""
    source = '"""Doc."""\nimport numpy as np\n\n\ndef f(a: "int"):\n    """Doc."""\n    return a\n'
    assert mutants(source) == []


def test_a_mutant_says_where_it_is():
    """Function, line and change tell it from all others; the second of two equal ones is numbered."""
    found = mutants("EPS = 1\n\n\nclass A:\n    def f(self):\n        return g() + 0 * 0\n")
    assert {mutant.function for mutant in found} == {MODULE, "A.f"}
    assert len({mutant.key for mutant in found}) == len(found)
    assert {"0 -> 1", "0 -> 1 (2)"} <= {mutant.change for mutant in found}
    assert {mutant.top for mutant in found if mutant.function == MODULE} == {None}
    assert {mutant.top for mutant in found if mutant.function == "A.f"} == {"A"}


def test_every_mutant_is_python_and_differs():
    """None is the source itself, none is another, and all can be compiled."""
    source = "def f(x):\n    y = (3).real\n    return max(2, x), [i for i in range(4) if i % 2 == 1]\n"
    sources = [mutant.source for mutant in mutants(source)]
    assert len({source, *sources}) == len(sources) + 1
    for each in sources:
        compile(each, "mutant", "exec")


def test_fewer_mutants_are_a_part_of_all():
    """The thinned list takes the first of each kind on a line, by rule and not by chance."""
    source = "def f(a):\n    return a + 3 - a\n"
    every, few = mutants(source), mutants(source, thin=True)
    assert set(few) < set(every)
    assert [mutant.operator for mutant in few] == ["operator", "swapped sides", "constant"]
    assert mutants(source, thin=True) == few
