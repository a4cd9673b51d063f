"""Pictures in a real browser: on the page of a report, light and dark, and in JupyterLab."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.browser]

PICTURES = "section[aria-label^='Pictures']"
LOADED = f"""() => {{
  const images = [...document.querySelectorAll("{PICTURES} img")];
  return images.length && images.every(image => image.complete && image.naturalWidth > 0) ? images.length : 0;
}}"""


def ground(page: Any, folder: Path) -> tuple[int, ...]:
    """Return the colour of a corner of the first picture, as it is shown."""
    image = pytest.importorskip("PIL.Image", reason="needs Pillow")
    file = folder / "picture.png"
    page.locator(f"{PICTURES} img").first.screenshot(path=file)
    shown = image.open(file).convert("RGB")
    return tuple(shown.getpixel((12, shown.height - 6)))


def test_pictures_follow_the_page(browser: Any, dlgrade: Any, submissions: Path, tmp_path: Path) -> None:
    """All of them load, though nothing may be fetched or run, and their ground is light or dark as its is."""
    file = submissions / "exercise03" / "wrong_by_two.py"
    assert dlgrade("check", "3", "--file", file, "--html", "report.html").returncode == 1
    for scheme, color in (("light", (255, 255, 255)), ("dark", (18, 18, 18))):
        page = browser.new_page(color_scheme=scheme)
        said: list[str] = []
        page.on("console", lambda message, said=said: said.append(message.text))
        page.goto((tmp_path / "report.html").as_uri())
        assert page.evaluate(LOADED) == 4
        assert ground(page, tmp_path) == color
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert said == []
        page.close()


def test_pictures_stand_in_a_cell(serve: Any, browser: Any, submissions: Path, tmp_path: Path) -> None:
    """`%check --pictures` shows them below the report; the pictures bring their own ground along."""
    nbformat = pytest.importorskip("nbformat", reason="needs Jupyter's nbformat")
    source = (submissions / "exercise03" / "wrong_by_two.py").read_text()
    cells = [nbformat.v4.new_code_cell(cell) for cell in ("%load_ext dlgrade", source, "%check --pictures")]
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    work = tmp_path / "work"
    work.mkdir()
    nbformat.write(notebook, work / "backprop.ipynb")
    page = browser.new_page(viewport={"width": 1200, "height": 1400})
    page.set_default_timeout(90_000)
    page.goto(serve(work)("lab/tree/backprop.ipynb"))
    page.wait_for_selector(".jp-Notebook .jp-CodeCell")
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
    page.get_by_role("menuitem", name="Settings", exact=True).click()
    page.get_by_text("Theme", exact=True).hover()
    page.get_by_text("JupyterLab Dark", exact=True).click()
    page.wait_for_selector("body[data-jp-theme-light='false']", state="attached")
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()
    page.wait_for_selector(PICTURES)
    page.wait_for_function(LOADED)
    assert page.evaluate(LOADED) == 4
    assert ground(page, tmp_path) in ((255, 255, 255), (18, 18, 18))
    page.locator(PICTURES).screenshot(path=tmp_path / "cell.png")
