"""Every format with what it takes and what it refuses, against python-stdnum where that knows it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iban as stdnum_iban
from stdnum.nl import bsn as stdnum_bsn
from stdnum.nl import postcode as stdnum_postcode

from db import formats
from db.formats import TextFormat, looks_like_bsn, looks_like_iban

FORMATS = {f.name: f for f in vars(formats).values() if isinstance(f, TextFormat)}

GOOD = {
    "postcode": ["7151AB", "1000BA", "9999XZ", "7271SB", "7271TS"],
    "house_letter": ["A", "z"],
    "house_addition": ["bis", "1", "A1", "2hsA"],
    "bag_unit": ["1859010000001234", "0155010000001234"],
    "bag_building": ["1859100000001234"],
    "bag_address": ["1859200000001234", "0155200000001234"],
    "bag_town": ["1659", "0001"],
    "cadastral": ["Groningen P 1399", "Groningen P 1400 A1", "Eibergen AB 99999",
                  "'s-Heerenberg (oud) C 1 G12"],
    "kvk": ["12345678", "00000001"],
    "establishment": ["000012345678"],
    "rsin": ["123456782", "000000012"],
    "sbi": ["47", "4711", "47110"],
    "postcode4": ["7151"],
    "cbs_area": ["WK185901", "BU18590102"],
    "cbs_municipality": ["GM1859"],
    "email": ["a@voorbeeld.example", "a.b+c@x.y.nl", "é@voorbeeld.nl"],
    "phone": ["0545123456", "+31545123456", "112"],
    "url": ["https://voorbeeld.nl", "http://voorbeeld.nl/pad?x=1#deel"],
}  # fmt: skip
BAD = {
    "postcode": ["0151AB", "7151A", "715AB", "7151 AB", "7151ab", "7151SA",
                 "7151SD", "7151SS", "7151AB ", "\u0667151AB"],
    "house_letter": ["AB", "1", "é", ""],
    "house_addition": ["12345", "a-b", " a", ""],
    "bag_unit": ["1859100000001234", "185901000000123", "18590100000012345", "1859O10000001234"],
    "bag_building": ["1859010000001234", "185910000000123x"],
    "bag_address": ["1859010000001234", ""],
    "bag_town": ["165", "16590", "16a9"],
    "cadastral": ["Groningen 1399", "Groningen p 1399", "P 1399", "Groningen P 0399",
                  "Groningen P 100000", "Groningen P 14 X1"],
    "kvk": ["1234567", "123456789", "1234567a"],
    "establishment": ["12345678", "0000123456789"],
    "rsin": ["123456789", "12345678", "1234567821", "abcdefghi"],
    "sbi": ["4", "4711000", "47.11"],
    "postcode4": ["0151", "715", "7151A"],
    "cbs_area": ["WK18590", "BU185901", "GM1859"],
    "cbs_municipality": ["1859", "GM185", "gm1859"],
    "email": ["a", "a@b", "a b@c.nl", "a@b@c.nl", "@b.nl", "a@b..nl", "a@b.nl\n", "a\tb@c.nl", "a@c.nl\x00"],
    "phone": ["06", "0545-123456", "bel mij", "0031+545", "1" * 16],
    "url": ["voorbeeld.nl", "ftp://voorbeeld.nl", "https://", "javascript:alert(1)", "https://a b",
            "https://a\nb"],
}  # fmt: skip


def test_every_format_has_samples():
    assert FORMATS.keys() == GOOD.keys() == BAD.keys()


@pytest.mark.parametrize(("name", "text"), [(n, t) for n, ts in GOOD.items() for t in ts])
def test_good_samples_are_taken(name, text):
    assert FORMATS[name].is_valid(text)
    assert FORMATS[name].normalise(text) == text


@pytest.mark.parametrize(("name", "text"), [(n, t) for n, ts in BAD.items() for t in ts])
def test_bad_samples_are_refused(name, text):
    assert not FORMATS[name].is_valid(text)


@pytest.mark.parametrize("name", FORMATS)
def test_the_example_that_people_see_is_right(name):
    text_format = FORMATS[name]
    assert text_format.is_valid(text_format.normalise(text_format.example))
    assert text_format.message.endswith(".")


@pytest.mark.parametrize(
    ("name", "typed", "stored"),
    [
        ("postcode", " 7151 ab ", "7151AB"),
        ("postcode", "7151.Ab", "7151AB"),
        ("kvk", "1234 5678", "12345678"),
        ("rsin", "1234.56.782", "123456782"),
        ("phone", "(0545) 12 34-56", "0545123456"),
        ("phone", "+31 545 123456", "+31545123456"),
        ("bag_unit", "1859 01 0000001234", "1859010000001234"),
        ("cbs_area", "bu 18590102", "BU18590102"),
        ("sbi", "47.11", "4711"),
        ("email", " a@voorbeeld.example ", "a@voorbeeld.example"),
    ],
)
def test_what_people_type_is_put_in_the_stored_form(name, typed, stored):
    assert FORMATS[name].normalise(typed) == stored
    assert FORMATS[name].is_valid(stored)


@given(st.from_regex(r"[1-9][0-9]{3}[A-Z]{2}", fullmatch=True))
def test_postcodes_agree_with_stdnum(text):
    assert formats.POSTCODE.is_valid(text) == stdnum_postcode.is_valid(text)


@given(st.from_regex(r"[0-9]{9}", fullmatch=True))
def test_rsin_and_bsn_agree_with_stdnum(text):
    """Both have the same check; nine zeros are nobody's number."""
    right = stdnum_bsn.is_valid(text)
    assert looks_like_bsn(f"nr {text}.") == right
    if text != "0" * 9:
        assert formats.RSIN.is_valid(text) == right


@given(st.integers(0, 99), st.sampled_from(["ABNA", "INGB", "RABO"]), st.integers(0, 10**10 - 1))
def test_dutch_ibans_agree_with_stdnum(check, bank, account):
    iban = f"NL{check:02}{bank}{account:010}"
    assert looks_like_iban(iban) == stdnum_iban.is_valid(iban)


@pytest.mark.parametrize(
    "text",
    [
        "Mijn nummer is 111222333",
        "bsn 1112.22.333, klopt dat?",
        "111 222 333",
    ],
)
def test_a_bsn_is_seen_in_running_text(text):
    assert looks_like_bsn(text)


@pytest.mark.parametrize(
    "text", ["bel 0545123456", "1859010000001234", "111222334", "", "2026-11-23 10:14"]
)
def test_other_numbers_are_no_bsn(text):
    assert not looks_like_bsn(text)


@pytest.mark.parametrize(
    "text",
    [
        "NL91ABNA0417164300",
        "op nl91 abna 0417 1643 00 graag",
        "rekening NL91ABNA0417164300.",
        "BE68 5390 0754 7034 voor de club",
        "DE89370400440532013000 dank",
    ],
)
def test_an_iban_is_seen_in_running_text(text):
    assert looks_like_iban(text)


@pytest.mark.parametrize(
    "text", ["NL92ABNA0417164300", "NL91", "AB12 3456 7890 1234", "", "Kavel NL12"]
)
def test_other_codes_are_no_iban(text):
    assert not looks_like_iban(text)


@pytest.mark.parametrize("name", FORMATS)
def test_the_pattern_means_the_same_in_postgresql(name):
    """Only what both regular expression languages read alike, as it becomes a CHECK there."""
    pattern = FORMATS[name].pattern
    assert re.compile(pattern)
    assert not re.search(r"\\|\(\?", pattern), "no escapes and no special groups"
