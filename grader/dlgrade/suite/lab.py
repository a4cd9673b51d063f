"""What a suite brings into the worker: models and losses that must live beside the learner's code."""

from __future__ import annotations

import inspect
from types import ModuleType

from dlgrade.student import Held, Student, provide


def lab(student: Student, source: str | ModuleType) -> Held:
    """Run a source in the worker; its functions are called like methods of what this returns.

    Parameters
    ----------
    student
        The fixture; the source runs in a namespace of its own, beside the learner's.
    source
        Python text, or a module whose text is meant. It holds no answers: the learner could read it.

    Returns
    -------
    Held
        ``made = lab(student, SOURCE).make_model.keep()(7)`` gives an object that the learner's
        functions can be handed.
    """
    text = inspect.getsource(source) if isinstance(source, ModuleType) else source
    return provide(student, "lab", text)
