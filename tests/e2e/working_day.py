"""A store after a working day, for pictures: the examples, and what people and sync did to them."""

import dataclasses

from db.changes import Change, now
from db.examples import example_records
from db.fields import Record
from db.local import journal
from db.local.engine import writing
from db.local.journal import OutboxState
from db.local.query import Query
from db.local.store import LocalStore
from desktop_app.services.editing import Draft, to_row
from desktop_app.services.typed_dates import today
from tests.e2e import double_edits

PERSON = "Accounthouder EZ"
"""Whose laptop it is."""


def all_of(store: LocalStore, entity: str) -> list[Record]:
    """Return the first records of an entity."""
    return list(store.find(Query(entity=entity, limit=100)).records)


def fill(store: LocalStore) -> None:
    """Put in the examples and what a working day leaves."""
    examples = example_records(today())
    [me] = [one.id for one in examples if one.ENTITY == "staff" and one.title_text == PERSON]
    store.set_meta("me", str(me))
    store.save_new(examples, as_example=True)
    store.set_meta("example", "1")
    store.set_meta("epoch", "00000000-0000-4000-8000-000000000001")
    store.set_meta("rights", "write contacts")
    store.set_meta("last_sync", now().isoformat())
    plans = [one for one in all_of(store, "initiative") if one.title_text]
    by_title = {one.title_text: one for one in plans}
    square = by_title["Dorpsplein Rekken opnieuw inrichten"]
    edit(store, square, "next_action", "Offerte vragen bij openbare ruimte")
    edit(
        store,
        by_title["Glasvezel buitengebied Beltrum"],
        "summary",
        "De laatste straten gaan open.",
    )
    edit(store, plans[5], "location_text", "Naast de kerk")
    refuse(store, edit(store, all_of(store, "plot")[0], "remarks", "Naar uitgegeven"))
    for number, plan in enumerate(plans[8:13]):
        receive(store, edit(store, plan, "location_text", f"Plek {number}"), 48_210 + number)
    people = {one.title_text: one.id for one in examples if one.ENTITY == "staff"}
    double_edits.solar_roof(store, people["Balie Neede"])
    double_edits.plot_area(store, people["Grondzaken"])
    draft = Draft.of(plans[15])
    draft.set("title", "Half getypt plan")
    store.put_draft(to_row(draft))


def edit(store: LocalStore, record: Record, name: str, value: object) -> Change:
    """Change one field; return the change that waits."""
    stored = store.get(record.ENTITY, record.id)
    assert stored is not None
    saved = store.save(dataclasses.replace(stored, **{name: value}), stored)  # type: ignore[arg-type]
    assert saved.change is not None
    return saved.change


def refuse(store: LocalStore, change: Change) -> None:
    """Let a change be refused."""
    with writing(store.engine) as connection:
        journal.set_state(connection, change, OutboxState.REFUSED, reason="overlap")


def receive(store: LocalStore, change: Change, receipt: int) -> None:
    """Let a change have arrived."""
    with writing(store.engine) as connection:
        journal.set_state(connection, change, OutboxState.STORED, receipt=receipt)
