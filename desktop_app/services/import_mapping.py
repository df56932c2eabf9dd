"""Which column becomes which field: given in a JSON file, or found from the headers.

    {"entity": "initiative",            optional; checked against --as
     "source": "bp-paris",              names the delivery; part of every id made from the key
     "key": "id" | ["a", "b"],          columns that identify a row; a second import then updates
     "encoding", "delimiter", "sheet", "header_row", "header_rows", "decimal":  as in the file
     "empty": ["NON ENCORE FIXE"],      texts that mean "nothing"
     "fields": {FIELD: COLUMN | RULE},
     "place": {"lon": C, "lat": C} | {"x": C, "y": C, "crs": "EPSG:28992"} | {"geojson": C}
              | {"approximate": {"column": C, "places": {VALUE: [lon, lat]}, "spacing_m": 60}},
     "records": [{"entity": E, "values": {...}}]}   made first, once; fields may name them

A RULE is one of {"column": C}, {"constant": JSON}, {"template": "text {C}"}, with optionally
"values": {text: code}, "otherwise": code, "split": ";", "times": 0.0929, "round": true, "dates":
"%d/%m/%Y", "month": "first" | "last", "shorten": true (to the field's limit), "unreadable":
"leave" (empty the field and note it, instead of refusing the row).
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from db.changes import Json
from db.entities import ENTITIES
from db.errors import UserProblem
from db.fields import N_, Kind, Record, fields_of
from desktop_app.i18n import in_every_language
from desktop_app.services.import_places import Approximate, PlaceRule
from desktop_app.services.import_sources import SourceOptions
from desktop_app.services.words import key_of

_TEMPLATE_NAMES = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldRule:
    """How the value of one field is made of a row."""

    column: str = ""
    constant: Json = None
    template: str = ""
    values: Mapping[str, Json] = field(default_factory=dict)
    otherwise: Json = None
    has_otherwise: bool = False
    split: str = ""
    times: float = 0.0
    round: bool = False
    dates: str = ""
    month: str = ""
    shorten: bool = False
    unreadable: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it reads."""
        if self.template:
            return tuple(_TEMPLATE_NAMES.findall(self.template))
        return (self.column,) if self.column else ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportMapping:
    """All that is known about a delivery before its rows are read."""

    entity: type[Record]
    source: str = ""
    key: tuple[str, ...] = ()
    fields: Mapping[str, FieldRule] = field(default_factory=dict)
    place: PlaceRule | None = None
    empty: frozenset[str] = frozenset()
    decimal: str = ""
    records: tuple[Mapping[str, Json], ...] = ()
    options: SourceOptions = field(default_factory=SourceOptions)


def read_mapping(path: Path, entity: type[Record] | None = None) -> ImportMapping:
    """Read a mapping file.

    Raises:
        UserProblem: it can't be read, is for another entity, or has a key that does not exist.
    """
    try:
        value = json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise UserProblem(N_("The file %(name)s is not there."), name=str(path)) from None
    except (OSError, ValueError, RecursionError) as exc:
        raise UserProblem(
            N_("%(name)s can't be read: %(reason)s."), name=path.name, reason=exc
        ) from exc
    if not isinstance(value, dict):
        raise UserProblem(N_('Give a JSON object, such as {"title": "…"}.'))
    return mapping_of(value, entity, path.stem)


_KEYS = frozenset(
    "entity source key encoding delimiter sheet header_row header_rows decimal empty fields place "
    "records about".split()
)
_RULE_KEYS = frozenset(
    "column constant template values otherwise split times round dates month shorten "
    "unreadable".split()
)


def mapping_of(
    value: Mapping[str, Any], entity: type[Record] | None = None, name: str = ""
) -> ImportMapping:
    """Make a mapping of a JSON object.

    Raises:
        UserProblem: an entity, field or key does not exist.
    """
    _require_known(value, _KEYS)
    kind = _entity(value.get("entity"), entity)
    specs = fields_of(kind)
    rules = value.get("fields") or {}
    for field_name in rules:
        if field_name not in specs:
            raise UserProblem(
                N_("%(entity)s has no field “%(name)s”."), entity=kind.LABEL, name=field_name
            )
    options = SourceOptions(
        encoding=str(value.get("encoding") or ""),
        delimiter=str(value.get("delimiter") or ""),
        header_row=int(value.get("header_row") or 0),
        header_rows=int(value.get("header_rows") or 1),
        sheet=str(value.get("sheet") or ""),
    )
    return ImportMapping(
        entity=kind,
        source=str(value.get("source") or name),
        key=_texts(value.get("key")),
        fields={field_name: _rule(rule) for field_name, rule in rules.items()},
        place=_place(value.get("place")),
        empty=frozenset(key_of(text) for text in value.get("empty") or ()),
        decimal=str(value.get("decimal") or ""),
        records=tuple(value.get("records") or ()),
        options=options,
    )


def _require_known(value: Mapping[str, Any], known: frozenset[str]) -> None:
    for name in value:
        if name not in known:
            raise UserProblem(
                N_("The mapping has an unknown key “%(name)s”. Known are: %(names)s."),
                name=name,
                names=", ".join(sorted(known)),
            )


def _entity(name: Any, wanted: type[Record] | None) -> type[Record]:
    if name is None:
        if wanted is None:
            raise UserProblem(N_("Say what the rows are, with --as."))
        return wanted
    if name not in ENTITIES:
        raise UserProblem(N_("There is no kind of record “%(name)s”."), name=name)
    if wanted is not None and wanted.ENTITY != name:
        raise UserProblem(N_("This mapping is for %(entity)s."), entity=ENTITIES[name].PLURAL)
    return ENTITIES[name]


def _texts(value: Any) -> tuple[str, ...]:
    if not value:
        return ()
    return (str(value),) if isinstance(value, str) else tuple(str(item) for item in value)


def _rule(value: Any) -> FieldRule:
    if isinstance(value, str):
        return FieldRule(column=value)
    if not isinstance(value, Mapping):
        raise UserProblem(N_("A rule of the mapping is a column name or an object."))
    _require_known(value, _RULE_KEYS)
    given: dict[str, Any] = dict(value)
    if "otherwise" in given:
        given["has_otherwise"] = True
    if "values" in given:
        given["values"] = {key_of(text) or text: code for text, code in given["values"].items()}
    return replace(FieldRule(), **given)


def _place(value: Any) -> PlaceRule | None:
    if not value:
        return None
    _require_known(value, frozenset({"lon", "lat", "x", "y", "crs", "geojson", "approximate"}))
    approximate = value.get("approximate")
    if approximate is not None:
        _require_known(approximate, frozenset({"column", "places", "spacing_m", "text"}))
    return PlaceRule(
        x=str(value.get("lon") or value.get("x") or ""),
        y=str(value.get("lat") or value.get("y") or ""),
        crs=str(value.get("crs") or ("EPSG:4326" if value.get("lon") else "EPSG:28992")),
        geojson=str(value.get("geojson") or ""),
        approximate=None if approximate is None else _approximate(approximate),
    )


def _approximate(value: Mapping[str, Any]) -> Approximate:
    places = value.get("places") or {}
    return Approximate(
        column=str(value.get("column") or ""),
        places={key_of(name): (float(spot[0]), float(spot[1])) for name, spot in places.items()},
        spacing_m=float(value.get("spacing_m") or 60),
        text=str(value.get("text") or ""),
    )


_LON, _LAT = ("lon", "lng", "longitude", "lengtegraad"), ("lat", "latitude", "breedtegraad")
_X = ("xrd", "rdx", "xcoordinaat", "xcoord", "x")
_Y = ("yrd", "rdy", "ycoordinaat", "ycoord", "y")
_GEOJSON = ("geojson", "geometry", "geometrie", "geom", "wktgeojson")


def mapping_from_headers(entity: type[Record], headers: Sequence[str]) -> ImportMapping:
    """Match headers to fields by name and by label in either language; units are passed over.

    Raises:
        UserProblem: not one header matches.
    """
    known = _known_headers(entity)
    rules: dict[str, FieldRule] = {}
    by_key = {key_of(header): header for header in reversed(headers) if header}
    for key, header in by_key.items():
        name = known.get(key) or known.get(key_of(header.split("(")[0]))
        if name is not None:
            rules.setdefault(name, FieldRule(column=header))
    place = _place_from(by_key)
    if not any(headers) and place is None:
        raise UserProblem(N_("The file holds no rows."))
    if not rules:
        raise UserProblem(
            N_("No header matches a field of %(entity)s. Give a mapping file."),
            entity=entity.PLURAL,
        )
    return ImportMapping(entity=entity, fields=rules, place=place)


def _known_headers(entity: type[Record]) -> dict[str, str]:
    """Return field names by the keys of everything a header may call them; never an ambiguous one."""
    specs = fields_of(entity)
    found: dict[str, str | None] = {}
    for spec in specs.values():
        if spec.kind is Kind.GEOMETRY or spec.kind is Kind.LINKS:
            continue
        for key in {key_of(text) for text in in_every_language(spec.meta.label)}:
            found[key] = spec.name if found.get(key, spec.name) == spec.name else None
    names = {key_of(spec.name): spec.name for spec in specs.values() if spec.kind is not Kind.LINKS}
    return {**{key: name for key, name in found.items() if name}, **names}


def _place_from(by_key: Mapping[str, str]) -> PlaceRule | None:
    def first(names: Sequence[str]) -> str:
        return next((by_key[name] for name in names if name in by_key), "")

    shape = first(_GEOJSON)
    if first(_LON) and first(_LAT):
        return PlaceRule(x=first(_LON), y=first(_LAT), crs="EPSG:4326", geojson=shape)
    if first(_X) and first(_Y):
        return PlaceRule(x=first(_X), y=first(_Y), crs="EPSG:28992", geojson=shape)
    return PlaceRule(geojson=shape) if shape else None
