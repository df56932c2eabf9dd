"""What the person at this laptop chose: a frozen value, kept as TOML in the profile's folder. No Qt.

The fields are declared as those of a record are, so the dialog is built like any form. Passwords
are never among them (see `desktop_app.profile`). A file that can't be read is set aside and told
about; the program starts with the defaults, since no setting is worth refusing to work.
"""

import dataclasses
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar

from db import formats
from db.codec import from_json, to_json
from db.errors import UserProblem
from db.fields import N_, CodeList, Field, FieldSpec, fields_of

FILE_NAME = "settings.toml"


class Language(CodeList):
    """The languages of the window."""

    DUTCH = "nl", N_("Dutch")
    ENGLISH = "en", N_("English")


class Appearance(CodeList):
    """Light or dark."""

    SYSTEM = "system", N_("As the system has it")
    LIGHT = "light", N_("Light")
    DARK = "dark", N_("Dark")


class Ground(CodeList):
    """What lies under the pins; the outlines are always there."""

    OUTLINES = "outlines", N_("Outlines only")
    ONLINE = "online", N_("Map from the internet")


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """The settings of one profile."""

    ENTITY: ClassVar[str] = "settings"

    language: Annotated[Language, Field(label=N_("Language"))] = Language.DUTCH
    appearance: Annotated[Appearance, Field(label=N_("Appearance"))] = Appearance.SYSTEM
    ground: Annotated[Ground, Field(label=N_("Map"))] = Ground.OUTLINES
    tile_url: Annotated[
        str | None,
        Field(
            label=N_("Address of the map tiles"),
            hint="https://…/{z}/{x}/{y}.png",
            max_length=500,
            text_format=formats.URL,
        ),
    ] = None
    tile_attribution: Annotated[
        str | None, Field(label=N_("Credits of the map tiles"), max_length=200)
    ] = None
    server_url: Annotated[
        str | None,
        Field(label=N_("Shared database"), hint="postgresql://naam@host/database", max_length=500),
    ] = None
    certificate: Annotated[
        str | None, Field(label=N_("File with the certificate authority"), max_length=500)
    ] = None
    allow_plain_text: Annotated[
        bool, Field(label=N_("Connect without encryption (inside the building only)"))
    ] = False
    syncs_by_itself: Annotated[bool, Field(label=N_("Sync by itself"))] = True
    fetches_everything: Annotated[
        bool, Field(label=N_("Fetch large files too (over 2 MB), for on the way"))
    ] = False


def specs() -> Mapping[str, FieldSpec]:
    """Return the declared settings by name."""
    return fields_of(Settings)  # type: ignore[arg-type]


def load(folder: Path) -> Settings:
    """Return the settings of a profile; defaults for what is missing or can't be read."""
    path = folder / FILE_NAME
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings()
    except (OSError, ValueError):
        _set_aside(path)
        return Settings()
    return with_values(Settings(), found)


def with_values(settings: Settings, values: Mapping[str, Any]) -> Settings:
    """Return the settings with these JSON values; unknown names and unreadable values are left."""
    known = specs()
    read: dict[str, Any] = {}
    for name, value in values.items():
        if name not in known:
            continue
        try:
            read[name] = from_json(known[name], value)
        except UserProblem:
            continue
    return dataclasses.replace(settings, **read)


def save(settings: Settings, folder: Path) -> None:
    """Write the settings, in one step; those that are as by default are left out."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [
        f"{name} = {_toml(to_json(spec, getattr(settings, name)))}"
        for name, spec in specs().items()
        if getattr(settings, name) != spec.default
    ]
    unfinished = folder / (FILE_NAME + ".part")
    unfinished.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    os.replace(unfinished, folder / FILE_NAME)  # noqa: PTH105 - atomic on every platform


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    text = str(value)
    plain = "".join(
        f"\\u{ord(letter):04x}" if ord(letter) < 32 or ord(letter) == 127 else letter
        for letter in text.replace("\\", "\\\\").replace('"', '\\"')
    )
    return f'"{plain}"'


def _set_aside(path: Path) -> None:
    if path.exists():
        os.replace(path, path.with_suffix(".unreadable"))  # noqa: PTH105
