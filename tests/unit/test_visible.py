"""Text that is shown and never obeyed."""

from hypothesis import given
from hypothesis import strategies as st

from dlgrade.render.visible import holds, lines, visible

anything = st.text(st.characters(exclude_categories=()))


@given(anything, st.sampled_from(["utf-8", "ascii", "cp437", "cp1252", "no-such-encoding"]))
def test_whatever_the_text_it_is_printable_in_its_encoding(text, encoding):
    """No control character, bidi mark or lone surrogate is left, and the encoding can hold the rest."""
    shown = visible(text, encoding)
    assert shown.isprintable()
    assert shown.isascii() or holds(encoding, shown)
    assert visible(shown, encoding) == shown


@given(st.text().filter(str.isprintable))
def test_what_a_terminal_can_show_stays_as_it_is(text):
    """Letters, symbols and emoji of any script are not touched."""
    assert visible(text) == text


def test_our_own_typography_has_a_plain_form():
    """A dash is a hyphen where there is no dash; what has no plain form is written as an escape."""
    assert visible("0.5 → 0.3 – “a” × é", "ascii") == '0.5 -> 0.3 - "a" x \\xe9'


def test_lines_end_at_newlines_only():
    """Other separators do not begin a line, or a learner could begin one of ours."""
    assert lines("a\r\nb\nc\u2028d\x0be\x85f\rg\n\n") == ["a", "b", "c\u2028d\x0be\x85f\rg"]
    assert lines("\tx\n") == ["    x"]
    assert lines("") == lines("\n\n") == []
