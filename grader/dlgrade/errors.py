"""Every error dlgrade raises on purpose; this module imports nothing.

DlgradeError
├── CatalogError (LookupError)      no such exercise, no such folder
├── ManifestError (ValueError)      an exercise's own files are not right: the author's
├── DatasetError (ValueError)       a data file is missing, torn or not the one that was shipped
├── SubmissionError (ValueError)    the learner's file cannot be read at all: usage
├── SandboxError (RuntimeError)     the worker could not be had as required: ours
├── WireError (ValueError)          bytes that are no message
└── OracleError (ArithmeticError)   two roads to the same number part ways: ours

A failed check is a value in the report, not one of these.
"""


class DlgradeError(Exception):
    """Root of what dlgrade raises; its text is one sentence for the person at the terminal."""


class CatalogError(DlgradeError, LookupError):
    """No exercise, or no folder, is meant by what was asked for."""


class ManifestError(DlgradeError, ValueError):
    """An exercise's manifest or its files break the rules for authors."""


class DatasetError(DlgradeError, ValueError):
    """A shipped data file is missing, torn or has another checksum."""


class SubmissionError(DlgradeError, ValueError):
    """A learner's file that cannot be read at all."""


class SandboxError(DlgradeError, RuntimeError):
    """The worker could not be started, or a layer that is required is missing."""


class WireError(DlgradeError, ValueError):
    """Bytes from the other side that are no valid message."""


class OracleError(DlgradeError, ArithmeticError):
    """Autograd and central differences disagree, or a reference fails: never the learner's fault."""
