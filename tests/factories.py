"""Valid records with overrides, one function an entity, and many varied ones for benchmarks.

>>> initiative(title="Dorpsplein").title
'Dorpsplein'
"""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from random import Random
from typing import Any
from uuid import UUID, uuid4, uuid5

from db.entities.codes import Channel, Transaction
from db.entities.demand import RequestKind, SearchMatch, SearchRequest
from db.entities.initiative import Initiative, InitiativeKind, InitiativeStatus, Phase, Theme
from db.entities.people import (
    ContactMoment,
    ContactPerson,
    LegalBasis,
    LegalForm,
    Membership,
    Organisation,
    Staff,
    Team,
    TeamKind,
    TeamRole,
)
from db.entities.place import Attachment, Kern, KernKind, MediaType
from db.entities.premises import (
    Availability,
    BusinessPark,
    Plot,
    PlotStatus,
    Premises,
    PremisesType,
    RentUnit,
)
from db.fields import Record
from db.geometry import Geometry
from db.reference import NAMESPACE, kern_id, reference_kernen

REKKEN = kern_id("Rekken")
EIBERGEN = kern_id("Eibergen")
STAFF_ID = uuid5(NAMESPACE, "test/staff")
"""A member of staff to refer to where only the id matters."""
ORGANISATION_ID = uuid5(NAMESPACE, "test/organisation")
IN_REKKEN = Geometry.point(246_673, 457_058)


def square(x_rd: float, y_rd: float, side_m: float = 40) -> Geometry:
    """Return a square area with its south-west corner at (x_rd, y_rd)."""
    ring = [
        (x_rd, y_rd),
        (x_rd + side_m, y_rd),
        (x_rd + side_m, y_rd + side_m),
        (x_rd, y_rd + side_m),
    ]
    return Geometry.from_json({"type": "Polygon", "coordinates": [[*ring, ring[0]]]})


def initiative(**overrides: Any) -> Initiative:
    """Return a valid initiative at the counter's minimum and a little more."""
    given = {"title": "Dorpsplein opnieuw inrichten", "kern": REKKEN, "geometry": IN_REKKEN}
    return Initiative(**{**given, **overrides})


def handled_initiative(**overrides: Any) -> Initiative:
    """Return a valid initiative that someone is working on."""
    given: dict[str, Any] = {
        "status": InitiativeStatus.IN_PROGRESS,
        "themes": frozenset({Theme.MEETING}),
        "lead": STAFF_ID,
        "next_action": "Offerte vragen",
        "action_date": date(2027, 1, 11),
    }
    return initiative(**{**given, **overrides})


def premises(**overrides: Any) -> Premises:
    """Return valid premises that are to let."""
    given: dict[str, Any] = {
        "name": "Hal Industrieweg 14",
        "main_type": PremisesType.HALL,
        "kern": EIBERGEN,
        "floor_area_m2": 1250,
        "rent": 400_000,
        "rent_unit": RentUnit.MONTH,
        "transactions": frozenset({Transaction.RENT}),
        "geometry": Geometry.point(240_912, 458_204),
    }
    return Premises(**{**given, **overrides})


def plot(**overrides: Any) -> Plot:
    """Return a valid plot that can be issued."""
    given: dict[str, Any] = {
        "name": "Kavel De Mors 7",
        "kern": EIBERGEN,
        "status": PlotStatus.AVAILABLE,
        "plot_area_m2": 1600,
        "geometry": square(240_700, 458_300),
    }
    return Plot(**{**given, **overrides})


def organisation(**overrides: Any) -> Organisation:
    """Return a valid organisation."""
    given = {"name": "Stichting Voorbeeld", "legal_form": LegalForm.FOUNDATION, "kern": REKKEN}
    return Organisation(**{**given, **overrides})


def contact_person(**overrides: Any) -> ContactPerson:
    """Return a valid contact person."""
    given = {
        "name": "A. Voorbeeld",
        "email": "a@voorbeeld.example",
        "legal_basis": LegalBasis.PUBLIC_TASK,
    }
    return ContactPerson(**{**given, **overrides})


def contact_moment(**overrides: Any) -> ContactMoment:
    """Return a valid contact moment."""
    given = {
        "moment": datetime(2026, 11, 20, 9, 14, tzinfo=UTC),
        "channel": Channel.COUNTER,
        "summary": "Gesproken over het plan.",
    }
    return ContactMoment(**{**given, **overrides})


def team(**overrides: Any) -> Team:
    """Return a valid team with one member."""
    given = {
        "name": "Basisteam Eibergen-Oost",
        "kind": TeamKind.BASE,
        "members": frozenset({Membership(STAFF_ID, TeamRole.LEAD)}),
    }
    return Team(**{**given, **overrides})


def staff(**overrides: Any) -> Staff:
    """Return a valid member of staff."""
    return Staff(**{"name": "Balie Eibergen", "role_name": "balie_eibergen", **overrides})


def kern(**overrides: Any) -> Kern:
    """Return a valid kern beside the eleven."""
    return Kern(**{"name": "Mallem", "kind": KernKind.HAMLET, **overrides})


def business_park(**overrides: Any) -> BusinessPark:
    """Return a valid business park."""
    return BusinessPark(**{"name": "De Mors", "kern": EIBERGEN, **overrides})


def search_request(**overrides: Any) -> SearchRequest:
    """Return a valid search request."""
    given = {
        "title": "Werkplaats met showroom",
        "account_manager": STAFF_ID,
        "kind": RequestKind.MOVE,
        "organisation": ORGANISATION_ID,
    }
    return SearchRequest(**{**given, **overrides})


def search_match(**overrides: Any) -> SearchMatch:
    """Return a valid match."""
    return SearchMatch(**{"search_request": uuid4(), "premises": uuid4(), "score": 80, **overrides})


def attachment(content: bytes = b"%PDF-1.4", **overrides: Any) -> Attachment:
    """Return a valid attachment of `content`."""
    given = {
        "belongs_to": uuid4(),
        "belongs_to_entity": "initiative",
        "file_name": "schets.pdf",
        "media_type": MediaType.PDF,
        "size_bytes": len(content),
        "sha256": sha256(content).hexdigest(),
    }
    return Attachment(**{**given, **overrides})


FACTORIES: dict[str, Callable[..., Record]] = {
    "kern": kern,
    "staff": staff,
    "team": team,
    "organisation": organisation,
    "contact_person": contact_person,
    "business_park": business_park,
    "initiative": initiative,
    "premises": premises,
    "plot": plot,
    "search_request": search_request,
    "search_match": search_match,
    "contact_moment": contact_moment,
    "attachment": attachment,
}

_KERNEN = tuple((k.id, k.name, *k.geometry.anchor) for k in reference_kernen() if k.geometry)
_SUBJECTS = (
    "Buurtmoestuin", "Speelplek", "Wandelpad", "Deelauto", "Zonnedak", "Dorpshuis", "Glasvezel",
    "Fietspad", "Ontmoetingsplek", "Oversteek", "Kunstroute", "Beweegtuin", "Naoberhulp", "Café",
)  # fmt: skip
_STREETS = ("Dorpsstraat", "Kerkweg", "Molenweg", "Berkelkade", "Esch", "Needseweg", "Lindelaan")
_FIRST_DAY = date(2024, 1, 1)
_THEMES, _KINDS, _TYPES = tuple(Theme), tuple(InitiativeKind), tuple(PremisesType)
_PHASES = (Phase.IDEA, Phase.EXPLORATION, Phase.PLAN, Phase.REVIEW, Phase.COMPLETED)


def generated_records(count: int, seed: int = 1) -> Iterator[Record]:
    """Yield `count` valid records: of ten, seven are initiatives, two premises, one a plot.

    The same seed gives the same records, ids included.
    """
    random = Random(seed)
    for number in range(count):
        make = _MAKERS[number % 10]
        yield make(random, number, id=UUID(int=random.getrandbits(128), version=4))


def _initiative(random: Random, number: int, **identity: Any) -> Initiative:
    kern_of, name, x, y = random.choice(_KERNEN)
    subject, street = random.choice(_SUBJECTS), random.choice(_STREETS)
    start = _FIRST_DAY + timedelta(days=random.randrange(1000))
    return Initiative(
        **identity,
        title=f"{subject} {street} {name} {number}",
        kern=kern_of,
        themes=frozenset(random.sample(_THEMES, random.randint(1, 3))),
        phase=random.choice(_PHASES),
        status=random.choice((InitiativeStatus.CONCEPT, InitiativeStatus.REPORTED)),
        kind=random.choice(_KINDS),
        summary=f"{subject} voor en door de buurt rond de {street} in {name}.",
        geometry=Geometry.point(x + random.uniform(-1500, 1500), y + random.uniform(-1500, 1500)),
        start_date=start,
        expected_end_date=start + timedelta(days=random.randrange(30, 700)),
        budget_total=random.randrange(1_000_00, 90_000_00, 50_00),
    )


def _premises(random: Random, number: int, **identity: Any) -> Premises:
    kern_of, name, x, y = random.choice(_KERNEN)
    street, house_number = random.choice(_STREETS), random.randint(1, 180)
    area = random.randrange(60, 4000, 10)
    return Premises(
        **identity,
        name=f"{street} {house_number} {name} ({number})",
        main_type=random.choice(_TYPES),
        availability=random.choice(
            (Availability.AVAILABLE, Availability.EXPECTED, Availability.LET)
        ),
        kern=kern_of,
        street=street,
        house_number=house_number,
        town=name,
        floor_area_m2=area,
        rent=area * random.randint(3, 12) * 100,
        rent_unit=RentUnit.MONTH,
        transactions=frozenset({Transaction.RENT}),
        geometry=Geometry.point(x + random.uniform(-1200, 1200), y + random.uniform(-1200, 1200)),
    )


def _plot(random: Random, number: int, **identity: Any) -> Plot:
    """Lay plots in a grid of 70 m, so that none overlaps another."""
    column, row = number // 10 % 280, number // 10 // 280
    x, y = 227_000 + column * 70, 450_000 + row * 70
    nearest = min(_KERNEN, key=lambda k: (k[2] - x) ** 2 + (k[3] - y) ** 2)
    side = random.randrange(20, 60)
    return Plot(
        **identity,
        name=f"Kavel {number} {nearest[1]}",
        kern=nearest[0],
        status=random.choice((PlotStatus.AVAILABLE, PlotStatus.IN_PREPARATION, PlotStatus.ISSUED)),
        plot_area_m2=side * side,
        price_per_m2=random.randrange(80_00, 160_00, 50),
        geometry=square(x, y, side),
    )


_MAKERS: tuple[Callable[..., Record], ...] = (*[_initiative] * 7, *[_premises] * 2, _plot)
