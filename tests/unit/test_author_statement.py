"""Worked numbers of a statement, recomputed."""

import numpy as np
import pytest

from dlgrade.authoring import statement


def block(*lines: str) -> str:
    return "\n".join(["# A title", "", "```python", *lines, "```", "", "More words."])


def said(*lines: str, **names) -> list[str]:
    return statement.recomputed(block(*lines), {"np": np, **names})


@pytest.mark.parametrize(
    ("call", "shown"),
    [
        ("0.1 + 0.2", "0.3"),
        ("np.float64(0.5)", "0.5"),
        ("np.array([1.0, 2.5])", "array([1, 2.5])"),
        ("np.array([1.0, 2.5])", "array([ 1. ,  2.5])"),
        ("(np.float64(1.0), [np.float64(8.5)])", "(1.0, [8.5])"),
        ("np.array([-0.0, 1.0])", "array([0., 1.])"),
        ("2 / 3", "0.666..."),
        ("2 / 3", "0.667..."),
        ("-1e-20", "0.0"),
        ("float('nan'), float('inf')", "(nan, inf)"),
        ("{'w': np.float64(2.0)}", "{'w': 2.0}"),
        ("np.array([1], dtype=np.int8)", "array([1])"),
    ],
)
def test_numbers_are_compared_by_value(call: str, shown: str):
    """How a number is written does not count, nor does its last digit."""
    assert said(f">>> {call}", shown) == []


@pytest.mark.parametrize(
    ("call", "shown"),
    [
        ("0.3", "0.300001"),
        ("2 / 3", "0.66"),
        ("2 / 3", "0.669..."),
        ("np.array([1.0, 2.0])", "[1.0, 2.0]"),
        ("(1, 2)", "[1, 2]"),
        ("[1, 2]", "[1, 2, 3]"),
        ("float('nan')", "0.0"),
        ("-1.0", "1.0"),
        ("True", "False"),
        ("'a1'", "'a2'"),
    ],
)
def test_another_value_is_told(call: str, shown: str):
    """The line, the call, and what it gives stand in the sentence."""
    (sentence,) = said(f">>> {call}", shown)
    assert sentence.startswith(f"line 4, `{call}` gives ")


def test_blocks_are_one_session():
    """A name of the first block is known in the second."""
    text = block(">>> a = 2") + "\n" + block(">>> a + 1", "3")
    assert statement.recomputed(text, {}) == []
    assert statement.worked(text) == 2


def test_an_exception_is_told():
    """An example that raises is a finding, not a crash."""
    assert said(">>> missing(1)", "2") == [
        "line 4, `missing(1)` raises NameError: name 'missing' is not defined."
    ]


def test_a_block_without_a_prompt_is_not_run():
    """Code that is only shown is left alone."""
    assert said("raise SystemExit") == []
    assert statement.worked(block("x = 1")) == 0
