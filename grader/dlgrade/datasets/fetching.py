"""Downloading a data set: resumed where it was torn, believed only with the right checksum."""

from __future__ import annotations

import hashlib
import http
import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from dlgrade.errors import DatasetError

if TYPE_CHECKING:
    from rich.console import Console

TRIES = 5
"""Connections in a row that may bring nothing before it is given up."""

TIMEOUT_S = 30.0
_PIECE = 1 << 16
_PAUSE_S = 0.5

Moved = Callable[[int], None]


class Remote(NamedTuple):
    """One file to fetch.

    Attributes
    ----------
    name
        Under which it is kept.
    size
        In bytes.
    sha256
        In hexadecimal digits.
    urls
        Where it is to be had, the first one first.
    """

    name: str
    size: int
    sha256: str
    urls: tuple[str, ...]


def _idx(bases: tuple[str, ...], *files: tuple[str, int, str]) -> tuple[Remote, ...]:
    return tuple(
        Remote(f"{name}-ubyte.gz", size, sha256, tuple(f"{base}{name}-ubyte.gz" for base in bases))
        for name, size, sha256 in files
    )


SOURCES: dict[str, tuple[Remote, ...]] = {
    "mnist": _idx(
        (
            "https://ossci-datasets.s3.amazonaws.com/mnist/",
            "https://storage.googleapis.com/cvdf-datasets/mnist/",
        ),
        ("train-images-idx3", 9_912_422, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
        ("train-labels-idx1", 28_881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
        ("t10k-images-idx3", 1_648_877, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"),
        ("t10k-labels-idx1", 4_542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"),
    ),
    "fashion-mnist": _idx(
        (
            "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/",
            "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
        ),
        ("train-images-idx3", 26_421_880, "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
        ("train-labels-idx1", 29_515, "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
        ("t10k-images-idx3", 4_422_102, "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
        ("t10k-labels-idx1", 5_148, "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"),
    ),
    "cifar-10": (
        Remote(
            "cifar-10-binary.tar.gz",
            170_052_171,
            "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
            ("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",),
        ),
    ),
}

NAMES = tuple(SOURCES)


def download(name: str, folder: Path | None = None, *, console: Console | None = None) -> Path:
    """Fetch a data set, or what is still missing of it.

    Parameters
    ----------
    name
        One of `NAMES`.
    folder
        Where data sets are kept; by default the user's cache. Each gets a folder of its own in it.
    console
        Where the progress is shown; by default standard error, if that is a terminal.

    Returns
    -------
    Path
        The folder, for `load`.

    Raises
    ------
    DatasetError
        If there is none of that name, it cannot be fetched, or what came is not it.
    """
    if name not in SOURCES:
        raise DatasetError(f"There is no data set {name!r} to download; there are {', '.join(NAMES)}.")
    if folder is None:
        import platformdirs

        folder = platformdirs.user_cache_path("dlgrade") / "data"
    place = folder / name
    for remote in SOURCES[name]:
        if (place / remote.name).is_file():
            fetch(remote, place)  # only its checksum is looked at, and nobody waits for that
        else:
            _show(remote, place, console)
    return place


def fetch(remote: Remote, folder: Path, moved: Moved | None = None, *, pause_s: float = _PAUSE_S) -> Path:
    """Fetch one file into a folder, going on where an earlier try broke off.

    Parameters
    ----------
    remote
        The file.
    folder
        Made if it is not there. Until the file is complete and checked it is called ``NAME.part``.
    moved
        Called with the bytes that are there, whenever there are more.
    pause_s
        How long to wait after the first connection that broke; twice as long after each further one.

    Raises
    ------
    DatasetError
        If no connection brings more, it cannot be kept, or the checksum is another one; a partial file is
        kept for the next try, a wrong one is not.
    """
    try:
        return _fetch(remote, folder, moved or _nobody, pause_s)
    except OSError as error:
        raise DatasetError(f"{remote.name} cannot be kept in {str(folder)!r}: {error.strerror}.") from None


def _fetch(remote: Remote, folder: Path, moved: Moved, pause_s: float) -> Path:
    target = folder / remote.name
    if target.is_file():
        if _digest(target) != remote.sha256:
            raise DatasetError(f"{target} is not the file it should be; remove it to have it fetched anew.")
        return target
    folder.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{remote.name}.part")
    _complete(remote, part, moved, pause_s)
    if _digest(part) != remote.sha256:
        part.unlink()
        raise DatasetError(f"What came as {remote.name} is not it: its checksum differs.")
    return part.replace(target)


def _show(remote: Remote, folder: Path, console: Console | None) -> None:
    """Fetch one file and show how far it is."""
    from rich.console import Console as RichConsole
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    shown = console or RichConsole(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=shown, disable=not shown.is_terminal) as progress:
        task = progress.add_task(remote.name, total=remote.size)
        fetch(remote, folder, lambda size: progress.update(task, completed=size))


def _complete(remote: Remote, part: Path, moved: Moved, pause_s: float) -> None:
    """Connect again and again until all bytes are there; give up when several tries bring no more."""
    failures, best, reason = 0, _size(part), ""
    while (have := _size(part)) != remote.size:
        if have > remote.size:
            part.unlink()
            raise DatasetError(
                f"What comes as {remote.name} is not it: it is longer than {remote.size:,} bytes."
            )
        if failures == TRIES:
            here = f" {have:,} of {remote.size:,} bytes are here; the next try goes on from there."
            raise DatasetError(
                f"{remote.name} cannot be fetched: {reason or 'the connection ends early'}."
                f"{here if have else ''}"
            )
        if failures:
            time.sleep(pause_s * 2 ** (failures - 1))
        try:
            _receive(remote, remote.urls[failures % len(remote.urls)], part, have, moved)
        except urllib.error.HTTPError as error:
            error.close()  # it holds the connection
            reason = str(error)
        except (OSError, http.client.HTTPException) as error:  # URLError and timeouts are OSErrors
            cause = getattr(error, "reason", error)
            reason = getattr(cause, "strerror", None) or str(cause) or type(cause).__name__
        failures = 0 if _size(part) > best else failures + 1
        best = max(best, _size(part))


def _receive(remote: Remote, url: str, part: Path, have: int, moved: Moved) -> None:
    """Write what one connection brings behind what is there."""
    request = urllib.request.Request(url, headers={"Range": f"bytes={have}-"} if have else {})
    with urllib.request.urlopen(request, timeout=TIMEOUT_S) as response:
        goes_on = response.status == http.HTTPStatus.PARTIAL_CONTENT
        if goes_on and not response.headers.get("Content-Range", "").startswith(f"bytes {have}-"):
            raise http.client.HTTPException("the server sends another part than was asked for")
        with part.open("ab" if goes_on else "wb") as file:
            here = have if goes_on else 0  # a server that knows no ranges begins anew
            while here <= remote.size and (piece := response.read(_PIECE)):
                file.write(piece)
                here += len(piece)
                moved(min(here, remote.size))


def _nobody(size: int) -> None:
    """Tell nobody how far it is."""


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
