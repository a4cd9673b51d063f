"""Parsing what may be hostile, and putting what Python says of it into a sentence.

Nothing here goes further than the syntax tree: the worker compiles and runs.
"""

from __future__ import annotations

import ast
import subprocess
import sys
import warnings

from dlgrade.submission.model import Place, Problem, printable, where

# What CPython 3.11's parser does with a MiB of hostile text, measured: `import a.a.a…` takes all the memory
# there is (its names are joined pairwise), an f-string of `{1}{1}…` a minute, `a` on every line 3.5 s and 0.9
# GB. Nesting ends in an exception: of brackets at 200, of indentation at 100, of operators at 6000, of
# attributes and calls at Python's recursion limit. 32 KiB of any kind took at most 0.25 s and 0.3 GB, so that
# much is parsed right here, and what is longer is rehearsed first in a process of its own.
REHEARSED_FROM = 32 * 1024
# 250 KiB of the densest code take that much, and 1 MiB of numbers in a list.
_CPU_S, _MEMORY_MIB = 5, 256
_REHEARSAL = f"""
import ast, sys, warnings
try:
    import resource
    resource.setrlimit(resource.RLIMIT_CPU, ({_CPU_S}, {_CPU_S}))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, ({_MEMORY_MIB} << 20, {_MEMORY_MIB} << 20))
except (ImportError, ValueError, OSError):
    pass
warnings.simplefilter("ignore")
try:
    ast.parse(sys.stdin.buffer.read())
except (SyntaxError, ValueError):
    pass
"""

# Python's own limit depends on how deep the caller stands, and a file's verdict must not.
DEPTH_LIMIT = 1000

_WIDTH = 100


class TooDeepError(Exception):
    """The text is more than the parser can be trusted with."""


def parse(source: str) -> ast.Module:
    """Parse Python without printing, without running anything, within bounds of time and memory.

    Raises
    ------
    SyntaxError
        If it is no Python; `ValueError` where older versions of Python raise that instead.
    TooDeepError
        If it is nested too deeply, or takes the parser too long or too much memory.
    """
    if len(source) > REHEARSED_FROM:
        _rehearse(source)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source)
    except (RecursionError, MemoryError):
        raise TooDeepError from None
    if _is_too_deep(tree):
        raise TooDeepError
    return tree


def error_in(source: str) -> Exception | None:
    """Return what `parse` raises, or None if the text is Python."""
    try:
        parse(source)
    except (SyntaxError, ValueError, TooDeepError) as error:
        return error
    return None


def _rehearse(source: str) -> None:
    command = [sys.executable, "-I", "-S", "-c", _REHEARSAL]
    text = source.encode()
    try:
        done = subprocess.run(command, input=text, capture_output=True, timeout=4 * _CPU_S, check=False)
    except subprocess.TimeoutExpired:
        raise TooDeepError from None
    if done.returncode:
        raise TooDeepError


def _is_too_deep(tree: ast.AST) -> bool:
    level: list[ast.AST] = [tree]
    for _ in range(DEPTH_LIMIT):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        if not level:
            return False
    return True


def problem_of(
    error: Exception, source: str, name: str, lines: tuple[Place, ...] | None, before: int = 0
) -> Problem:
    """Put what `parse` raised into a verdict.

    Parameters
    ----------
    error
        What was raised.
    source
        The whole text.
    name
        The file's name, for the sentence.
    lines
        The places of a notebook's lines.
    before
        How many lines of `source` stand before the piece that was parsed.
    """
    if isinstance(error, TooDeepError):
        message = f"{name} is too much for Python's parser: write it with fewer levels of nesting, or shorter"
        return Problem("too deep", message)
    if not isinstance(error, SyntaxError) or not error.lineno:
        return Problem("syntax", f"Python cannot read {name}: {printable(str(error))}")
    rows = source.split("\n")
    line = min(error.lineno + before, len(rows))
    row = rows[line - 1]
    column, width = _columns(error, row)
    text, caret = excerpt(row, column, width)
    reason = printable(error.msg.partition(";")[0].strip())
    message = f"Python cannot read {name}: correct {where(line, lines)} ({reason})"
    return Problem("syntax", message, line, column, text, caret)


def _columns(error: SyntaxError, row: str) -> tuple[int | None, int]:
    """Find where in its line an error begins, and how many characters it covers."""
    # Inside an f-string Python 3.11 counts from the start of the replacement field.
    elsewhere = error.text is not None and error.text.strip() not in row
    if elsewhere or error.offset is None or not row.strip():
        return None, 1
    column = max(1, min(error.offset, len(row) + 1))
    same_line = error.end_lineno == error.lineno and error.end_offset is not None
    return column, max(1, min(error.end_offset or 0, len(row) + 1) - column) if same_line else 1


def excerpt(row: str, column: int | None, width: int = 1) -> tuple[str, str]:
    """Cut a source line around a column; return it, printable, and the caret text to print under it."""
    if column is None:
        return printable(row.strip(), _WIDTH), ""
    first = max(0, column - 1 - 3 * _WIDTH // 4)
    shown = row[first : first + _WIDTH]
    indent = len(shown) - len(shown.lstrip())
    at = column - 1 - first - indent
    if at < 0:
        indent, at = 0, column - 1 - first
    shown = printable(shown[indent:].rstrip())
    return shown, " " * at + "^" * max(1, min(width, len(shown) - at))
