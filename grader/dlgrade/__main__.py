"""``python -m dlgrade``, with none of the working directory's modules.

``-m`` puts the working directory first on the path, and that is where a learner's own files lie: a numpy.py
beside the exercise would be imported, and run, in place of NumPy. What Python imports before it gets here is
safe only under ``python -P -m dlgrade``, or with the script ``dlgrade``.
"""

import os
import sys


def main() -> None:
    """Take the working directory off the path, then do what the script ``dlgrade`` does."""
    try:
        here = os.path.realpath("")
    except FileNotFoundError:
        pass  # a folder that was removed holds no modules
    else:
        sys.path[:] = [folder for folder in sys.path if os.path.realpath(folder) != here]
    from dlgrade import cli

    cli.main(prog_name="python -m dlgrade")


if __name__ == "__main__":
    main()
