"""The rules a record must keep: per field from its declaration, across fields from RULES below.

A rule says in Python whether a record keeps it and in SQL what CHECK the shared database gets, so
both sides refuse the same. Steps between codes (phase of handling) are in TRANSITIONS, after the
ALLOWED_STATUS_CHANGES of Amsterdam's Signalen. A warning never blocks saving.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

from db.entities.demand import MatchResponse, RequestStatus
from db.entities.initiative import InitiativeStatus, Phase
from db.entities.people import TeamKind
from db.entities.premises import Availability, PlotStatus, Readiness, Source
from db.fields import N_, CodeList, FieldSpec, Kind, Record, fields_of
from db.formats import looks_like_bsn, looks_like_iban
from db.geometry import BERKELLAND_BOUNDS
from db.rule_kinds import AtMost, Needed, OneOf, Rule


class Level(Enum):
    """How much a problem weighs."""

    ERROR = "error"
    WARNING = "warning"


_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
"""NUL and halves of surrogate pairs: no database keeps them as text."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with which field; `message` is a gettext id filled with `details`."""

    field: str
    message: str
    details: Mapping[str, object]
    level: Level = Level.ERROR


_HANDLED = (
    InitiativeStatus.IN_PROGRESS,
    InitiativeStatus.AWAITING_INITIATOR,
    InitiativeStatus.AWAITING_OTHERS,
)

RULES: dict[str, tuple[Rule, ...]] = {
    "initiative": (
        AtMost("start_date", "expected_end_date", N_("The end date is before the start date. Choose a later date."), at="expected_end_date"),
        AtMost("budget_requested", "budget_total", N_("More is asked than the whole costs. Check both amounts.")),
        AtMost("publish_from", "publish_until", N_("The end date is before the start date. Choose a later date."), at="publish_until"),
        Needed(("themes",), "status", _HANDLED, N_("Choose at least one theme before you take this on.")),
        Needed(("lead",), "status", _HANDLED, N_("Choose the lead official before you take this on.")),
        Needed(("next_action",), "status", (InitiativeStatus.IN_PROGRESS,), N_("Say what the next action is.")),
        Needed(("action_date",), "status", (InitiativeStatus.IN_PROGRESS,), N_("Give the date of the next action.")),
        Needed(("status_reason",), "phase", (Phase.STOPPED,), N_("Say why the initiative stops.")),
        Needed(("status_reason",), "status", (InitiativeStatus.WITHDRAWN,), N_("Say why the initiative is withdrawn.")),
        Needed(("upkeep",), "phase", (Phase.EXECUTION, Phase.MAINTENANCE), N_("Write down who takes care of upkeep before it is carried out.")),
        Needed(("upkeep_organisation",), "phase", (Phase.EXECUTION, Phase.MAINTENANCE), N_("Choose the organisation that takes care of upkeep.")),
        Needed(("summary",), "publish", (True,), N_("Write a summary before you show this on the public map.")),
    ),
    "premises": (
        AtMost("divisible_from_m2", "floor_area_m2", N_("The whole is smaller than this. Give a smaller number.")),
        Needed(("option_until",), "availability", (Availability.UNDER_OPTION,), N_("Say until when the option runs.")),
        Needed(("rent", "sale_price", "price_on_request"), "availability", (Availability.AVAILABLE,), N_("Give a rent or sale price, or tick “price on request”.")),
        OneOf("source", (Source.OBSERVATION, Source.OWNER), "vacant_since", N_("Only the owner or our own staff can know this. Choose one of these, or leave “vacant since” empty.")),
    ),
    "plot": (
        AtMost("min_purchase_m2", "plot_area_m2", N_("The whole is smaller than this. Give a smaller number.")),
        Needed(("option_until",), "status", (PlotStatus.IN_OPTION,), N_("Say until when the option runs.")),
        Needed(("accessible_from",), "accessible", (Readiness.FROM_DATE,), N_("Give the date from which this is so.")),
        Needed(("build_ready_from",), "build_ready", (Readiness.FROM_DATE,), N_("Give the date from which this is so.")),
    ),
    "search_request": (
        AtMost("area_min_m2", "area_max_m2", N_("The largest area is smaller than the smallest."), at="area_max_m2"),
        Needed(("lapse_reason",), "status", (RequestStatus.LAPSED,), N_("Say why the request lapses.")),
    ),
    "search_match": (
        Needed(("premises", "plot"), "response", tuple(MatchResponse), N_("Choose the premises or the plot that is proposed.")),
        Needed(("decline_reason",), "response", (MatchResponse.DECLINED,), N_("Say why it was declined.")),
    ),
    "contact_person": (
        Needed(("consent_date",), "consent_to_publish", (True,), N_("Give the date of the consent.")),
        AtMost("consent_date", "consent_withdrawn_on", N_("Consent is withdrawn before it was given. Check both dates."), at="consent_withdrawn_on"),
    ),
    "team": (
        AtMost("start_date", "end_date", N_("The end date is before the start date. Choose a later date."), at="end_date"),
        Needed(("end_date",), "kind", (TeamKind.TASK,), N_("A task team has an end date.")),
    ),
}  # fmt: skip

_S = InitiativeStatus
TRANSITIONS: dict[tuple[str, str], dict[CodeList, frozenset[CodeList]]] = {
    ("initiative", "status"): {
        _S.CONCEPT: frozenset({_S.REPORTED, _S.IN_PROGRESS, _S.WITHDRAWN}),
        _S.REPORTED: frozenset({_S.IN_PROGRESS, _S.AWAITING_INITIATOR, _S.ON_HOLD, _S.DONE, _S.WITHDRAWN}),
        _S.IN_PROGRESS: frozenset({_S.AWAITING_INITIATOR, _S.AWAITING_OTHERS, _S.ON_HOLD, _S.DONE, _S.WITHDRAWN}),
        _S.AWAITING_INITIATOR: frozenset({_S.IN_PROGRESS, _S.ON_HOLD, _S.DONE, _S.WITHDRAWN}),
        _S.AWAITING_OTHERS: frozenset({_S.IN_PROGRESS, _S.ON_HOLD, _S.DONE, _S.WITHDRAWN}),
        _S.ON_HOLD: frozenset({_S.IN_PROGRESS, _S.DONE, _S.WITHDRAWN}),
        _S.DONE: frozenset({_S.REOPENED}),
        _S.WITHDRAWN: frozenset({_S.REOPENED}),
        _S.REOPENED: frozenset({_S.IN_PROGRESS, _S.AWAITING_INITIATOR, _S.AWAITING_OTHERS, _S.ON_HOLD, _S.DONE, _S.WITHDRAWN}),
    },
}  # fmt: skip
"""(entity, field) -> code -> the codes it may become."""


def allowed_next(entity: str, field: str, current: Any) -> frozenset[CodeList] | None:
    """Return the codes `field` may become from `current` (itself left out); None: any code."""
    steps = TRANSITIONS.get((entity, field))
    return None if steps is None or current is None else steps.get(current, frozenset())


def problems(record: Record, before: Record | None = None) -> tuple[Problem, ...]:
    """Return what is wrong with `record`, errors first, in order of the declaration.

    With `before` (the record as it was stored) steps between codes are checked as well.
    """
    found = [
        problem
        for spec in fields_of(type(record)).values()
        for problem in field_problems(spec, getattr(record, spec.name))
    ]
    found += [
        Problem(rule.field, rule.message, {})
        for rule in RULES.get(record.ENTITY, ())
        if not rule.is_kept(record)
    ]
    for check in _MORE.get(record.ENTITY, ()):
        found += check(record)
    if before is not None:
        found += _forbidden_steps(before, record)
    order = {name: place for place, name in enumerate(fields_of(type(record)))}
    return tuple(sorted(found, key=lambda p: (p.level is Level.WARNING, order.get(p.field, 0))))


def errors(found: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return only those that block saving."""
    return tuple(problem for problem in found if problem.level is Level.ERROR)


def field_problems(spec: FieldSpec, value: Any) -> list[Problem]:
    """Check one value against its own declaration."""
    if value is None or value == "" or value == frozenset():
        missing = (spec.meta.required or not spec.optional) and not _may_be_blank(spec)
        return [Problem(spec.name, N_("Fill this in."), {})] if missing else []
    if spec.kind is Kind.TEXT:
        return _text_problems(spec, value)
    if spec.kind is Kind.TEXTS:
        return [problem for text in sorted(value) for problem in _text_problems(spec, text)][:1]
    if spec.kind in {Kind.INTEGER, Kind.DECIMAL}:
        return _number_problems(spec, value)
    return []


def _may_be_blank(spec: FieldSpec) -> bool:
    return spec.kind is Kind.BOOLEAN or (spec.kind.is_collection and not spec.meta.required)


def _text_problems(spec: FieldSpec, text: str) -> list[Problem]:
    meta = spec.meta
    if _UNSTORABLE.search(text):
        return [
            Problem(spec.name, N_("This text holds a sign that can't be kept. Type it anew."), {})
        ]
    if meta.text_format is not None and not meta.text_format.is_valid(text):
        return [Problem(spec.name, meta.text_format.message, {})]
    if meta.min_length is not None and len(text.strip()) < meta.min_length:
        return [
            Problem(
                spec.name, N_("Write at least %(count)d characters."), {"count": meta.min_length}
            )
        ]
    if meta.max_length is not None and len(text) > meta.max_length:
        details = {"count": meta.max_length, "over": len(text) - meta.max_length}
        return [
            Problem(
                spec.name, N_("At most %(count)d characters; this is %(over)d too many."), details
            )
        ]
    if meta.text_format is None:
        return _privacy_warnings(spec, text)
    return []


def _privacy_warnings(spec: FieldSpec, text: str) -> list[Problem]:
    if looks_like_bsn(text):
        message = N_("This looks like a citizen service number (BSN). Remove it if it is.")
        return [Problem(spec.name, message, {}, Level.WARNING)]
    if looks_like_iban(text):
        message = N_("This looks like a bank account number (IBAN). Remove it if it is.")
        return [Problem(spec.name, message, {}, Level.WARNING)]
    return []


def _number_problems(spec: FieldSpec, number: float) -> list[Problem]:
    scale = 100 if spec.is_money else 1
    if spec.meta.minimum is not None and not number >= spec.meta.minimum:  # so for NaN
        return [
            Problem(
                spec.name,
                N_("Give %(limit)s or more."),
                {"limit": f"{spec.meta.minimum / scale:g}"},
            )
        ]
    if spec.meta.maximum is not None and number > spec.meta.maximum:
        return [
            Problem(
                spec.name,
                N_("Give %(limit)s or less."),
                {"limit": f"{spec.meta.maximum / scale:.0f}"},
            )
        ]
    return []


def _forbidden_steps(before: Record, after: Record) -> list[Problem]:
    found = []
    for entity, field in TRANSITIONS:
        if entity != after.ENTITY:
            continue
        old, new = getattr(before, field), getattr(after, field)
        if old != new and new not in (allowed_next(entity, field, old) or ()):
            message = N_("This step is not possible: from “%(old)s” to “%(new)s”.")
            found.append(Problem(field, message, {"old": old.label, "new": new.label}))
    return found


def _place_problems(record: Any) -> list[Problem]:
    if record.geometry is None or record.outside_municipality:
        return []
    if record.geometry.is_within(BERKELLAND_BOUNDS):
        return []
    message = N_(
        "This place is not in Berkelland. Move it, or tick “lies outside the municipality”."
    )
    return [Problem("geometry", message, {})]


def _kinship_problems(record: Any) -> list[Problem]:
    message = N_("An initiative can't follow on from itself. Choose another one.")
    kin = ("predecessor", "successor", "parent")
    return [Problem(name, message, {}) for name in kin if getattr(record, name) == record.id]


def _membership_problems(record: Any) -> list[Problem]:
    wrong = [m for m in record.members if m.start and m.end and m.end < m.start]
    message = N_("The end date is before the start date. Choose a later date.")
    return [Problem("members", message, {})] if wrong else []


def _line_problems(record: Any) -> list[Problem]:
    if record.geometry is None or "Line" not in record.geometry.kind:
        return []
    return [Problem("geometry", N_("Premises are a point or an area, not a line."), {})]


def _area_problems(record: Any) -> list[Problem]:
    if record.geometry is None or record.geometry.kind in {"Polygon", "MultiPolygon"}:
        return []
    return [Problem("geometry", N_("A plot is an area. Draw its corners on the map."), {})]


def _premises_problems(record: Any) -> list[Problem]:
    found = []
    if record.year_built is not None and record.year_built > date.today().year + 5:  # noqa: DTZ011
        found.append(Problem("year_built", N_("This year is too far ahead."), {}))
    if record.vacant_since is not None and record.vacant_since > date.today():  # noqa: DTZ011
        found.append(Problem("vacant_since", N_("This date has not come yet."), {}))
    if record.rent and record.floor_area_m2 and record.rent_unit:
        found += _rent_warning(record)
    if record.label_valid_until is not None and record.label_valid_until < date.today():  # noqa: DTZ011
        message = N_("The label has expired. You can save it.")
        found.append(Problem("label_valid_until", message, {}, Level.WARNING))
    return found


def _rent_warning(record: Any) -> list[Problem]:
    """Warn above € 300 per m² per year: dearer than any business space in the Achterhoek (judgement)."""
    times = {"month": 12.0, "year": 1.0}.get(record.rent_unit.value)
    per_m2 = record.rent / 100 * times / record.floor_area_m2 if times else record.rent / 100
    if per_m2 <= 300:
        return []
    message = N_("That is € %(amount)d per m² per year. Is that right? You can save it.")
    return [Problem("rent", message, {"amount": round(per_m2)}, Level.WARNING)]


_MORE: dict[str, tuple[Callable[[Any], list[Problem]], ...]] = {
    "initiative": (_place_problems, _kinship_problems),
    "premises": (_place_problems, _line_problems, _premises_problems),
    "plot": (_place_problems, _area_problems),
    "team": (_membership_problems,),
}
