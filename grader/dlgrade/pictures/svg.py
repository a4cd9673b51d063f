"""From a drawn figure to an SVG that needs nothing beside it, and obeys nothing.

What matplotlib writes is read again, and only what draws is written: shapes, their places, and pictures whose
bytes stand in the file. Texts have become shapes before, so no string of anybody's is in it.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from dlgrade.pictures.palette import DARK, NAMES

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_SVG = "http://www.w3.org/2000/svg"
_LINK = "{http://www.w3.org/1999/xlink}href"
_TAGS = {"svg", "defs", "g", "path", "use", "clipPath", "rect", "image"}
_ATTRIBUTES = {
    "id", "d", "style", "transform", "viewBox", "width", "height", "x", "y",
    "clip-path", "clipPathUnits", "preserveAspectRatio",
}  # fmt: skip
_HREF = re.compile(r"#[\w.-]+|data:image/png;base64,[A-Za-z0-9+/=\s]+")
_COLOR = re.compile("|".join(NAMES))
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)


def write(figure: Figure) -> str:
    """Return a figure as SVG, the same for the same figure."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    # matplotlib says in a comment what a text says, control characters included, and then it is no XML.
    root = ET.fromstring(_COMMENT.sub(b"", buffer.getvalue()))
    _keep_what_draws(root)
    root.insert(0, _style())
    ET.register_namespace("", _SVG)
    ET.register_namespace("xlink", "http://www.w3.org/1999/xlink")
    return ET.tostring(root, encoding="unicode")


def _keep_what_draws(element: ET.Element) -> None:
    """Leave out every element and attribute that no drawing needs, and name the colours."""
    for key, value in list(element.attrib.items()):
        if key == _LINK and _HREF.fullmatch(value):
            element.set(key, "".join(value.split()))
        elif key not in _ATTRIBUTES:
            del element.attrib[key]
    if style := element.get("style"):
        element.set("style", _COLOR.sub(lambda found: f"var(--{NAMES[found[0]]})", style))
    element.text = element.tail = None
    for child in list(element):
        if child.tag.removeprefix(f"{{{_SVG}}}") in _TAGS:
            _keep_what_draws(child)
        else:
            element.remove(child)


def _style() -> ET.Element:
    """Say what the colours' names mean, on a light page and on a dark one."""
    light = ";".join(f"--{name}:{color}" for color, name in NAMES.items())
    dark = ";".join(f"--{NAMES[color]}:{other}" for color, other in DARK.items())
    style = ET.Element(f"{{{_SVG}}}style")
    style.text = (
        "*{stroke-linejoin:round;stroke-linecap:butt}"
        f":root{{{light}}}@media (prefers-color-scheme:dark){{:root{{{dark}}}}}"
    )
    return style
