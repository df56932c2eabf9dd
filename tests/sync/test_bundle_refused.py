"""Who may deliver a bundle, whose it becomes, and what is turned away before anything is sent."""

from pathlib import Path

import pytest

from db.codec import values_of
from db.sync.bundle import make_bundle
from db.sync.bundle_file import Bundle
from db.sync.bundled import BundleProblem
from db.sync.delivering import deliver_bundle
from tests.contract.changes import everything
from tests.factories import contact_person, initiative
from tests.postgres import SharedSide
from tests.sync.carrying import WORDS, Counters, counters, photographed
from tests.sync.world import Laptop

__all__ = ["counters"]


def test_who_may_not_write_delivers_nothing(counters: Counters) -> None:
    photographed(counters.rekken)
    counters.make()
    _, reader = counters.side.add("Lezer", "reader")
    before = counters.rows()
    with pytest.raises(BundleProblem) as refused:
        counters.bring(reader)
    assert refused.value.reason == "rights"
    assert counters.rows() == before
    assert counters.bring().arrived == 2


def test_contact_details_need_a_deliverer_who_may_change_those(counters: Counters) -> None:
    """A refusal would be remembered as the answer to the maker's own change."""
    counters.rekken.create(contact_person())
    assert counters.make().needs_contacts
    _, assessor = counters.side.add("Beoordelaar", "assessor")
    with pytest.raises(BundleProblem) as refused:
        counters.bring(assessor)
    assert refused.value.reason == "contacts"
    assert counters.rekken.sync()
    assert counters.rekken.store.tally().refused == 0


def test_work_of_someone_whose_access_ended_asks_for_a_yes(counters: Counters) -> None:
    photographed(counters.rekken)
    counters.make()
    counters.side.revoke(counters.maker)
    with pytest.raises(BundleProblem) as refused:
        counters.bring()
    assert (refused.value.reason, refused.value.details["name"]) == ("revoked", "Rekken")
    assert counters.bring(accepts_revoked=True).arrived == 2


def test_a_maker_who_is_not_known_there_is_said(counters: Counters, tmp_path: Path) -> None:
    """A laptop that was never connected: its work is recorded as the deliverer's."""
    lone = Laptop(tmp_path / "alleen.db", counters.neede.network.shared)
    lone.create(plan := initiative(title="Zonder verbinding"))
    make_bundle(lone.store, counters.file, WORDS)
    told = counters.bring()
    assert (told.arrived, told.is_other_name) == (1, True)
    assert counters.lines(plan.id) == [("create", str(counters.bringer.id), None)]
    lone.store.close()


def test_a_bundle_of_another_municipality_is_turned_away(counters: Counters) -> None:
    photographed(counters.rekken)
    counters.rekken.store.set_meta("municipality", "GM9999")
    counters.make()
    with pytest.raises(BundleProblem) as refused:
        counters.bring()
    assert refused.value.reason == "municipality"


def test_the_same_person_may_bring_it_from_another_laptop(counters: Counters) -> None:
    plan = photographed(counters.rekken)
    counters.make()
    again = counters.side.connect_again(counters.maker)
    assert counters.bring(again).arrived == 2
    assert counters.lines(plan) == [("create", str(counters.maker.id), None)]
    assert counters.rekken.sync()
    assert counters.rekken.store.tally().is_clean


def test_what_was_made_before_the_laptop_was_connected_is_the_makers_too(
    side: SharedSide, tmp_path: Path
) -> None:
    """The first login gave the laptop its name; the work before it goes along under that name."""
    maker, his = side.add("Rekken", "counter_clerk")
    bringer, hers = side.add("Neede", "counter_clerk")
    laptop = Laptop(tmp_path / "rekken.db", his)
    laptop.create(plan := initiative())
    laptop.sync(["", "before"])  # the greeting went well, the push did not
    file = tmp_path / "werk.naober"
    make_bundle(laptop.store, file, WORDS)
    with Bundle(file, WORDS) as bundle:
        assert bundle.about.maker == str(maker.id)
        assert deliver_bundle(bundle, hers).arrived == 1
    assert laptop.sync()
    assert laptop.store.tally().is_clean
    row = next(row for row in everything(hers).rows if row["id"] == str(plan.id))
    assert (row["created_by"], row["title"]) == (str(maker.id), values_of(plan)["title"])
    assert bringer.id != maker.id
    laptop.store.close()
