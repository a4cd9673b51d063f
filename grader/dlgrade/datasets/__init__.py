"""Real data: small sets that are shipped, and larger ones where a learner has them or wants them.

`names`, `source` and `load` are about the shipped ones, `larger` reads MNIST, Fashion-MNIST and CIFAR-10.
Nothing is fetched, and nothing that could fetch is imported, before `larger` is called with a name.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dlgrade.datasets.shipped import Source, load, names, source

if TYPE_CHECKING:
    from dlgrade.datasets.loading import Split

__all__ = ["Source", "larger", "load", "names", "source"]


def larger(path_or_name: Path | str, folder: Path | None = None) -> Split:
    """Return MNIST, Fashion-MNIST or CIFAR-10 as images of 8 by 8 pixels.

    Parameters
    ----------
    path_or_name
        Where the files are, as for `loading.load`; or one of `fetching.NAMES`, and what is still missing of
        it is downloaded. A file or folder that has such a name is read.
    folder
        Where downloads are kept; by default the user's cache.

    Raises
    ------
    DatasetError
        If there are no such data, they cannot be fetched, or a file is torn or another one.
    """
    from dlgrade.datasets import fetching, loading
    from dlgrade.errors import DatasetError

    path = Path(path_or_name)
    if loading.is_there(path):
        return loading.load(path)
    if str(path_or_name) not in fetching.NAMES:
        raise DatasetError(
            f"There is no file or folder {str(path_or_name)!r}, and no data set of that name to download; "
            f"there are {', '.join(fetching.NAMES)}."
        )
    return loading.load(fetching.download(str(path_or_name), folder))
