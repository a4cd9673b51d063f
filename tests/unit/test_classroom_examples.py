"""The visible tests of an exercise as cells."""

from dlgrade.classroom.examples import examples

REFERENCE = """
def one(): return 1

def two(): return one() + three()

def three(): return 1
"""

TESTS = '''"""Numbers."""

import pytest
from numbers_file import one, three, two

# What is expected.
HALF = 0.5


def close(x):
    """Nearly."""
    return pytest.approx(x * one())


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (1, 1),  # plain
        (2, 2),
    ],
)
@pytest.mark.parametrize("by", [3])
def test_table(a, b, by):
    assert one() * a == b  # noqa: PLR2004


@pytest.mark.filterwarnings("error")
def test_helper():
    assert close(HALF) == HALF


def test_needs_three():
    assert two() == 2


def test_with_a_fixture(tmp_path):
    assert three()


@pytest.mark.parametrize("x", [pytest.param(1, id="one")])
def test_with_marked_values(x):
    assert three()


def test_of_nothing():
    assert True
'''

FOUND = examples(TESTS, "numbers_file", ["one", "two", "three"], REFERENCE)


def test_tests_stand_below_the_last_function_that_they_need():
    """Also where a helper calls it, or what the reference of the function calls."""
    assert set(FOUND.beside) == {"one", "three"}
    assert "def test_helper():" in FOUND.beside["one"]
    assert "def test_needs_three():" in FOUND.beside["three"]


def test_what_all_need_comes_without_the_learners_module():
    """Imports, numbers with their comments, helpers; the functions are the notebook's own."""
    assert FOUND.common == (
        "import pytest\n\n# What is expected.\nHALF = 0.5\n\n\n"
        'def close(x):\n    """Nearly."""\n    return pytest.approx(x * one())'
    )


def test_a_table_is_a_loop():
    """Parameters are written as in the file, one loop in another; marks of linters are left out."""
    assert FOUND.beside["one"].startswith(
        "def test_table(a, b, by):\n    assert one() * a == b\n\n"
        "for a, b in [\n    (1, 1),  # plain\n    (2, 2),\n]:\n"
        "    for by in [3]:\n        test_table(a, b, by)\n"
    )


def test_what_only_pytest_can_call_is_left_out():
    """Fixtures and marked values have no plain call; a test of nothing has no place."""
    text = "\n".join(FOUND.beside.values())
    for name in ("test_with_a_fixture", "test_with_marked_values", "test_of_nothing"):
        assert name not in text


def test_the_cells_run_as_they_are():
    """In a namespace that has the functions, they say nothing."""
    scope = {}
    exec("\n".join([REFERENCE, FOUND.common, *FOUND.beside.values()]), scope)
