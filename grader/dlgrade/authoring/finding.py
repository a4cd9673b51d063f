"""What a lint has found."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Finding:
    """One thing for the author to do.

    Attributes
    ----------
    file
        Which file it is about, from `exercises/` or `solutions/` on.
    advice
        What is wrong and what to do, in a sentence.
    """

    file: str
    advice: str

    def __str__(self) -> str:
        return f"{self.file}: {self.advice}"
