"""What drawing gives: a picture, or the sentence that stands in its place; and their JSON form."""

from __future__ import annotations

import msgspec


class Picture(msgspec.Struct, frozen=True, tag="picture"):
    """One picture.

    Attributes
    ----------
    title
        What it shows, in a few words.
    caption
        What to look for in it; it is the same for every file.
    alt
        What is to be seen, for who cannot see it; from the values.
    svg
        The picture itself. It needs nothing beside it, and has colours for a light and for a dark page.
    width
        How much of the page's width it takes, 1 being all of it.
    notes
        What could not be shown, a sentence each.
    """

    title: str
    caption: str
    alt: str
    svg: str
    width: float = 1.0
    notes: tuple[str, ...] = ()


class Absent(msgspec.Struct, frozen=True, tag="absent"):
    """What there is instead of a picture.

    Attributes
    ----------
    sentence
        Why it could not be drawn.
    """

    title: str
    sentence: str


Drawing = Picture | Absent


def encode(drawings: tuple[Drawing, ...]) -> bytes:
    """Write drawings as JSON."""
    return msgspec.json.encode(drawings)


def decode(data: bytes) -> tuple[Drawing, ...]:
    """Read what `encode` wrote; raises `msgspec.MsgspecError` if it is something else."""
    return msgspec.json.decode(data, type=tuple[Drawing, ...])
