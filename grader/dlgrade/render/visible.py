"""Text that somebody else wrote, made fit for a terminal: shown, never obeyed.

What a learner's code prints, returns or raises may hold escape sequences that recolour the screen, move the
cursor over a verdict, or turn the direction of a line around. Each such character is written out as Python
would write it.
"""

from __future__ import annotations

_PLAIN = {
    "…": "...",
    "–": "-",
    "—": "-",
    "−": "-",
    "·": "-",
    "×": "x",
    "‘": "'",
    "’": "'",
    "“": '"',
    "”": '"',
    "→": "->",
    "≤": "<=",
    "≥": ">=",
    "≈": "~",
}
"""What stands for our own typography where an encoding has no such character."""


LONGEST = 400
"""Characters of one line of somebody's text; nobody reads further, and a wrapped megabyte is no screen."""

LONGEST_CODE = 4000
"""The same of source, which is there to be copied."""


def visible(text: str, encoding: str = "utf-8") -> str:
    r"""Return a text that a terminal of this encoding shows as it is.

    Parameters
    ----------
    text
        Any string, lone surrogates included.
    encoding
        What the text is to be written in; it need not be able to hold it.

    Returns
    -------
    str
        One line: of printable characters that the encoding has, everything else (newlines and tabs too) as
        an escape such as ``\x1b`` or ``\u202e``.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(character, encoding) for character in text)


def lines(text: str) -> list[str]:
    """Split a text at its newlines, and nowhere else; tabs become spaces.

    Blank lines at the end are left out; an empty text has no lines.
    """
    unix = text.replace("\r\n", "\n").rstrip("\n ")
    return [line.expandtabs(4) for line in unix.split("\n")] if unix else []


def kept(text: str, most: int, *, tail: bool = False, ellipsis: str = "…") -> list[str]:
    """Return the first lines, or the last, and one that says how many are left out."""
    every = lines(text)
    # A note about one line would take that line's place.
    if len(every) <= most + 1:
        return every
    note = f"{ellipsis} {len(every) - most} more lines"
    return [note, *every[-most:]] if tail else [*every[:most], note]


def short(text: str, longest: int = LONGEST, *, encoding: str = "utf-8", ellipsis: str = "…") -> str:
    """Return one line as `visible` shows it, cut after so many characters."""
    shown = visible(text[: longest + 1], encoding)
    return shown if len(shown) <= longest else shown[: longest - 3] + ellipsis


def holds(encoding: str, text: str) -> bool:
    """Say whether an encoding has every character of a text."""
    try:
        text.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _shown(character: str, encoding: str) -> str:
    if not character.isprintable():
        return _escaped(character)
    if character.isascii() or holds(encoding, character):
        return character
    return _PLAIN.get(character) or _escaped(character)


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")
