"""What an exercise's `exercise.toml` may say, and whether it may say it.

The types rule out what a single key can get wrong; what one key says of another is checked by hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from dlgrade import questions
from dlgrade.errors import ManifestError
from dlgrade.questions import Question

NAME = "exercise.toml"
RESERVED = ("loads", "by_hand")
"""Ids of the criteria that every exercise has by itself."""

_PLACE = re.compile(r"(?P<problem>.*?)(?: - at `(?:key in )?\$?\.?(?P<key>.*?)(?:\[\.\.\.\])?`)?")

_IN_TOML = {"str": "text", "float": "number", "int": "whole number", "array": "list", "object": "table"}

# The upper end keeps out TOML's inf.
Amount = Annotated[float, Meta(gt=0, le=1e9)]
Some = Annotated[tuple[str, ...], Meta(min_length=1)]


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the worker of an exercise may take.

    Attributes
    ----------
    call_s, load_s
        Seconds for one call of the learner's function, and for loading the file.
    check_s
        Seconds for all of these in one check: whoever is slow everywhere does not keep a class waiting.
    memory_mib
        Memory in MiB.
    """

    call_s: Amount = 10.0
    load_s: Amount = 10.0
    check_s: Amount = 600.0
    memory_mib: Annotated[int, Meta(gt=0, le=1 << 30)] = 2048


class Criterion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of an exercise's table of points.

    Attributes
    ----------
    functions
        The learner's names that it is about; the first is the default of its tests.
    hints
        From vague to concrete, never the solution.
    needs
        Ids of earlier criteria without which this one is skipped.
    weights
        How the points are shared out by function; empty where they are earned all at once.
    """

    id: str
    title: str
    points: Amount
    functions: Some
    hints: Some
    needs: tuple[str, ...] = ()
    weights: dict[str, Amount] = {}


class RuledOut(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Names that an exercise rules out, beside what its tools already do.

    Attributes
    ----------
    within
        The functions in which they are ruled out; empty for the whole file.
    because
        The reason, as the learner reads it.
    """

    names: Some
    because: str
    within: tuple[str, ...] = ()


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What `exercise.toml` says."""

    title: str
    summary: str
    entry: str
    tools: tuple[str, ...]
    limits: Limits = Limits()
    criteria: Annotated[tuple[Criterion, ...], Meta(min_length=1)]
    ruled_out: tuple[RuledOut, ...] = ()
    quiz: tuple[Question, ...] = ()


def read(folder: Path) -> Manifest:
    """Read the manifest of an exercise's folder.

    Raises
    ------
    ManifestError
        If it breaks the rules; the sentence says the file and the key.
    """
    try:
        manifest = msgspec.toml.decode(read_text(folder / NAME), type=Manifest)
    except msgspec.DecodeError as error:
        raise ManifestError(f"{folder.name}/{NAME}: {sentence(str(error))}") from None
    for fault in _faults(manifest, folder):
        raise ManifestError(f"{folder.name}/{NAME}: {fault}")
    return manifest


def read_text(path: Path) -> str:
    """Return the text of a file in an exercise's folder.

    Raises
    ------
    ManifestError
        If it is missing or is not UTF-8.
    """
    shown = f"{path.parent.name}/{path.name}"
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ManifestError(f"{shown} is missing.") from None
    except UnicodeDecodeError:
        raise ManifestError(f"{shown} is not written in UTF-8.") from None


def sentence(message: str) -> str:
    """Turn msgspec's message on a TOML file, with its place at the end, into a key and a sentence."""
    match = _PLACE.fullmatch(message)
    assert match is not None, message
    where = f"{match['key']}: " if match["key"] else ""
    problem = match["problem"].removeprefix("Object ")
    problem = re.sub(r"`(\w+)`", lambda quoted: _IN_TOML.get(quoted[1], f"'{quoted[1]}'"), problem)
    return f"{where}{problem[0].lower()}{problem[1:]}."


def _faults(manifest: Manifest, folder: Path) -> Iterator[str]:
    """Yield what the types alone do not rule out."""
    yield from _empty("title", [manifest.title])
    yield from _empty("summary", [manifest.summary])
    module, _, suffix = manifest.entry.rpartition(".")
    if suffix != "py" or not module.isidentifier():
        yield f"entry: {manifest.entry!r} is not the name of a module's file, such as 'backprop.py'."
    elif not (folder / manifest.entry).is_file():
        yield f"entry: there is no file {manifest.entry!r} in the folder."
    yield from _unnamed("tools", manifest.tools)
    earlier: list[str] = []
    for criterion in manifest.criteria:
        yield from (f"criterion {criterion.id!r}: {fault}" for fault in _criterion_faults(criterion, earlier))
        earlier.append(criterion.id)
    functions = {name for criterion in manifest.criteria for name in criterion.functions}
    for rule in manifest.ruled_out:
        yield from (f"ruled_out: {fault}" for fault in _rule_faults(rule, functions))
    yield from questions.faults(manifest.quiz)


def _criterion_faults(criterion: Criterion, earlier: list[str]) -> Iterator[str]:
    yield from _unnamed("id", [criterion.id])
    if criterion.id in earlier:
        yield "the id stands there twice."
    if criterion.id in RESERVED:
        yield "the id is one of those that every exercise has by itself."
    yield from _empty("title", [criterion.title])
    yield from _empty("hints", criterion.hints)
    yield from _unnamed("functions", criterion.functions)
    if len(set(criterion.functions)) < len(criterion.functions):
        yield "functions names one of them twice."
    for needed in criterion.needs:
        if needed not in earlier:
            yield f"needs names {needed!r}, which is no earlier criterion."
    if criterion.weights and set(criterion.weights) != set(criterion.functions):
        yield "weights names each of its functions, and nothing else; or it is left out."


def _rule_faults(rule: RuledOut, functions: set[str]) -> Iterator[str]:
    for name in rule.names:
        yield from _unnamed("names", name.split("."))
    for name in rule.within:
        if name not in functions:
            yield f"within names {name!r}, which is no function of a criterion."
    yield from _empty("because", [rule.because])


def _unnamed(key: str, names: Iterable[str]) -> Iterator[str]:
    return (f"{key}: {name!r} is not a name in Python." for name in names if not name.isidentifier())


def _empty(key: str, texts: Iterable[str]) -> Iterator[str]:
    return (f"{key}: there is an empty text." for text in texts if not text.strip())
