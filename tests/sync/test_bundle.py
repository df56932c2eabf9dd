"""The emergency bundle: delivered by a colleague, it is as if the laptop had sent it itself, once."""

from contextlib import suppress
from hashlib import sha256
from uuid import UUID

import pytest

from db.sync import delivering
from db.sync.bundle_file import Bundle
from db.sync.delivering import deliver_bundle
from tests.factories import initiative, plot
from tests.sync.carrying import WORDS, Counters, counters, photographed
from tests.sync.world import Cut, Network

__all__ = ["counters"]


def test_work_arrives_under_the_makers_name_with_who_brought_it(counters: Counters) -> None:
    plan = photographed(counters.rekken)
    about = counters.make()
    told = counters.bring()
    assert (about.changes, about.blobs, about.maker_name) == (2, 1, "Rekken")
    assert (told.arrived, told.photos, told.needs_person) == (2, 1, False)
    names = (str(counters.maker.id), str(counters.bringer.id))
    assert counters.lines(plan) == [("create", *names)]
    assert counters.neede.sync()
    assert counters.neede.store.history(plan)[0].delivered_by == counters.bringer.id
    assert counters.neede.store.blob(sha256(b"%PDF-1.4 oever").hexdigest()) == b"%PDF-1.4 oever"


def test_nothing_leaves_the_outbox_until_the_laptop_gets_its_own_receipt(
    counters: Counters,
) -> None:
    plan = photographed(counters.rekken)
    counters.make()
    counters.bring()
    assert counters.rekken.store.tally().waiting == 2
    before = counters.rows()
    assert counters.rekken.sync()
    tally = counters.rekken.store.tally()
    assert (tally.waiting, tally.conflicts, tally.refused, tally.photos) == (0, 0, 0, 0)
    assert counters.rows() == before
    assert len(counters.lines(plan)) == 1
    assert counters.rekken.store.history(plan)[0].delivered_by == counters.bringer.id


def test_delivered_twice_and_after_the_laptop_itself_it_does_nothing(counters: Counters) -> None:
    plan = photographed(counters.rekken)
    counters.make()
    assert counters.rekken.sync()
    before, lines = counters.rows(), counters.lines(plan)
    for _ in range(2):
        told = counters.bring()
        assert (told.arrived, told.known, told.needs_person) == (2, 2, False)
    assert (counters.rows(), counters.lines(plan)) == (before, lines)
    assert lines == [("create", str(counters.maker.id), None)]


def test_what_is_changed_after_the_file_was_made_comes_on_top(counters: Counters) -> None:
    counters.rekken.create(plan := initiative())
    counters.make()
    stored = counters.rekken.store.get("initiative", plan.id)
    assert stored is not None
    counters.rekken.edit(stored, title="Later bedacht")
    counters.bring()
    assert counters.rekken.sync()
    revision, _seq, title, _deleted = counters.rows()[str(plan.id)]
    assert (revision, title) == (2, "Later bedacht")


def test_what_was_taken_back_after_the_file_was_made_is_undone_there(counters: Counters) -> None:
    """The file may have arrived, so taking back is a change of its own."""
    counters.rekken.create(plan := initiative(title="Toch niet"))
    counters.make()
    [entry] = counters.rekken.store.outbox()
    counters.rekken.store.take_back(entry.change.id)
    counters.bring()
    assert counters.rekken.sync()
    assert counters.rows()[str(plan.id)][3] is True


def double_edit(counters: Counters) -> UUID:
    """Let both change one title; Neede's is stored, that of Rekken is in the file."""
    counters.neede.create(plan := initiative(title="Begin"))
    assert counters.neede.sync()
    assert counters.rekken.sync()
    for laptop, title in ((counters.rekken, "Van Rekken"), (counters.neede, "Van Neede")):
        stored = laptop.store.get("initiative", plan.id)
        assert stored is not None
        laptop.edit(stored, title=title)
    assert counters.neede.sync()
    counters.make()
    return plan.id


def test_a_double_edit_is_told_to_the_deliverer_and_asked_of_the_maker(counters: Counters) -> None:
    plan = double_edit(counters)
    told = counters.bring()
    assert (told.arrived, len(told.asks), told.needs_person) == (0, 1, True)
    assert told.asks[0].title == "Van Rekken"
    assert counters.neede.store.tally().conflicts == 0
    assert counters.neede.store.outbox() == ()
    assert counters.lines(plan)[-1][0] == "conflict"
    assert counters.rekken.sync()
    [question] = counters.rekken.store.conflicts()
    assert question.conflict.theirs == {"title": "Van Neede"}
    counters.rekken.resolve_all("mine")
    assert counters.rekken.sync()
    assert counters.rows()[str(plan)][2] == "Van Rekken"


def test_when_the_maker_never_returns_both_values_are_in_the_history(counters: Counters) -> None:
    plan = double_edit(counters)
    counters.bring()
    assert counters.neede.sync()
    conflict = next(x for x in counters.neede.store.history(plan) if x.kind == "conflict")
    assert conflict.fields == {"title": ("Van Neede", "Van Rekken")}
    assert (conflict.author, conflict.delivered_by) == (counters.maker.id, counters.bringer.id)


def test_one_refused_change_stops_no_other(counters: Counters) -> None:
    """Two laptops drew the same plot; the rest of the file arrives."""
    counters.neede.create(plot(plot_code="A1"))
    assert counters.neede.sync()
    counters.rekken.create(plot(plot_code="A2"))
    counters.rekken.create(initiative())
    counters.make()
    told = counters.bring()
    assert (told.arrived, [one.receipt.reason for one in told.refused]) == (1, ["overlap"])
    assert counters.rekken.sync()
    assert counters.rekken.store.tally().refused == 1


def test_a_line_cut_at_any_call_loses_and_doubles_nothing(counters: Counters) -> None:
    plan = photographed(counters.rekken, b"%PDF" + bytes(600_000))
    counters.make()
    network = Network(counters.neede.network.shared)
    with Bundle(counters.file, WORDS) as bundle:
        for call in range(9):
            for cut in ("before", "after"):
                network.cuts = [""] * call + [cut]
                with suppress(Cut):
                    deliver_bundle(bundle, network)
        network.cuts = []
        told = deliver_bundle(bundle, network)
    assert (told.arrived, told.photos, told.needs_person) == (2, 1, False)
    assert len(counters.lines(plan)) == 1
    assert counters.rekken.sync()
    assert counters.rekken.store.tally().is_clean


def test_half_a_file_then_the_laptop_itself_then_the_file_again(
    counters: Counters, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line broke in the middle, and meanwhile the laptop was mended."""
    monkeypatch.setattr(delivering, "BATCH", 2)
    plans = [initiative(title=f"Plan {number}") for number in range(5)]
    for plan in plans:
        counters.rekken.create(plan)
    counters.make()
    network = Network(counters.neede.network.shared)
    network.cuts = ["", "", "", "", "", "after"]  # the second delivery; its answer is lost
    with pytest.raises(Cut), Bundle(counters.file, WORDS) as bundle:
        deliver_bundle(bundle, network)
    assert sum(len(counters.lines(plan.id)) for plan in plans) == 4
    assert counters.rekken.sync()
    told = counters.bring()
    assert (told.arrived, told.known, told.needs_person) == (5, 5, False)
    assert [len(counters.lines(plan.id)) for plan in plans] == [1] * 5
    brought = [counters.lines(plan.id)[0][2] is not None for plan in plans]
    assert brought == [True] * 4 + [False]
