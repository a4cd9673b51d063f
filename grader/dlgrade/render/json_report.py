"""A report as JSON, and the JSON Schema of it."""

from __future__ import annotations

from typing import Any

import msgspec

from dlgrade.report import SCHEMA, Report, encode


def render(report: Report) -> bytes:
    r"""Return the report as JSON in UTF-8, ending in a newline.

    Half a surrogate pair (a file name, or what a learner's code printed, may hold one) has no place in UTF-8
    and is written out as ``\udc80``.
    """
    try:
        data = encode(report)
    except UnicodeEncodeError:
        data = encode(msgspec.convert(_mended(msgspec.to_builtins(report)), Report))
    return data + b"\n"


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


def _mended(value: Any) -> Any:
    """Write out lone surrogates, wherever in the report they are."""
    match value:
        case str():
            return value.encode("utf-8", "backslashreplace").decode()
        case dict():
            return {_mended(key): _mended(each) for key, each in value.items()}
        case list() | tuple():
            return [_mended(each) for each in value]
        case _:
            return value
