"""The code lists about a building, its connections and what may be done there."""

from db.fields import N_, CodeList


class Use(CodeList):
    """The eleven uses (gebruiksdoelen) of the BAG."""

    HOUSING = "woonfunctie", N_("Residential use")
    MEETING = "bijeenkomstfunctie", N_("Meeting use")
    CELL = "celfunctie", N_("Detention use")
    HEALTH = "gezondheidszorgfunctie", N_("Health care use")
    INDUSTRY = "industriefunctie", N_("Industrial use")
    OFFICE = "kantoorfunctie", N_("Office use")
    LODGING = "logiesfunctie", N_("Lodging use")
    EDUCATION = "onderwijsfunctie", N_("Educational use")
    SPORT = "sportfunctie", N_("Sports use")
    SHOP = "winkelfunctie", N_("Retail use")
    OTHER = "overige gebruiksfunctie", N_("Other use")


class PlanRegime(CodeList):
    """Which rules of the environment plan hold here."""

    ENVIRONMENT_PLAN = "environment_plan", N_("Environment plan")
    OLD_ZONING = "old_zoning", N_("Temporary part (old zoning plan)")
    PERMIT = "permit", N_("Out-of-plan permit (BOPA)")


class EnergyLabel(CodeList):
    """The energy label of non-residential buildings (domain.md 3.7)."""

    A5 = "A+++++", N_("A+++++")
    A4 = "A++++", N_("A++++")
    A3 = "A+++", N_("A+++")
    A2 = "A++", N_("A++")
    A1 = "A+", N_("A+")
    A = "A", N_("A")
    B = "B", N_("B")
    C = "C", N_("C")
    D = "D", N_("D")
    E = "E", N_("E")
    F = "F", N_("F")
    G = "G", N_("G")
    NONE = "none", N_("None")
    EXEMPT = "exempt", N_("Exempt")


class Fibre(CodeList):
    """Whether there is fibre."""

    YES = "yes", N_("Yes")
    NO = "no", N_("No")
    PLANNED = "planned", N_("Being laid")
    UNKNOWN = "unknown", N_("Unknown")


class GridConnection(CodeList):
    """The connection to the electricity grid."""

    SMALL = "small", N_("Small consumer")
    LARGE = "large", N_("Large consumer")
    NONE = "none", N_("None")
    UNKNOWN = "unknown", N_("Unknown")


class GridCongestion(CodeList):
    """Whether the grid has room."""

    FREE = "free", N_("Capacity available")
    LIMITED = "limited", N_("Limited capacity")
    FULL = "full", N_("Waiting list")
    UNKNOWN = "unknown", N_("Unknown")


class Monument(CodeList):
    """Whether the building is listed."""

    NATIONAL = "national", N_("National monument")
    MUNICIPAL = "municipal", N_("Municipal monument")
    NO = "no", N_("No")
    UNKNOWN = "unknown", N_("Unknown")
