"""A CSV that Canvas' gradebook takes: Grades → Import.

Canvas finds a student by the number in ``ID``, which its own archives of submissions name; of submissions
from elsewhere the address or the key is given as login. The assignment is found by the title of its column.
"""

from __future__ import annotations

from collections.abc import Iterable

from dlgrade.batch.exports.table import amount, by_exercise, harmless, lines
from dlgrade.batch.records import Row

_HEAD = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")


def as_canvas(rows: Iterable[Row], title: str | None = None) -> bytes:
    """Write one column of points for each exercise.

    Parameters
    ----------
    title
        What Canvas calls the assignment, for one exercise alone; by default a column is called like its
        exercise. Canvas writes a number behind the title, as in ``Backprop (4711)``, and finds it by that.
    """
    exercises = by_exercise(rows)
    titles = [title] if title is not None and len(exercises) == 1 else list(exercises)
    most = [max(row.max_points for row in listed) for listed in exercises.values()]
    table: list[list[str]] = [[*_HEAD, *map(harmless, titles)]]
    table.append(["    Points Possible", "", "", "", "", *map(amount, most)])
    cells: dict[str, list[str]] = {}
    people: dict[str, list[str]] = {}
    for column, listed in enumerate(exercises.values()):
        for row in listed:
            if row.points is None:
                continue  # nobody loses a grade in Canvas for a fault of ours
            who = row.student
            login = "" if who.account else who.email or who.key
            people.setdefault(who.key, [who.name or who.key, who.account, "", login, ""])
            cells.setdefault(who.key, [""] * len(exercises))[column] = amount(row.points)
    table += [[*map(harmless, people[key]), *cells[key]] for key in sorted(people)]
    return lines(table)
