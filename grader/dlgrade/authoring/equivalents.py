"""Mutants that no suite can catch, because they are right too: the author's list, with the reasons."""

from __future__ import annotations

from pathlib import Path

import msgspec

from dlgrade.authoring.layout import EQUIVALENT
from dlgrade.errors import ManifestError


class Equivalent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One mutant that behaves as the reference does.

    Attributes
    ----------
    function, line, change
        Which mutant it is, as the certificate names it.
    reason
        Why nobody who keeps to the statement can tell it from the reference.
    """

    function: str
    line: str
    change: str
    reason: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells a mutant from the others."""
        return self.function, self.line, self.change


class _File(msgspec.Struct, forbid_unknown_fields=True):
    equivalent: tuple[Equivalent, ...] = ()


def read(solution: Path) -> dict[tuple[str, str, str], Equivalent]:
    """Read the list in an exercise's folder among the solutions; an empty one if there is none.

    Raises
    ------
    ManifestError
        If it says something else, or the same twice.
    """
    path = solution / EQUIVALENT
    if not path.is_file():
        return {}
    try:
        listed = msgspec.toml.decode(path.read_bytes(), type=_File).equivalent
    except msgspec.DecodeError as error:
        raise ManifestError(f"{solution.name}/{EQUIVALENT}: {error}.") from None
    found: dict[tuple[str, str, str], Equivalent] = {}
    for each in listed:
        if each.key in found:
            raise ManifestError(f"{solution.name}/{EQUIVALENT}: {each.change!r} stands there twice.")
        if not each.reason.strip():
            raise ManifestError(f"{solution.name}/{EQUIVALENT}: {each.change!r} has no reason.")
        found[each.key] = each
    return found
