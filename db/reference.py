"""The kernen of Berkelland and the rule which kern a place belongs to.

Sources (domain.md section 4): names and kinds from the municipality's own description; BAG town
numbers from the Kadaster table of 10 August 2012 (Noordijk has none: it is postally Neede); points
from GeoNames (CC BY 4.0), with RD computed to about a metre; only the four-digit postcodes of
Borculo, Eibergen, Geesteren and Rekken are confirmed, the others are inferred from addresses. CBS
neighbourhood codes were not found and are left empty. The border is that of CBS/Kadaster of 2016
(CC BY 4.0), widened by 100 m and simplified to 100 m, so that no place inside counts as outside.

A kern is an editable record like any other: this list only fills a new store or shared database.
Ids are fixed, so two laptops that start apart mean the same kern.
"""

from uuid import UUID, uuid5

from db.entities.place import Kern, KernKind
from db.geometry import Geometry

NAMESPACE = UUID("6e616f62-6572-4b61-8172-740000001859")
"""The uuid5 namespace of everything this program ships with a fixed id."""

MUNICIPALITY_CODE = "GM1859"

# name, code, kind, BAG town number, x_rd, y_rd, four-digit postcodes
_KERNEN: tuple[tuple[str, str, KernKind, str | None, int, int, tuple[str, ...]], ...] = (
    ("Beltrum", "BEL", KernKind.SMALL, "1661", 235683, 453807, ("7156",)),
    ("Borculo", "BOR", KernKind.MAIN, "1659", 232740, 459231, ("7271",)),
    ("Eibergen", "EIB", KernKind.MAIN, "1662", 241427, 457613, ("7151", "7152")),
    ("Geesteren", "GEE", KernKind.SMALL, "1655", 232985, 461832, ("7274",)),
    ("Gelselaar", "GEL", KernKind.SMALL, "1654", 232934, 465076, ("7275",)),
    ("Haarlo", "HAA", KernKind.SMALL, "1660", 236836, 458926, ("7273",)),
    ("Neede", "NEE", KernKind.MAIN, "1656", 238984, 461373, ("7161",)),
    ("Noordijk", "NOO", KernKind.SMALL, None, 236204, 462718, ("7161",)),
    ("Rekken", "REK", KernKind.SMALL, "1663", 246673, 457058, ("7157",)),
    ("Rietmolen", "RIE", KernKind.SMALL, "1657", 242299, 462172, ("7165",)),
    ("Ruurlo", "RUU", KernKind.MAIN, "1658", 227839, 456097, ("7261",)),
)

# fmt: off
_BORDER: tuple[tuple[int, int], ...] = (
    (224740, 454810), (224530, 454970), (224340, 455550), (224430, 455950), (224810, 456210),
    (225350, 456210), (225970, 457100), (227390, 458170), (228130, 458410), (228620, 458120),
    (228930, 458250), (229560, 457960), (229500, 457690), (229700, 457620), (229900, 458130),
    (229820, 458710), (230280, 459330), (230560, 460220), (230280, 460480), (230140, 461010),
    (230290, 461200), (229790, 461850), (229800, 462060), (229480, 462150), (229230, 462030),
    (229060, 462540), (228800, 462470), (228780, 462810), (228420, 463120), (228560, 463380),
    (229970, 463880), (230620, 465510), (230510, 466170), (230820, 466130), (232060, 466610),
    (234890, 466200), (237350, 466820), (238500, 465730), (238270, 465270), (238510, 464880),
    (238640, 464940), (238810, 464730), (239650, 465370), (239530, 465590), (239690, 465760),
    (240070, 465840), (240410, 465710), (240690, 465320), (241000, 466000), (242920, 465030),
    (243180, 464530), (243220, 464120), (242960, 463920), (243180, 463480), (243050, 463190),
    (243170, 462200), (242460, 461030), (243400, 460630), (244780, 460390), (246050, 459830),
    (249160, 459950), (248950, 457450), (248790, 456980), (248430, 457160), (248140, 456910),
    (248170, 456680), (248510, 456410), (248560, 456040), (247480, 454800), (244770, 454260),
    (244900, 454040), (244830, 453620), (244390, 452720), (244230, 452690), (244340, 451350),
    (242330, 452180), (242450, 452910), (242140, 453420), (241420, 453610), (241200, 453070),
    (240890, 453100), (240660, 452390), (240500, 452630), (239950, 452800), (240130, 453500),
    (239720, 453460), (239060, 453900), (238680, 453630), (238670, 452170), (238180, 451820),
    (238030, 451550), (238080, 451150), (237660, 450970), (237620, 450690), (236400, 449710),
    (234020, 449050), (232530, 450900), (232380, 450690), (231960, 451100), (231360, 450170),
    (231010, 450380), (230510, 449710), (230430, 449890), (230240, 449650), (230010, 449830),
    (229000, 448440), (227110, 448950), (226840, 449140), (227100, 449330), (226880, 449480),
    (226560, 450280), (226720, 450250), (226680, 450410), (226470, 450490), (226580, 450700),
    (226380, 450720), (226300, 450920), (226110, 450830), (226030, 451390), (225860, 451280),
    (225400, 451950), (225260, 453160),
)
# fmt: on


def kern_id(name: str) -> UUID:
    """Return the fixed id of the kern that this list names so."""
    return uuid5(NAMESPACE, f"kern/{name}")


OUTSIDE_KERN = kern_id("Buiten de gemeente")
"""The kern of every place outside the municipality."""

_POINTS = tuple((kern_id(row[0]), row[4], row[5]) for row in _KERNEN)


def reference_kernen() -> tuple[Kern, ...]:
    """Return the eleven kernen of Berkelland, by name, and the kern "outside the municipality"."""
    inside = tuple(
        Kern(
            id=kern_id(name),
            name=name,
            kern_code=code,
            kind=kind,
            town_code=town_code,
            municipality_code=MUNICIPALITY_CODE,
            geometry=Geometry.point(x_rd, y_rd),
            postcodes4=frozenset(postcodes),
        )
        for name, code, kind, town_code, x_rd, y_rd, postcodes in _KERNEN
    )
    outside = Kern(
        id=OUTSIDE_KERN, name="Buiten de gemeente", kern_code="BUITEN", kind=KernKind.OUTSIDE
    )
    return (*inside, outside)


def kern_at(x_rd: float, y_rd: float) -> UUID:
    """Return the id of the kern nearest to a place; `OUTSIDE_KERN` beyond the border.

    Kernen have no border of their own, so the nearest middle decides; a person can overrule it.
    """
    if not is_in_municipality(x_rd, y_rd):
        return OUTSIDE_KERN
    return min(_POINTS, key=lambda kern: (kern[1] - x_rd) ** 2 + (kern[2] - y_rd) ** 2)[0]


def is_in_municipality(x_rd: float, y_rd: float) -> bool:
    """Whether a place lies within the (widened) border: an odd number of edges to its east."""
    inside = False
    x1, y1 = _BORDER[-1]
    for x2, y2 in _BORDER:
        if (y1 > y_rd) != (y2 > y_rd) and x_rd < (x2 - x1) * (y_rd - y1) / (y2 - y1) + x1:
            inside = not inside
        x1, y1 = x2, y2
    return inside
