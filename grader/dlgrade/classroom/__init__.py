"""The bridge to nbgrader: in here, and only in here, nbgrader's words (assignment, student, max_score)."""

from __future__ import annotations

from typing import Any

__all__ = ["autograde_with_dlgrade"]

_RESTORE = {
    "DeduplicateIds": "dlgrade.classroom.preprocessors.TidyIds",
    "OverwriteCells": "dlgrade.classroom.preprocessors.RestoreCells",
}
_GRADE = {"Execute": "dlgrade.classroom.preprocessors.Grade"}


def autograde_with_dlgrade(config: Any, *, kernel: bool = False) -> None:
    """Have nbgrader autograde by dlgrade's two processes, in which no learner's code can touch a grade.

    The one line that an nbgrader_config.py needs for it, below those about preprocessors if it has such.

    Parameters
    ----------
    config
        What ``get_config()`` gave.
    kernel
        Whether nbgrader runs the notebooks in a kernel all the same, where whoever wants to can forge points;
        then only the cells that a learner deleted or changed are put back.
    """
    from nbgrader.converters import Autograde

    # Held against the notebooks' schema after the last step, and not after each of twelve.
    config.NotebookExporter.setdefault("optimistic_validation", True)
    instead = _RESTORE if kernel else _RESTORE | _GRADE
    for step in ("sanitize_preprocessors", "autograde_preprocessors"):
        usual = getattr(Autograde, step).default_args[0]
        chosen = config.Autograde.get(step, usual)
        named = [each if isinstance(each, str) else f"{each.__module__}.{each.__name__}" for each in chosen]
        # By their names, since nbgrader's formgrader writes its configuration into its log.
        config.Autograde[step] = [instead.get(each.rpartition(".")[2], each) for each in named]
