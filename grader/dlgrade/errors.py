"""Every error dlgrade raises on purpose; this module imports nothing.

DlgradeError
├── CatalogError (LookupError)      no such exercise, no such folder
├── ManifestError (ValueError)      an exercise's own files are not right: the author's
├── SettingsError (ValueError)      a class's dlgrade.toml says what it cannot say: usage
├── WithheldError (RuntimeError)    a hint or a solution that is not to be shown, or not yet
├── DatasetError (ValueError)       a data file is missing, torn or not the one that was shipped
│   └── GivenDataError              the same of data that the learner named: usage
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


class SettingsError(DlgradeError, ValueError):
    """A `dlgrade.toml` has a key or a value that there is not, or cannot be read."""


class WithheldError(DlgradeError, RuntimeError):
    """A hint or a solution was asked for that is not to be shown, or not yet, or is not here."""


class DatasetError(DlgradeError, ValueError):
    """A data file is missing, torn or has another checksum."""


class GivenDataError(DatasetError):
    """Data that were named with --data cannot be read, or no test would run on them."""


class SubmissionError(DlgradeError, ValueError):
    """A learner's file that cannot be read at all."""


class SandboxError(DlgradeError, RuntimeError):
    """The worker could not be started, or a layer that is required is missing."""


class WireError(DlgradeError, ValueError):
    """Bytes from the other side that are no valid message."""


class OracleError(DlgradeError, ArithmeticError):
    """Autograd and central differences disagree, or a reference fails: never the learner's fault."""
