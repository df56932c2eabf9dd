"""What a person notices of sync: work arrives once, stays visible, and nobody decides for them."""

import dataclasses
import json
from uuid import uuid4

import pytest

from db.entities.initiative import Initiative, Theme
from db.entities.place import Attachment, MediaType
from db.errors import Refused
from db.geometry import Geometry
from db.local.journal import OutboxState
from db.local.state import RecordState
from db.sync.restoring import OFFERED
from tests.factories import initiative, plot
from tests.sync.conftest import Office
from tests.sync.world import Laptop


def shared_plan(office: Office, **values: object) -> Initiative:
    """Make an initiative that both laptops have."""
    plan = initiative(title="Dorpsplein", **values)
    office.eibergen.create(plan)
    office.sync()
    return shown(office.eibergen, plan)


def shown(laptop: Laptop, plan: Initiative) -> Initiative:
    """Return the initiative as this laptop's user sees it."""
    record = laptop.store.get("initiative", plan.id)
    assert isinstance(record, Initiative)
    return record


def state(laptop: Laptop, plan: Initiative) -> RecordState:
    """Return the state that the list shows."""
    return laptop.store.record_states([plan.id])[plan.id]


def test_a_record_arrives_with_its_number_and_history(office: Office) -> None:
    """The municipality's number replaces the provisional one on both laptops."""
    plan = shared_plan(office)
    there = shown(office.neede, plan)
    assert there.code is not None
    assert there.code.startswith("INI-")
    assert shown(office.eibergen, plan).code == there.code
    assert [line.kind for line in office.neede.store.history(plan.id)] == ["create"]
    assert state(office.eibergen, plan) is RecordState.STORED
    assert office.eibergen.store.tally().is_clean


def test_different_fields_of_one_record_merge_by_themselves(office: Office) -> None:
    """Two people in one record is ordinary work, not a question."""
    plan = shared_plan(office)
    office.eibergen.edit(plan, title="Dorpsplein Rekken")
    office.neede.edit(shown(office.neede, plan), supporters=40)
    office.sync()
    for laptop in (office.eibergen, office.neede):
        assert (shown(laptop, plan).title, shown(laptop, plan).supporters) == (
            "Dorpsplein Rekken",
            40,
        )
        assert laptop.store.tally().conflicts == 0


def test_themes_and_paragraphs_merge_by_element(office: Office) -> None:
    """A theme added here and a paragraph added there are both kept, everywhere."""
    plan = shared_plan(
        office, themes=frozenset({Theme.GREEN}), description="Een.\n\nTwee.\n\nDrie.\n"
    )
    office.eibergen.edit(
        plan, themes=frozenset({Theme.GREEN, Theme.SPORT}), description="Een!\n\nTwee.\n\nDrie.\n"
    )
    there = shown(office.neede, plan)
    office.neede.edit(there, themes=frozenset({Theme.CARE}), description="Een.\n\nTwee.\n\nDrie!\n")
    office.sync(3)
    for laptop in (office.eibergen, office.neede):
        merged = shown(laptop, plan)
        assert merged.themes == {Theme.SPORT, Theme.CARE}
        assert merged.description == "Een!\n\nTwee.\n\nDrie!\n"
        assert laptop.store.tally().is_clean


def test_the_same_field_is_a_question_with_both_values(office: Office) -> None:
    """Own value stays visible, theirs is beside it, and a choice settles it for everyone."""
    plan = shared_plan(office)
    office.eibergen.edit(plan, title="Van Eibergen")
    office.neede.edit(shown(office.neede, plan), title="Van Neede")
    assert office.eibergen.sync()
    assert office.neede.sync()
    [question] = office.neede.store.conflicts()
    assert dict(question.conflict.ours) == {"title": "Van Neede"}
    assert dict(question.conflict.theirs) == {"title": "Van Eibergen"}
    assert question.theirs_by == office.eibergen.store.me
    assert shown(office.neede, plan).title == "Van Neede"
    assert state(office.neede, plan) is RecordState.CONFLICT
    office.neede.store.resolve(question.id, {"title": "Van Neede"})
    office.sync()
    assert shown(office.eibergen, plan).title == "Van Neede"
    assert office.neede.store.tally().is_clean


def test_taking_theirs_sends_nothing_and_keeps_mine_in_the_history(office: Office) -> None:
    """The value that lost can be read back for ever, on both laptops."""
    plan = shared_plan(office)
    office.eibergen.edit(plan, title="Van Eibergen")
    office.neede.edit(shown(office.neede, plan), title="Van Neede")
    assert office.eibergen.sync()
    assert office.neede.sync()
    [question] = office.neede.store.conflicts()
    office.neede.store.resolve(question.id, {"title": "Van Eibergen"})
    assert office.neede.store.tally().waiting == 0
    office.sync()
    for laptop in (office.eibergen, office.neede):
        assert shown(laptop, plan).title == "Van Eibergen"
        told = [line.fields for line in laptop.store.history(plan.id)]
        assert any("Van Neede" in pair for fields in told for pair in fields.values())


def test_fields_that_belong_together_stand_together(office: Office) -> None:
    """A total of one person is never paired with a request of another."""
    plan = shared_plan(office, budget_total=100, budget_requested=50)
    office.eibergen.edit(plan, budget_total=200)
    office.neede.edit(shown(office.neede, plan), budget_requested=90)
    assert office.eibergen.sync()
    assert office.neede.sync()
    [question] = office.neede.store.conflicts()
    assert set(question.conflict.fields) == {"budget_total", "budget_requested"}


@pytest.mark.parametrize("keep", [True, False])
def test_edited_here_deleted_there_is_a_question(office: Office, keep: bool) -> None:
    """A delete elsewhere never takes one's work away."""
    plan = shared_plan(office)
    office.eibergen.store.delete(plan)
    office.neede.edit(shown(office.neede, plan), title="Nog bezig")
    assert office.eibergen.sync()
    assert office.neede.sync()
    [question] = office.neede.store.conflicts()
    assert question.kind == "deleted_there"
    assert not shown(office.neede, plan).deleted
    office.neede.store.resolve(question.id, {"deleted": not keep})
    office.sync()
    for laptop in (office.eibergen, office.neede):
        assert shown(laptop, plan).deleted is not keep
        if keep:
            assert shown(laptop, plan).title == "Nog bezig"


@pytest.mark.parametrize("keep", [True, False])
def test_deleted_here_edited_there_is_a_question(office: Office, keep: bool) -> None:
    """A delete never takes away what a colleague just wrote."""
    plan = shared_plan(office)
    office.eibergen.edit(plan, title="Net gewijzigd")
    office.neede.store.delete(shown(office.neede, plan))
    assert office.eibergen.sync()
    assert office.neede.sync()
    [question] = office.neede.store.conflicts()
    assert question.kind == "edited_there"
    office.neede.store.resolve(question.id, {"deleted": not keep})
    office.sync()
    for laptop in (office.eibergen, office.neede):
        assert shown(laptop, plan).deleted is not keep


@pytest.mark.parametrize("cut", ["before", "after"])
@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_cut_line_never_doubles_or_loses(office: Office, cut: str, at: int) -> None:
    """Cut at any call, before or after it arrived; the next cycle makes it whole."""
    plan = shared_plan(office)
    office.eibergen.edit(plan, title="Met een kapotte lijn")
    assert not office.eibergen.sync([""] * at + [cut])
    assert shown(office.eibergen, plan).title == "Met een kapotte lijn"
    office.sync()
    assert shown(office.neede, plan).title == "Met een kapotte lijn"
    assert [line.kind for line in office.neede.store.history(plan.id)] == ["edit", "create"]
    assert office.eibergen.store.tally().is_clean


def test_a_refused_change_is_parked_and_blocks_nothing(office: Office) -> None:
    """The rest is sent; the refused one says why and goes again after it is mended."""
    first = plot(geometry=square(240_000, 457_000))
    second = plot(geometry=square(240_010, 457_010))
    office.eibergen.create(first)
    office.eibergen.create(second)
    plan = shared_plan(office)
    [refused] = office.eibergen.store.outbox([OutboxState.REFUSED])
    assert refused.change.record_id == second.id
    assert refused.reason == "overlap"
    assert office.eibergen.store.record_states([second.id])[second.id] is RecordState.REFUSED
    assert state(office.eibergen, plan) is RecordState.STORED
    mine = office.eibergen.store.get("plot", second.id)
    assert mine is not None
    office.eibergen.edit(mine, geometry=square(240_500, 457_000))
    office.sync()
    assert office.eibergen.store.tally().is_clean
    assert office.neede.store.get("plot", second.id) is not None


def square(x_rd: float, y_rd: float, side: float = 40) -> Geometry:
    """Return a square area."""
    corners = (
        (x_rd, y_rd),
        (x_rd + side, y_rd),
        (x_rd + side, y_rd + side),
        (x_rd, y_rd + side),
        (x_rd, y_rd),
    )
    return Geometry("Polygon", (corners,))


def test_a_photo_travels_with_its_record(office: Office) -> None:
    """“Compleet” means that the photo is there too."""
    plan = shared_plan(office)
    content = bytes(range(256)) * 3000
    sha256 = office.eibergen.store.add_blob(content)
    photo = Attachment(
        belongs_to=plan.id, belongs_to_entity="initiative", file_name="plein.jpg",
        media_type=MediaType.JPEG, size_bytes=len(content), sha256=sha256,
    )  # fmt: skip
    office.eibergen.create(photo)
    assert office.eibergen.store.tally().photos == 1
    assert not office.eibergen.sync(["", "", "", "", "after"])
    office.sync()
    assert office.neede.store.blob(sha256) == content
    assert [item.file_name for item in office.neede.store.attachments(plan.id)] == ["plein.jpg"]
    assert office.eibergen.store.tally().is_clean


def test_a_restored_database_gets_our_work_offered_again(office: Office) -> None:
    """A server put back from an old dump is noticed; nothing here is deleted, and ours goes again."""
    plan = shared_plan(office)
    key = ("initiative", plan.id)
    office.server.epoch = uuid4()
    office.server.rows.pop(key)
    office.server.receipts.clear()
    office.sync()
    assert office.server.rows[key].values["title"] == "Dorpsplein"
    assert shown(office.neede, plan).title == "Dorpsplein"
    noted = json.loads(office.eibergen.store.meta(OFFERED) or "{}")
    assert noted["count"] > 0  # for the person, until seen
    assert office.eibergen.store.tally().is_clean


def test_another_municipality_is_refused_before_anything_moves(office: Office) -> None:
    """A wrong address never mixes two municipalities."""
    plan = shared_plan(office)
    office.eibergen.edit(plan, title="Blijft hier")
    office.server.municipality = "GM0262"
    with pytest.raises(Refused):
        office.eibergen.sync()
    assert office.eibergen.store.tally().waiting == 1


def test_a_revoked_person_keeps_their_work(office: Office) -> None:
    """Who is told that access ended has lost nothing."""
    plan = shared_plan(office)
    person = office.server.people[office.eibergen.store.me]
    office.eibergen.edit(plan, title="Laatste werk")
    office.server.revoke(person)
    with pytest.raises(Refused):
        office.eibergen.sync()
    assert shown(office.eibergen, plan).title == "Laatste werk"
    assert [change.values for change in office.server.rescued.values()] == [
        {"title": "Laatste werk"}
    ]


def test_work_made_before_connecting_is_not_lost(office: Office) -> None:
    """“Alleen op deze laptop” can be connected later."""
    for number in range(5):
        office.eibergen.create(initiative(title=f"Los plan {number}"))
    office.sync()
    assert len(office.neede.records("initiative")) == 5


def test_an_older_laptop_keeps_fields_it_does_not_know(office: Office) -> None:
    """A field of a newer version travels through an older one."""
    plan = shared_plan(office, extra={"wind_turbines": 3})
    assert shown(office.neede, plan).extra == {"wind_turbines": 3}
    office.neede.edit(shown(office.neede, plan), title="Door een oudere versie")
    office.sync()
    assert shown(office.eibergen, plan).extra == {"wind_turbines": 3}
    assert dataclasses.replace(shown(office.eibergen, plan)).title == "Door een oudere versie"


def test_example_data_is_never_sent(office: Office) -> None:
    """Invented records never end up among the real ones."""
    office.eibergen.store.set_meta("example", "1")
    with pytest.raises(Refused, match="example"):
        office.eibergen.sync()
