"""The code lists that more than one entity uses."""

from db.fields import N_, CodeList


class Channel(CodeList):
    """How someone reached the municipality."""

    COUNTER = "counter", N_("Counter")
    PHONE = "phone", N_("Phone")
    EMAIL = "email", N_("E-mail")
    VISIT = "visit", N_("Company visit")
    WEB = "web", N_("Website")
    NETWORK = "network", N_("Network")


class YesNoUnknown(CodeList):
    """An answer that may be unknown."""

    YES = "yes", N_("Yes")
    NO = "no", N_("No")
    UNKNOWN = "unknown", N_("Unknown")


class Transaction(CodeList):
    """The form in which premises or land are offered or sought."""

    RENT = "rent", N_("Rent")
    SALE = "sale", N_("Sale")
    RENT_OR_SALE = "rent_or_sale", N_("Rent or sale")
    LEASEHOLD = "leasehold", N_("Leasehold")
    BY_AGREEMENT = "by_agreement", N_("Use by agreement")


class EnvironmentCategory(CodeList):
    """The heaviest category of the VNG list of 2009 that the plan allows (domain.md 3.6)."""

    C1 = "1", N_("1")
    C2 = "2", N_("2")
    C3_1 = "3.1", N_("3.1")
    C3_2 = "3.2", N_("3.2")
    C4_1 = "4.1", N_("4.1")
    C4_2 = "4.2", N_("4.2")
    C5_1 = "5.1", N_("5.1")
    C5_2 = "5.2", N_("5.2")
    C5_3 = "5.3", N_("5.3")
    C6 = "6", N_("6")
    NOT_APPLICABLE = "none", N_("Not applicable or new system")


class PolicyArea(CodeList):
    """The policy areas (beleidsterreinen) of the municipality (domain.md 2.8)."""

    PLANNING = "planning", N_("Spatial planning")
    PUBLIC_SPACE = "public_space", N_("Public space and green")
    TRAFFIC = "traffic", N_("Traffic")
    HOUSING = "housing", N_("Housing")
    ECONOMY = "economy", N_("Economy")
    WELFARE = "welfare", N_("Social support and welfare")
    YOUTH = "youth", N_("Youth")
    WORK = "work", N_("Participation and work")
    SPORT = "sport", N_("Sport")
    CULTURE = "culture", N_("Culture and heritage")
    ENVIRONMENT = "environment", N_("Environment and sustainability")
    PERMITS = "permits", N_("Permits and enforcement")
    EVENTS = "events", N_("Events and public order")
    PROPERTY = "property", N_("Property and land")
    FINANCE = "finance", N_("Finance and grants")
    LEGAL = "legal", N_("Legal")
    WATER_BOARD = "water_board", N_("Water board (external)")
    PROVINCE = "province", N_("Province (external)")
