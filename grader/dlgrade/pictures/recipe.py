"""How an exercise says what is to be drawn: functions of its ``pictures.py``, marked with `picture`."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any, TypeVar

Drawer = Callable[..., str]
"""Takes ``student`` and ``canvas``, and ``reference`` if it wants that too; returns the alt text."""

CAPTION_MAX = 400
"""Characters that a page shows of a line."""

_D = TypeVar("_D", bound=Drawer)
_R = TypeVar("_R")
_MARK = "_dlgrade_picture"


@dataclass(frozen=True)
class Recipe:
    """One picture that can be drawn.

    Attributes
    ----------
    title
        What it shows.
    caption
        The docstring of the function: what to look for.
    drawer
        The function.
    wants_reference
        Whether it is drawn beside what the reference returns.
    """

    title: str
    caption: str
    drawer: Drawer
    wants_reference: bool


def picture(title: str) -> Callable[[_D], _D]:
    """Mark a function that draws one picture.

    It is called with `student`, as a test of a suite is, and with a `canvas` to draw on; a third parameter,
    `reference`, gets the reference's module. It returns the alt text. Its docstring is the caption.

    Parameters
    ----------
    title
        What the picture shows, in a few words.
    """

    def mark(function: _D) -> _D:
        setattr(function, _MARK, title)
        return function

    return mark


def once(function: Callable[[Any], _R]) -> Callable[[Any], _R]:
    """Let several pictures share what one function finds out by asking `student`, its failure included."""

    @functools.cache
    def tried(student: Any) -> tuple[_R | None, Exception | None]:
        try:
            return function(student), None
        except Exception as error:
            return None, error.with_traceback(None)

    @functools.wraps(function)
    def shared(student: Any) -> _R:
        found, error = tried(student)
        if error is not None:
            raise error
        return found  # type: ignore[return-value] # None is what the function returned, then

    return shared


def recipes(module: ModuleType) -> tuple[Recipe, ...]:
    """Return what a module has marked, in the order in which it is written."""
    marked = [each for each in vars(module).values() if inspect.isfunction(each) and hasattr(each, _MARK)]
    return tuple(
        Recipe(
            getattr(each, _MARK),
            " ".join((inspect.getdoc(each) or "").split()),
            each,
            "reference" in inspect.signature(each).parameters,
        )
        for each in marked
    )
