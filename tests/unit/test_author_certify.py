"""What a certificate says, and the list of mutants that are right too."""

from pathlib import Path
from types import SimpleNamespace

import pytest

pytest.importorskip("libcst")

from dlgrade.authoring import certificate, certify, equivalents, scaffold
from dlgrade.authoring.course import Place, places
from dlgrade.authoring.equivalents import Equivalent
from dlgrade.authoring.evidence import Evidence
from dlgrade.authoring.mutants import Mutant
from dlgrade.authoring.pool import Verdict
from dlgrade.errors import ManifestError

ENTRY = '[[equivalent]]\nfunction = "f"\nline = "return 2 | x"\nchange = "2 -> 3"\nreason = "Both."\n'


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Scaffold an exercise."""
    scaffold.new("entropy", tmp_path / "exercises", tmp_path / "solutions")
    (found,) = places((), tmp_path, None)
    return found


def verdict(points=10.0, lost=(), diagnosis=None, todo=(), stated=()):
    """Return a verdict with as much of a report as a certificate looks at."""
    criteria = [SimpleNamespace(id=each, status="failed") for each in lost]
    tests = [SimpleNamespace(diagnosis=diagnosis, todo=False, function="double")]
    tests += [SimpleNamespace(diagnosis=None, todo=True, function=each) for each in todo]
    report = SimpleNamespace(points=points, passed=not lost, criteria=criteria, tests=tests, ours=False)
    return Verdict(report, stated=tuple(stated))


def measured(place: Place, *tried: certify.Tried, **changes) -> certify.Measured:
    """Return measurements in which all is well."""
    right, starter = verdict(stated=[1e-11, 2e-11]), verdict(0.0, ["double"], todo=["double"])
    wrong = verdict(0.0, ["double"], "For 2 yours is right. And for 3?")
    mistakes = {"squared_instead_of_doubled": changes.get("mistake", wrong)}
    gathered = Evidence((right, right), (starter, starter), mistakes, {"entry_by_entry": right})
    return certify.Measured(place, gathered, tried, [])


def mutant(change: str) -> Mutant:
    return Mutant("f", "return 2 | x", "constant", change, "")


def test_a_certificate_says_what_was_measured(place: Place):
    """Each line of the summary, and both matrices."""
    killed = certify.Tried(mutant("2 -> 0"), True, None)
    same = certify.Tried(mutant("2 -> 3"), False, Equivalent("f", "return 2 | x", "2 -> 3", "Both."))
    text = certificate.text(measured(place, killed, same))
    for line in (
        "| the reference | 10 of 10 points, the same report twice |",
        "| the starter | 0 points, 1 of 1 functions to do |",
        "| variants | 1 of 1 earn everything |",
        "| mistakes | 1 of 1 lose exactly their criteria |",
        "| mutants | 1 of 1 are caught (100.0 %); 1 more are right too, see below |",
        "| `squared_instead_of_doubled` | ✗ | yes |",
        "| `entry_by_entry` | 10 |",
        "| constant | 2 | 1 | 1 |",
        "- f, `return 2 | x`: `2 -> 3`. Both.",
    ):
        assert f"\n{line}\n" in text
    assert "with a probability of at most 3.0e-11, the sum of what 2 checks state" in text
    assert "1 of 1 mistakes are named by their own sentence; nothing is said of a right file" in text


def test_a_certificate_hides_no_weakness(place: Place):
    """A survivor without a reason, a mistake that loses nothing or is not named."""
    survivor = certify.Tried(mutant("2 -> 1"), False, None)
    text = certificate.text(measured(place, survivor, mistake=verdict()))
    assert "0 of 1 lose exactly their criteria" in text
    assert "0 of 1 mistakes are named" in text
    assert "0 of 1 are caught (0.0 %)" in text
    assert "`2 -> 1`. nobody says why" in text


def test_what_is_ruled_out_needs_no_diagnosis(place: Place):
    """It is told by name and line; the certificate says so instead of calling the mistake unnamed."""
    file = place.solution / "mistakes" / "squared_instead_of_doubled.py"
    file.write_text(file.read_text().replace("Loses: double", "Loses: double, by_hand"))
    text = certificate.text(measured(place, mistake=verdict(0.0, ["double", "by_hand"])))
    assert "| `squared_instead_of_doubled` | ✗ | ruled out |" in text
    assert "0 of 1 mistakes are named by their own sentence, 1 by what they use that is ruled out; " in text


def test_a_certificate_is_compared_without_its_versions(place: Place):
    """Another Python is no difference; another line is, and shown as a diff."""
    text = certificate.text(measured(place))
    assert certify.differences(place, text).startswith("--- ")
    certify.path(place).write_text(text.replace("Made with Python ", "Made with Python 9"))
    assert certify.differences(place, text) == ""
    certify.path(place).write_text(text.replace("1 of 1 earn", "0 of 1 earn"))
    assert "-| variants | 0 of 1 earn everything |\n+| variants | 1 of 1" in certify.differences(place, text)


def test_the_list_of_right_mutants_is_read(tmp_path: Path):
    """By what tells a mutant from the others; without a file there are none."""
    assert equivalents.read(tmp_path) == {}
    (tmp_path / "equivalent.toml").write_text(ENTRY)
    assert equivalents.read(tmp_path)["f", "return 2 | x", "2 -> 3"].reason == "Both."


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (ENTRY + ENTRY, "stands there twice"),
        (ENTRY.replace("Both.", " "), "has no reason"),
        (ENTRY.replace("reason", "because"), "unknown field `because`"),
        ("[[equivalent", "equivalent.toml: "),
    ],
)
def test_a_list_that_says_something_else_is_refused(tmp_path: Path, text: str, words: str):
    """The sentence names the file."""
    (tmp_path / "equivalent.toml").write_text(text)
    with pytest.raises(ManifestError, match=r"equivalent\.toml: ") as caught:
        equivalents.read(tmp_path)
    assert words in str(caught.value)
