"""`%check` and `%hint` in JupyterLab, in a real browser."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.browser]
nbformat = pytest.importorskip("nbformat", reason="needs Jupyter's nbformat")

PATIENCE_MS = 90_000
REPORT = "section[aria-label^='exercise03 Backprop']"
HINT = "section[aria-label='exercise03 hint']"


@pytest.fixture
def lab(serve: Any, browser: Any, tmp_path: Path, submissions: Path) -> Any:
    """Return a page of JupyterLab with a notebook that is wrong by a factor, its cells not yet run."""
    source = (submissions / "exercise03" / "wrong_by_two.py").read_text()
    hostile = (
        "def sgd_step(param, grad, lr):\n    print('<script>document.title = 1</script>')\n    return param"
    )
    cells = ["%load_ext dlgrade", source, hostile, "%check", "%hint"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    work = tmp_path / "work"
    work.mkdir()
    nbformat.write(notebook, work / "backprop.ipynb")
    page = browser.new_page(viewport={"width": 1200, "height": 1400})
    page.set_default_timeout(PATIENCE_MS)
    page.goto(serve(work)("lab/tree/backprop.ipynb"))
    page.wait_for_selector(".jp-Notebook .jp-CodeCell")
    # Who runs a cell earlier makes JupyterLab start two kernels and end one of them.
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
    return page


def choose(page: Any, menu: str, command: str) -> None:
    page.get_by_role("menuitem", name=menu, exact=True).click()
    page.get_by_text(command, exact=True).click()


def test_the_report_stands_in_the_cell_and_knows_of_edits(lab: Any, tmp_path: Path) -> None:
    """Run all, read the report; mend a cell, run it without saving, and the next report counts it."""
    choose(lab, "Run", "Run All Cells")
    lab.wait_for_selector(HINT)
    report = lab.locator(REPORT)
    said = " ".join(report.inner_text().split())
    assert "6.5 of 10 points" in said
    assert "backprop.ipynb as saved" in said
    assert "What does the square leave behind" in said
    assert "Hint 1 of 4" in lab.locator(HINT).inner_text()
    assert lab.title() != "1"
    report.get_by_text("One step of gradient descent").last.click()
    assert report.get_by_text("<script>document.title = 1</script>").is_visible()
    assert_readable(lab)
    report.screenshot(path=tmp_path / "light.png")

    third = lab.locator(".jp-CodeCell").nth(2)
    third.locator(".cm-content").click()
    lab.keyboard.press("Control+a")
    lab.keyboard.type("def sgd_step(param, grad, lr): return param - lr * grad")
    lab.keyboard.press("Shift+Enter")  # runs it and goes to the next, %check
    lab.keyboard.press("Shift+Enter")
    lab.wait_for_function(f'document.querySelector("{REPORT}")?.innerText.includes("7.5 of 10 points")')
    assert "with 1 cell as run since" in lab.locator(REPORT).inner_text()
    saved = json.loads((tmp_path / "work" / "backprop.ipynb").read_text())
    assert "script" in "".join(saved["cells"][2]["source"])


def test_the_report_is_readable_in_the_dark(lab: Any, tmp_path: Path) -> None:
    """JupyterLab's dark theme: the text of the report has enough contrast there too."""
    lab.get_by_role("menuitem", name="Settings", exact=True).click()
    lab.get_by_text("Theme", exact=True).hover()
    lab.get_by_text("JupyterLab Dark", exact=True).click()
    lab.wait_for_selector("body[data-jp-theme-light='false']", state="attached")
    choose(lab, "Run", "Run All Cells")
    lab.wait_for_selector(HINT)
    assert_readable(lab)
    lab.locator(REPORT).screenshot(path=tmp_path / "dark.png")


# What is painted behind a text is what its ancestors paint over each other.
CONTRASTS = """selector => {
  const parse = text => {
    const [r, g, b, a = 1] = text.match(/[\\d.]+/g).map(Number); return {rgb: [r, g, b], a};
  };
  const over = (top, below) => top.rgb.map((c, i) => c * top.a + below[i] * (1 - top.a));
  const light = rgb => rgb.map(c => c / 255).map(c => c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [.2126, .7152, .0722][i], 0);
  const behind = element => {
    if (!element) return [255, 255, 255];
    return over(parse(getComputedStyle(element).backgroundColor), behind(element.parentElement));
  };
  const found = [];
  for (const element of document.querySelectorAll(selector + ' *')) {
    if (![...element.childNodes].some(each => each.nodeType === 3 && each.data.trim())) continue;
    let alpha = 1;
    for (let at = element; at; at = at.parentElement) alpha *= Number(getComputedStyle(at).opacity);
    const ground = behind(element), color = parse(getComputedStyle(element).color);
    const a = light(over({rgb: color.rgb, a: color.a * alpha}, ground)), b = light(ground);
    found.push([(Math.max(a, b) + .05) / (Math.min(a, b) + .05), element.innerText]);
  }
  return found;
}"""


def assert_readable(page: Any) -> None:
    """WCAG 2.2, 1.4.3: every text has a contrast of at least 4.5 to 1."""
    for selector in (REPORT, HINT):
        contrasts = page.evaluate(CONTRASTS, selector)
        assert len(contrasts) > 5
        assert [each for each in contrasts if each[0] < 4.5] == []
