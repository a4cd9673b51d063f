"""What nbgrader does anew for every submission and needs to do once for a class. Imports nbgrader.

A conversion opens the gradebook ten times, each with a database engine of its own that compiles every query
again, and holds the schema of the cells' metadata against the schema of schemas for each cell. Together that
is half of a conversion.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from functools import cache
from types import ModuleType, SimpleNamespace
from typing import Any

import jsonschema
from nbgrader import api
from nbgrader.nbgraderformat import common


@contextlib.contextmanager
def for_a_class() -> Iterator[None]:
    """Have nbgrader keep its engines, and what it knows of its schema, meanwhile."""
    with (
        _instead(api, "create_engine", cache(api.create_engine)),
        _instead(common, "jsonschema", SimpleNamespace(validate=_validate)),
    ):
        yield


@contextlib.contextmanager
def _instead(module: ModuleType, name: str, value: Any) -> Iterator[None]:
    usual = getattr(module, name)
    setattr(module, name, value)
    try:
        yield
    finally:
        setattr(module, name, usual)


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
