"""Colours, each for a light page and for a dark one; all can be told apart by who is colour-blind.

The hues are those of Okabe and Ito (Color Universal Design, 2008), made darker for paper and lighter for a
dark page until a line of each has a contrast of at least 3 to its ground (WCAG 2.2, 1.4.11), and those that
texts are written in, which are all but `ORANGE`, of 4.5 (1.4.3).

A picture is drawn in the colours for a light page. `svg` puts a name in place of each, and what a name means
is decided where the picture is looked at.
"""

from __future__ import annotations

PAPER = "#ffffff"
INK = "#1f2328"
FAINT = "#63686f"
LINE = "#d4d7dc"
SHADE = "#eef0f3"
BLUE = "#0072b2"
RED = "#c04f00"
GREEN = "#00805c"
ORANGE = "#b37700"
PURPLE = "#a8508a"

DARK = {
    PAPER: "#121212",
    INK: "#e6e8eb",
    FAINT: "#a0a4ab",
    LINE: "#3d4248",
    SHADE: "#1f2226",
    BLUE: "#56b4e9",
    RED: "#f28444",
    GREEN: "#2fc295",
    ORANGE: "#e69f00",
    PURPLE: "#cc79a7",
}
"""From each colour to the one that takes its place on a dark page."""

NAMES = {
    PAPER: "paper",
    INK: "ink",
    FAINT: "faint",
    LINE: "line",
    SHADE: "shade",
    BLUE: "blue",
    RED: "red",
    GREEN: "green",
    ORANGE: "orange",
    PURPLE: "purple",
}
"""From each colour to its name."""

CYCLE = (BLUE, RED, GREEN, PURPLE, ORANGE)
"""Colours of lines, in the order in which they are to be used."""
