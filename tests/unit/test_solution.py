"""The solution: who may see it, and how it stands beside the learner's code."""

import re
from datetime import UTC, datetime

import pytest

from dlgrade import catalog, solution
from dlgrade.comparison import parts
from dlgrade.errors import CatalogError, WithheldError
from dlgrade.progress import Checked, Finding, Record
from dlgrade.render.solution import render, render_list
from dlgrade.settings import Classroom, Settings
from dlgrade.solution import Solution

NOW = datetime.now(UTC)
THEIRS = '''
import numpy as np

SCALE = 2.0  # both use it


def double(x):
    """Return twice x."""
    return SCALE * x  # 2·x


def add(a, b):
    return a + b
'''
YOURS = '''
"""Mine."""

def helper(x):
    """Mine too."""
    return x + x

# what is asked for
@print
def double(x):
    """Return twice x.

    At length.
    """
    return helper(x)

print("hello")

if __name__ == "__main__":
    add = None
'''


@pytest.fixture
def exercise():
    return catalog.find("exercise03")


def settled(solutions=None):
    return Settings(Classroom(solutions=solutions))


def checked(exercise, *open_, scope="suite"):
    """Return the record of a check in which these criteria were not passed."""
    findings = {
        each.id: Finding("failed" if each.id in open_ else "passed", "d", NOW) for each in exercise.criteria
    }
    passed = not open_
    last = Checked(at=NOW, digest="d", scope=scope, points=0.0, max_points=10.0, passed=passed)
    return Record(last=last, findings=findings)


def refused(exercise, record, settings, **options):
    with pytest.raises(WithheldError) as caught:
        solution.permit(exercise, record, settings, **({"spoil": False} | options))
    return str(caught.value)


def test_it_is_shown_after_everything_was_passed_once(exercise):
    """Whatever became of the file since."""
    record = Record(first_passed=NOW)
    assert not solution.permit(exercise, record, settled(), spoil=False)
    assert not solution.permit(exercise, record, settled("after-passing"), spoil=False)


def test_before_that_one_sentence_says_what_is_missing(exercise):
    """The criteria that were not passed, or that nothing is known, and what overrules."""
    assert refused(exercise, checked(exercise, "backward"), settled()) == (
        "The solution of exercise03 is shown once everything is passed, "
        "and backward was not at the last check; --spoil shows it all the same."
    )
    assert "backward, sgd_step and mlp_loss were not at the last check;" in refused(
        exercise, checked(exercise, "backward", "mlp_loss", "sgd_step"), settled()
    )
    nothing = "no check of the whole exercise is remembered (dlgrade check exercise03 makes one)"
    assert nothing in refused(exercise, Record(), settled())
    assert nothing in refused(exercise, checked(exercise, scope="examples"), settled())
    assert "passed one at a time" in refused(exercise, checked(exercise), settled())


def test_who_learns_alone_may_spoil_it(exercise):
    """Asked for once, it is not refused again, and is still called spoilt."""
    assert solution.permit(exercise, Record(), settled(), spoil=True)
    assert solution.permit(exercise, Record(spoilt=NOW), settled(), spoil=False)


def test_in_a_class_the_teacher_decides(exercise):
    """A setting overrules --spoil, and what was spoilt before."""
    for record in (Record(), Record(spoilt=NOW)):
        said = refused(exercise, record, settled("after-passing"), spoil=True)
        assert said.endswith("; so it was settled for this class.")
        assert "--spoil" not in said
        assert not solution.permit(exercise, record, settled("always"), spoil=False)
    for record in (Record(), Record(first_passed=NOW)):
        assert "is not shown" in refused(exercise, record, settled("never"), spoil=True)


def test_where_the_solutions_are_not_here_it_says_so(exercise, tmp_path):
    """A machine of a class has none of them."""
    with pytest.raises(WithheldError, match=r"^The solution of exercise03 is not on this machine\.$"):
        solution.folder(exercise, tmp_path)


def test_every_variant_of_every_exercise_has_a_sentence():
    """So that a list of them says more than names."""
    for each in catalog.exercises():
        where = solution.folder(each)
        for variant in solution.variants(where):
            assert variant.about.endswith((".", "…")), (each.id, variant.name)
            assert "%%" not in variant.about


def test_a_variant_that_there_is_not_is_answered_with_those_there_are(exercise):
    """A typing mistake is no fault of dlgrade's."""
    where = solution.folder(exercise)
    assert solution.variant(where, "plain_python").name == "plain_python"
    with pytest.raises(CatalogError, match=r"no variant 'plain'; there are: .*plain_python"):
        solution.variant(where, "plain")


def test_functions_are_paired_by_name_in_the_order_of_the_exercise():
    """Without their docstrings, with what is said above them; the rest comes last, without imports."""
    add, double, rest = parts(THEIRS, YOURS, ["add", "double"])
    assert (add.name, add.theirs, add.yours) == ("add", "def add(a, b):\n    return a + b", None)
    assert double.theirs == "def double(x):\n    return SCALE * x  # 2·x"
    assert double.yours == "# what is asked for\n@print\ndef double(x):\n    return helper(x)"
    assert rest.name is None
    assert rest.theirs == "SCALE = 2.0  # both use it"
    assert rest.yours == 'def helper(x):\n    """Mine too."""\n    return x + x'


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("double = lambda x: 2 * x\n", "double = lambda x: 2 * x"),
        ("double: object = len\n", "double: object = len"),
        ("def double(x): return x\ndef double(x): return 2 * x\n", "def double(x): return 2 * x"),
        ('def double(x): """Twice."""; return 2 * x\n', 'def double(x): """Twice."""; return 2 * x'),
        ('def double(x):\n    """TODO"""\n', 'def double(x):\n    """TODO"""'),
        (
            "if True:\n    def double(x):\n        return x\n",
            "if True:\n    def double(x):\n        return x",
        ),
        (
            "class double:\n    def f(self):\n        'Doc.'\n        return 2\n",
            "class double:\n    def f(self):\n        return 2",
        ),
        ("from somewhere import double\n", None),
        ("", None),
    ],
)
def test_a_name_may_be_defined_in_other_ways(source, found):
    """What defined it last is shown; what was only imported has no source."""
    assert parts(THEIRS, source, ["double"])[0].yours == found


def test_every_reference_defines_what_its_exercise_asks_for():
    """Nothing is left to be called not defined."""
    for each in catalog.exercises():
        reference = solution.reference(each, solution.folder(each))
        shown = solution.beside(each, reference, reference.source)
        assert all(part.theirs is not None and part.theirs == part.yours for part in shown), each.id


@pytest.fixture
def page(exercise):
    """Return a function that renders the two small sources at a width."""

    def make(theirs=THEIRS, yours=YOURS, **options):
        shown = parts(theirs, yours, ["double", "add"])
        right = Solution("reference", "", theirs)
        others = (Solution("loops", "In plain loops.", ""),)
        given = {"width": 120, "yours": "toy.py" if yours is not None else None}
        return render(exercise, right, shown, others, **(given | options))

    return make


def test_on_a_wide_terminal_both_stand_side_by_side(page):
    """The reference at the left, yours at the right, each function under its name."""
    shown = page()
    assert re.search(r"── double · reference +── double · your toy\.py\n", shown)
    assert re.search(r"def double\(x\): +# what is asked for\n", shown)
    assert re.search(r"def add\(a, b\): +\(not defined\)\n", shown)


@pytest.mark.parametrize("width", [24, 80, 99])
def test_on_a_narrow_one_yours_stands_below(page, width):
    """Nothing is cut off and no line of source is broken."""
    shown = page(width=width)
    assert shown.index("double · reference") < shown.index("double · your toy.py")
    assert "\n    return SCALE * x  # 2·x\n" in shown
    assert "\n    return helper(x)\n" in shown


def test_lines_that_do_not_fit_beside_each_other_are_not_broken(page):
    """That function alone is set one below the other."""
    long = f"def double(x):\n    return {' + '.join(['x'] * 40)}\n"
    shown = page(yours=long + "\n\ndef add(a, b):\n    return b + a\n")
    assert f"\n{long.splitlines()[1]}\n" in shown
    assert re.search(r"return a \+ b +return b \+ a\n", shown)


def test_without_a_file_the_reference_stands_alone(page):
    """There is nothing that could be called not defined."""
    shown = page(yours=None, remarks=["Your toy.py was not found."])
    assert "your" not in shown.replace("beside your code", "")
    assert "Your toy.py was not found.\n" in shown
    assert "not defined" not in shown


def test_the_variants_are_named_at_the_end(page, exercise):
    """Each with its sentence, and with how to see one."""
    shown = page()
    assert re.search(r"\n  loops +In plain loops\.\n", shown)
    assert shown.endswith("dlgrade solution exercise03 --variant loops shows one of them beside your code.\n")
    assert "loops" in render_list(exercise, (Solution("loops", "In plain loops.", ""),), width=30)
    assert render_list(exercise, ()) == "exercise03 has no variants.\n"


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
@pytest.mark.parametrize("width", [40, 120])
def test_source_is_shown_and_not_obeyed(page, encoding, width):
    """Escape sequences and turned text in the learner's source do not reach the terminal."""
    shown = page(yours="def double(x):\n    return '\x1b[31m\u202e ✓'\n", encoding=encoding, width=width)
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert shown.encode(encoding)


def test_colours_change_nothing_but_colours(page):
    """With the escape sequences taken out, both are the same."""
    for width in (60, 120):
        colored = page(width=width, color=True)
        assert "\x1b[" in colored
        lines = [line.rstrip() for line in re.sub(r"\x1b\[[\d;]*m", "", colored).splitlines()]
        assert lines == page(width=width).splitlines()
