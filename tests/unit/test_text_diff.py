"""Words added and taken out, never half a word."""

from hypothesis import given
from hypothesis import strategies as st

from desktop_app.services.text_diff import Edit, text_diff

SENTENCES = st.lists(st.sampled_from(["dak", "zon", "plein", ",", ".", "en"]), max_size=12).map(
    " ".join
)


@given(SENTENCES, SENTENCES)
def test_both_sides_can_be_read_back(base: str, other: str) -> None:
    pieces = text_diff(base, other)
    assert "".join(p.text for p in pieces if p.edit is not Edit.ADDED) == base
    assert "".join(p.text for p in pieces if p.edit is not Edit.REMOVED) == other


def test_only_the_new_words_are_marked() -> None:
    pieces = text_diff("op het dak.", "op het dak, voor 60 huishoudens.")
    added = [piece.text for piece in pieces if piece.edit is Edit.ADDED]
    assert added == [", voor 60 huishoudens"]
