"""What nbgrader does anew for every submission and needs to do once for a class. Imports nbgrader.

A conversion opens the gradebook ten times, each with a database engine of its own that compiles every query
again and looks for every table, and holds the schema of the cells' metadata against the schema of schemas for
each cell. Together that is more than half of a conversion.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from functools import cache
from types import SimpleNamespace
from typing import Any

import jsonschema
from nbgrader import api
from nbgrader.nbgraderformat import common


@contextlib.contextmanager
def for_a_class() -> Iterator[None]:
    """Have nbgrader keep its engines, and what it knows of its schema, meanwhile."""
    engines: dict[tuple[str, str], Any] = {}
    with contextlib.ExitStack() as stack:
        for owner, name, value in _instead(engines):
            stack.callback(setattr, owner, name, getattr(owner, name))
            setattr(owner, name, value)
        try:
            yield
        finally:
            for engine in engines.values():
                engine.dispose()


@cache
def for_good() -> None:
    """Do so until this process ends: for a process that does nothing but autograde."""
    for owner, name, value in _instead({}):
        setattr(owner, name, value)


def _instead(engines: dict[tuple[str, str], Any]) -> list[tuple[Any, str, Any]]:
    """List what takes the place of what, where engines are kept by address and course."""
    usual = api.Gradebook.__init__

    def begin(self: Any, db_url: str, course_id: str = "default_course", authenticator: Any = None) -> None:
        if (db_url, course_id) not in engines:
            usual(self, db_url, course_id, authenticator)
            engines[db_url, course_id] = self.engine
            return
        # The tables are there, and so is the course.
        self.engine = engines[db_url, course_id]
        self.db = api.scoped_session(api.sessionmaker(autoflush=True, bind=self.engine, future=True))
        self.course_id, self.authenticator = course_id, authenticator

    def close(self: Any) -> None:
        self.db.remove()  # the engine stays

    return [
        (api.Gradebook, "__init__", begin),
        (api.Gradebook, "close", close),
        (common, "jsonschema", SimpleNamespace(validate=_validate)),
    ]


def _validate(instance: Any, schema: dict[str, Any]) -> None:
    """Do what `jsonschema.validate` does, with a validator that is made once."""
    error = jsonschema.exceptions.best_match(_validator(json.dumps(schema)).iter_errors(instance))
    if error is not None:
        raise error


@cache
def _validator(text: str) -> Any:
    schema = json.loads(text)
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)
