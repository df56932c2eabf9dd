"""The intake at the counter: title, kern and contact suffice, and the kern follows from the place.

Before saving it is asked whether this has been said before: initiatives near the place, or with the
same words in the title, in any kern (domain.md section 6, "Has this been done before?").
"""

import dataclasses
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum, auto
from itertools import pairwise
from uuid import UUID

from db.entities.initiative import ContactLink
from db.entities.people import ContactMoment, ContactPerson
from db.entities.place import Kern, KernKind
from db.fields import Record, fields_of
from db.geometry import Geometry
from db.local.edits import Saved
from db.local.query import Hit, Query
from db.local.store import LocalStore
from db.reference import OUTSIDE_KERN, is_in_municipality
from desktop_app.services.editing import Draft
from desktop_app.services.words import fold

ASKED = ("title", "geometry", "kern", "contacts", "summary", "themes")
"""What the quick intake asks, in this order; all else can wait."""

AREA_FIELD = "plot_area_m2"
"""The field that an area drawn on the map fills in."""

_WHOSE = {"search_request": "account_manager", "contact_moment": "staff"}
"""The field that names the person who wrote a record down."""

NEAR_M = 150
"""How near counts as "the same place": a village street (a judgement)."""

_SMALL_WORDS = frozenset(
    "aan als bij dan dat de den der des die dit een en er het hun ieder in is met naar niet nog of "
    "om ons onze op over rond te tot uit van voor wij zijn nieuw nieuwe meer beter".split()
)


class Why(Enum):
    """Why a record may be the same."""

    NEAR = auto()
    WORDS = auto()


@dataclass(frozen=True, slots=True)
class Lookalike:
    """A record that may be meant already; `distance_m` only when it was found by place."""

    hit: Hit
    why: Why
    distance_m: float | None = None


def kern_of(kernen: list[Kern], place: Geometry) -> UUID | None:
    """Return the kern a place lies in: by its area, else the nearest middle; None without kernen.

    Outside the municipality it is the kern that stands for that.
    """
    x_rd, y_rd = place.anchor
    around = [kern for kern in kernen if kern.area is not None and _holds(kern.area, x_rd, y_rd)]
    if around:
        return min(around, key=lambda kern: kern.area.area_m2 if kern.area else 0).id
    if not is_in_municipality(x_rd, y_rd):
        outside = [kern.id for kern in kernen if kern.kind is KernKind.OUTSIDE]
        return outside[0] if len(outside) == 1 else OUTSIDE_KERN
    nearest = [(_squared(kern, x_rd, y_rd), kern.id) for kern in kernen if kern.geometry]
    return min(nearest)[1] if nearest else None


def kernen_of(store: LocalStore) -> list[Kern]:
    """Return the live kernen."""
    found = store.find(Query(entity="kern", sort="name", descending=False, limit=1_000))
    return [record for record in found.records if isinstance(record, Kern)]


def first_values(entity: str, me: UUID | None, beside: Record | None) -> dict[str, object]:
    """Return what is known of a new record: whose it is, and of a contact also when and about what.

    `beside` is the record that is shown when the new one is asked for.
    """
    values: dict[str, object] = {}
    if me is not None and entity in _WHOSE:
        values[_WHOSE[entity]] = me
    if entity == ContactMoment.ENTITY:
        values["moment"] = datetime.now(UTC).replace(second=0, microsecond=0)
    if entity == ContactMoment.ENTITY and beside is not None:
        specs = fields_of(ContactMoment)
        about = [name for name in specs if specs[name].meta.refers_to == beside.ENTITY]
        values.update(dict.fromkeys(about, beside.id))
    return values


def put_at(draft: Draft, place: Geometry | None, kernen: list[Kern]) -> None:
    """Put the record of a draft somewhere; its kern follows unless a person chose it.

    The area of a plot follows too, while nobody stored another.
    """
    draft.set("geometry", place)
    draft.ours = settled(draft.ours, kernen)
    if place is None or not place.area_m2 or AREA_FIELD not in fields_of(draft.entity):
        return
    if draft.base is None or draft.value(AREA_FIELD) is None:
        draft.set(AREA_FIELD, max(1, round(place.area_m2)))


def settled(record: Record, kernen: list[Kern]) -> Record:
    """Return `record` with the kern that follows from its place.

    That a place lies outside the municipality is for a person to say, so that a slip of the mouse
    is noticed; only the mark itself goes when the place is inside again.
    """
    names = fields_of(type(record))
    place: Geometry | None = getattr(record, "geometry", None)
    if place is None or "kern" not in names:
        return record
    changes: dict[str, object] = {}
    if "outside_municipality" in names and is_in_municipality(*place.anchor):
        changes["outside_municipality"] = False
    if not getattr(record, "kern_chosen", False):
        changes["kern"] = kern_of(kernen, place) or getattr(record, "kern", None)
    return dataclasses.replace(record, **changes)  # type: ignore[arg-type]


def lookalikes(store: LocalStore, record: Record, limit: int = 3) -> tuple[Lookalike, ...]:
    """Return live records of the same kind that may be the same, nearest first, then by words."""
    found: dict[UUID, Lookalike] = {}
    place: Geometry | None = getattr(record, "geometry", None)
    if place is not None:
        for hit in store.near(*place.anchor, NEAR_M, record.ENTITY):
            found.setdefault(hit.record_id, Lookalike(hit, Why.NEAR, hit.distance_m))
    for hit in _with_same_words(store, record):
        found.setdefault(hit.record_id, Lookalike(hit, Why.WORDS))
    found.pop(record.id, None)
    return tuple(found.values())[:limit]


def _with_same_words(store: LocalStore, record: Record) -> list[Hit]:
    """Return records that share at least half of the words that matter in the title."""
    words = telling_words(record.title_text)
    hits: dict[UUID, Hit] = {}
    for word in sorted(words, key=len, reverse=True)[:4]:
        for hit in store.search(word, 50):
            if hit.entity == record.ENTITY:
                hits.setdefault(hit.record_id, hit)
    alike = [(len(words & telling_words(hit.title)), hit) for hit in hits.values()]
    close = [(shared, hit) for shared, hit in alike if 2 * shared >= len(words)]
    return [hit for _shared, hit in sorted(close, key=lambda pair: -pair[0])]


def telling_words(title: str) -> frozenset[str]:
    """Return the words of a title that say what it is about."""
    words = {"".join(filter(str.isalnum, word)) for word in fold(title).split()}
    return frozenset(word for word in words if len(word) > 2 and word not in _SMALL_WORDS)


def save_intake(store: LocalStore, draft: Draft, contact: ContactPerson | None = None) -> Saved:
    """Store the intake, and first the person who came with it when they are new.

    Raises:
        UserProblem: something is missing; nothing is stored, not even the contact.
    """
    if contact is None:
        return draft.save(store)
    check = Draft(contact)
    if not draft.can_save or not check.can_save:
        return draft.save(store) if not draft.can_save else check.save(store)
    store.save(contact, None, origin=draft.id)
    draft.set("contacts", draft.value("contacts") | {ContactLink(contact.id)})
    return draft.save(store)


def _squared(kern: Kern, x_rd: float, y_rd: float) -> float:
    assert kern.geometry is not None
    x, y = kern.geometry.anchor
    return (x - x_rd) ** 2 + (y - y_rd) ** 2


def _holds(area: Geometry, x_rd: float, y_rd: float) -> bool:
    """Whether a place lies in an area: an odd number of edges to its east, holes included."""
    polygons = [area.coordinates] if area.kind == "Polygon" else area.coordinates
    inside = False
    for ring in (ring for rings in polygons for ring in rings):
        for (x1, y1), (x2, y2) in pairwise(ring):
            if (y1 > y_rd) != (y2 > y_rd) and x_rd < (x2 - x1) * (y_rd - y1) / (y2 - y1) + x1:
                inside = not inside
    return inside
