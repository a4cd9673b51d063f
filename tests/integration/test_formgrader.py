"""nbgrader's formgrader in a real browser, over a class that dlgrade has graded."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.browser]

PATIENCE_MS = 120_000
ASSIGNMENT = "exercise03_backprop"
BACKWARD = f"{ASSIGNMENT}-backward-test"
REPORT = "section[aria-label='exercise03 The backward pass of one neuron']"


@pytest.fixture
def course(classroom: ModuleType, tmp_path: Path, submissions: Path) -> Any:
    """Return a class of two, one right and one wrong by a factor, autograded."""
    made = classroom.Course.released(tmp_path / "class", "exercise03")
    for student, file in (("ada", "right.py"), ("bob", "wrong_by_two.py")):
        hand_in(made, student, submissions / "exercise03" / file)
    made.nbgrader("autograde", ASSIGNMENT)
    return made


def hand_in(course: Any, student: str, file: Path) -> None:
    course.submit(student, "exercise03", course.filled("exercise03", file.read_text()))


@pytest.fixture
def formgrader(course: Any, serve: Any, browser: Any) -> Any:
    """Return a page, and a function that opens one of the formgrader's pages in it."""
    address = serve(course.root)
    page = browser.new_page(viewport={"width": 1200, "height": 1100})
    page.set_default_timeout(PATIENCE_MS)
    # MathJax comes from elsewhere, and a test does not go there.
    page.route(re.compile(r"^https?://(?!127\.0\.0\.1)"), lambda route: route.abort())

    # With this page comes the cookie for all the others.
    page.goto(address("formgrader"))

    def opened(path: str) -> Any:
        page.goto(address(f"formgrader/{path}"), wait_until="domcontentloaded")
        return page

    return opened


def scores(page: Any) -> dict[str, str]:
    """Return from each student the score in the list of an assignment's submissions."""
    page.wait_for_selector("#main-table td.score")
    rows = page.locator("#main-table tr")
    return {
        row.locator("td.name .name-shown").text_content(): row.locator("td.score").inner_text()
        for row in rows.all()
    }


def open_submission(page: Any, student: str) -> None:
    """Go from the list to a student's notebook."""
    row = page.locator("#main-table tr").filter(has=page.get_by_text(student, exact=True))
    row.locator("td.name .name-hidden").click()
    page.wait_for_selector(f"#{BACKWARD}")


def manual_score(course: Any, student: str) -> float | None:
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course.root / 'gradebook.db'}") as gradebook:
        grade = gradebook.find_grade(BACKWARD, "backprop", ASSIGNMENT, student)
        score: float | None = grade.manual_score
        return score


def test_a_teacher_reads_the_report_and_changes_a_grade_that_stays(
    formgrader: Any, course: Any, submissions: Path, tmp_path: Path
) -> None:
    """The scores of the class, the report in the submission, a grade by hand, and autograding once more."""
    page = formgrader("manage_assignments")
    class_list = page.locator("#main-table tr").filter(has=page.get_by_text(ASSIGNMENT))
    assert class_list.locator("td.num-submissions").inner_text() == "2"
    page = formgrader(f"gradebook/{ASSIGNMENT}")
    page.get_by_role("link", name="backprop", exact=True).click()
    assert scores(page) == {"ada": "10 / 10", "bob": "7.5 / 10"}

    open_submission(page, "bob")
    report = page.locator(REPORT)
    said = " ".join(report.inner_text().split())
    assert "failed 0 of 2.5 points" in said
    assert "What does the square leave behind" in said
    assert page.locator("section[aria-label^='exercise03 ']").count() == 6
    # The page asks for the scores once it is there; what was typed before would be lost.
    page.wait_for_selector(f"#{BACKWARD}[placeholder='0']")
    report.scroll_into_view_if_needed()
    page.screenshot(path=tmp_path / "submission.png")

    with page.expect_response(lambda response: response.request.method == "PUT") as saved:
        page.fill(f"#{BACKWARD}", "1.25")
        page.keyboard.press("Tab")
    assert saved.value.ok
    assert manual_score(course, "bob") == 1.25
    page = formgrader(f"gradebook/{ASSIGNMENT}/backprop")
    assert scores(page) == {"ada": "10 / 10", "bob": "8.75 / 10"}

    hand_in(course, "bob", submissions / "exercise03" / "right.py")
    page = formgrader(f"manage_submissions/{ASSIGNMENT}")
    autograde(page, "bob")
    page = formgrader(f"gradebook/{ASSIGNMENT}/backprop")
    assert scores(page) == {"ada": "10 / 10", "bob": "8.75 / 10"}
    open_submission(page, "bob")
    page.wait_for_function(f"document.getElementById('{BACKWARD}').value === '1.25'")
    page.wait_for_selector(f"#{BACKWARD}[placeholder='2.5']")
    assert "passed 2.5 of 2.5 points" in " ".join(page.locator(REPORT).inner_text().split())
    assert manual_score(course, "bob") == 1.25


def autograde(page: Any, student: str) -> None:
    """Have the formgrader autograde a student's submission, by the button in the list."""
    row = page.locator("#main-table tr").filter(has=page.get_by_text(student, exact=True))
    with page.expect_response(lambda response: response.request.method == "POST") as done:
        row.locator("td.autograde a").click()
    told = done.value.json()
    assert told["success"], told
