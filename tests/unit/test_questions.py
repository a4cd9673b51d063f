"""The questions of a manifest: what is refused, and that dlgrade's own are as they should be."""

from pathlib import Path

import pytest

from dlgrade import catalog, manifest
from dlgrade.authoring import quizzes, scaffold
from dlgrade.authoring.course import places
from dlgrade.errors import ManifestError
from dlgrade.learning import quiz
from dlgrade.questions import Choice

CHOICE = """
[[quiz]]
id = "stacked"
kind = "choice"
question = "Why?"
options = [
    { text = "So.", because = "Indeed.", right = true },
    { text = "Not so.", because = "No." },
]
"""
NUMBER = """
[[quiz]]
id = "step"
kind = "number"
question = "Where is w?"
answer = 0.48
tolerance = 0.001
because = "It goes down."
otherwise = "Which way?"
slips = [{ answer = 0.52, because = "That is up." }]
code = \"\"\"
from entropy import double

round(double(0.24), 2)
\"\"\"
"""
PREDICT = NUMBER.replace('"number"', '"predict"').replace('"step"', '"guess"')

each_exercise = pytest.mark.parametrize("exercise", catalog.exercises(), ids=lambda exercise: exercise.folder)


@pytest.fixture
def folder(tmp_path):
    """Scaffold an exercise."""
    scaffold.new("entropy", tmp_path / "exercises", tmp_path / "solutions")
    (found,) = (tmp_path / "exercises").iterdir()
    return found


def add(folder: Path, text: str) -> None:
    with (folder / "exercise.toml").open("a") as file:
        file.write(text)


def said(folder: Path) -> list[str]:
    """Return what the lint says of the quiz."""
    (place,) = places((), folder.parent.parent, None)
    return [finding.advice for finding in quizzes.findings(place)]


def test_a_quiz_is_read_with_the_manifest(folder):
    """Each kind has its own type, and an exercise need not have any."""
    assert manifest.read(folder).quiz == ()
    add(folder, CHOICE + NUMBER + PREDICT)
    kinds = [type(each).__name__ for each in manifest.read(folder).quiz]
    assert kinds == ["Choice", "Number", "Predict"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (CHOICE + CHOICE, "quiz 'stacked': the id stands there twice."),
        (CHOICE.replace('"stacked"', '"a b"'), "quiz 'a b': the id is not a name in Python."),
        (CHOICE.replace('"Why?"', '" "'), "quiz 'stacked': the question is empty."),
        (CHOICE.replace(", right = true", ""), "quiz 'stacked': 0 options are right; exactly one has to be."),
        (CHOICE.replace('"No."', '"No.", right = true'), "2 options are right; exactly one has to be."),
        (CHOICE.replace('"Not so."', '"So."'), "two options have the same text."),
        (CHOICE.replace('"No."', '""'), "an option has no text, or does not say because."),
        (CHOICE.replace('"choice"', '"essay"'), "quiz"),
        (CHOICE.replace('"choice"', '"number"'), "quiz"),
        (CHOICE + "reward = 1\n", "unknown field 'reward'"),
        (NUMBER.replace("0.52", "0.4805"), "the slip 0.4805 is within the tolerance of the right answer."),
        (
            NUMBER.replace("slips = [", 'slips = [{ answer = 0.5201, because = "x" },'),
            "the slip 0.52 is within the tolerance of another.",
        ),
        (NUMBER.replace('"That is up."', '""'), "the slip 0.52 does not say because."),
        (NUMBER.replace('"Which way?"', '""'), "because or otherwise is empty."),
        (NUMBER.replace("0.001", "0.0"), "quiz"),
        (NUMBER.replace("0.48\n", "inf\n", 1), "quiz"),
        (NUMBER.replace("round(", "x = round("), "the last line of code is to be an expression, the number."),
        (NUMBER.replace("round(", "round(("), "code is no Python: "),
        (PREDICT.split("code =")[0], "quiz 'guess': a prediction needs the code that gives the number."),
    ],
)
def test_a_quiz_that_breaks_the_rules_is_refused_in_a_sentence(folder, text, sentence):
    """The file, the question and what is wrong with it."""
    add(folder, text)
    with pytest.raises(ManifestError) as refused:
        manifest.read(folder)
    assert str(refused.value).startswith(f"{folder.name}/exercise.toml: ")
    assert sentence in str(refused.value)


def test_the_lint_recomputes_what_a_question_claims(folder):
    """By its code, with the reference to import; a number may be rounded, but not be another."""
    add(folder, CHOICE + NUMBER + PREDICT)
    assert said(folder) == []
    text = (folder / "exercise.toml").read_text()
    (folder / "exercise.toml").write_text(text.replace("answer = 0.48", "answer = 0.481"))
    assert said(folder)[0] == "quiz 'step': its code gives 0.48 and the answer is 0.481; make them alike."
    (folder / "exercise.toml").write_text(text.replace("from entropy import", "from entropy import no,"))
    assert said(folder)[0].startswith("quiz 'step': its code raises ImportError: ")
    (folder / "exercise.toml").write_text(text.replace("round(double(0.24), 2)", "print(double(0.24))"))
    assert said(folder)[0].startswith("quiz 'step': its code ")
    (folder / "exercise.toml").write_text(text.replace("options = [", 'code = "assert 1 == 2"\noptions = ['))
    assert said(folder)[0].startswith("quiz 'stacked': its code raises AssertionError; mend")


def test_the_lint_counts_the_questions(folder):
    """Three to six, or none."""
    add(folder, CHOICE)
    assert said(folder) == ["the quiz has 1 question; make it 3 to 6, or none."]


@each_exercise
def test_every_exercise_has_three_to_six_questions_that_hold(exercise):
    """Their code gives their answers, and every answer, right or wrong, gets what the manifest says of it."""
    assert 3 <= len(exercise.quiz) <= 6
    if "torch" in exercise.tools:
        pytest.importorskip("torch")
    if exercise.solutions() is None:
        pytest.skip("needs the solutions")
    (place,) = places([exercise.id], None, None)
    assert list(quizzes.findings(place)) == []


def test_the_right_option_has_no_favourite_place():
    """Neither in each exercise nor in all: who always takes the same letter is wrong most of the time."""
    where = [
        next(letter for letter, option in quiz.options(exercise, each).items() if option.right)
        for exercise in catalog.exercises()
        for each in exercise.quiz
        if isinstance(each, Choice)
    ]
    assert set(where) == set("abcd")
    assert max(where.count(letter) for letter in "abcd") <= len(where) / 2


@each_exercise
def test_every_wrong_option_has_a_reason_of_its_own(exercise):
    """No two answers to a question are told the same."""
    for each in exercise.quiz:
        said = (
            [option.because for option in each.options]
            if isinstance(each, Choice)
            else [each.because, each.otherwise, *(slip.because for slip in each.slips)]
        )
        assert len(set(said)) == len(said), each.id
        assert all(text.endswith((".", "?", ")")) for text in said), each.id
