"""At the counter title, kern and contact suffice, and the kern follows from the place."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from db.entities.initiative import Initiative
from db.entities.people import ContactPerson
from db.entities.place import Kern
from db.entities.premises import Plot
from db.errors import UserProblem
from db.geometry import Geometry
from db.local.engine import create_store
from db.local.keys import new_key
from db.local.store import LocalStore
from db.reference import OUTSIDE_KERN, reference_kernen
from desktop_app.services.editing import Draft
from desktop_app.services.intake import (
    Why,
    first_values,
    kern_of,
    kernen_of,
    lookalikes,
    put_at,
    save_intake,
    telling_words,
)
from tests.factories import (
    EIBERGEN,
    IN_REKKEN,
    REKKEN,
    contact_person,
    initiative,
    kern,
    plot,
    square,
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LocalStore]:
    made = LocalStore(create_store(tmp_path / "store.db", new_key()))
    made.save_new(reference_kernen(), as_example=True)
    yield made
    made.close()


@pytest.fixture
def kernen(store: LocalStore) -> list[Kern]:
    return kernen_of(store)


def test_the_kern_follows_from_the_place(kernen: list[Kern]) -> None:
    draft = Draft.new(Initiative, title="Dorpsplein")
    put_at(draft, IN_REKKEN, kernen)
    assert draft.value("kern") == REKKEN
    assert draft.can_save


def test_a_kern_chosen_by_hand_stays(kernen: list[Kern]) -> None:
    draft = Draft.new(Initiative, title="Dorpsplein", kern=EIBERGEN, kern_chosen=True)
    put_at(draft, IN_REKKEN, kernen)
    assert draft.value("kern") == EIBERGEN


def test_a_kern_with_an_area_has_what_lies_in_it(kernen: list[Kern]) -> None:
    hamlet = kern(id=uuid4(), name="Holterhoek", area=square(246600, 457000, 200))
    assert kern_of([*kernen, hamlet], IN_REKKEN) == hamlet.id


def test_outside_is_asked_and_not_assumed(kernen: list[Kern]) -> None:
    draft = Draft.new(Initiative, title="Fietspad")
    put_at(draft, Geometry.point(200_000, 400_000), kernen)
    assert draft.value("kern") == OUTSIDE_KERN
    assert draft.problems_at("geometry")
    draft.set("outside_municipality", True)
    assert not draft.problems_at("geometry")
    put_at(draft, IN_REKKEN, kernen)
    assert draft.value("outside_municipality") is False


def test_the_area_of_a_new_plot_follows_from_what_is_drawn(kernen: list[Kern]) -> None:
    draft = Draft.new(Plot, name="Kavel Oost 3")
    put_at(draft, square(246600, 457000, 50), kernen)
    assert draft.value("plot_area_m2") == 2_500


def test_an_area_that_was_measured_stays_when_a_corner_moves(kernen: list[Kern]) -> None:
    measured = plot(plot_area_m2=2_480)
    draft = Draft.of(measured)
    put_at(draft, square(246600, 457000, 50), kernen)
    assert draft.value("plot_area_m2") == 2_480


def test_a_contact_moment_is_now_mine_and_about_what_is_shown() -> None:
    me, shown = uuid4(), initiative()
    values = first_values("contact_moment", me, shown)
    assert values.pop("moment") is not None
    assert values == {"staff": me, "initiative": shown.id}


def test_an_initiative_begins_without_what_happened_to_be_shown() -> None:
    assert first_values("initiative", uuid4(), initiative()) == {}


def test_no_kernen_no_guess() -> None:
    assert kern_of([], IN_REKKEN) is None


def test_what_stands_near_or_sounds_alike_is_shown(store: LocalStore) -> None:
    near = initiative(title="Bankje", geometry=Geometry.point(246700, 457058))
    alike = initiative(title="Dorpsplein Beltrum opnieuw", geometry=None)
    other = initiative(title="Glasvezel", geometry=Geometry.point(235683, 453807))
    store.save_new([near, alike, other])
    new = initiative(title="Nieuw dorpsplein in Beltrum", geometry=IN_REKKEN)
    found = lookalikes(store, new)
    assert [(item.hit.title, item.why) for item in found] == [
        ("Bankje", Why.NEAR),
        ("Dorpsplein Beltrum opnieuw", Why.WORDS),
    ]
    assert found[0].distance_m == pytest.approx(27, abs=1)


def test_a_record_is_not_its_own_lookalike(store: LocalStore) -> None:
    record = initiative(title="Dorpsplein")
    store.save(record, None)
    assert lookalikes(store, record) == ()


def test_small_words_tell_nothing() -> None:
    assert telling_words("Een nieuw plein voor de jeugd!") == {"plein", "jeugd"}


def test_intake_with_a_new_contact_is_saved_as_one(store: LocalStore) -> None:
    draft = Draft.new(Initiative, title="Dorpsplein", kern=REKKEN)
    person = contact_person()
    saved = save_intake(store, draft, person).record
    assert isinstance(saved, Initiative)
    assert {link.contact for link in saved.contacts} == {person.id}
    assert store.get("contact_person", person.id) is not None


def test_a_faulty_intake_stores_nothing(store: LocalStore) -> None:
    person = contact_person()
    with pytest.raises(UserProblem):
        save_intake(store, Draft.new(Initiative, title="D"), person)
    with pytest.raises(UserProblem):
        save_intake(
            store,
            Draft.new(Initiative, title="Dorp", kern=REKKEN),
            contact_person(email="geen adres"),
        )
    assert store.counts()["contact_person"] == 0
    assert isinstance(person, ContactPerson)
    assert store.counts()["initiative"] == 0
