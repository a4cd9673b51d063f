"""Who is behind a submission on Gradescope: the few lines of its `submission_metadata.yml` that say so.

The file is YAML with one section a submission, most of it results and history. Of each section only the list
of submitters is read, line by line, so that nothing else that stands there can have a say::

    submission_12345:
      :submitters:
      - :name: Ada Lovelace
        :sid: '100'
        :email: ada@example.org
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from dlgrade.batch.model import Student

_SECTION = re.compile(r"(?:'|\")?(submission_\d+)(?:'|\")?:\s*")
_FIELD = re.compile(r"(?P<dash>\s*-)?\s*:(?P<key>name|sid|email):\s*(?P<value>.*?)\s*")
_LONGEST = 500


def read(path: Path) -> dict[str, list[Student]]:
    """Return the submitters by the name of the submission's folder; a folder may have several."""
    people: dict[str, list[dict[str, str]]] = {}
    section: list[dict[str, str]] | None = None
    listing = False
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        if match := _SECTION.fullmatch(line):
            section, listing = people.setdefault(match[1], []), False
        elif section is None or not line.strip():
            continue
        elif line.strip() == ":submitters:" and len(line) - len(line.lstrip()) <= 2:
            listing = not section  # the history below has submitters of its own
        elif listing and (found := _FIELD.fullmatch(line)):
            if found["dash"] is not None:
                section.append({})
            if section:
                section[-1][found["key"]] = _scalar(found["value"])
        else:
            listing = False
    return {folder: [_student(each) for each in who if any(each.values())] for folder, who in people.items()}


def _student(fields: dict[str, str]) -> Student:
    name, sid, email = (fields.get(key, "") for key in ("name", "sid", "email"))
    return Student(email or sid or name, name=name, account=sid, email=email)


def _scalar(text: str) -> str:
    """Read one value of YAML, plain or quoted."""
    if len(text) >= 2 and text[0] == text[-1] == "'":
        text = text[1:-1].replace("''", "'")
    elif len(text) >= 2 and text[0] == text[-1] == '"':
        try:
            loaded = json.loads(re.sub(r"\\x([0-9A-Fa-f]{2})", r"\\u00\1", text))
        except ValueError:
            loaded = text[1:-1]
        text = loaded if isinstance(loaded, str) else text
    elif text in ("~", "null"):
        text = ""
    return text[:_LONGEST]
