"""A report as JSON, and the JSON Schema of it."""

from __future__ import annotations

from typing import Any

import msgspec

from dlgrade.report import SCHEMA, Report, encode


def render(report: Report) -> bytes:
    """Return the report as JSON in UTF-8, ending in a newline."""
    return encode(report) + b"\n"


def schema() -> dict[str, Any]:
    """Return a JSON Schema document (draft 2020-12) that every rendered report satisfies."""
    described = msgspec.json.schema(Report)
    for definition in described["$defs"].values():
        # What dlgrade writes has every key; what it reads may leave out those with a default.
        definition["required"] = list(definition["properties"])
        definition["description"] = definition["description"].partition("\n")[0]
    described["$defs"]["Report"]["properties"]["schema"] = {"const": SCHEMA}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"dlgrade report, schema {SCHEMA}",
        **described,
    }
