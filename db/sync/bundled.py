"""What is in an emergency bundle, as values, and why one can't be used."""

from dataclasses import dataclass, fields
from typing import Any

from db.changes import Change
from db.errors import UserProblem


class BundleProblem(UserProblem):
    """A bundle that can't be made, opened or delivered; `reason` is a code for tests and jobs.

    One of words, damaged, not_a_bundle, newer, short, empty, example, municipality, older_server,
    rights, contacts and revoked.
    """

    def __init__(self, message: str, *, reason: str, **details: object) -> None:
        """Keep `reason`."""
        super().__init__(message, (), **details)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a bundle says of itself; ids and the moment as text, empty where there is none."""

    municipality: str = ""
    epoch: str = ""
    maker: str = ""
    maker_name: str = ""
    device_id: str = ""
    made_at: str = ""
    changes: int = 0
    blobs: int = 0
    size_bytes: int = 0
    """What its attachments weigh together."""
    needs_contacts: bool = False
    """Whether only a person with the right to contact details may deliver it."""

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "About":
        """Read what the file says; a field of a newer version is passed over."""
        given = {field.name: value[field.name] for field in fields(cls) if field.name in value}
        about = cls(**given)
        for field in fields(cls):
            if type(getattr(about, field.name)) is not type(field.default):
                raise ValueError(field.name)
        return about


@dataclass(frozen=True, slots=True)
class Bundled:
    """A change in a bundle, with the title that its record had at the maker's."""

    change: Change
    title: str
