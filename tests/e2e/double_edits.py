"""Double edits for pictures and tests: two people changed the same fields, and someone must choose."""

import dataclasses
from datetime import timedelta
from uuid import UUID, uuid4

from db.changes import SYNC, ChangeSet, Values, now
from db.codec import values_of, with_values
from db.entities.premises import RentUnit
from db.fields import Record
from db.geometry import Geometry
from db.local import conflicts, edits, journal
from db.local.conflicts import DELETED_THERE, FIELDS
from db.local.edits import Editor
from db.local.engine import writing
from db.local.journal import OutboxState
from db.local.query import Query
from db.local.store import LocalStore
from db.merge import Conflict, groups

PLACE = "geometry"


def named(store: LocalStore, entity: str, title: str) -> Record:
    """Return the record with this title."""
    found = store.find(Query(entity=entity, text=title, limit=20)).records
    return next(record for record in found if record.title_text == title)


def ask(
    store: LocalStore, record: Record, ours: Values, theirs: Values, by: UUID, kind: str = FIELDS
) -> None:
    """Let the user have saved `ours` ten minutes ago, and a colleague `theirs` a little later."""
    stored = store.get(record.ENTITY, record.id)
    assert stored is not None
    base = values_of(stored)
    saved = store.save(with_values(stored, ours), stored)
    assert saved.change is not None
    met, mine = saved.change, now() - timedelta(minutes=10)
    with writing(store.engine) as connection:
        connection.exec_driver_sql(
            "UPDATE history SET made_at = ? WHERE change_id = ?", (mine.isoformat(), str(met.id))
        )
        journal.set_state(connection, met, OutboxState.CONFLICT, receipt=1)
        for names in groups(type(record), {**ours, **(theirs if kind == FIELDS else {})}):
            sides = [{n: side.get(n, base[n]) for n in names} for side in ({}, ours, theirs)]
            there = {"deleted": True} if kind == DELETED_THERE else sides[2]
            found = Conflict(tuple(names), sides[0], sides[1], there)
            moment = now() - timedelta(minutes=5)
            conflicts.put(connection, met, kind, found, str(by), moment.isoformat())
    store.announce(ChangeSet.of(None, record.ENTITY, record.id))


def change_as(store: LocalStore, record: Record, by: UUID, **values: object) -> None:
    """Let a colleague's change come in, as sync would bring it."""
    stored = store.get(record.ENTITY, record.id)
    assert stored is not None
    ours = dataclasses.replace(stored, **values)  # type: ignore[arg-type]
    with writing(store.engine) as connection:
        edits.save(connection, Editor(by, uuid4()), ours, stored)
    store.announce(ChangeSet.of(SYNC, record.ENTITY, record.id))


def solar_roof(store: LocalStore, by: UUID) -> Record:
    """Ask about the summary and the place of the sports hall's roof."""
    roof = named(store, "initiative", "Zonnedak sporthal Neede")
    was = dataclasses.replace(roof, summary="Zonnepanelen op het dak van de sporthal.")  # type: ignore[call-arg]
    roof = store.save(was, roof).record
    x, y = values_of(roof)[PLACE]["coordinates"]
    ours = "120 zonnepanelen op het dak van de sporthal en een laadpaal op het plein."
    theirs = "Zonnepanelen op het dak van de sporthal, voor 60 huishoudens uit de buurt."
    ask(
        store,
        roof,
        {"summary": ours, PLACE: {"type": "Point", "coordinates": [x + 60, y - 60]}},
        {"summary": theirs, PLACE: {"type": "Point", "coordinates": [x - 8, y + 6]}},
        by,
    )
    return roof


def plot_area(store: LocalStore, by: UUID) -> Record:
    """Ask about the area of a plot."""
    plot = named(store, "plot", "De Mors 7")
    west, south, east, north = plot.geometry.bounds  # type: ignore[attr-defined]
    middle = (west + east) / 2
    shapes = [
        _box(west, south, east + 12, north), _box(west, south - 9, middle + 10, north),
    ]  # fmt: skip
    ask(store, plot, {PLACE: shapes[0].to_json()}, {PLACE: shapes[1].to_json()}, by)
    return plot


def rent(store: LocalStore, by: UUID) -> Record:
    """Ask about the rent, a date and a long text of premises."""
    hall = named(store, "premises", "Hal Industrieweg 14")
    ask(
        store,
        hall,
        {"rent": 4_800_00, "rent_unit": RentUnit.MONTH.value, "available_from": "2027-03-01"},
        {"rent": 52_000_00, "rent_unit": RentUnit.YEAR.value, "available_from": "2027-02-15"},
        by,
    )
    return hall


def deleted(store: LocalStore, by: UUID) -> Record:
    """Ask whether an initiative stays that a colleague deleted."""
    plan = named(store, "initiative", "Glasvezel buitengebied Beltrum")
    ask(
        store,
        plan,
        {"summary": "De laatste straten gaan open in maart.", "phase": "maintenance"},
        {},
        by,
        DELETED_THERE,
    )
    return plan


def _box(west: float, south: float, east: float, north: float) -> Geometry:
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return Geometry.from_json({"type": "Polygon", "coordinates": [ring]})
