"""Make the pictures of this folder again: what `dlgrade report` draws of right and of typical wrong files.

    python docs/pictures/make.py [EXERCISE ...]

Each is a screenshot of the page's pictures in Chromium, light, and of right files dark as well. README.md
shows them all with their alt texts. Needs the development dependencies and a Chromium.
"""

import argparse
import html as text
import io
import shutil
import tempfile
from pathlib import Path

import msgspec
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from dlgrade.grading import Grader, check
from dlgrade.pictures import Drawing, Picture
from dlgrade.pictures.drawing import draw
from dlgrade.render import html

HERE = Path(__file__).parent
RIGHT = "reference"
CASES = {
    "exercise00": (RIGHT, "fit_climbs", "fit_bias_never_moves"),
    "exercise01": (RIGHT, "only_ever_adds", "whole_epoch_at_once"),
    "exercise02": (RIGHT, "cross_entropy_grad_not_averaged", "softmax_winner_takes_all"),
    "exercise03": (RIGHT, "backward_target_minus_output", "mlp_sum_for_mean"),
    "exercise04": (RIGHT, "norms_slope_forgotten", "kaiming_variance_as_std"),
    "exercise05": (RIGHT, "dropout_not_scaled", "batchnorm_momentum_flipped"),
    "exercise06": (RIGHT, "train_gradients_never_cleared", "clip_norm_by_value"),
    "exercise07": (RIGHT, "conv2d_filter_flipped", "training_gradients_pile_up"),
}
WIDTH = 820
LARGEST = 150_000
PAGE = """<!DOCTYPE html>
<html lang="en"><meta charset="utf-8"><meta name="color-scheme" content="light dark">
<style>body {{ margin: 0; padding: 4px 10px; background: Canvas; color: CanvasText;
font: 16px/1.5 "DejaVu Sans", sans-serif }}</style>{}"""


def drawn(exercise: str) -> dict[str, tuple[str, tuple[Drawing, ...]]]:
    """Draw all cases of an exercise; from each case to its title and its drawings."""
    found = {}
    with Grader(exercise) as grader, tempfile.TemporaryDirectory() as folder:
        assert grader.suite_dir is not None
        file = Path(folder) / grader.exercise.entry
        right = (grader.suite_dir / grader.exercise.entry).read_text(encoding="utf-8")
        for case in CASES[exercise]:
            wrong = grader.suite_dir / "mistakes" / f"{case}.py"
            more = "" if case == RIGHT else wrong.read_text(encoding="utf-8")
            file.write_text(f"{right}\n\n{more}", encoding="utf-8")
            what = "a right file" if case == RIGHT else f"a wrong one, {case.replace('_', ' ')}"
            found[case] = (f"{exercise} {grader.exercise.name}: {what}", draw(grader, file))
    return found


def reported() -> str:
    """Grade a file that is wrong by a factor of two, for README.md's picture of a report."""
    file = HERE.parents[1] / "tests" / "submissions" / "exercise03" / "wrong_by_two.py"
    report = msgspec.structs.replace(check("exercise03", file), file="backprop.py")
    return html.fragment(report, door="shell")


def photographed(page: Page, body: str, scheme: str) -> bytes:
    """Take a picture of a page."""
    page.emulate_media(color_scheme=scheme)
    page.set_content(PAGE.format(body))
    shot = Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("RGB")
    # An octree keeps colours that are rare; a median cut would give the marks of a plot those of the text.
    few = shot.quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    buffer = io.BytesIO()
    few.save(buffer, "png", optimize=True)
    assert len(buffer.getvalue()) <= LARGEST, f"{len(buffer.getvalue())} bytes are too many"
    return buffer.getvalue()


def described(drawings: tuple[Drawing, ...]) -> str:
    """Return an alt text for all pictures of a page."""
    texts = [each.alt if isinstance(each, Picture) else each.sentence for each in drawings]
    return text.escape(" ".join(texts))


def main() -> None:
    """Make what was asked for, and the page that shows everything if that is all."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("exercises", nargs="*", metavar="EXERCISE")
    exercises = parser.parse_args().exercises or list(CASES)
    lines = ["# What `dlgrade report` draws", "", "Made by make.py; not to be edited by hand.", ""]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": WIDTH, "height": 600})
        (HERE / "report.png").write_bytes(photographed(page, reported(), "light"))
        for exercise in exercises:
            for case, (title, drawings) in drawn(exercise).items():
                name = f"{exercise}-{case}"
                body = html.pictures(drawings, level=2)
                (HERE / f"{name}.png").write_bytes(photographed(page, body, "light"))
                source = f'<img src="{name}.png" alt="{described(drawings)}">'
                if case == RIGHT:
                    (HERE / f"{name}-dark.png").write_bytes(photographed(page, body, "dark"))
                    dark = f'<source media="(prefers-color-scheme: dark)" srcset="{name}-dark.png">'
                    source = f"<picture>{dark}{source}</picture>"
                lines += [f"## {title}", "", source, ""]
                print(f"{name}: {len(drawings)} pictures")
        browser.close()
    if exercises == list(CASES):
        (HERE / "README.md").write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
