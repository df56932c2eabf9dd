"""Every text a user can meet has its Dutch, and the Dutch fills the same places."""

import re

import pytest
from babel.messages.catalog import Catalog

from tests.tools import texts

PLACEHOLDER = re.compile(r"\{(\w*)[^{}]*\}|%\((\w+)\)[sd]")


@pytest.fixture(scope="module")
def dutch() -> Catalog:
    return texts.catalogue()


@pytest.fixture(scope="module")
def source() -> Catalog:
    return texts.extracted()


def ids(message) -> list[str]:
    """Return the singular and, if there is one, the plural id."""
    return list(message.id) if isinstance(message.id, (list, tuple)) else [message.id]


def forms(message) -> list[str]:
    """Return every Dutch form of a message."""
    many = isinstance(message.string, (list, tuple))
    return [form for form in (message.string if many else [message.string]) if form]


def test_no_text_is_without_dutch(dutch, source):
    assert texts.missing(dutch, source) == []


def test_no_dutch_text_is_a_guess(dutch):
    assert [message.id for message in dutch if message.id and message.fuzzy] == []


def places(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


def has_same_places(message) -> bool:
    """The form for one may say "één" instead of the number; all else must match."""
    known = set().union(*map(places, ids(message)))
    first, *rest = forms(message) or [""]
    fits = places(first) <= known if rest else places(first) == known
    return fits and all(places(form) == known for form in rest)


def test_the_dutch_fills_the_same_places(dutch):
    translated = [message for message in dutch if message.id and forms(message)]
    assert [message.id for message in translated if not has_same_places(message)] == []


def test_placeholders_have_names(source):
    nameless = [m.id for m in source if m.id and any("{}" in text for text in ids(m))]
    assert nameless == []


def test_the_dutch_is_calm(dutch):
    loud = [form for message in dutch if message.id for form in forms(message) if "!" in form]
    assert loud == []


def test_no_text_lacks_a_catalogue_on_disk():
    assert texts.PO.exists()
    assert texts.PO.with_suffix(".mo").exists(), "run `python3 dev.py texts`"
