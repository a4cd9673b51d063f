"""The public face of the package: what `import dlgrade` gives, and ``python -m dlgrade``."""

import json
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

import dlgrade


def test_the_public_names_are_these():
    assert sorted(dlgrade.__all__) == ["__version__", "check"]
    assert all(hasattr(dlgrade, name) for name in dlgrade.__all__)
    assert set(dlgrade.__all__) <= set(dir(dlgrade))


def test_check_is_the_graders():
    from dlgrade import check, grading

    assert check is grading.check


def test_the_version_is_the_one_that_is_installed():
    assert dlgrade.__version__ == version("dlgrade")


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="module 'dlgrade' has no attribute 'grade'"):
        _ = dlgrade.grade


def test_importing_the_package_imports_nothing_else():
    script = """
import json, sys
import dlgrade
print(json.dumps(sorted(sys.modules)))
"""
    run = subprocess.run([sys.executable, "-I", "-c", script], capture_output=True, text=True, check=True)
    modules = json.loads(run.stdout)
    assert [name for name in modules if name.partition(".")[0] == "dlgrade"] == ["dlgrade"]
    assert not {"click", "msgspec", "numpy", "importlib.metadata"} & set(modules)


def test_the_package_is_typed():
    assert Path(dlgrade.__file__).with_name("py.typed").is_file()


@pytest.mark.parametrize("words", [["list"], ["--help"], ["show", "backprop"]])
def test_python_m_dlgrade_does_what_the_script_does(words: list[str], tmp_path: Path):
    script = Path(sys.executable).with_name("dlgrade")
    runs = [
        subprocess.run([*start, *words], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
        for start in ([script], [sys.executable, "-m", "dlgrade"])
    ]
    assert runs[0].strip()
    assert runs[1].replace("python -m dlgrade", "dlgrade", 1).split() == runs[0].split()


@pytest.mark.parametrize(
    "name", ["numpy", "click", "msgspec", "tomllib", "rich", "pytest", "typing", "re", "__future__"]
)
def test_python_m_dlgrade_imports_nothing_that_lies_in_the_working_directory(name: str, tmp_path: Path):
    (tmp_path / f"{name}.py").write_text(
        "open('imported', 'w').close()\nraise SystemExit(0)\n", encoding="utf-8"
    )
    run = subprocess.run(
        [sys.executable, "-m", "dlgrade", "list"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert "exercise03" in run.stdout, run.stderr
    assert not (tmp_path / "imported").exists()


def test_python_m_dlgrade_works_in_a_folder_that_is_gone(tmp_path: Path):
    gone = tmp_path / "gone"
    gone.mkdir()
    script = f"cd {gone} && rmdir {gone} && exec {sys.executable} -m dlgrade list"
    run = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=False)
    assert "exercise03" in run.stdout, run.stderr
