"""Make iris.npz from the table inside a scikit-learn wheel, the same bytes every time.

    pip download --no-deps scikit-learn
    python datasets/make_iris.py scikit_learn-*.whl

The wheel is read as a zip file; scikit-learn is neither installed nor imported. Any release whose table has
the checksum below will do. What Fisher printed of his flowers is checked before anything is written; the UCI
file, which has two wrong rows, does not pass.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import zipfile
from pathlib import Path

import numpy as np

MEMBER = "sklearn/datasets/data/iris.csv"
MEMBER_SHA256 = "f13ffa8fdd56fd8e6c8d16d4081a3fbd3114bcd0aae4256c43205169cd9d1449"
FEATURES = ("sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)")
CLASSES = ("setosa", "versicolor", "virginica")

# Of each class and feature the mean, and of setosa the sums of squared deviations: Fisher (1936), Table VIII.
MEANS = ((5.006, 3.428, 1.462, 0.246), (5.936, 2.770, 4.260, 1.326), (6.588, 2.974, 5.552, 2.026))
SETOSA_SQUARES = (6.0882, 7.0408, 1.4778, 0.5442)
# The two rows (counted from 1) in which the UCI file differs from Fisher's table: here they are Fisher's.
FISHERS_ROWS = {35: (4.9, 3.1, 1.5, 0.2), 38: (4.9, 3.6, 1.4, 0.1)}


def table_in(wheel: Path) -> bytes:
    """Return the bytes of the iris table in a scikit-learn wheel, checked against the known checksum."""
    with zipfile.ZipFile(wheel) as archive:
        raw = archive.read(MEMBER)
    if hashlib.sha256(raw).hexdigest() != MEMBER_SHA256:
        raise SystemExit(f"{wheel}: {MEMBER} is not the table that iris.npz was made from")
    return raw


def arrays_from(raw: bytes) -> dict[str, np.ndarray]:
    """Return X, y, feature_names and class_names, in a byte order that does not depend on the machine."""
    header, *rows = csv.reader(io.StringIO(raw.decode("ascii")))
    if tuple(header[2:]) != CLASSES:
        raise SystemExit(f"the classes are {header[2:]}, not {CLASSES}")
    return {
        "X": np.array([row[:4] for row in rows]).astype("<f8"),
        "y": np.array([row[4] for row in rows]).astype("<i8"),
        "feature_names": np.array(FEATURES, dtype="<U17"),
        "class_names": np.array(CLASSES, dtype="<U10"),
    }


def verify(X: np.ndarray, y: np.ndarray) -> None:
    """Compare the table with what is known of it: sizes, Fisher's sums, the two rows that UCI has wrong."""
    means = np.array([X[y == k].mean(axis=0) for k in range(3)])
    squares = np.sum((X[y == 0] - means[0]) ** 2, axis=0)
    facts = {
        "150 flowers, 4 measurements": X.shape == (150, 4) and y.shape == (150,),
        "50 flowers of each class, in order": np.array_equal(y, np.repeat([0, 1, 2], 50)),
        "one decimal each": np.array_equal(X, np.rint(X * 10) / 10),
        "range 0.1 to 7.9 cm": (X.min(), X.max()) == (0.1, 7.9),
        "Fisher's means": np.allclose(means, MEANS, rtol=0, atol=1e-9),
        "Fisher's squares": np.allclose(squares, SETOSA_SQUARES, rtol=0, atol=1e-9),
        "rows 35 and 38": all(tuple(X[row - 1]) == values for row, values in FISHERS_ROWS.items()),
    }
    wrong = [fact for fact, holds in facts.items() if not holds]
    if wrong:
        raise SystemExit(f"this is not Fisher's table: {', '.join(wrong)}")


def write_npz(path: Path, arrays: dict[str, np.ndarray]) -> None:
    """Write what ``numpy.load`` reads; unlike ``numpy.savez``, leave the time of day out of it."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:  # stored: deflate differs between zlibs
        for name, array in arrays.items():
            member = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            member.create_system, member.external_attr = 3, 0o644 << 16
            buffer = io.BytesIO()
            np.lib.format.write_array(buffer, array, version=(1, 0), allow_pickle=False)
            archive.writestr(member, buffer.getvalue())


def main() -> None:
    """Read the wheel that is named, check it, write iris.npz and print its checksum."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("wheel", type=Path, help="a scikit-learn wheel")
    parser.add_argument("--out", type=Path, default=Path(__file__).with_name("iris.npz"))
    options = parser.parse_args()
    arrays = arrays_from(table_in(options.wheel))
    verify(arrays["X"], arrays["y"])
    write_npz(options.out, arrays)
    print(f"{hashlib.sha256(options.out.read_bytes()).hexdigest()}  {options.out}")


if __name__ == "__main__":
    main()
