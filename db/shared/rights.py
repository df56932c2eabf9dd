"""Who may do what: the roles of domain.md 2.11 and the rights they give.

The shared database holds the same table (`role_right`) and is the one that decides; the program
uses this one only to show what is not allowed, with the reason.
"""

from collections.abc import Iterable
from enum import Enum

from db.fields import N_, CodeList


class Right(Enum):
    """What a person may do beyond reading what is not personal."""

    WRITE = "write"
    CONTACTS = "contacts"
    ADMIN = "admin"


class Role(CodeList):
    """What a person does at the municipality."""

    COUNTER_CLERK = "counter_clerk", N_("Counter clerk")
    KERN_CONTACT = "kern_contact", N_("Village contact")
    ACCOUNT_MANAGER = "account_manager", N_("Account manager")
    ASSESSOR = "assessor", N_("Assessor")
    FUND_SECRETARY = "fund_secretary", N_("Fund secretary")
    TEAM_COORDINATOR = "team_coordinator", N_("Team coordinator")
    PUBLISHER = "publisher", N_("Publisher")
    ADMINISTRATOR = "administrator", N_("Administrator")
    PRIVACY_OFFICER = "privacy_officer", N_("Privacy officer")
    READER = "reader", N_("Reader")


RIGHTS: dict[Role, frozenset[Right]] = {
    Role.COUNTER_CLERK: frozenset({Right.WRITE, Right.CONTACTS}),
    Role.KERN_CONTACT: frozenset({Right.WRITE, Right.CONTACTS}),
    Role.ACCOUNT_MANAGER: frozenset({Right.WRITE, Right.CONTACTS}),
    Role.ASSESSOR: frozenset({Right.WRITE}),
    Role.FUND_SECRETARY: frozenset({Right.WRITE}),
    Role.TEAM_COORDINATOR: frozenset({Right.WRITE}),
    Role.PUBLISHER: frozenset({Right.WRITE}),
    Role.ADMINISTRATOR: frozenset({Right.WRITE, Right.CONTACTS, Right.ADMIN}),
    Role.PRIVACY_OFFICER: frozenset({Right.CONTACTS}),
    Role.READER: frozenset(),
}


def rights_of(roles: Iterable[str]) -> frozenset[str]:
    """Return the rights that `roles` (their codes) give together."""
    by_code = {role.value: rights for role, rights in RIGHTS.items()}
    return frozenset(right.value for role in roles for right in by_code[role])
