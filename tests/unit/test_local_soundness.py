"""What only shows beside other records or after a merge is refused before it is saved."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from db.errors import UserProblem
from db.local.store import LocalStore
from tests.factories import initiative
from tests.stores import a_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LocalStore]:
    with a_store(tmp_path) as made:
        yield made


@pytest.mark.parametrize("field", ["predecessor", "successor", "parent"])
def test_initiatives_never_form_a_circle(store: LocalStore, field: str) -> None:
    first = store.save(initiative(), None).record
    second = store.save(initiative(**{field: first.id}), None).record
    third = store.save(initiative(**{field: second.id}), None).record
    with pytest.raises(UserProblem) as caught:
        store.save(replace(first, **{field: third.id}), first)
    assert [problem.field for problem in caught.value.problems] == [field]
    assert store.get("initiative", first.id) == first


def test_a_circle_made_elsewhere_does_not_hang(store: LocalStore) -> None:
    """Two laptops can each close half of one; walking along it still ends."""
    one, other = initiative(), initiative()
    circle = [replace(one, parent=other.id), replace(other, parent=one.id)]
    store.save_new(circle, as_example=True)
    third = store.save(initiative(parent=one.id), None).record
    assert store.get("initiative", third.id) == third


def test_two_edits_that_do_not_fit_together_are_refused(store: LocalStore) -> None:
    """One shows it on the public map while the other clears the summary that this needs."""
    opened = store.save(initiative(summary="Een plein."), None).record
    shown = store.save(replace(opened, publish=True), opened).record
    with pytest.raises(UserProblem) as caught:
        store.save(replace(opened, summary=None), opened)
    assert [problem.field for problem in caught.value.problems] == ["summary"]
    assert store.get("initiative", opened.id) == shown
