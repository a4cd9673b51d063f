"""The gradebook as one flat table, which the spreadsheets are made of."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from dlgrade.batch.records import Row
from dlgrade.errors import GradebookError

Cell = str | float | bool | None
Record = dict[str, Cell]

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def records(rows: Iterable[Row]) -> tuple[list[str], list[Record]]:
    """Return the names of the columns, and each row by them.

    A criterion's points stand in a column of its own, called ``exercise03:backward``.
    """
    table: list[Record] = []
    criteria: dict[str, None] = {}
    for row in rows:
        points = _criteria(row)
        criteria |= dict.fromkeys(points)
        table.append(_fixed(row) | points | {"message": " ".join(row.message.split())})
    columns = [*_fixed_columns(), *criteria, "message"]
    return columns, table


def _fixed(row: Row) -> Record:
    who = row.student
    return {
        "exercise": row.exercise,
        "student": who.key,
        "name": who.name,
        "account": who.account,
        "email": who.email,
        "file": row.file,
        "late": row.late,
        "status": row.status,
        "points": row.points,
        "max_points": row.max_points,
    }


def _fixed_columns() -> list[str]:
    return [
        "exercise",
        "student",
        "name",
        "account",
        "email",
        "file",
        "late",
        "status",
        "points",
        "max_points",
    ]


def _criteria(row: Row) -> Record:
    report = row.report
    if report is None or row.points is None:
        return {}
    return {f"{report.exercise}:{each.id}": each.points for each in report.criteria if each.max_points}


def as_csv(rows: Iterable[Row]) -> bytes:
    """Write the table as CSV in UTF-8."""
    columns, table = records(rows)
    return lines([columns, *([_text(record.get(name)) for name in columns] for record in table)])


def as_json(rows: Iterable[Row]) -> bytes:
    """Write every row with its report, as JSON."""
    listed = [
        {
            **_fixed(row),
            "message": row.message,
            "content": row.content,
            "decider": row.decider,
            "attempts": row.attempts,
            "graded_at": row.graded_at,
            "seconds": row.seconds,
            "report": row.report,
        }
        for row in rows
    ]
    return msgspec.json.format(msgspec.json.encode({"schema": 1, "gradebook": listed}), indent=2) + b"\n"


def as_parquet(rows: Iterable[Row]) -> bytes:
    """Write the table as Parquet.

    Raises
    ------
    GradebookError
        If pyarrow is not installed.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise GradebookError(
            "Parquet is written by pyarrow, which is not installed: pip install pyarrow."
        ) from None
    columns, table = records(rows)
    kinds = {"late": pa.bool_(), "points": pa.float64(), "max_points": pa.float64()}
    fields = [(name, kinds.get(name, pa.float64() if ":" in name else pa.string())) for name in columns]
    arrays = [pa.array([record.get(name) for record in table], kind) for name, kind in fields]
    sink = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(arrays, schema=pa.schema(fields)), sink)
    return sink.getvalue()


def lines(table: Sequence[Sequence[str]]) -> bytes:
    """Write rows of cells as CSV; no cell of text is a formula to a spreadsheet."""
    sink = io.StringIO()
    csv.writer(sink, lineterminator="\n").writerows(table)
    return sink.getvalue().encode("utf-8", "backslashreplace")


def harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: what begins like one gets an apostrophe."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def amount(points: float) -> str:
    """Write points as the shortest number that is the same."""
    return f"{points:.10g}"


def _text(value: Cell) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "late" if value else ""
        case float() | int():
            return amount(value)
        case _:
            return harmless(value)


def by_exercise(rows: Iterable[Row]) -> Mapping[str, list[Row]]:
    """Sort rows by their exercise, in the order in which these come up."""
    sorted_rows: dict[str, list[Row]] = {}
    for row in rows:
        sorted_rows.setdefault(row.exercise, []).append(row)
    return sorted_rows
