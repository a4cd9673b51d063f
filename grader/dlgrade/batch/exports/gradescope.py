"""Gradescope's `results.json`, one for each student, as its autograders leave them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

import msgspec

from dlgrade.batch.records import Row
from dlgrade.render import terminal
from dlgrade.render.outline import Show
from dlgrade.report import Report

_UNSAFE = re.compile(r"[^A-Za-z0-9@.+-]+")


def as_gradescope(rows: Iterable[Row], show: Show = "full") -> Iterator[tuple[str, bytes]]:
    """Yield for each submission the path of its file, and what stands in it.

    Parameters
    ----------
    show
        How much of why something is wrong students read there.
    """
    for row in rows:
        results = {
            "score": row.points or 0.0,
            "execution_time": row.seconds,
            "output": row.message,
            "output_format": "text",
            "visibility": "visible",
            "stdout_visibility": "hidden",
            "tests": [] if row.report is None else _tests(row.report, show),
        }
        if row.points is None:
            del results["score"]  # Gradescope then says that the autograder failed, as it did
        folder = f"{_safe(row.exercise)}/{_safe(row.student.key)}"
        yield f"{folder}/results.json", msgspec.json.format(msgspec.json.encode(results), indent=2) + b"\n"


def _tests(report: Report, show: Show) -> list[dict[str, Any]]:
    told = partial(terminal.criterion, report, show=show)
    return [
        {
            "name": criterion.title,
            "score": criterion.points,
            "max_score": criterion.max_points,
            "status": "passed" if criterion.status == "passed" else "failed",
            "output": "" if criterion.status == "passed" else told(criterion.id),
            "output_format": "text",
            "visibility": "visible",
        }
        for criterion in report.criteria
    ]


def _safe(name: str) -> str:
    """Return a name for a file; where that changes it, a digest keeps two of them apart."""
    plain = _UNSAFE.sub("_", name).strip(".") or "_"
    if plain == name and len(name) <= 100:
        return name
    return f"{plain[:80]}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
