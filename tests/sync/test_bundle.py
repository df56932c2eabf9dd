"""The emergency bundle: delivered by a colleague, it is as if the laptop had sent it itself, once."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import pytest

from db.codec import values_of
from db.shared.protocol import Person, SharedDatabase
from db.sync.bundle import make_bundle
from db.sync.bundle_file import Bundle
from db.sync.bundled import About, BundleProblem
from db.sync.delivering import Delivery, deliver_bundle
from tests.contract.changes import everything
from tests.factories import attachment, contact_person, initiative, plot
from tests.postgres import SharedSide
from tests.sync.world import Cut, Laptop, Network

WORDS = "appel fiets polder roman zwaluw tulp"


@dataclass
class Counters:
    """Counter Rekken, whose network card broke, and counter Neede, which brings the file."""

    side: SharedSide
    folder: Path
    rekken: Laptop
    neede: Laptop
    maker: Person
    bringer: Person

    @property
    def file(self) -> Path:
        return self.folder / "werk.naober"

    def make(self) -> About:
        return make_bundle(self.rekken.store, self.file, WORDS)

    def bring(self, shared: SharedDatabase | None = None, **options: bool) -> Delivery:
        with Bundle(self.file, WORDS) as bundle:
            return deliver_bundle(bundle, shared or self.neede.network.shared, **options)

    def rows(self) -> dict[str, tuple[object, ...]]:
        """Return what the shared database holds, as far as laptops bring it."""
        page = everything(self.neede.network.shared)
        return {
            row["id"]: (row["revision"], row["seq"], row.get("title"), row["deleted"])
            for row in page.rows
        }

    def lines(self, record_id: UUID) -> list[tuple[str, object, object]]:
        log = everything(self.neede.network.shared).log
        return [
            (line["kind"], line["person"], line["delivered_by"])
            for line in log
            if line["record_id"] == str(record_id)
        ]


@pytest.fixture
def counters(side: SharedSide, tmp_path: Path) -> Iterator[Counters]:
    """Give two counters in step, on both shared sides in turn."""
    maker, his = side.add("Rekken", "counter_clerk")
    bringer, hers = side.add("Neede", "counter_clerk")
    rekken, neede = Laptop(tmp_path / "rekken.db", his), Laptop(tmp_path / "neede.db", hers)
    assert rekken.sync()
    assert neede.sync()
    yield Counters(side, tmp_path, rekken, neede, maker, bringer)
    rekken.store.close()
    neede.store.close()


def photographed(laptop: Laptop, content: bytes = b"%PDF-1.4 oever", **values: object) -> UUID:
    """Make an initiative with an attachment; return its id."""
    plan = initiative(**values)
    laptop.create(plan)
    laptop.store.add_blob(content)
    laptop.create(attachment(content, belongs_to=plan.id, belongs_to_entity="initiative"))
    return plan.id


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
