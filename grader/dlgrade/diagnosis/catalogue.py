"""The catalogue of an exercise: what people get wrong, each as a wrong function with a tutor's sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from dlgrade import content
from dlgrade.errors import ManifestError

# By pattern, since there are hundreds and a parser takes a tenth of a second for them.
_HEAD = re.compile(r'''"""\s*(?P<sentence>\S.*?)\n\nLoses: (?P<ids>[^\n]*)\n"""\n''', re.DOTALL)
_DEFINED = re.compile(r"^(?:def|class)[ ]+(\w+)", re.MULTILINE)


@dataclass(frozen=True)
class Mistake:
    """One wrong implementation.

    Attributes
    ----------
    name
        Of its file, without the suffix.
    sentence
        What a tutor would say of it.
    loses
        The criteria that it loses, no more and no fewer.
    source
        The file's text; put behind the reference it takes a function's place.
    names
        What it defines at its top: the function that it replaces, and helpers.
    """

    name: str
    sentence: str
    loses: frozenset[str]
    source: str
    names: tuple[str, ...]


def read(path: Path) -> Mistake:
    """Read the file of one mistake.

    Raises
    ------
    ManifestError
        If it does not begin with a sentence and the criteria that it loses.
    """
    source = path.read_text(encoding="utf-8")
    found = _HEAD.match(source)
    if found is None:
        raise ManifestError(
            f"mistakes/{path.name}: it begins with a sentence, an empty line and 'Loses: CRITERION, ...'."
        )
    sentence = " ".join(found["sentence"].split())
    loses = frozenset(part.strip(" .") for part in found["ids"].split(","))
    return Mistake(path.stem, sentence, loses, source, tuple(_DEFINED.findall(source)))


def mistakes(suite_dir: Path) -> list[Mistake]:
    """Read all mistakes of an exercise, by name.

    Parameters
    ----------
    suite_dir
        The exercise's folder among the solutions.
    """
    return [read(path) for path in content.modules(suite_dir / "mistakes")]
