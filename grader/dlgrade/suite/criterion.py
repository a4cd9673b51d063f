"""The mark that ties a test to a criterion of the manifest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])
_ATTRIBUTE = "__dlgrade_mark__"


@dataclass(frozen=True)
class Mark:
    """The criterion of a test, and the learner's function that it is about."""

    criterion: str
    function: str | None


def criterion(id: str, function: str | None = None) -> Callable[[F], F]:  # noqa: A002 - the manifest's word
    """Tie a test to a criterion.

    Parameters
    ----------
    id
        The criterion's id in the manifest.
    function
        The learner's function that the test is about; the criterion's first if not given.
    """

    def mark(test: F) -> F:
        setattr(test, _ATTRIBUTE, Mark(id, function))
        return test

    return mark


def mark_of(test: Callable[..., Any]) -> Mark | None:
    """Look up the mark of a test, or None where it has none."""
    return getattr(test, _ATTRIBUTE, None)
