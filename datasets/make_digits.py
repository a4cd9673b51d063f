"""Make digits.npz from the table inside a scikit-learn wheel, the same bytes every time.

    pip download --no-deps scikit-learn
    python datasets/make_digits.py scikit_learn-*.whl

The wheel is read as a zip file; scikit-learn is neither installed nor imported. Any release whose table has
the checksum below will do. What the UCI page says of the test set is checked before anything is written.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import io
import zipfile
from pathlib import Path

import numpy as np

MEMBER = "sklearn/datasets/data/digits.csv.gz"
# Of the table itself: what gzip puts around it depends on the day and the program.
TABLE_SHA256 = "6ebb3d2fee246a4e99363262ddf8a00a3c41bee6014c373ed9d9216ba7f651b8"

# How often each digit occurs in optdigits.tes, the file of the 13 test writers: optdigits.names, section 9.
COUNTS = (178, 182, 177, 183, 181, 182, 181, 179, 174, 180)


def table_in(wheel: Path) -> bytes:
    """Return the bytes of the digits table in a scikit-learn wheel, checked against the known checksum."""
    with zipfile.ZipFile(wheel) as archive:
        raw = gzip.decompress(archive.read(MEMBER))
    if hashlib.sha256(raw).hexdigest() != TABLE_SHA256:
        raise SystemExit(f"{wheel}: {MEMBER} is not the table that digits.npz was made from")
    return raw


def arrays_from(raw: bytes) -> dict[str, np.ndarray]:
    """Return images and labels; a row of the table is an image, line by line, and then its digit."""
    table = np.array([line.split(",") for line in raw.decode("ascii").split()]).astype("<i8")
    return {"images": table[:, :64].reshape(-1, 8, 8).astype("u1"), "labels": table[:, 64].astype("<i8")}


def verify(images: np.ndarray, labels: np.ndarray) -> None:
    """Compare the table with what is known of it: sizes, range, how often each digit occurs."""
    facts = {
        "1,797 images of 8 by 8": images.shape == (1797, 8, 8) and labels.shape == (1797,),
        "pixels count the dots of a 4 by 4 block": (images.min(), images.max()) == (0, 16),
        "as many of each digit as UCI says": tuple(np.bincount(labels)) == COUNTS,
        "every image but once": len(np.unique(images, axis=0)) == len(images),
    }
    wrong = [fact for fact, holds in facts.items() if not holds]
    if wrong:
        raise SystemExit(f"these are not the digits of optdigits.tes: {', '.join(wrong)}")


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
    """Read the wheel that is named, check it, write digits.npz and print its checksum."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("wheel", type=Path, help="a scikit-learn wheel")
    parser.add_argument("--out", type=Path, default=Path(__file__).with_name("digits.npz"))
    options = parser.parse_args()
    arrays = arrays_from(table_in(options.wheel))
    verify(arrays["images"], arrays["labels"])
    write_npz(options.out, arrays)
    print(f"{hashlib.sha256(options.out.read_bytes()).hexdigest()}  {options.out}")


if __name__ == "__main__":
    main()
