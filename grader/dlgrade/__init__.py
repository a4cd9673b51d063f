"""Learn deep learning by writing it, and be told of what you wrote: right, wrong, and why.

``dlgrade.check("exercise03")`` grades a file and returns the report. In a notebook, ``%load_ext dlgrade``
gives ``%check`` and ``%hint``. Nothing is imported before it is used.
"""

# Not even typing: under ``python -m`` the working directory is still on the path while this file is read.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from dlgrade.grading import check

    __version__: str

__all__ = ["__version__", "check"]


def __getattr__(name: str) -> "Any":
    if name == "check":
        from dlgrade.grading import check

        return check
    if name == "__version__":
        from importlib.metadata import version

        return version("dlgrade")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def load_ipython_extension(shell: "Any") -> None:
    """Do what ``%load_ext dlgrade`` asks for."""
    from dlgrade.magics import load

    load(shell)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
