"""Words added and taken out, never half a word."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from desktop_app.services.text_diff import SHOWN, Edit, Piece, shortened, text_diff

SENTENCES = st.lists(st.sampled_from(["dak", "zon", "plein", ",", ".", "en"]), max_size=12).map(
    " ".join
)


@given(SENTENCES, SENTENCES)
def test_both_sides_can_be_read_back(base: str, other: str) -> None:
    pieces = text_diff(base, other)
    assert "".join(p.text for p in pieces if p.edit is not Edit.ADDED) == base
    assert all(one.edit is not other.edit for one, other in pairwise(pieces))
    assert "".join(p.text for p in pieces if p.edit is not Edit.REMOVED) == other


def test_only_the_new_words_are_marked() -> None:
    pieces = text_diff("op het dak.", "op het dak, voor 60 huishoudens.")
    added = [piece.text for piece in pieces if piece.edit is Edit.ADDED]
    assert added == [", voor 60 huishoudens"]


def test_neighbouring_words_change_as_one() -> None:
    pieces = text_diff("Dorpsplein opnieuw inrichten", "Dorpsplein wordt groen nu")
    assert pieces == (
        Piece(Edit.SAME, "Dorpsplein "),
        Piece(Edit.REMOVED, "opnieuw inrichten"),
        Piece(Edit.ADDED, "wordt groen nu"),
    )


def test_a_capital_alone_is_no_difference_unless_it_is_the_only_one() -> None:
    pieces = text_diff("Zonnepanelen op het dak", "120 zonnepanelen op het dak")
    assert [piece.text for piece in pieces if piece.edit is not Edit.SAME] == ["120 "]
    pieces = text_diff("de heer Smit", "De Heer Smit")
    assert {piece.edit for piece in pieces} == {Edit.SAME, Edit.ADDED, Edit.REMOVED}


def test_of_a_long_text_the_changed_part_stays_in_sight() -> None:
    lead, tail = "woord " * 200, " slot" * 200
    pieces = text_diff(lead + "oud" + tail, lead + "nieuw" + tail)
    shown = shortened(pieces, 400)
    assert [one for one in shown if one.edit is not Edit.SAME] == [
        Piece(Edit.REMOVED, "oud"), Piece(Edit.ADDED, "nieuw"),
    ]  # fmt: skip
    assert all(len(one.text) <= SHOWN + 3 for one in shown)
    assert shown[0].text.startswith("… ")
    assert shown[-1].text.endswith(" …")


def test_a_short_text_is_never_cut() -> None:
    pieces = text_diff("dak", "groen dak")
    assert shortened(pieces, 400) == pieces


def test_two_notes_of_pages_are_compared_line_by_line() -> None:
    page = "".join(f"Regel {number} over het plein.\n" for number in range(400))
    other = page.replace("Regel 200 over", "Regel 200 niet over")
    pieces = text_diff(page, other)
    assert [one.text for one in pieces if one.edit is not Edit.SAME] == ["niet "]
