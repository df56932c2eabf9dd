"""Kern (village), address and attachment (domain.md 2.10, 2.1): what other records stand in or carry."""

# fmt: off
# One line a field.
from dataclasses import dataclass
from typing import Annotated, ClassVar
from uuid import UUID

from db import formats
from db.fields import N_, CodeList, Field, Record
from db.geometry import Geometry

MAX_ATTACHMENT_BYTES = 10 * 1024 * 1024


class KernKind(CodeList):
    """The kind of place."""

    MAIN = "main", N_("Main village")
    SMALL = "small", N_("Small village")
    HAMLET = "hamlet", N_("Hamlet")
    OUTSIDE = "outside", N_("Outside the municipality")


class MediaType(CodeList):
    """What may be attached."""

    JPEG = "image/jpeg", N_("Photo (JPG)")
    PNG = "image/png", N_("Picture (PNG)")
    PDF = "application/pdf", N_("Document (PDF)")


@dataclass(frozen=True, kw_only=True, slots=True)
class AddressedRecord(Record):
    """What has an address: its parts are one decision when two people edit."""

    street: Annotated[str | None, Field(label=N_("Street"), max_length=80, public=True, together_with="address", searched=True)] = None
    house_number: Annotated[int | None, Field(label=N_("House number"), minimum=1, maximum=99999, public=True, together_with="address")] = None
    house_letter: Annotated[str | None, Field(label=N_("House letter"), text_format=formats.HOUSE_LETTER, public=True, together_with="address")] = None
    house_addition: Annotated[str | None, Field(label=N_("Addition"), text_format=formats.HOUSE_ADDITION, public=True, together_with="address")] = None
    postcode: Annotated[str | None, Field(label=N_("Postcode"), hint="1234 AB", text_format=formats.POSTCODE, public=True, together_with="address", searched=True)] = None
    town: Annotated[str | None, Field(label=N_("Town"), max_length=80, public=True, together_with="address", searched=True)] = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Kern(Record):
    """A village or town; the code of its BAG town is not unique (Noordijk has none)."""

    ENTITY: ClassVar[str] = "kern"
    LABEL: ClassVar[str] = N_("Village")
    PLURAL: ClassVar[str] = N_("Villages")

    name: Annotated[str, Field(label=N_("Name"), required=True, min_length=2, max_length=80, public=True, in_list=True, searched=True)]
    kern_code: Annotated[str | None, Field(label=N_("Code"), max_length=20, public=True, in_list=True)] = None
    kind: Annotated[KernKind | None, Field(label=N_("Kind"), required=True, public=True, in_list=True)] = None
    town_code: Annotated[str | None, Field(label=N_("Town number (BAG)"), text_format=formats.BAG_TOWN, public=True, in_list=True)] = None
    municipality_code: Annotated[str | None, Field(label=N_("Municipality code"), text_format=formats.CBS_MUNICIPALITY, public=True)] = None
    cbs_areas: Annotated[frozenset[str], Field(label=N_("CBS areas"), text_format=formats.CBS_AREA, public=True)] = frozenset()
    geometry: Annotated[Geometry | None, Field(label=N_("Middle"), public=True)] = None
    area: Annotated[Geometry | None, Field(label=N_("Area"), public=True)] = None
    postcodes4: Annotated[frozenset[str], Field(label=N_("Postcodes (4 digits)"), text_format=formats.POSTCODE4, public=True)] = frozenset()
    representation: Annotated[UUID | None, Field(label=N_("Village council"), refers_to="organisation", public=True)] = None
    area_contact: Annotated[UUID | None, Field(label=N_("Area contact"), refers_to="staff", in_list=True)] = None
    office_hours: Annotated[str | None, Field(label=N_("Office hours"), max_length=500, multiline=True, public=True)] = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Attachment(Record):
    """A photo or document with a record; its bytes are found by their SHA-256."""

    ENTITY: ClassVar[str] = "attachment"
    LABEL: ClassVar[str] = N_("Attachment")
    PLURAL: ClassVar[str] = N_("Attachments")
    TITLE: ClassVar[str] = "file_name"

    belongs_to: Annotated[UUID | None, Field(label=N_("Belongs to"), required=True)] = None
    belongs_to_entity: Annotated[str | None, Field(label=N_("Kind of record"), required=True, max_length=40)] = None
    file_name: Annotated[str, Field(label=N_("File name"), required=True, min_length=1, max_length=200, in_list=True, searched=True)]
    media_type: Annotated[MediaType | None, Field(label=N_("Type"), required=True, in_list=True)] = None
    size_bytes: Annotated[int, Field(label=N_("Size"), unit="bytes", minimum=1, maximum=MAX_ATTACHMENT_BYTES)]
    sha256: Annotated[str, Field(label=N_("Checksum"), required=True, min_length=64, max_length=64)]
    thumbnail: Annotated[str | None, Field(label=N_("Small picture"), min_length=64, max_length=64)] = None
    caption: Annotated[str | None, Field(label=N_("Caption"), max_length=200, in_list=True, searched=True)] = None
    shows_persons: Annotated[bool, Field(label=N_("Shows persons"), personal=True)] = False
