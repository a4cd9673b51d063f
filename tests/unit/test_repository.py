"""The repository's own rules: what stands where, and what stands nowhere."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from dlgrade import catalog, content, datasets

TOP_LEVEL = {
    ".ci",
    ".gitignore",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "constraints.txt",
    "datasets",
    "docs",
    "exercises",
    "grader",
    "pyproject.toml",
    "solutions",
    "tests",
}
MADE_BY_TOOLS = {".git", ".hypothesis", ".venv", "__pycache__", "build", "dist"}

given = pytest.mark.parametrize("exercise", catalog.exercises(), ids=lambda exercise: exercise.folder)


def files(folder: Path) -> Iterator[Path]:
    """Yield every file that is no tool's own."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not any(map(of_a_tool, path.relative_to(folder).parts)):
            yield path


def of_a_tool(name: str) -> bool:
    return name in MADE_BY_TOOLS or name.endswith("_cache")


def test_the_top_level_holds_what_a_repository_needs_and_nothing_else(checkout: Path):
    found = {path.name for path in checkout.iterdir()}
    assert {name for name in found if not of_a_tool(name)} == TOP_LEVEL


def test_content_is_no_package(checkout: Path):
    # An __init__.py in datasets/ would shadow an installed `datasets`.
    for name in ("exercises", "solutions", "datasets"):
        assert not list((checkout / name).rglob("__init__.py"))


def test_every_exercise_folder_is_mirrored_among_the_solutions(checkout: Path):
    exercises = [path.name for path in content.folders(checkout / "exercises")]
    assert exercises == [path.name for path in content.folders(checkout / "solutions")]
    assert exercises == [exercise.folder for exercise in catalog.exercises(checkout / "exercises")]


@given
def test_an_exercise_folder_holds_four_files(exercise: catalog.Exercise, checkout: Path):
    folder = checkout / "exercises" / exercise.folder
    expected = {"README.md", "exercise.toml", "test_examples.py", exercise.entry}
    assert {path.relative_to(folder).as_posix() for path in files(folder)} == expected


@given
def test_a_solution_folder_holds_a_reference_a_suite_mistakes_and_variants(
    exercise: catalog.Exercise, checkout: Path
):
    folder = checkout / "solutions" / exercise.folder
    assert {path.name for path in folder.iterdir()} >= {
        exercise.entry,
        "test_hidden.py",
        "mistakes",
        "variants",
    }
    assert len(content.modules(folder / "mistakes")) >= 10
    assert len(content.modules(folder / "variants")) >= 4


@given
def test_a_mistake_says_what_a_tutor_would_and_which_criteria_it_loses(
    exercise: catalog.Exercise, checkout: Path
):
    criteria = {criterion.id for criterion in exercise.criteria} | {"by_hand", "loads"}
    for path in content.modules(checkout / "solutions" / exercise.folder / "mistakes"):
        said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        match = re.fullmatch(r"(?s)(?P<tutor>\S.*)\n\nLoses: (?P<ids>[\w, ]+)", said)
        assert match, path.name
        assert {each.strip() for each in match["ids"].split(",")} <= criteria, path.name


@given
def test_every_criterion_has_three_or_four_hints(exercise: catalog.Exercise):
    for criterion in exercise.criteria:
        assert 3 <= len(criterion.hints) <= 4, criterion.id


@given
def test_a_starter_says_todo_in_every_function(exercise: catalog.Exercise, checkout: Path):
    starter = ast.parse(
        (checkout / "exercises" / exercise.folder / exercise.entry).read_text(encoding="utf-8")
    )
    functions = {node.name: node for node in starter.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    for name in exercise.functions:
        assert ast.get_docstring(functions[name]), name
        assert "TODO" in ast.unparse(functions[name]), name


@given
def test_no_exercise_tells_what_is_kept_back(exercise: catalog.Exercise, checkout: Path):
    for path in files(checkout / "exercises" / exercise.folder):
        assert "solutions/" not in path.read_text(encoding="utf-8"), path.name


def test_every_data_set_says_where_it_comes_from_and_how_it_was_made(checkout: Path):
    folder = checkout / "datasets"
    assert datasets.names(folder)
    for name in datasets.names(folder):
        source = datasets.source(name, folder)
        assert source.source
        assert source.licence
        assert (folder / source.made_by).is_file()
    described = {path.stem for path in folder.glob("*.toml")}
    assert described == set(datasets.names(folder))


def test_no_module_is_longer_than_500_lines(checkout: Path):
    for path in (checkout / "grader").rglob("*.py"):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 500, path


def test_everything_the_package_imports_is_declared(checkout: Path):
    project = tomllib.loads((checkout / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [each for name, each in project["optional-dependencies"].items() if name != "dev"]
    wanted = [*project["dependencies"], *(each for extra in extras for each in extra)]
    # IPython imports us; nobody has to ask for it.
    declared = {re.match(r"[\w-]+", each)[0] for each in wanted} | {"IPython"}
    imported = {
        name.partition(".")[0]
        for path in (checkout / "grader").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in names(node)
    }
    assert imported - set(sys.stdlib_module_names) - {"dlgrade"} <= declared


def names(node: ast.AST) -> list[str]:
    """Return the modules that an import names."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and node.module else []


def test_constraints_pin_everything_that_is_installed_by_them(checkout: Path):
    lines = (checkout / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert all(re.fullmatch(r"[a-z0-9-]+==[\w.]+", pin) for pin in pins)
    assert pins == sorted(pins, key=lambda pin: pin.split("==")[0])
    assert "torch==2.13.0" in pins


def test_no_file_knows_the_machine_it_was_written_on(checkout: Path):
    # Put together here, so that this file does not hold them.
    forbidden = [f"{root}/{rest}" for root in ("/work", "/root", "/home") for rest in ("", "main", "shared")]
    for path in files(checkout):
        if path.suffix in (".npz", ".pyc"):
            continue
        text = path.read_bytes().decode("utf-8", "replace")
        found = [place for place in forbidden if re.search(rf"(?<![\w.$}}]){re.escape(place)}(?!\w)", text)]
        assert not found, (path, found)


def test_the_makefile_knows_every_target_that_is_named_elsewhere(checkout: Path):
    targets = set(re.findall(r"(?m)^([a-z-]+):", (checkout / "Makefile").read_text(encoding="utf-8")))
    for name in ("README.md", "CONTRIBUTING.md", ".ci/run"):
        text = (checkout / name).read_text(encoding="utf-8")
        assert set(re.findall(r"`make ([a-z-]+)", text)) <= targets, name


def test_the_ci_script_is_a_script(checkout: Path):
    script = checkout / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    subprocess.run(["bash", "-n", script], check=True)
