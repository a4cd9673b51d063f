"""The worked numbers of a statement, recomputed with the reference.

A statement shows them as doctests: ```python blocks with ``>>>``. They are compared by value: a number may be
off by a millionth, and one that ends in ``...`` need only begin so. Blanks, and how NumPy and PyTorch write
the type of a number (``np.float64(0.5)``, ``dtype=torch.float64``, ``grad_fn=...``), do not count.
"""

from __future__ import annotations

import doctest
import math
import re
from collections.abc import Iterator
from typing import Any

RTOL = 1e-6
_BLOCK = re.compile(r"^(?P<fence>```+)python[^\n]*\n(?P<code>.*?)^(?P=fence)[ ]*$", re.DOTALL | re.MULTILINE)
_NUMBER = re.compile(r"(?<![\w.])[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?(?:\.\.\.)?|(?:inf|nan)\b)")
_TYPED = re.compile(r"np\.\w+\(([^()]*)\)")
_TYPES = re.compile(r",\s*(?:dtype|grad_fn|device|requires_grad|shape)=(?:<[^>]*>|\([^)]*\)|[\w.']+)")


class ByValue(doctest.OutputChecker):
    """Compares what was printed with what the statement shows, number by number."""

    def check_output(self, want: str, got: str, optionflags: int) -> bool:
        """Whether the two show the same values."""
        if super().check_output(want, got, optionflags):
            return True
        (said, shape), (found, other) = _parts(want), _parts(got)
        return shape == other and all(map(_alike, said, found))


def worked(text: str) -> int:
    """Count the examples in a statement's blocks."""
    return sum(len(doctest.DocTestParser().get_examples(block)) for _, block in _blocks(text))


def recomputed(text: str, names: dict[str, Any]) -> list[str]:
    """Run a statement's examples, and say of each that does not hold what it should be.

    Parameters
    ----------
    text
        The statement, in Markdown.
    names
        What the examples may use: all that the reference defines. They run one after another, as in one
        session.
    """
    said: list[str] = []
    scope = dict(names)
    for line, block in _blocks(text):
        test = doctest.DocTestParser().get_doctest(block, scope, "README.md", "README.md", line)
        test.globs = scope  # the parser has made a copy; names live on in the next block
        runner = _Runner(said)
        runner.run(test, out=lambda _: None, clear_globs=False)
        scope = test.globs
    return said


class _Runner(doctest.DocTestRunner):
    """Keeps a sentence of each failure."""

    def __init__(self, said: list[str]) -> None:
        flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
        super().__init__(ByValue(), verbose=False, optionflags=flags)
        self._said = said

    def report_failure(self, out: Any, test: Any, example: Any, got: str) -> None:  # noqa: ARG002
        """Keep what the statement should say."""
        self._keep(test, example, f"gives {' '.join(got.split())[:200]}; write that, or mend the reference")

    def report_unexpected_exception(
        self,
        out: Any,  # noqa: ARG002
        test: Any,
        example: Any,
        exc_info: Any,
    ) -> None:
        """Keep what was raised."""
        self._keep(test, example, f"raises {exc_info[0].__name__}: {exc_info[1]}")

    def _keep(self, test: Any, example: Any, words: str) -> None:
        line = (test.lineno or 0) + example.lineno + 1
        self._said.append(f"line {line}, `{example.source.strip()}` {words}.")


def _blocks(text: str) -> Iterator[tuple[int, str]]:
    """Yield the blocks that have an example, each with the number of lines before it."""
    for found in _BLOCK.finditer(text):
        if ">>>" in found["code"]:
            yield text.count("\n", 0, found.start("code")), found["code"]


def _parts(text: str) -> tuple[list[str], str]:
    """Take a text apart into its numbers and what stands around them."""
    text = _TYPES.sub("", _TYPED.sub(r"\1", text))
    numbers = [found[0] for found in _NUMBER.finditer(text)]
    return numbers, "".join(_NUMBER.sub("#", text).split())


def _alike(want: str, got: str) -> bool:
    if not want.endswith("..."):
        return _close(float(want), float(got), RTOL, 1e-9)
    shown = want.removesuffix("...")
    digits = len(shown.partition(".")[2])
    return _close(float(shown), float(got), 0.0, 10.0**-digits)


def _close(want: float, got: float, rtol: float, atol: float) -> bool:
    return (math.isnan(want) and math.isnan(got)) or math.isclose(want, got, rel_tol=rtol, abs_tol=atol)
