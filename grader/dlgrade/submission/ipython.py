"""Taking out of a cell what IPython understands and Python does not.

No such line is Python where a statement may begin, so a cell that parses is left alone, and of one that does
not only lines where a statement begins are looked at: inside a string or a bracket `%` means what it says.
"""

from __future__ import annotations

import ast
import re
from typing import NamedTuple

from dlgrade.submission.model import printable
from dlgrade.submission.syntax import TooDeepError, error_in, parse

# The marker of a cell of the percent format; the group keeps it when text is split at it.
_MARKER = re.compile(r"^(# ?%%(?:[ \t].*)?\n)", re.MULTILINE)
_CELL_MAGIC = re.compile(r"%%\s*(?P<name>\w+)")
# The rest of such a cell is Python that runs in the notebook's own namespace.
_KEEP_THE_CELL = frozenset({"capture", "debug", "prun", "time"})

_TIMED = re.compile(r"(?P<indent>[ \t]*)(?P<names>[^\W\d][\w.,* \t]*=[ \t]*)?%time[ \t]+(?P<code>[^\s-].*)")
_ASSIGNED = re.compile(r"(?P<indent>[ \t]*)(?P<names>[^\W\d][\w., \t]*?)[ \t]*=[ \t]*(?P<sign>[%!])[^=]")
_LINE = re.compile(
    r"""(?P<indent>[ \t]*)(
      %  | !                                                    # a magic, a command for the shell
    | \?{1,2} [^\W\d] | %{0,2} [^\W\d][\w.]* \?{1,2} [ \t]*$    # help: ?x, x?, x??
    | (pip3?|conda|mamba|uv) [ \t]+ (install|uninstall|list|show|pip) \b
    | (cd|ls|load_ext|autoreload|matplotlib) [ \t]+ [\w./~]+ [ \t]*$
    )""",
    re.VERBOSE,
)
# What a notebook asks dlgrade itself for; that it is no part of the code goes without saying.
_OURS = re.compile(
    r"\s*(%|get_ipython\(\)\.run_line_magic\(')(load_ext(\s|', ')+dlgrade|check|hint)\b(?!\s*=)"
)
_TOKEN = re.compile(
    r"""\"\"\" | ''' | "(?:\\.|[^"\\])*" | '(?:\\.|[^'\\])*'
    | (?P<comment>\#.*) | (?P<open>[(\[{]) | (?P<close>[)\]}])""",
    re.VERBOSE,
)
_STRING_ENDS = {mark: re.compile(rf"(?:\\.|[^\\])*?{mark}") for mark in ('"""', "'''")}


class Cleaned(NamedTuple):
    """A cell as Python, line by line where it was.

    Attributes
    ----------
    left_out
        Line number of what was taken out, and the sentence that says so.
    error
        What `parse` still raises, or None.
    """

    code: str
    left_out: list[tuple[int, str]]
    error: Exception | None


def clean_cell(code: str) -> Cleaned:
    """Take IPython's lines out of a notebook's cell, as comments, so that every line keeps its number."""
    return _clean(code, _dedented(code))


def clean_file(code: str) -> Cleaned:
    """Do the same for a Python file; its lines may be IPython's only if it is in the percent format."""
    error = error_in(code)
    if error is None:
        return _without_exported_magics(code)
    if isinstance(error, TooDeepError) or not _MARKER.search(code):
        return Cleaned(code, [], error)
    pieces: list[str] = []
    left_out: list[tuple[int, str]] = []
    before = 0
    for piece in _MARKER.split(code):
        cleaned = Cleaned(piece, [], None) if _MARKER.fullmatch(piece) else _clean(piece, piece)
        left_out += [(before + line, note) for line, note in cleaned.left_out]
        pieces.append(cleaned.code)
        before += piece.count("\n")
    joined = "".join(pieces)
    return Cleaned(joined, left_out, error_in(joined))


def _clean(code: str, without_margin: str) -> Cleaned:
    error = error_in(code)
    if error is None:
        return _without_exported_magics(code)
    if isinstance(error, TooDeepError):
        return Cleaned(code, [], error)
    rows, left_out = _replaced(without_margin.split("\n"))
    cleaned = "\n".join(rows)
    return Cleaned(cleaned, left_out, error if cleaned == code else error_in(cleaned))


def _dedented(code: str) -> str:
    """Take the first line's indentation off every line, as IPython does."""
    first = next((row for row in code.split("\n") if row.strip()), "")
    margin = first[: len(first) - len(first.lstrip(" \t"))]
    return "\n".join(row.removeprefix(margin) for row in code.split("\n")) if margin else code


def _replaced(rows: list[str]) -> tuple[list[str], list[tuple[int, str]]]:
    first = next((number for number, row in enumerate(rows) if row.strip()), 0)
    magic = _CELL_MAGIC.match(rows[first])
    if magic and magic["name"] not in _KEEP_THE_CELL:
        note = f"the whole cell was left out, since it is `%%{printable(magic['name'], 40)}`"
        return [_comment(row) for row in rows], [(first + 1, note)]
    left_out: list[tuple[int, str]] = []
    state, replaced, result = _State(0, None, False), False, []
    for number, row in enumerate(rows, 1):
        # A magic that ends in a backslash goes on in the next line.
        if replaced and rows[number - 2].endswith("\\"):
            result.append(_comment(row))
            continue
        instead = _instead(row) if state.begins_a_statement else None
        replaced = instead is not None and not _TIMED.match(row)
        if instead is not None and not _OURS.match(row):
            left_out.append((number, _note("%time" if not replaced else row)))
        kept = row if instead is None else instead
        result.append(kept)
        state = _after(kept, state)
    return result, left_out


def _instead(row: str) -> str | None:
    """Return the Python that stands for a line of IPython's, or None for any other line."""
    if found := _TIMED.match(row):
        return f"{found['indent']}{found['names'] or ''}{found['code']}"
    if found := _ASSIGNED.match(row):
        nothing = "[]" if found["sign"] == "!" else "None"
        # Several names cannot be unpacked from nothing; each of them exists afterwards.
        names = found["names"].strip(", \t").replace(",", " =")
        return f"{found['indent']}{names} = {nothing}  # {row.strip()}"
    if found := _LINE.match(row):
        # It may be all that a block consists of.
        return f"{found['indent']}pass  # {row.strip()}" if found["indent"] else _comment(row)
    return None


def _comment(row: str) -> str:
    return f"# {row}" if row else row


class _State(NamedTuple):
    """Where a line begins: in how many brackets, in which long string, after a backslash."""

    depth: int
    string: str | None
    continued: bool

    @property
    def begins_a_statement(self) -> bool:
        return not (self.depth or self.string or self.continued)


def _after(row: str, state: _State) -> _State:
    depth, string, at = state.depth, state.string, 0
    while True:
        if string:
            end = _STRING_ENDS[string].match(row, at)
            if end is None:
                return _State(depth, string, False)
            at, string = end.end(), None
        token = _TOKEN.search(row, at)
        if token is None or token["comment"]:
            return _State(depth, None, token is None and row.endswith("\\"))
        at = token.end()
        if token[0] in _STRING_ENDS:
            string = token[0]
        depth = max(0, depth + bool(token["open"]) - bool(token["close"]))


def _without_exported_magics(code: str) -> Cleaned:
    """Take out the calls that `nbconvert --to script` writes for magics: there is no IPython to ask."""
    if "get_ipython()" not in code:
        return Cleaned(code, [], None)
    rows, left_out = code.split("\n"), []
    for node in ast.walk(parse(code)):
        if isinstance(node, ast.Expr) and _asks_ipython(node.value):
            first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
            text = "\n".join(rows[first : last + 1])
            if text.strip() != ast.get_source_segment(code, node):
                continue
            if not _OURS.match(text):
                left_out.append((node.lineno, _note(text)))
            indent = text[: len(text) - len(text.lstrip())]
            rows[first] = f"{indent}pass  # {rows[first].strip()}" if indent else _comment(rows[first])
            rows[first + 1 : last + 1] = map(_comment, rows[first + 1 : last + 1])
    return Cleaned("\n".join(rows), sorted(left_out), None)


def _asks_ipython(value: ast.expr) -> bool:
    return (
        isinstance(value, ast.Call)
        and isinstance(value.func, ast.Attribute)
        and isinstance(value.func.value, ast.Call)
        and isinstance(value.func.value.func, ast.Name)
        and value.func.value.func.id == "get_ipython"
    )


def _note(row: str) -> str:
    return f"the IPython line `{printable(row.strip().partition(chr(10))[0], 60)}` was left out"
