"""What is known of a class's submissions before any of them is graded."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

CODE = (".py", ".ipynb")
"""Suffixes of what can be graded."""

ARCHIVES = (".zip", ".tar.gz", ".tgz", ".tar")
"""Suffixes of what is looked into."""

TOO_MANY = "…"
"""What stands for the files of a folder that has far too many."""


@dataclass(frozen=True)
class Student:
    """Who handed something in, as far as the names of files and folders tell.

    Attributes
    ----------
    key
        Unique in a class; rows are sorted by it.
    name, account, email
        What the platform calls them, its number for them, and their address; empty where it does not say.
    """

    key: str
    name: str = ""
    account: str = ""
    email: str = ""


@dataclass(frozen=True)
class Entry:
    """One file among the submissions.

    Attributes
    ----------
    parts
        The path that it was handed in under: somebody else's words, and no path on this machine.
    at
        Where its bytes lie; None if there are none.
    problem
        Why there are none; empty if there are.
    """

    parts: tuple[str, ...]
    at: Path | None
    problem: str = ""

    @property
    def name(self) -> str:
        """The last part."""
        return self.parts[-1]

    def below(self, depth: int) -> Entry:
        """Return the same file with its first parts left out."""
        return Entry(self.parts[depth:], self.at, self.problem)


@dataclass
class Tree:
    """The files of a folder or an archive, in the order of their paths.

    Attributes
    ----------
    folders
        The paths of folders in which there may be no file at all.
    notes
        What was left out and why, one sentence each.
    """

    entries: list[Entry] = field(default_factory=list)
    folders: set[tuple[str, ...]] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Handed:
    """What one student handed in.

    Attributes
    ----------
    file
        The path of the chosen file among the submissions, fit to be shown; empty if there is none.
    at
        Where its bytes lie.
    problem
        Why nothing can be graded; empty if something can.
    late
        Whether the platform says that it came late.
    """

    student: Student
    file: str = ""
    at: Path | None = None
    problem: str = ""
    late: bool = False


def has_suffix(name: str, suffixes: tuple[str, ...]) -> bool:
    """Say whether a name ends in one of the suffixes, in capitals or not."""
    return name.lower().endswith(suffixes)
