"""What a teacher has settled for a class: the file `dlgrade.toml`.

It is looked for in the working directory and in every folder above it, and the nearest one counts; the
environment's `DLGRADE_SETTINGS` names one that comes before all of these. It is an agreement and not a lock:
who has the solutions on their machine can read them without dlgrade.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

import msgspec

from dlgrade.errors import SettingsError
from dlgrade.manifest import sentence

NAME = "dlgrade.toml"
SETTINGS_VARIABLE = "DLGRADE_SETTINGS"
"""The environment variable that names the file, wherever one works."""

_MAY_SAY = (
    "In [classroom] there may be hints = true or false, and solutions = "
    '"after-passing", "never" or "always"; nothing else.'
)


class Classroom(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a class may see.

    Attributes
    ----------
    solutions
        When `dlgrade solution` shows the reference. None where no teacher has said so: then it is shown after
        everything was passed, and the learner may decide otherwise.
    hints
        Whether `dlgrade hint` gives any.
    """

    solutions: Literal["after-passing", "never", "always"] | None = None
    hints: bool = True

    @property
    def withheld(self) -> frozenset[str]:
        """The commands that refuse whatever is passed: a report does not name them as the next step."""
        refusing = {"hint": not self.hints, "solution": self.solutions == "never"}
        return frozenset(command for command, refuses in refusing.items() if refuses)


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What `dlgrade.toml` says."""

    classroom: Classroom = Classroom()


def read(folder: Path | None = None) -> Settings:
    """Read the settings that hold in a folder, the working directory if None.

    Raises
    ------
    SettingsError
        If the file says what it cannot say, or cannot be read.
    """
    path = _path(Path.cwd() if folder is None else folder.absolute())
    if path is None:
        return Settings()
    try:
        return msgspec.toml.decode(path.read_bytes(), type=Settings)
    except OSError as error:
        raise SettingsError(f"{str(path)!r} cannot be read: {error.strerror}.") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        what = sentence(str(error)) if isinstance(error, msgspec.DecodeError) else "it is not UTF-8."
        raise SettingsError(f"{str(path)!r}: {what} {_MAY_SAY}") from None


def _path(folder: Path) -> Path | None:
    if variable := os.environ.get(SETTINGS_VARIABLE):
        if not Path(variable).is_file():
            raise SettingsError(f"{SETTINGS_VARIABLE} names the file {variable!r}, which does not exist.")
        return Path(variable)
    return next((each / NAME for each in (folder, *folder.parents) if (each / NAME).is_file()), None)
