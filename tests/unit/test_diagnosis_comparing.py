"""What is said of answers beside the right ones, and when nothing is."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from dlgrade.diagnosis.clues import Clues
from dlgrade.diagnosis.comparing import Comparison
from dlgrade.sandbox.session import Outcome
from dlgrade.transcript import Call
from dlgrade.wire.messages import Trouble

RAISED = Outcome(trouble=Trouble(type_name="TypeError", bases=[], text="no", frames=[]))


def comparison(**clues: Any) -> Comparison:
    names = {"f": ("loss", "grads")}
    return Comparison(Clues(**clues), {"f": ("x", "n")}, {}, names, 1e-9, frozenset())


def silent(calls: Sequence[Call]) -> Iterator[tuple[Call, Any]]:
    """A reference that answers nothing else."""
    return iter([(call, None) for call in calls])


def said(
    got: Callable[[int], Outcome], right: Callable[[int], Outcome], count: int = 24, **clues: Any
) -> str | None:
    rng = np.random.default_rng(5)
    arguments = [(rng.uniform(-3, 3, 4) + 10 * (i % 2), i) for i in range(count)]
    calls = [Call("f", given, {}, None, (), False, got(i)) for i, given in enumerate(arguments)]
    return comparison(**clues).sentence("f", calls, [right(i) for i in range(count)], silent)


def right(i: int) -> Outcome:
    return Outcome((0.5 + i, np.arange(1.0, 4.0) * (i + 1) ** 1.5))


def test_the_one_value_that_is_wrong_is_named():
    """Where all else is right, that is said."""
    assert said(lambda i: Outcome((0.5 + i, 7.0 * np.arange(1.0, 4.0) ** i)), right) == (
        "Only grads is wrong, the rest is right."
    )


def half_wrong(i: int) -> Outcome:
    return Outcome((0.5 + i, 7.0 * np.arange(1.0, 4.0) ** i))


def raises_at_times(i: int) -> Outcome:
    return RAISED if i % 5 == 2 else half_wrong(i)


def nothing_at_times(i: int) -> Outcome:
    return Outcome(None) if i % 5 == 2 else half_wrong(i)


def writes(i: int) -> Outcome:
    return Outcome((2.0 * (0.5 + i), right(i).value[1]), changed=("0",))


def ends_early(i: int) -> Outcome:
    return Outcome({"lr": np.linspace(1, 0.5, 5 - i % 2), "loss": [1.0, 0.5, 0.25]})


def either_is_wrong(i: int) -> Outcome:
    loss, grads = right(i).value
    return Outcome((loss + (i % 4 == 1) * i**0.5, grads + (i % 4 == 3) * np.sin(np.arange(3.0) + i)))


def test_nothing_is_called_right_where_a_call_raised():
    """What an exception left out might be wrong as well."""
    assert said(raises_at_times, right) is None
    assert said(raises_at_times, right, links={"f": ("loss", "grads")}) is None


def test_nothing_is_called_right_where_nothing_came():
    """Of what does not come nobody can say that it is right."""
    assert said(nothing_at_times, right, links={"f": ("loss", "grads")}) is None


def test_numbers_are_not_compared_where_arguments_were_changed():
    """The change is what is wrong; the numbers come of it."""
    assert said(writes, right) is None


def test_where_arguments_are_changed_is_told_by_what_is_given():
    """What is left out, None or of a shape may say when the function writes."""
    asked = [
        Call("f", (np.ones((2, 3)) * i, None if i % 3 else i), {}, None, (), False, outcome)
        for i in range(20)
        for outcome in [Outcome(1.0, changed=("0",) if i % 3 else ())]
    ]
    words = comparison().sentence("f", asked, [Outcome(1.0)] * 20, silent)
    assert words == "`f` is right except where `n` is None."


def test_lists_of_another_length_say_nothing_of_the_numbers_given():
    """A list that ends too early is not wrong because numbers are large."""
    whole = ends_early(0)
    assert said(ends_early, lambda _: whole) == "Only lr is wrong, the rest is right."


def test_a_condition_for_all_that_goes_wrong_is_not_one_for_a_single_value():
    """The large numbers spoil either of two values: each alone is right for some of them."""
    words = said(either_is_wrong, right, links={"f": ("loss", "grads")})
    assert words == "`f` is right except where `x` holds large numbers (here from 9.45 on)."
