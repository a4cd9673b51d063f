"""How Sphinx builds these pages: `make docs`."""

project = "dlgrade"
author = "the dlgrade authors"
copyright = author  # noqa: A001 - Sphinx's name for it
extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
exclude_patterns = ["_build", "pictures/*.md"]
html_theme = "furo"
html_title = "dlgrade"
# The statements and CONTRIBUTING.md link to files beside them, which are no pages here.
suppress_warnings = ["myst.xref_missing"]
