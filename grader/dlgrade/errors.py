"""Every error dlgrade raises on purpose; this module imports nothing.

DlgradeError
├── CatalogError (LookupError)      no such exercise, no such folder
├── ManifestError (ValueError)      an exercise's own files are not right: the author's
├── SettingsError (ValueError)      a class's dlgrade.toml says what it cannot say: usage
├── WithheldError (RuntimeError)    a hint or a solution that is not to be shown, or not yet
├── LearningError (ValueError)      a folder, a quiz or a recap cannot be had as it was asked for: usage
├── MagicError (ValueError)         %check or %hint cannot do what a cell asks for
├── DatasetError (ValueError)       a data file is missing, torn or not the one that was shipped
│   └── GivenDataError              the same of data that the learner named: usage
├── SubmissionError (ValueError)    the learner's file cannot be read at all: usage
├── IntakeError (ValueError)        a class's submissions cannot be read: usage
│   └── ArchiveError                the same of an archive: torn, encrypted, a bomb
├── GradebookError (OSError)        a gradebook cannot be read or written: the disk's, or usage
├── ClusterError (ConnectionError)  the machines that were to grade cannot be had
├── ClassroomError (ValueError)     nbgrader's course is not as it must be, or would lose something: usage
├── UngradedError (RuntimeError)    a cell of nbgrader's could not be graded: ours, or the teacher's
├── SandboxError (RuntimeError)     the worker could not be had as required: ours
├── LaneError (RuntimeError)        a warm grader could not be had: ours
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


class LearningError(DlgradeError, ValueError):
    """A learner's folder, a quiz or a recap was asked for in a way that there is not."""


class MagicError(DlgradeError, ValueError):
    """A `%check` or `%hint` that cannot be understood, or of which there is no verdict."""


class DatasetError(DlgradeError, ValueError):
    """A data file is missing, torn or has another checksum."""


class GivenDataError(DatasetError):
    """Data that were named with --data cannot be read, or no test would run on them."""


class SubmissionError(DlgradeError, ValueError):
    """A learner's file that cannot be read at all."""


class IntakeError(DlgradeError, ValueError):
    """What a class handed in cannot be read as such."""


class ArchiveError(IntakeError):
    """An archive is torn, encrypted, no archive, or holds more than any honest one."""


class GradebookError(DlgradeError, OSError):
    """A gradebook is not there, is none, or cannot be written: what stands in it is kept."""


class ClusterError(DlgradeError, ConnectionError):
    """The scheduler of other machines cannot be reached, or they grade by another suite."""


class ClassroomError(DlgradeError, ValueError):
    """A course of nbgrader's is not as it must be, or would lose what a teacher wrote."""


class UngradedError(DlgradeError, RuntimeError):
    """A cell of a notebook could not be graded, which says nothing about the learner's code."""


class SandboxError(DlgradeError, RuntimeError):
    """The worker could not be started, or a layer that is required is missing."""


class LaneError(DlgradeError, RuntimeError):
    """A warm grader could not be started, or does not get its own reference right."""


class WireError(DlgradeError, ValueError):
    """Bytes from the other side that are no valid message."""


class OracleError(DlgradeError, ArithmeticError):
    """Autograd and central differences disagree, or a reference fails: never the learner's fault."""
