"""From bytes to text, as Python itself would read the file, or the sentence why that cannot be."""

from __future__ import annotations

import codecs
import io
import tokenize

from dlgrade.errors import SubmissionError
from dlgrade.submission.model import Problem, printable
from dlgrade.submission.syntax import excerpt

# UTF-32 first: its mark begins with UTF-16's.
_WIDE = {
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}
_ASCII = bytes(set(range(0x20, 0x7F)) - {0x5C}) + b"\t\n\f\\x41"
_UTF8 = ("utf-8", "utf-8-sig")


def decode(data: bytes, name: str) -> tuple[str, Problem | None]:
    r"""Decode a Python file; lines end in ``\n``.

    Parameters
    ----------
    data
        The file's bytes.
    name
        The file's name, for sentences.

    Returns
    -------
    tuple of str and Problem or None
        With a problem, the text is only good for showing.

    Raises
    ------
    SubmissionError
        If it is no text file.
    """
    for mark, encoding in _WIDE.items():
        if data.startswith(mark):
            message = f"{name} is saved as {encoding}, which Python cannot run: save it as UTF-8"
            return data.decode(encoding, "replace"), Problem("encoding", message)
    # Both before decoding: the coding line is looked for in the first two lines, whatever ends them.
    data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if b"\0" in data:
        raise SubmissionError(f"{name} is no text file: line {_line(data, data.index(0))} holds a zero byte.")
    encoding, complaint = _encoding(data)
    if complaint:
        return _shown(data), Problem("encoding", f"{name} {complaint}: save it as UTF-8 and delete that line")
    try:
        return data.decode(encoding).removeprefix("\ufeff"), None
    except UnicodeDecodeError as error:
        return _shown(data), _undecodable(data, error.start, encoding, name)


def _encoding(data: bytes) -> tuple[str, str | None]:
    """Find the encoding that the file declares, and what is wrong with the declaration."""
    # Only what is ASCII in them: the two lines may be written in the very encoding that is looked for.
    head = b"\n".join(data.split(b"\n", 2)[:2]).decode("ascii", "ignore").encode()
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(head).readline)
    except SyntaxError as error:
        return "utf-8", f"has a coding line that Python does not take ({printable(str(error), 80)})"
    # Python itself does not take "utf8" after a byte order mark; there is no doubt of what is meant.
    if codecs.lookup(encoding).name in _UTF8:
        return "utf-8", None
    if data.startswith(codecs.BOM_UTF8):
        return "utf-8", f"begins with UTF-8's byte order mark, but its coding line says {encoding}"
    if not _is_superset_of_ascii(encoding):
        return "utf-8", f"has a coding line that says {printable(encoding, 40)}, which is none for Python"
    return encoding, None


def _is_superset_of_ascii(encoding: str) -> bool:
    """Tell encodings of text from the likes of rot13, UTF-7 and unicode_escape, in which code could hide."""
    try:
        return _ASCII.decode(encoding) == _ASCII.decode("ascii")
    except (LookupError, ValueError):
        return False


def _undecodable(data: bytes, at: int, encoding: str, name: str) -> Problem:
    line = _line(data, at)
    start = data.rfind(b"\n", 0, at) + 1
    column = len(data[start:at].decode(encoding, "replace")) + 1
    text, caret = excerpt(data[start : at + 100].decode(encoding, "replace").partition("\n")[0], column)
    spoken = "UTF-8" if encoding in _UTF8 else encoding
    message = f"{name}, line {line}: the byte 0x{data[at]:02x} is not {spoken}; save the file as UTF-8"
    return Problem("encoding", message, line, column, text, caret)


def _shown(data: bytes) -> str:
    return data.decode("utf-8", "replace").removeprefix("\ufeff")


def _line(data: bytes, at: int) -> int:
    return data.count(b"\n", 0, at) + 1
