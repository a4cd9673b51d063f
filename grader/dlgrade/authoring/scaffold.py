"""Both folders of a new exercise, with one small function in them that holds in every direction."""

from __future__ import annotations

import re
from pathlib import Path

from dlgrade import catalog
from dlgrade.errors import CatalogError

_SLUG = re.compile(r"[a-z][a-z0-9_]*")

_README = """\
# NAME

<!-- To be replaced: what is this for, and why is it worth writing by hand? -->
An exercise in one function, which stands here until yours does.

Fill in `NAME.py`, try it with `pytest` in this folder, then run `dlgrade check ID`.

## What to write

`double(x)`: twice an array of any shape, as a new array. `x` is float64 and is not changed.

## Numbers to check by hand

```python
>>> double(np.array([1.0, -2.5]))
array([ 2., -5.])
```

## Out of scope

Everything else.
"""

_MANIFEST = """\
title = "NAME"
summary = "to be replaced: one line for `dlgrade list`"
entry = "NAME.py"
tools = ["numpy"]  # what a learner may import besides the standard library

[[criteria]]
id = "double"
title = "double, twice an array"
points = 10.0  # all criteria together are worth 10
functions = ["double"]
hints = [  # from vague to concrete, never the solution
    "What is twice as much?",
    "An array can be multiplied by a number, and is then a new array.",
    "double(np.array([1.0, -2.5])) is [2.0, -5.0], and what was passed in is as it was.",
]
"""

_STARTER = '''\
"""NAME: fill in each TODO."""

import numpy as np


def double(x):
    """Double an array.

    Parameters
    ----------
    x : ndarray, float64
        It is not changed.

    Returns
    -------
    ndarray of the same shape, float64
    """
    raise NotImplementedError("TODO: twice x")
'''

_EXAMPLES = '''\
"""Examples whose numbers can be checked by hand; run `pytest` in this folder."""

import numpy as np
from NAME import double


def test_double():
    np.testing.assert_allclose(double(np.array([1.0, -2.5])), [2.0, -5.0])
'''

_REFERENCE = '''\
"""Reference: NAME."""

import numpy as np


def double(x):
    return 2.0 * x
'''

_SUITE = '''\
"""Hidden suite of ID: what a right `NAME.py` does, whichever way it was written.

Right is what the statement says and nothing else. Before a test is written: who could be right in another
way, and how would one pass it wrongly?
"""

import numpy as np

from dlgrade.suite import Draw, cases, check, criterion


def arrays(draw: Draw) -> np.ndarray:
    """Draw an array of one to three axes, whose sides differ."""
    return draw.array(draw.sizes(draw.integer(1, 3), 1, 5))


@criterion("double")
@cases(arrays, 30)
def test_double_doubles_every_entry(student, x):
    """Every entry comes back doubled, whatever the shape."""
    # Another road than the reference's: its mistakes are not shared.
    check.close(student.double(x), x + x, name="double(x)")
'''

_MISTAKE = '''\
"""For 2 yours is right. And for 3?

Loses: double
"""


def double(x):
    return x**2
'''

_VARIANT = """\
import numpy as np


def double(x):
    out = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        out[index] = x[index] + x[index]
    return out
"""

_CLUES = '''\
"""Where a function bends, for the diagnosis: "double(x) is right except where x < 0"."""

CONDITIONS = {"double": {"x < 0": lambda x: bool((x < 0).all())}}
'''


def new(slug: str, exercises: Path, solutions: Path) -> tuple[Path, Path]:
    """Write both folders of a new exercise, under the next free number.

    Parameters
    ----------
    slug
        What it is called, such as ``backprop``; the learner's file is called so too.
    exercises, solutions
        The folders that its two are made in; they are made if they are missing.

    Returns
    -------
    exercise, solution : Path
        The two folders.

    Raises
    ------
    CatalogError
        If the slug is no name for a module, or there is such an exercise already.
    """
    name = slug.strip().casefold().replace("-", "_")
    if not _SLUG.fullmatch(name):
        raise CatalogError(f"{slug!r} is no name for an exercise; one begins with a letter, as backprop.")
    taken = _taken(exercises)
    for each in taken:
        if each.name == name and each.exercise_dir.parent == exercises.resolve():
            raise CatalogError(f"There is an exercise called {name!r} already: {each.exercise_dir}.")
    number = max((each.number for each in taken), default=-1) + 1
    if number > 99:
        raise CatalogError("There is no number left below 100.")
    return _write(f"exercise{number:02}", name, exercises, solutions)


def _taken(exercises: Path) -> list[catalog.Exercise]:
    """List the exercises whose numbers would meet the new one's: neighbours, dlgrade's own, the packs'."""
    here = catalog.exercises(exercises) if exercises.is_dir() else ()
    return [*here, *catalog.exercises()]


def _write(exercise_id: str, name: str, exercises: Path, solutions: Path) -> tuple[Path, Path]:
    exercise, solution = (parent / f"{exercise_id}_{name}" for parent in (exercises, solutions))
    texts = {
        exercise / "README.md": _README,
        exercise / "exercise.toml": _MANIFEST,
        exercise / f"{name}.py": _STARTER,
        exercise / "test_examples.py": _EXAMPLES,
        solution / f"{name}.py": _REFERENCE,
        solution / "test_hidden.py": _SUITE,
        solution / "clues.py": _CLUES,
        solution / "mistakes" / "squared_instead_of_doubled.py": _MISTAKE,
        solution / "variants" / "entry_by_entry.py": _VARIANT,
    }
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("NAME", name).replace("ID", exercise_id), encoding="utf-8")
    return exercise, solution
